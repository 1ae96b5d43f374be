"""Text that Slack shows right: escaping, cutting and rich text hold for any text that people, files and models can write."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from connectors.slack.cards.blocks.cutting import graphemes, head, split
from connectors.slack.cards.blocks.text import clean, escape, heard, instant_element, link, mrkdwn, one_line, plain, web_address
from connectors.slack.cards.evidence.forms import tick_fields
from connectors.slack.wire import limits
from connectors.slack.wire.limits import length
from tests.slack.schemas import check_blocks
from tests.slack.wild import few, texts

LIMITS = st.integers(min_value=4, max_value=300)
FAMILY = "👨‍👩‍👧‍👦"
CITED = "登记时必须检查带有照片的身份证件。 〔24(3)/records/1、24(3)/documents/1〕"


@few
@given(texts)
def test_escaped_text_has_no_marks(text: str) -> None:
    """After ``escape`` nothing can mention, link or call a channel, and reading it back gives what was written."""
    escaped = escape(text)
    assert not re.search(r"[<>]", escaped)
    assert not re.search(r"&(?!amp;|lt;|gt;)", escaped)
    assert heard(escaped) == clean(text).strip()


@few
@given(texts)
def test_clean_text_can_be_sent(text: str) -> None:
    """What is left can be encoded, shows in one direction, and cleaning it again changes nothing."""
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\u200b\u202a-\u202e\u2066-\u2069\ufeff]", cleaned)
    assert clean(cleaned) == cleaned
    assert "\n" not in one_line(text)


@few
@given(texts, LIMITS)
def test_parts_fit_and_lose_nothing(text: str, limit: int) -> None:
    """Every part fits the limit and shows something; all parts together are the text, white space at the cuts aside."""
    parts = split(text, limit)
    assert all(length(part) <= limit and part.strip() for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@few
@given(texts, LIMITS)
def test_no_character_is_cut(text: str, limit: int) -> None:
    """A reader's character is whole in one part, unless it is longer than the limit by itself."""
    text = clean(text)
    seen = [character for part in split(text, limit) for character in graphemes(part)]
    long = any(length(character) > limit for character in graphemes(text))
    if not long:
        before = [c for c in graphemes(text) if c.strip()]
        assert [c for c in seen if c.strip()] == before


@few
@given(st.lists(st.sampled_from([CITED, "<https://a.cn/b|24(3)>", "短句。", FAMILY, "&amp;", ":tada:", "字" * 30]), max_size=30), LIMITS)
def test_no_citation_or_link_is_cut(pieces: list[str], limit: int) -> None:
    """A citation, link, escaped character or emoji name that fits is never cut in two."""
    whole = "".join(split("".join(pieces), max(limit, 60)))
    for part in split("".join(pieces), max(limit, 60)):
        assert part.count("〔") == part.count("〕")
        assert part.count("<") == part.count(">")
        assert not re.search(r"&(?:a|am|amp|l|lt|g|gt)?$", part)
        assert part.count(":tada:") * 2 == len(re.findall(r":(?=tada)|(?<=tada):", part))
    assert whole.count(":tada:") == pieces.count(":tada:")


@few
@given(st.lists(st.text(alphabet="登记检查证件，。", min_size=1, max_size=80), min_size=1, max_size=20))
def test_a_line_that_fits_is_not_cut(lines: list[str]) -> None:
    """Cuts fall between lines as long as each line fits: a quoted line of the guide stays whole."""
    quoted = [f"> {line}" for line in lines]
    shown = [line for part in split("\n".join(quoted), 100) for line in part.split("\n")]
    assert shown == quoted


def test_a_long_line_is_cut_after_a_sentence() -> None:
    """A line longer than the limit is cut after a sentence, and the sentence keeps its citation."""
    assert split(CITED * 3, 120) == [CITED * 2, CITED]
    assert split("第一句。" * 10, 9) == ["第一句。第一句。"] * 5
    assert split("one two three four", 9) == ["one two", "three", "four"]


@few
@given(texts, LIMITS)
def test_heads_fit(text: str, limit: int) -> None:
    """A shortened text fits, ends in an ellipsis, begins as the text does and cuts no character."""
    text = clean(text)
    shown = head(text, limit)
    assert length(shown) <= limit
    if shown != text:
        assert shown.endswith("…")
        assert text.startswith(shown[:-1])
        assert regex.findall(r"\X", text)[: len(graphemes(shown[:-1]))] == graphemes(shown[:-1])


@few
@given(texts, st.sampled_from([limits.BUTTON_TEXT, limits.HEADER_TEXT, limits.MODAL_TITLE, limits.OPTION_TEXT]))
def test_objects_are_accepted(text: str, limit: int) -> None:
    """Plain and marked text objects are within Slack's limits for any text, never empty."""
    for element in (plain(text, limit), plain(text, limit, lines=True), mrkdwn(escape(text), limit)):
        assert 0 < length(element["text"]) <= limit
        found = check_blocks([{"type": "section", "text": element}])
        assert [finding for finding in found if "stars" not in finding] == []  # foreign stars belong into plain or rich text


@few
@given(texts, texts)
def test_links_lead_where_they_say(url: str, label: str) -> None:
    """A link has exactly one target, of the web or mail, whatever its address and label contain."""
    made = link(url, label)
    marks = re.findall(r"<([^<>]*)>", made)
    assert len(marks) == (1 if web_address(url) else 0)
    for mark in marks:
        assert mark.count("|") == 1
        assert mark.startswith(("http://", "https://", "mailto:"))


@pytest.mark.parametrize(
    ("url", "label", "made"),
    [
        ("https://a.cn/文件?x=1&y=2", "附件 <1>", "<https://a.cn/%E6%96%87%E4%BB%B6?x=1&amp;y=2|附件 &lt;1&gt;>"),
        ("https://a.cn/a|b>c", "x|y", "<https://a.cn/a%7Cb%3Ec|x｜y>"),
        ("javascript:alert(1)", "点我", "点我"),
        ("https://", "空", "空"),
        ("mailto:lead@example.cn", "负责人", "<mailto:lead@example.cn|负责人>"),
    ],
)
def test_links(url: str, label: str, made: str) -> None:
    """Addresses are percent-encoded, labels escaped, other schemes shown as their label."""
    assert link(url, label) == made


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("<@UBOT> 24(3) 需要什么？", "24(3) 需要什么？"),
        ("请 <@U2|王芳> 看 <#C1|合规>", "请 @王芳 看 #合规"),
        ("<@U3> 好", "@李雷 好"),
        ("<!here> <!subteam^S1|@lead> <!date^1^{time}|今天>", "@here @lead 今天"),
        ("见 <http://customs.gov.cn|customs.gov.cn> 和 <https://a.cn/b>", "见 customs.gov.cn 和 https://a.cn/b"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<mailto:a@b.cn|a@b.cn>", "a@b.cn"),
    ],
)
def test_heard(sent: str, read: str) -> None:
    """What a person wrote is read without Slack's marks, and without the mention of ourselves."""
    assert heard(sent, me="UBOT", names={"U3": "李雷"}) == read


def test_instants_name_their_zone() -> None:
    """A moment is shown in the reader's zone by Slack; where Slack cannot, the text names the zone it is in."""
    at = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    section = {"type": "rich_text_section", "elements": [instant_element(at, "Europe/Berlin")]}
    assert check_blocks([{"type": "rich_text", "elements": [section]}]) == []
    assert section["elements"][0]["fallback"] == "2026-11-24 02:00 (Europe/Berlin)"


@few
@given(st.integers(min_value=1, max_value=4000))
def test_one_letter_under_many_marks(count: int) -> None:
    """Even a single character longer than a message is cut to fit, and nothing of it is lost."""
    text = "a" + "\u0301" * count
    parts = split(text, 100)
    assert "".join(parts) == text
    assert all(length(part) <= 100 for part in parts)


def test_a_long_point_stands_whole_above_its_box() -> None:
    """A label that Slack would cut ends at a clause or a word, and the point stands whole above; short points stand once."""
    long = "经海关稽查发现的问题，" * 9 + "已经逐项整改并有记录"
    english = "The enterprise keeps a written record of every visitor, vehicle and container that passes the gate by day or night"
    shown, asked = tick_fields("covers", [long, english, "日期"], (), "zh")
    labels = [option["text"]["text"] for option in asked["element"]["options"]]
    assert labels == [
        "经海关稽查发现的问题，" * 5 + "经海关稽查发现的问题…",
        "The enterprise keeps a written record of every visitor, vehicle and…",
        "日期",
    ]
    assert long in str(shown)
    assert english in str(shown)
    assert "日期" not in str(shown)
    assert [block["type"] for block in tick_fields("covers", ["日期"], (), "zh")] == ["input"]
