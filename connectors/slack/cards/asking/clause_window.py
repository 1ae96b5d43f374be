"""A clause as a modal: every word of it as it stands in the guide, over several pages where one cannot hold it. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from assistant.answers.question.titles import titled_in
from assistant.guide import Clause, Guide
from assistant.texts import say
from connectors.slack.cards.asking.answer_message import clause_value
from connectors.slack.cards.blocks.lines import StyledLine, StyledSpan
from connectors.slack.cards.blocks.parts import modal, paragraph
from connectors.slack.cards.blocks.rich_text import Block, line_blocks
from connectors.slack.cards.blocks.text import clean, plain
from connectors.slack.wire import limits
from connectors.slack.wire.limits import length

CALLBACK, PAGE = "clause", "clause_page"
_BLOCKS = limits.BLOCKS_PER_VIEW - 6
_CHARS = 12_000  # of one page of a window; Slack refuses about 13,200 of blocks


def clause_view(guide: Guide, clause: str, lang: str, page: int = 0, notice: str = "") -> dict[str, Any]:
    """The modal of a clause of ``guide``; of one that is not there, a sentence that says so. ``page`` counts from 0."""
    found = guide.clauses.get(clause)
    if found is None:
        blocks = [paragraph(say("slack.clause.gone", lang, clause=clause, edition=guide.edition))]
    else:
        pages = _pages(line_blocks(list(_lines(guide, found, lang))))
        number = min(max(page, 0), len(pages) - 1)
        blocks = [*_opening(guide, clause, lang, notice), *pages[number], *_closing(guide, clause, lang, number, len(pages))]
    return modal(CALLBACK, say("slack.clause.title", lang, clause=clause), blocks, lang, close=say("slack.clause.close", lang))


def _opening(guide: Guide, clause: str, lang: str, notice: str) -> list[Block]:
    place = guide.places[clause]
    where = say(
        "slack.clause.place",
        lang,
        part=place.part.number,
        part_title=titled_in(lang, place.part.title),
        category=place.category.number,
        category_title=titled_in(lang, place.category.title),
    )
    blocks: list[Block] = [
        {"type": "header", "text": plain(f"{clause} {titled_in(lang, place.item.title)}", limits.HEADER_TEXT)},
        {"type": "context", "elements": [plain(where)]},
    ]
    return blocks + ([{"type": "section", "text": plain(notice)}] if notice else [])


def _lines(guide: Guide, clause: Clause, lang: str) -> Iterator[StyledLine]:
    """The clause's sentence, its condition and its sections, verbatim; only headings of ours come from the texts."""
    group = 0
    yield from (_line("quote", text, group) for text in clean(clause.text).split("\n"))
    if clause.applicability:
        group += 1
        yield _line("text", say("slack.clause.applies", lang), group, bold=True)
        yield _line("quote", clause.applicability.text, group)
    owner = clause
    if clause.shares_with:
        group += 1
        owner = guide.clauses[clause.shares_with]
        yield _line("text", say("slack.clause.shared", lang, clause=clause.id, other=clause.shares_with), group)
    for section in owner.sections:
        group += 1
        if section.heading:
            yield _line("text", f"{section.label or ''}{section.heading}", group, bold=True)
        if section.applicability:
            yield _line("text", section.applicability.text, group)
        yield from (_line("item", r.wording, group) for r in section.requirements)
        yield from (_line("text", f"{n.label or ''}{n.text}", group) for n in section.notes)


def _line(kind: Any, text: str, group: int, bold: bool = False) -> StyledLine:
    return StyledLine(kind, (StyledSpan(clean(text), bold=bold),), group)


def _pages(blocks: Sequence[Block]) -> list[list[Block]]:
    pages: list[list[Block]] = [[]]
    size = 0
    for block in blocks:
        long = sum(length(text) for text in _texts(block))
        if pages[-1] and (len(pages[-1]) == _BLOCKS or size + long > _CHARS):
            pages.append([])
            size = 0
        pages[-1].append(block)
        size += long
    return pages


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for entry in node:
            yield from _texts(entry)


def _closing(guide: Guide, clause: str, lang: str, page: int, pages: int) -> list[Block]:
    said = [say("slack.clause.edition", lang, title=guide.title, edition=guide.edition)]
    turns = []
    if pages > 1:
        said.append(say("slack.clause.page", lang, page=page + 1, pages=pages))
        turns = [
            _turn(guide, clause, lang, side, page + step) for side, step in (("previous", -1), ("next", 1)) if 0 <= page + step < pages
        ]
    blocks: list[Block] = [{"type": "actions", "elements": turns}] if turns else []
    return [*blocks, {"type": "context", "elements": [plain(" · ".join(said))]}]


def _turn(guide: Guide, clause: str, lang: str, side: str, page: int) -> dict[str, Any]:
    label = plain(say(f"slack.clause.{side}", lang), limits.BUTTON_TEXT)
    return {"type": "button", "action_id": f"{PAGE}:{side}", "text": label, "value": clause_value(clause, guide.edition, page)}
