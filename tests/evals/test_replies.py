"""Recorded replies: known by their messages without the hints, given in this process, and what is missing is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from assistant.answers.answer import Answer
from assistant.answers.reply.calling.failures import NoReply
from assistant.errors import CaseError
from evals.replies.choose import CHOSEN, SETS
from evals.runs.replayed import ReplayedSource, replaying
from evals.runs.replies import Replies, RequestMessage, fingerprint
from evals.runs.source import AssistantSource

RULES = RequestMessage("system", "You answer.")
ASKED = (RULES, RequestMessage("user", "<hints>\n24(3)\n</hints>\n\n<<<\n24(3) 要什么？\n>>>"))
OTHER = (RULES, RequestMessage("user", "<hints>\n24(3)\n</hints>\n\n<<<\n26 呢？\n>>>"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """One recorded reply."""
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"key": fingerprint(ASKED), "reply": "访客登记"}) + "\n", encoding="utf-8")
    return path


def test_a_known_request_is_answered_from_a_file_or_its_folder(file: Path) -> None:
    """By its messages alone; other replies are another model."""
    for path in (file, file.parent):
        replies = Replies(path)
        assert replies.reply(ASKED) == "访客登记"
        assert (replies.asked, replies.missing) == ({fingerprint(ASKED)}, {})
    assert Replies(file).name == Replies(file.parent).name != Replies().name


def test_hints_do_not_count_and_every_other_word_does() -> None:
    """A reply goes stale when rules, guide, turns or question change, and outlives another ranker."""
    other_hints = (RULES, RequestMessage("user", ASKED[1].text.replace("\n24(3)\n</hints>", "\n26\n27\n</hints>")))
    assert fingerprint(ASKED) == fingerprint(other_hints)
    twice = (RULES, RequestMessage("user", ASKED[1].text + "<hints>x</hints>"))
    assert len({fingerprint(m) for m in (ASKED, OTHER, twice, (RequestMessage("system", "You judge."), ASKED[1]))}) == 4


def test_what_nobody_recorded_is_refused_named_and_written_once(file: Path) -> None:
    """As from a model that is down; what many requests begin with is written once, each request with what follows it."""
    model = replaying(replies := Replies(file))
    messages = [SystemMessage(RULES.text), HumanMessage(OTHER[1].text)]
    for _ in range(2):
        with pytest.raises(NoReply, match="down"):
            model.invoke(messages)
    assert model.invoke([SystemMessage(RULES.text), HumanMessage(ASKED[1].text)]).text == "访客登记"
    replies.reply((RULES, RequestMessage("user", "third")))
    first, *rest = map(json.loads, replies.pending().splitlines())
    assert first["text"] == RULES.text
    assert [one["prefix"] for one in rest] == [first["prefix"]] * 2
    assert rest[0] == {"key": fingerprint(OTHER), "prefix": first["prefix"], "messages": [{"role": "user", "content": OTHER[1].text}]}


def test_the_chosen_cases_are_cases_of_the_shipped_sets() -> None:
    """Enough single questions and conversations, each of them there."""
    talks = {c["id"]: "turns" in c for path in SETS.glob("*.jsonl") for c in map(json.loads, path.read_text("utf-8").splitlines())}
    ids = CHOSEN.read_text("utf-8").split()
    assert set(ids) <= talks.keys()
    assert sum(not talks[i] for i in ids) >= 260
    assert sum(talks[i] for i in ids) >= 40


def test_a_line_that_is_no_reply_is_named(tmp_path: Path) -> None:
    """File and line."""
    (tmp_path / "a.jsonl").write_text('{"key": "x"}\n', encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        Replies(tmp_path)
    assert caught.value.values["line"] == 1


def test_an_answer_whose_reply_is_missing_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would be served instead is not what is measured; an answer that the model gave is."""
    answers = iter([{"chat": "recorded"}, {"failed": "down"}])
    served = Answer(question="甲", answered=True, mode="extractive", edition="t")
    monkeypatch.setattr(AssistantSource, "ask", lambda *_: served.model_copy(update={"model": next(answers)}))
    source = ReplayedSource.__new__(ReplayedSource)
    assert source.ask("甲", ()).model == {"chat": "recorded"}
    with pytest.raises(CaseError) as caught:
        source.ask("甲", ())
    assert caught.value.key == "evals.not_recorded"
