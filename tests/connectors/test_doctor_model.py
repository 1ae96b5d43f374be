"""The doctor asks a chat model a question as staff's are asked, within its time, and says what came and what to do."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from assistant.adapters.models.chat import chat_model
from assistant.errors import Unavailable
from assistant.settings import Settings
from connectors.cli.doctor.asking import asking
from tests.answers.endpoint import Endpoint, Reply, endpoint
from tests.answers.scripted import body
from tests.answers.wire import http, wire

GOOD = {"text": "要建立海关法律法规的内部培训制度。", "quote": "建立海关法律法规"}
SILENT = json.dumps({"parts": [{"question": "q", "verdict": "silent", "outcome": "fact", "direct": None, "claims": []}]})


def settings(home: Path, at: Any, **more: Any) -> Settings:
    """One model at an address."""
    return Settings(home=home, lang="zh", chat_model="m", chat_base_url=at.address, chat_api_key=SecretStr("k"), **more)


def tried(home: Path, reply: Any) -> tuple[bool | None, str, Endpoint]:
    """What the doctor says of a model that sends this to everything."""
    with endpoint(lambda r, n: reply(r) if callable(reply) else reply) as at:
        asked = settings(home, at, chat_timeout=0.8)
        chat_model(asked)  # what is imported for the first one is no time of the server's
        try:
            ok, said = asking(asked)
        except Unavailable as error:
            ok, said = False, error.sentence("zh")
    return ok, said, at


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply("no", status=401), "不认这把密钥"),
        (Reply("no", status=402), "余额或额度不足"),
        (Reply("no", status=404), "没有这个模型，或地址不对"),
        (Reply("maximum context length is 4096 tokens", status=400), "调小 AEO_CHAT_CONTEXT"),
        (Reply("slow down", status=429), "被限流"),
        (Reply("", form="comments", slow=9), "没有在 AEO_CHAT_TIMEOUT 的时间内答完"),
        (Reply("", delay=9), "没有在 AEO_CHAT_TIMEOUT 的时间内答完"),
        (Reply("ok"), "答的不是所要的形式"),
        (Reply("<html>", form="body"), "多半是网页"),
        (Reply(SILENT), "说指南没有规定"),
        (lambda r: Reply(body(r, GOOD | {"text": "培训制度要保存9年。"})), "没有一句能在指南里核对上"),
    ],
)
def test_the_cause_is_said_in_time(tmp_path: Path, reply: Any, said: str) -> None:
    """A refused key, an empty account, a wrong name, no room, silence, no answer, a false one: each in words of its own."""
    began = time.monotonic()
    ok, sentence, _ = tried(tmp_path, reply)
    assert (ok, said in sentence) == (False, True), sentence
    assert time.monotonic() - began < 20


def test_a_model_that_answers_from_the_guide_is_ticked(tmp_path: Path) -> None:
    """It was asked behind the whole guide, as staff's questions are, and what it says of the first clause stands."""
    ok, sentence, at = tried(tmp_path, lambda r: Reply(body(r, GOOD)))
    assert (ok, GOOD["text"] in sentence) == (True, True), sentence
    assert "[31(3)]" in at.requests[0]["messages"][0]["content"]


@pytest.mark.parametrize(("finish", "said"), [("length", "输出长度上限"), ("content_filter", "内容过滤")])
def test_why_a_reply_broke_off_is_said(tmp_path: Path, finish: str, said: str) -> None:
    """A limit of output and a filter are no fault of the form."""
    whole = {"choices": [{"index": 0, "message": {"role": "assistant", "content": ""}, "finish_reason": finish}]}
    with wire(lambda request: http(json.dumps(whole))) as at, pytest.raises(Unavailable, match=said):
        asking(settings(tmp_path, at))
