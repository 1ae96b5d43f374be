"""An answer opens with its gist: the guide's own words that the question most likely hangs on, in what a phone shows of a message."""

from __future__ import annotations

import re
from itertools import takewhile

import numpy as np
import pytest

from assistant.answers.answer import Answer
from assistant.answers.blocks import Block, Note, Quote, Verdict
from assistant.answers.passages import Passage, cut
from assistant.answers.reply.gist import LONG, ROOM, SHORT, GistPiece, weighed, with_gist
from assistant.answers.search.found import LikelyLine
from assistant.app import Assistant

LONG_LINE = "企业应有制度的书面文件。" * 25
PIECES = [
    GistPiece(0.5, "1(1)", "a", 2, "访客应当登记，"),
    GistPiece(0.4, "1(1)", "a", 4, "并佩戴标识。"),
    GistPiece(0.3, "2", "b", 0, "记录保存三年。"),
    GistPiece(0.01, "2", "c", 0, "见单项标准。"),
]


def answer(*blocks: Block) -> Answer:
    return Answer(question="?", answered=True, blocks=blocks, mode="extractive", edition="x")


def test_the_weightiest_pieces_stand_first_each_under_its_clause() -> None:
    """What is left out between two pieces of a line is marked, what hardly counts is not said, and the best is bold."""
    first, second, quote = with_gist(answer(Quote(text=LONG_LINE)), PIECES).blocks
    assert (first.text, first.clause) == ("1(1)：“访客应当登记，…并佩戴标识”", "1(1)")
    assert (second.text, second.clause) == ("2：“记录保存三年”", "2")
    assert [piece for piece, bold in first.pieces if bold] == ["访客应当登记"]
    assert quote.text == LONG_LINE


def test_pieces_that_do_not_fit_are_left_to_the_lines() -> None:
    """The gist is no longer than what is shown of a message before it is opened; one clause needs no name."""
    many = [GistPiece(1 / n, "1", str(n), 0, f"第{n}件" + "要" * 30 + "。") for n in range(1, 9)]
    note = with_gist(answer(Quote(text=LONG_LINE)), many).blocks[0]
    assert 90 < len(note.text) <= ROOM
    assert note.text.startswith("“第1件")


@pytest.mark.parametrize(
    "blocks",
    [
        (Quote(text="企业" * 20), Note(text="出处" * LONG, role="source")),
        (Verdict(text="符合", outcome="yes"), Quote(text=LONG_LINE)),
        (Quote(text="访客应当登记，并佩戴标识。记录保存三年。" + LONG_LINE),),
    ],
)
def test_what_is_short_or_begins_with_it_has_no_gist(blocks: tuple[Block, ...]) -> None:
    """Where it is from does not make an answer long."""
    assert with_gist(answer(*blocks), PIECES).blocks == blocks


@pytest.mark.parametrize(("weights", "led"), [((0.5, 0.4), False), ((0.2, 0.7), True)])
def test_an_answer_of_middle_length_has_a_gist_where_it_says_much_more_than_the_beginning(weights: tuple[float, float], led: bool) -> None:
    """What it begins with needs no gist, unless what the question more likely hangs on stands behind it."""
    said = ("访客登记应有制度。" + "应" * 120, "记录保存三年。")
    pieces = [GistPiece(weight, "1", text, 0, text[:9]) for weight, text in zip(weights, said, strict=True)]
    found = with_gist(answer(*(Quote(text=text) for text in said)), pieces)
    assert SHORT <= len("".join(said)) <= LONG
    assert (found.blocks[0].text == "“记录保存三年”“访客登记应有制度”") == led
    assert found.blocks[-1].text == said[1]


def test_a_line_is_cut_at_its_sentences_and_a_long_sentence_at_its_commas() -> None:
    """Without its number, and with nothing lost."""
    line = "（2）应有规定，" + "，".join(["包括岗位设置、岗位职责、管理要求"] * 4) + "。\n重新认证的，每一年。"
    assert "".join(cut(line)) == line.replace("（2）", "").replace("\n", "")
    assert list(cut("（1）访客登记。车辆登记。")) == ["访客登记。", "车辆登记。"]


def test_the_piece_that_holds_the_words_of_the_question_counts_most() -> None:
    """Within a line, whose share all its pieces have together; a clause further behind counts less."""
    line = Passage(id="1/records/1", clause="1", kind="records", role="evidence", text="应记录姓名。保存三年。", line=1, requirement="1")
    first, second = (
        [*weighed("要保存几年", nth, "1", [LikelyLine(line, 1.0, 0.5)], lambda word: 1.0, lambda line: np.zeros(2, dtype=np.float32))]
        for nth in (0, 1)
    )
    assert first[1].weight > first[0].weight
    assert sum(p.weight for p in first) > sum(p.weight for p in second)


def test_of_words_in_another_language_the_meaning_decides() -> None:
    """Where no piece of a line holds a word of the question, the nearest to it counts most."""
    line = Passage(id="1/records/1", clause="1", kind="records", role="evidence", text="应记录姓名。保存三年。", line=1, requirement="1")
    near = np.array([0.1, 0.6], dtype=np.float32)
    first, second = weighed("how long is it kept", 0, "1", [LikelyLine(line, 1.0, 0.5)], lambda word: 1.0, lambda line: near)
    assert second.weight > 2 * first.weight


def test_what_the_gist_says_stands_below_it(assistant: Assistant) -> None:
    """It is in the guide's words, and no longer than what is shown of a message before it is opened."""
    asked = (
        "防闯入设施抽什么记录",
        "Which work records on checking import and export documents will be sampled?",
        "离职员工的账号怎么处理",
        "机房要有什么设施",
    )
    for said in map(assistant.ask, asked):
        gist = [*takewhile(lambda block: block.block == "note", said.blocks)] if said.blocks[0].bold else []
        words = "".join("".join(block.text for block in said.blocks[len(gist) :]).split())
        for note in gist:
            pieces = re.split("[“”…]+", note.text.removeprefix(f"{note.clause}："))
            assert all("".join(piece.split()) in words for piece in pieces)
        assert sum(len(note.text) for note in gist) <= ROOM


def test_what_is_asked_beside_a_number_leads(assistant: Assistant) -> None:
    """A clause that is named shows all that it showed, its gist in front; one that is only named has none."""
    asked = assistant.ask("25(4)离职以后账号怎么注销")
    assert "注销权限" in asked.blocks[0].text
    assert not any("注销权限" in block.text for block in assistant.ask("25(4)").blocks[:2])


def test_all_there_is_of_a_topic_leads_with_what_is_handed_in(assistant: Assistant) -> None:
    """Of its papers and records the likeliest, and no briefing."""
    said = assistant.ask("法定代表人那几位的海关培训，要备齐哪些东西")
    assert said.clauses == ("1(2)",)
    assert "历史记录" in said.blocks[0].text


def test_a_yes_or_no_about_one_clause_of_an_item_is_answered_by_it(assistant: Assistant) -> None:
    """And not by an overview of the item, whatever is told before."""
    assert assistant.ask("第24项访客的车要不要登记").clauses == ("24(3)",)
    assert assistant.ask("第25项，离职员工的账号没注销行吗").clauses == ("25(4)",)
    assert len(assistant.ask("第24项要准备什么，访客登记要不要做").clauses) == 4
    assert len(assistant.ask("第24项要准备什么").clauses) == 4
