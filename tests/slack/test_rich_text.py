"""Answers as rich text and as CommonMark: Slack accepts every message, nothing is lost, and only our own marks are marks."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from assistant.answers.blocks import Note
from assistant.answers.kept import blocks_of
from connectors.slack.cards.blocks.lines import answer_lines, plain_text
from connectors.slack.cards.blocks.markdown import escape_markdown, markdown
from connectors.slack.cards.blocks.rich_text import answer_messages, fallback, line_blocks
from connectors.slack.cards.blocks.text import escape
from connectors.slack.wire import limits
from connectors.slack.wire.limits import length
from tests.slack.schemas import check_blocks, check_request
from tests.slack.schemas.lints import nodes
from tests.slack.wild import answers, few, texts

ANSWER = blocks_of("""\
- 访客登记要留记录。 〔24(3)/records/1〕

**24(3) 进入安全**
> 实行访客登记管理，登记时必须检查
> 带有照片的身份证件。
**3．按照海关认证人员要求提供抽查记录：**
- （1）企业访客出入登记记录。
  应包括访客姓名、来访时间。
- （2）临时身份标识<发放>与回收记录。
_该条还有：情况 6 行。_

出处：海关认证企业标准指南，版本 2018-177""")


def shown(blocks: list[dict[str, Any]]) -> str:
    return "".join(node["text"] for node in nodes(blocks) if node.get("type") == "text")


def test_an_answer_becomes_rich_text() -> None:
    """Headings are bold by style, quotes and items are elements, the last line is italic, and no mark is left in the text."""
    claim, clause, source = line_blocks(answer_lines(ANSWER))
    assert [e["type"] for e in clause["elements"]] == [
        "rich_text_section", "rich_text_quote", "rich_text_section", "rich_text_list", "rich_text_section",
    ]  # fmt: skip
    assert clause["elements"][0]["elements"] == [{"type": "text", "text": "24(3) 进入安全", "style": {"bold": True}}]
    assert shown([clause["elements"][1]]) == "实行访客登记管理，登记时必须检查\n带有照片的身份证件。"
    items = [shown([section]) for section in clause["elements"][3]["elements"]]
    assert items == ["（1）企业访客出入登记记录。\n应包括访客姓名、来访时间。", "（2）临时身份标识<发放>与回收记录。"]
    assert clause["elements"][4]["elements"][0]["style"] == {"italic": True}
    assert "**" not in shown([claim, clause, source])
    assert check_blocks([claim, clause, source]) == []


def test_an_answer_becomes_a_fallback_text() -> None:
    """The fallback reads like the answer, without marks, escaped."""
    text = fallback(ANSWER)
    assert text.startswith("• 访客登记要留记录。 〔24(3)/records/1〕\n\n24(3) 进入安全\n&gt; 实行访客登记管理")
    assert "标识&lt;发放&gt;与" in text


def test_an_answer_becomes_commonmark() -> None:
    """Lines of different kinds stand apart, and what is no mark of ours is escaped."""
    assert markdown(ANSWER).split("\n\n") == [
        "- 访客登记要留记录。 〔24(3)/records/1〕",
        "**24(3) 进入安全**",
        "> 实行访客登记管理，登记时必须检查\n> 带有照片的身份证件。",
        "**3．按照海关认证人员要求提供抽查记录：**",
        "- （1）企业访客出入登记记录。\n  应包括访客姓名、来访时间。\n- （2）临时身份标识&lt;发放&gt;与回收记录。",
        "_该条还有：情况 6 行。_",
        "出处：海关认证企业标准指南，版本 2018-177",
    ]


def test_bold_words_keep_a_space_in_commonmark() -> None:
    """Between Chinese characters a bold mark is shown as stars, so a space stands outside it; rich text needs none."""
    assert markdown([Note(text="这是粗体：文字", bold=((2, 5),))]) == "这是 **粗体：** 文字"
    assert shown(line_blocks(answer_lines([Note(text="这是粗体：文字", bold=((2, 5),))]))) == "这是粗体：文字"


def test_foreign_marks_are_literal_in_commonmark() -> None:
    """A link, image, heading, table, code or rule of others is shown and does nothing."""
    text = "[海关](https://e.example) ![x](y) # 1. --- `c` | <@U1> <!channel> ~x~ *a* __b__"
    assert markdown([Note(text=text)]) == (
        r"\[海关\](https://e.example) !\[x\](y) # 1. --- \`c\` \| &lt;@U1&gt; &lt;!channel&gt; \~x\~ \*a\* \_\_b\_\_"
    )
    assert escape_markdown("# 标题\n1. 一\n- 二\n+ 三\n---\n===") == "\\# 标题\n1\\. 一\n\\- 二\n\\+ 三\n\\---\n\\==="


@few
@given(answers)
def test_every_message_is_accepted(answer: str) -> None:
    """Whatever an answer contains, each of its messages is within Slack's limits and has a fallback text."""
    for message in answer_messages(blocks_of(answer)):
        args = {"channel": "D1", "text": message.text, "blocks": message.blocks}
        assert check_request("chat.postMessage", args) == []
        assert len(message.blocks) <= limits.ANSWER_BLOCKS
        assert length(shown(message.blocks)) <= limits.ANSWER_TEXT
        assert length(message.text) <= limits.FALLBACK_TEXT


@few
@given(answers, st.integers(min_value=50, max_value=2000), st.integers(min_value=1, max_value=10))
def test_messages_lose_nothing(answer: str, chars: int, blocks: int) -> None:
    """All messages together show the answer's text, in order, whatever the limits; no message is over them."""
    messages = answer_messages(blocks_of(answer), chars, blocks)
    written = "".join(line.text for line in answer_lines(blocks_of(answer)))
    assert "".join("".join(shown(m.blocks) for m in messages).split()) == "".join(written.split())
    assert all(len(m.blocks) <= blocks and length(shown(m.blocks)) <= chars for m in messages)


def test_headings_stay_with_what_they_head() -> None:
    """No message and no block ends in a heading while its lines stand in the next."""
    answer = "\n\n".join(f"**{n}(1) 标题**\n> {'长' * 900}\n**1．文件：**\n- {'文' * 700}" for n in range(20))
    messages = answer_messages(blocks_of(answer))
    assert len(messages) == 4
    for message in messages:
        for block in message.blocks:
            last = block["elements"][-1]
            assert not (last["type"] == "rich_text_section" and last["elements"][-1].get("style") == {"bold": True})


def test_a_clause_is_not_spread_over_messages() -> None:
    """A clause that does not fit any more begins the next message."""
    answer = "\n\n".join(f"**{n} 标题**\n> {'长' * 2800}" for n in range(5))
    counts = [len(message.blocks) for message in answer_messages(blocks_of(answer))]
    assert counts == [3, 2]


@few
@given(texts)
def test_escaped_markdown_opens_nothing(text: str) -> None:
    """Escaped text holds no mark of Slack's and no unescaped mark of CommonMark."""
    escaped = escape_markdown(text)
    assert not re.search(r"[<>]", escaped)
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_~\[\]|]", escaped)
    for line in escaped.split("\n"):
        assert not re.match(r"\s*(?:#{1,6}(?:\s|$)|[-+]\s|\d{1,9}[.)](?:\s|$)|---)", line)


@few
@given(answers)
def test_no_mark_in_a_fallback(answer: str) -> None:
    """Fallback texts never hold a mark."""
    assert "<" not in fallback(blocks_of(answer))


def test_plain_text_is_what_is_escaped() -> None:
    """The fallback is the plain text, escaped, cut only when it is too long."""
    assert fallback(ANSWER) == escape(plain_text(answer_lines(ANSWER)))
    assert fallback([Note(text="字" * 5000)]).endswith("…")
    assert answer_messages([]) == []
    assert line_blocks(answer_lines([Note(text=" \n ")])) == []
