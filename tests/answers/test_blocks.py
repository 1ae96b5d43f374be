"""An answer is typed blocks; Markdown, parts and a terminal are drawn from them, and records of before are read into them."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from rich.console import Console

from assistant.answers.answer import Answer, Citation
from assistant.answers.blocks import AnswerItem, CheckedClaim, Heading, Note, QuestionPart, Quote, Verdict
from connectors.cli.talking.drawn import Drawing

TITLE = Heading(text="24(3) 进入安全", clause="24(3)", level="clause")
QUOTE = Quote(text="实行访客登记管理。\n第二段 **原样**。", clause="24(3)")
LINE = AnswerItem(text="（1）企业访客出入登记记录。\n应包括来访时间。", clause="24(3)", line="24(3)/records/1")
REST = Note(text="该条还有：情况 6 行。", clause="24(3)", role="rest")
SOURCE = Note(text="出处：指南，版本 2018-177", role="source")
CITED = Citation(clause="24(3)", line="24(3)/records/1", kind="records", quote="企业访客出入登记记录。")


def answer(*blocks: object, answered: bool = True, citations: tuple[Citation, ...] = (CITED,)) -> Answer:
    return Answer(question="问", answered=answered, blocks=blocks, mode="extractive", edition="2018-177", citations=citations)


def test_blocks_are_drawn_as_markdown() -> None:
    """Headings and deciding words are bold, quotes and items keep their paragraphs, stretches stand apart."""
    verdict = Verdict(text="至少每年 1 次", outcome="fact", bold=((2, 8),))
    claims = [CheckedClaim(text=t, passages=("24(3)",)) for t in ("甲。", "乙。")]
    assert answer(verdict, *claims, TITLE, QUOTE, LINE, REST, SOURCE).answer == (
        "至少**每年 1 次**\n\n- 甲。 〔24(3)〕\n- 乙。 〔24(3)〕\n\n**24(3) 进入安全**\n> 实行访客登记管理。\n> 第二段 **原样**。\n"
        "- （1）企业访客出入登记记录。\n  应包括来访时间。\n_该条还有：情况 6 行。_\n\n出处：指南，版本 2018-177"
    )


def test_a_claim_names_its_lines_as_the_guide_prints_them() -> None:
    """Clauses by number, lines by kind and number, what speaks of a whole section by its kind; no ids."""
    claim = CheckedClaim(text="甲。", passages=("24(3)", "24(3)/records/1", "24(3)/documents/n1", "4(2)/applicability"))
    assert answer(claim).answer == "- 甲。 〔24(3)、24(3) 抽查记录（1）、24(3) 书面文件、4(2)〕"


def test_a_question_has_one_part_and_several_have_their_own() -> None:
    """Each part has its question, verdict, words and the citations that it rests on; where it is from belongs to none."""
    (alone,) = answer(TITLE, LINE, SOURCE).parts
    assert (alone.question, alone.verdict, alone.citations) == ("问", "answered", (CITED,))
    assert alone.text == "**24(3) 进入安全**\n- （1）企业访客出入登记记录。\n  应包括来访时间。"
    first, second = answer(
        QuestionPart(text="甲？"), TITLE, LINE, QuestionPart(text="乙？", told="silent"), Note(text="没有规定。"), SOURCE
    ).parts
    assert (first.question, first.verdict, first.citations) == ("甲？", "answered", (CITED,))
    assert (second.question, second.verdict, second.text, second.citations) == ("乙？", "silent", "没有规定。", ())
    assert answer(Verdict(text="没有数字", outcome="open"), QUOTE).parts[0].verdict == "open"
    assert answer(Note(text="没有规定。"), answered=False, citations=()).parts[0].verdict == "silent"


def test_an_answer_survives_being_kept() -> None:
    """What is kept as JSON comes back as it was, blocks and all."""
    kept = answer(TITLE, QUOTE, LINE, REST, SOURCE)
    assert Answer.model_validate(json.loads(kept.model_dump_json())) == kept


def test_an_answer_kept_before_blocks_is_read() -> None:
    """A record that holds Markdown alone is read into blocks, and drawn it is what it was."""
    markdown = (
        "指南没有给出具体数字，原文如下：\n\n**24(3) 进入安全**\n> 实行访客登记管理。\n**3．抽查记录：**\n"
        "- （1）企业访客出入登记记录。\n  应包括来访时间。\n_该条还有：情况 6 行。_\n\n出处：指南，版本 2018-177"
    )
    kept = Answer.model_validate({"question": "问", "answered": True, "answer": markdown, "mode": "extractive", "edition": "x"})
    assert kept.answer == markdown
    assert [b.block for b in kept.blocks] == ["note", "heading", "quote", "heading", "item", "note", "note"]
    assert [b.role for b in kept.blocks if b.block == "note"] == ["plain", "rest", "source"]
    assert "*" not in "".join(b.text for b in kept.blocks)


@pytest.mark.parametrize("terminal", [True, False])
def test_a_terminal_shows_no_marks(terminal: bool) -> None:
    """On a terminal lines hang behind bar and bullet, to a pipe they stay whole; the guide's words stand as they are in both."""
    screen = Console(file=io.StringIO(), force_terminal=terminal, width=24, color_system=None)
    Drawing(screen).finish(answer(TITLE, Quote(text="实行访客登记管理，登记时必须检查证件。", clause="24(3)"), LINE, REST))
    lines = screen.file.getvalue().splitlines()  # type: ignore[attr-defined]
    wrapped = ["│ 实行访客登记管理，登记", "│ 时必须检查证件。"]
    assert lines[1 : 3 if terminal else 2] == (wrapped if terminal else ["│ 实行访客登记管理，登记时必须检查证件。"])
    assert "  应包括来访时间。" in lines
    assert not any(line.startswith((">", "*", "-", "_")) for line in lines)


VERDICT = Verdict(text="要登记。", outcome="yes")
CLAIM, SECOND = (CheckedClaim(text=t, passages=("24(3)",)) for t in ("记姓名。", "记时间。"))
FIRST, NEXT = (QuestionPart(text=t) for t in ("访客要登记吗？", "车辆呢？"))


@pytest.mark.parametrize(
    ("grown", "whole", "shown"),
    [
        ([], (VERDICT, CLAIM, TITLE, LINE), (VERDICT, CLAIM, TITLE, LINE)),
        ([(VERDICT,), (VERDICT, CLAIM)], (VERDICT, CLAIM, SECOND, TITLE, LINE), (VERDICT, CLAIM, SECOND, TITLE, LINE)),
        ([(VERDICT,)], (FIRST, VERDICT, TITLE, LINE, NEXT, VERDICT), (VERDICT, TITLE, LINE, NEXT, VERDICT)),
        ([(FIRST, VERDICT)], (FIRST, VERDICT, TITLE, LINE, NEXT, VERDICT), (FIRST, VERDICT, TITLE, LINE, NEXT, VERDICT)),
        ([(CLAIM,)], (TITLE, LINE, REST), (CLAIM, TITLE, LINE, REST)),
        ([(CLAIM,)], (FIRST, TITLE, NEXT, LINE), (CLAIM, FIRST, TITLE, NEXT, LINE)),
    ],
)
def test_a_terminal_draws_a_growing_answer_once_and_in_order(grown: list[Any], whole: Any, shown: Any) -> None:
    """The direct answer stands first; what was drawn is not drawn again; what broke off is followed by what was served instead."""
    drawn, at_once = (Console(file=io.StringIO(), width=80) for _ in range(2))
    growing = Drawing(drawn)
    for blocks in grown:
        growing.grow(answer(*blocks).model_copy(update={"growing": True}))
    growing.finish(answer(*whole))
    Drawing(at_once).finish(answer(*shown))
    assert drawn.file.getvalue() == at_once.file.getvalue()  # type: ignore[attr-defined]
