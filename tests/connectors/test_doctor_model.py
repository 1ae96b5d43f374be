"""The doctor asks a chat model within its time, whatever the server does, and says the cause in the reader's words."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from assistant.adapters.models.chat import chat_model
from assistant.errors import Unavailable
from assistant.settings import Settings
from connectors.cli.doctor.looks import _chat
from tests.answers.endpoint import Reply, endpoint


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply("no", status=401), "密钥不对或没有权限"),
        (Reply("no", status=402), "余额或额度不足"),
        (Reply("no", status=404), "没有这个模型，或地址不对"),
        (Reply("", form="comments", slow=9), "没有在 AEO_CHAT_TIMEOUT 的时间内答完"),
        (Reply("", delay=9), "没有在 AEO_CHAT_TIMEOUT 的时间内答完"),
    ],
)
def test_the_cause_is_said_in_time(tmp_path: Path, reply: Reply, said: str) -> None:
    """A refused key, an empty account, a wrong name, a server that only keeps the line open."""
    with endpoint(lambda r, n: reply) as at:
        settings = Settings(home=tmp_path, chat_model="m", chat_base_url=at.address, chat_api_key=SecretStr("k"), chat_timeout=0.8)
        chat_model(settings)  # what is imported for the first one is no time of the server's
        began = time.monotonic()
        with pytest.raises(Unavailable) as raised:
            _chat(settings)
    assert said in raised.value.sentence("zh")
    assert time.monotonic() - began < 6
