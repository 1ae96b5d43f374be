"""What decides is said first, what is hardly asked for not at all; sections asked for by name come before everything."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answers.passages import Passage, PassageKind, passages
from assistant.answers.reply.compose import Composer
from assistant.answers.reply.order import asked_first, led
from assistant.answers.reply.plan import DOUBT, PlannedPart, ReplyPlan, composed
from assistant.answers.search.found import LikelyLine
from assistant.answers.search.ranker import Ranker
from assistant.app import Assistant
from assistant.guide import Guide


def passage(name: str, kind: PassageKind, role: str = "evidence") -> Passage:
    return Passage(id=name, clause="1", kind=kind, role=role, text=name, line=1, requirement=name)


SENTENCE = passage("sentence", "clause")
PAPER, RECORD, OTHER = passage("paper", "documents"), passage("record", "records"), passage("other", "records")
STATEMENT = passage("statement", "records", "statement")
KEPT = (SENTENCE, PAPER, RECORD, OTHER, STATEMENT)


def said(likely: dict[str, float], sentence: float) -> list[str]:
    lines = [LikelyLine(p, likely.get(p.id, 1.0), likely.get(p.id, sentence)) for p in KEPT]
    return [p.id for p in led(KEPT, lines, sentence)]


def test_the_best_section_leads() -> None:
    """The best line comes first, the rest of its section as printed, then the clause's sentence, then sections far behind."""
    likely = {"paper": 0.2, "record": 0.3, "other": 0.9, "statement": 0.1}
    assert said(likely, 0.3) == ["other", "record", "statement", "sentence", "paper"]


def test_the_sentence_leads_where_it_decides() -> None:
    """Where like questions asked for the clause's own sentence, it stands first."""
    assert said({"paper": 0.2, "record": 0.3, "other": 0.1, "statement": 0.1}, 0.6)[0] == "sentence"


def test_what_is_hardly_asked_for_is_left_out() -> None:
    """A line far behind the best and a sentence that nobody asks for are not said; a statement to hand in always is."""
    assert said({"paper": 0.01, "record": 0.9, "other": 0.2, "statement": 0.01}, 0.0) == ["record", "other", "statement"]


def test_a_second_line_that_comes_near_the_best_follows_it() -> None:
    """Before the others of its section, which stay as they are printed."""
    likely = {"paper": 0.01, "record": 0.3, "other": 0.35, "statement": 0.5}
    assert said(likely, 0.0) == ["statement", "other", "record"]


def test_what_is_shown_and_in_which_order_are_two_things(assistant: Assistant) -> None:
    """A line that a question hangs on leads; whether lines are shown at all is weighed for each by itself."""
    searcher = assistant.edition().searcher
    lines = searcher.ranked(searcher.find("访客登记的记录要包括哪些信息"), "24(3)")
    assert sum(line.share for line in lines) == pytest.approx(1)
    assert max(lines, key=lambda line: line.share).passage.id == "24(3)/records/1"
    assert len([line for line in lines if line.probability > 0.05]) > 1


def test_an_order_that_was_learned_is_kept_with_its_build(assistant: Assistant, tmp_path: Path) -> None:
    """A ranker that is written and read says the same; one of a build made before has none."""
    ranker = assistant.edition().searcher.ranker
    found = assistant.edition().searcher.find("访客登记的记录要包括哪些信息")
    lines = assistant.edition().searcher._span["24(3)"]
    assert ranker.order is not None
    ranker.save(tmp_path)
    again, before = Ranker.load(tmp_path), replace(ranker, order=None)
    said = ranker.line_scores(found.question, found.vector, found.kernel, *lines)
    assert again.line_scores(found.question, found.vector, found.kernel, *lines) == pytest.approx(said, abs=2e-3)
    assert before.line_scores(found.question, found.vector, found.kernel, *lines) is None


def test_a_section_asked_for_by_name_comes_first() -> None:
    """In printed order, before the clause's sentence."""
    assert [p.id for p in asked_first(KEPT, ("records",))] == ["record", "other", "statement", "sentence", "paper"]
    assert asked_first(KEPT, ()) == KEPT


def test_where_the_guide_may_be_silent_that_is_said_first(guide: Guide) -> None:
    """Before the nearest lines; not where the search is sure, and not before a number that decides."""
    groups = passages(guide)
    composer = Composer(guide, groups)

    def first(question: str, clause: str, refuse: float) -> str:
        part = PlannedPart(question, ((clause, tuple(groups[clause][:2])),))
        return composed(ReplyPlan(question, (part,), (clause,), refuse=refuse), composer, "zh").blocks[0].text

    assert "可能没有直接写到" in first("货代要签协议吗", "26", DOUBT)
    assert "可能没有" not in first("货代要签协议吗", "26", DOUBT - 0.01)
    assert "不超过3%" in first("滞纳率上限是多少", "20(2)", DOUBT)


def test_what_is_likely_of_no_clause_is_said_to_be_doubtful(assistant: Assistant) -> None:
    """The guide may speak of it for all that a search knows, but none of the clauses shown is likely the one; one that is asked by number is."""
    doubtful = "可能没有直接写到"
    assert doubtful in assistant.ask("两年内有一次走私处罚还能申请吗").answer
    assert doubtful not in assistant.ask("标准第23第(2)分项，实地看什么？").answer
    assert doubtful not in assistant.ask("技术标准那条和法检质量那条，各是什么企业才要做").answer
