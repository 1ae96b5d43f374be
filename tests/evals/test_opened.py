"""Refusals that a new edition answers, and cases carried along the clause map that a lead confirmed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from assistant.answers.answer import Answer
from assistant.guide import Clause, Guide, Item, lineage_key
from evals.cases.carried.relabel import Relabeller, answered
from evals.release.opened import opened, set_aside
from evals.report.page import rendered
from evals.runs.compared.compare import compare
from evals.runs.record import Run, answering
from evals.runs.run import run
from ingest.compare.diff import diff
from tests.evals.stub import Change, Oracle, case, standing
from tests.register.company import part_of

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CASES = [case(1), case(2, refuse=True), case(3, refuse=True), case(4, refuse=True, reason="no_such_clause")]


def later(guide: Guide) -> Guide:
    """The guide with one item more, as edition ``later``."""
    (part,) = guide.parts
    text = "监控录像保存不少于90日。"
    key = lineage_key("99", text)
    item = Item(number="99", title="监控录像", line=1, clauses=(Clause(id="99", number=None, text=text, lines=(1,), key=key),))
    category = part.categories[-1].model_copy(update={"number": "九", "items": (item,)})
    return Guide(edition="later", title=guide.title, parts=(part.model_copy(update={"categories": (*part.categories, category)}),))


def told(clause: str, oracle: Oracle) -> Change:
    """What comes when a question is answered from a clause."""
    expected = case(1, clause).asked[0]

    def answer(was: Answer) -> Answer:
        from tests.evals.stub import right

        return right(expected, oracle.labels).model_copy(update={"question": was.question})

    return answer


def asked(home: Path, guide: Guide, clauses: dict[str, str]) -> Run:
    """A run in which some questions are answered from a clause, and all others as labelled."""
    oracle = Oracle(guide, CASES)
    oracle.spoil = {question: told(clause, oracle) for question, clause in clauses.items()}
    return run(oracle, standing(CASES), home, AT, workers=1, fresh=True)


def test_a_refusal_that_new_words_answer_waits_for_the_lead(tmp_path: Path, guide: Guide) -> None:
    """It counts neither for nor against the edition and is named with its clauses; one answered from old words is a loss as before."""
    old = part_of(guide, "24")
    new = later(old)
    base = asked(tmp_path / "a", old, {})
    done = asked(tmp_path / "b", new, {"问题2": "99", "问题3": "24(3)", "问题4": "99"})
    found = opened(compare(base, done), diff(old, new))
    assert [(r.case.id, answering(r)) for r in found] == [("c-002", ("99",))]
    after = compare(base, set_aside(done, found))
    assert [p.id for p in after.lost] == ["c-003", "c-004"]
    assert after.waiting == ("c-002",)
    assert opened(compare(base, done), diff(old, new), ("length",)) == ()
    page = rendered(set_aside(done, found), [], "zh", comparison=after, opened=found)
    assert "c-002：问题2 → 99" in page
    confirmed = answered(CASES[1], ("99",), new)
    assert (confirmed.refuse, confirmed.clauses, confirmed.edition, set(confirmed.keys)) == (False, ("99",), "later", {"99"})


def test_cases_follow_the_map_that_a_lead_confirmed(guide: Guide) -> None:
    """A clause without words that live on is measured by those the lead named, which are suggested for its label; others are as before."""
    old, new = part_of(guide, "24", "10"), later(part_of(guide, "24"))
    held = case(1, "10", lines=["10/documents/1"])
    alone, mapped = Relabeller(old, new), Relabeller(old, new, {"10": ("99", "24(3)", "77"), "24(3)": ("99",)})
    assert alone.resolve(held).successors is None
    assert mapped.resolve(held).successors == {"10": ("99", "24(3)")}
    assert mapped.resolve(held).state == "relabel"
    suggested = mapped.suggested(case(1, "10"))
    assert suggested is not None
    assert (suggested.clauses, suggested.edition) == (("99",), "later")
    assert mapped.resolve(case(2)).case.clauses == ("24(3)",)
