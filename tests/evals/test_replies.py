"""Recorded replies: known by their messages, served as a real endpoint would, and what is missing is named."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import CaseError
from evals.runs.replies import Replies, fingerprint, serving

ASKED = [{"role": "user", "content": "24(3) 要什么？"}]
OTHER = [{"role": "user", "content": "26 呢？"}]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One recorded reply."""
    (tmp_path / "a.jsonl").write_text(json.dumps({"key": fingerprint(ASKED), "reply": "访客登记"}) + "\n", encoding="utf-8")
    return tmp_path


def post(address: str, messages: list[dict[str, Any]], **more: object) -> str:
    """What the endpoint answers."""
    body = json.dumps({"model": "m", "messages": messages} | more).encode()
    request = urllib.request.Request(f"{address}/chat/completions", body, {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return str(answer.read().decode())


def test_a_known_request_is_answered_whole_and_streamed(folder: Path) -> None:
    """By its messages alone, whatever the model is called."""
    replies = Replies(folder)
    with serving(replies) as address:
        assert json.loads(post(address, ASKED))["choices"][0]["message"]["content"] == "访客登记"
        assert "访客登记" in post(address, ASKED, stream=True)
    assert (replies.served, replies.missing) == (2, {})


def test_what_nobody_recorded_is_refused_named_and_counted_once(folder: Path) -> None:
    """503, as from a model that is down; the request stands ready to be answered elsewhere."""
    replies = Replies(folder)
    with serving(replies) as address:
        for _ in range(2):
            with pytest.raises(urllib.error.HTTPError, match="503"):
                post(address, OTHER)
    assert list(replies.missing) == [fingerprint(OTHER)]
    assert json.loads(replies.pending())["messages"] == OTHER


def test_another_word_in_a_prompt_is_another_request() -> None:
    """A reply goes stale when its prompt changes; the form of the text does not matter."""
    parts = [{"role": "user", "content": [{"type": "text", "text": "24(3) 要什么？"}]}]
    assert fingerprint(ASKED) == fingerprint(parts) != fingerprint(OTHER)


def test_a_line_that_is_no_reply_is_named(tmp_path: Path) -> None:
    """File and line."""
    (tmp_path / "a.jsonl").write_text('{"key": "x"}\n', encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        Replies(tmp_path)
    assert caught.value.values["line"] == 1
