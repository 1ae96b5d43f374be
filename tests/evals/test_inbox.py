"""The inbox, and how feedback becomes a case."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.adapters.sql.inbox import SqlInbox
from assistant.answers.ports import Floats
from assistant.answers.question.words import tokens
from assistant.conversation.inbox import Feedback, Inbox
from assistant.errors import CaseError, Unavailable
from assistant.guide import Guide
from evals.cases.files import read, validated
from evals.cases.likeness import like
from evals.cases.personal import personal
from evals.cases.problems import CaseMistakes
from evals.cases.promote import Labelling, keep, propose
from tests.evals.stub import case
from tests.twins.inbox import MemoryInbox

pytestmark = pytest.mark.thorough

ASKED = Feedback(kind="thumbs_down", question="外来车辆进厂要写什么台账", edition="2018-177", at="2026-11-23T09:00:00+08:00", ref="C1:1")


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def inbox(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Inbox]:
    """Opens the same inbox again and again, for each adapter."""
    if request.param == "memory":
        kept = MemoryInbox()
        return lambda: kept
    url = f"sqlite:///{tmp_path / 'deep' / 'inbox.sqlite3'}"
    if request.param == "postgres":
        from tests.contracts.conftest import new_database

        url = new_database(request.getfixturevalue("postgres"))
    return lambda: SqlInbox(url)


def hashed(texts: Sequence[str]) -> Floats:
    """Questions as bags of hashed characters and pairs: enough of a meaning for the rules here."""
    found = np.zeros((len(texts), 512), dtype=np.float32)
    for row, text in enumerate(texts):
        for token in tokens(text):
            found[row, zlib.crc32(token.encode()) % 512] += 1
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def test_what_is_told_twice_is_kept_once(inbox: Callable[[], Inbox]) -> None:
    """The same event, from whichever worker, is one entry; another event with the same question is another."""
    first = inbox().add(ASKED)
    again = inbox().add(ASKED)
    other = inbox().add(ASKED.model_copy(update={"ref": "C1:2", "reason": "不对"}))
    assert first == again
    assert [e.id for e in inbox().entries()] == [first.id, other.id]
    assert inbox().get(other.id).reason == "不对"
    assert first.model_copy(update={"id": ""}) == ASKED


def test_workers_that_tell_at_once_lose_nothing(inbox: Callable[[], Inbox]) -> None:
    """Eight threads, twenty events, each told twice: twenty entries."""
    events = [ASKED.model_copy(update={"ref": f"C1:{n % 20}"}) for n in range(40)]
    threads = [threading.Thread(target=lambda part: [inbox().add(e) for e in part], args=(events[n::8],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(inbox().entries()) == 20


def test_a_closed_entry_is_shown_only_when_asked_for(inbox: Callable[[], Inbox]) -> None:
    """Closed means made into a case or put aside; nothing is deleted."""
    kept = inbox().add(ASKED)
    inbox().close(kept.id, "fb-1")
    assert inbox().entries() == []
    assert [e.closed for e in inbox().entries(everything=True)] == ["fb-1"]


@pytest.mark.parametrize("entry", ["f9", "9", "x", "f99999999999999999999", "f²", ""])
def test_an_unknown_entry_is_a_sentence(inbox: Callable[[], Inbox], entry: str) -> None:
    """Whatever is typed as an id."""
    with pytest.raises(CaseError):
        inbox().get(entry)
    with pytest.raises(CaseError):
        inbox().close(entry, "-")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我叫王小明，电话138 1234 5678", [("name", "王小明"), ("phone", "138 1234 5678")]),
        ("联系人：李雷 lilei@example.com.cn", [("name", "李雷"), ("email", "lilei@example.com.cn")]),
        ("身份证11010519491231002X能登记吗", [("id_number", "11010519491231002X")]),
        ("<@U012AB3CD> 问一下，护照E12345678", [("slack_id", "<@U012AB3CD>"), ("id_number", "E12345678")]),
        ("粤B12345的车", [("plate", "粤B12345")]),
        ("固话0755-12345678", [("phone", "0755-12345678")]),
        ("My name is Ann Lee, card 6222 0212 3456 7890", [("name", "Ann Lee"), ("card", "6222 0212 3456 7890")]),
        ("访客姓名、身份证件类型要登记吗？第24项3年以上2018-177", []),
        ("公告2018年第177号 24(3) L686", []),
    ],
)
def test_personal_data_is_found(text: str, found: list[tuple[str, str]]) -> None:
    """Phones, e-mails, identity numbers, names, Slack ids, cards and plates; clause numbers and years are none."""
    assert [(p.kind, p.text) for p in personal(text)] == found


def test_personal_data_is_kept_only_after_a_yes(tmp_path: Path, guide: Guide) -> None:
    """Without it nothing is written and the feedback stays open."""
    inbox = MemoryInbox()
    entry = inbox.add(ASKED.model_copy(update={"question": "我叫王小明，外来车辆要写什么台账"}))
    proposal = propose(entry, Labelling(clauses=("24(3)",)), guide, [], hashed)
    assert [p.text for p in proposal.personal] == ["王小明"]
    with pytest.raises(CaseError):
        keep(proposal, tmp_path / "fb.jsonl", inbox)
    assert not (tmp_path / "fb.jsonl").exists()
    assert len(inbox.entries()) == 1
    keep(proposal, tmp_path / "fb.jsonl", inbox, yes=True)
    assert inbox.entries() == []


def test_a_promoted_case_is_labelled_checked_and_frozen_to_its_edition(tmp_path: Path, guide: Guide) -> None:
    """It carries the edition of the feedback, lineage keys and its origin, and joins what the file held."""
    inbox, path = MemoryInbox(), tmp_path / "fb.jsonl"
    for n, label in enumerate([Labelling(clauses=("24(3)",), lines=("L688",), facts=("车辆号码",)), Labelling(refuse=True)]):
        keep(
            propose(inbox.add(ASKED.model_copy(update={"ref": str(n), "question": f"{ASKED.question}{n}"})), label, guide, [], hashed),
            path,
            inbox,
        )
    first, second = (c for _, c in validated(read(path)[0])[0])
    assert (first.edition, first.origin, first.lines, set(first.keys)) == (
        "2018-177",
        "feedback",
        ("24(3)/records/3",),
        {"24(3)", "24(3)/records/3"},
    )
    assert (second.refuse, second.reason) == (True, "not_in_guide")
    with pytest.raises(CaseError):
        propose(inbox.get("f1"), Labelling(refuse=True), guide, [], hashed)


def test_a_follow_up_keeps_the_questions_before_it(guide: Guide) -> None:
    """They are asked again and not scored; a reworded question stands alone."""
    entry = MemoryInbox().add(ASKED.model_copy(update={"history": ("访客进厂要登记吗",), "question": "那要留哪些"}))
    follow = propose(entry, Labelling(clauses=("24(3)",)), guide, [], hashed).case
    assert [(e.question, e.context) for e in follow.asked] == [("访客进厂要登记吗", True), ("那要留哪些", False)]
    alone = propose(entry, Labelling(clauses=("24(3)",), question="访客进厂台账写哪些"), guide, [], hashed).case
    assert [e.question for e in alone.asked] == ["访客进厂台账写哪些"]


@pytest.mark.parametrize(
    ("label", "error"),
    [
        (Labelling(), CaseError),
        (Labelling(clauses=("24(9)",)), CaseMistakes),
        (Labelling(clauses=("24(3)",), lines=("24(3)/records/9",)), CaseMistakes),
        (Labelling(clauses=("24(3)",), facts=("不在原文里",)), CaseMistakes),
        (Labelling(clauses=("24(3)",), type="Not A Type"), CaseMistakes),
    ],
)
def test_wrong_labels_are_refused(guide: Guide, label: Labelling, error: type[Exception]) -> None:
    """A case from feedback is checked like any other."""
    with pytest.raises(error):
        propose(MemoryInbox().add(ASKED), label, guide, [], hashed)


def test_a_question_of_the_bank_or_of_another_case_is_refused(guide: Guide) -> None:
    """The ranker was fitted on the bank: to ask it that again would measure memory."""
    from ingest.learn.banks import bank

    banked = bank.load()[0].question
    with pytest.raises(CaseError):
        propose(MemoryInbox().add(ASKED.model_copy(update={"question": banked + "？"})), Labelling(refuse=True), guide, [], hashed)
    with pytest.raises(CaseError):
        propose(MemoryInbox().add(ASKED), Labelling(refuse=True), guide, [case(1, question=ASKED.question + "?")], hashed)


def test_cases_that_ask_much_the_same_are_pointed_out() -> None:
    """The nearest first, the rest not at all; for the same clause less likeness is enough."""
    cases = [
        case(1, question="外来车辆进厂要写哪些台账"),
        case(2, "26", question="商业伙伴怎么评估"),
        case(3, "1(1)", question="培训制度写什么"),
        case(4, "30(1)", question="应急预案多久更新"),
    ]
    assert [f.case for f in like(ASKED.question, ["24(3)"], cases, hashed)] == ["c-001"]
    assert like("完全无关的一句话", ["26"], cases, hashed) == []


def test_without_a_model_letters_decide() -> None:
    """When the embedding model is down, only near copies are pointed out."""

    def down(texts: Sequence[str]) -> Floats:
        raise Unavailable("models.bundled_missing")

    cases = [case(1, question="外来车辆进厂要写什么台账呢"), case(2, "26", question="车辆")]
    assert [f.case for f in like(ASKED.question, [], cases, down)] == ["c-001"]
