"""A source -> a Guide: every non-blank source line is placed exactly once, verbatim, or listed as a finding.

Two layouts are read: tables (category | item | clause | guide, in whatever columns) and bare lines that lost their
table. Both drive one builder. Nothing is repaired and nothing is invented: what cannot be placed becomes a finding.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from assistant.guide import Finding, Guide, Paragraph
from ingest.build import Builder
from ingest.source import Cell, Row, Source
from ingest.wording import APPLICABILITY, CATEGORY, CLAUSE, COLON_END, CUSTOMS_DECIDES, ITEM, PART, kind_of_heading

_TITLE_LENGTH = 40
_SCORE_HEADER = re.compile(r"^(达标|基本达标|部分达标|不达标|不适用|分值|得分|评分|备注|自评|序号)")


def parse(source: Source, edition: str) -> Guide:
    """The guide that ``source`` holds.

    Args:
        source: rows of cells with their lines, from a reader.
        edition: label under which the guide will be known, for example ``2018-177``.

    Returns:
        A Guide; ``findings`` name what could not be placed or looks wrong, with source lines.
    """
    builder = Builder()
    tables = [row for row in source.rows if not row.loose]
    if sum(len(row.cells) > 1 for row in tables) >= 3:
        _from_tables(source.rows, builder)
    else:
        _from_lines([p for row in source.rows for cell in row.cells for p in cell.paragraphs], builder)
    for finding in source.findings:
        builder.findings.append(finding)
    return builder.guide(edition, source)


class _Columns(NamedTuple):
    guide: int | None
    ignored: frozenset[int]


def _from_tables(rows: tuple[Row, ...], builder: Builder) -> None:
    columns = _columns(rows)
    for row in rows:
        filled = row.filled
        if row.loose or len(filled) == 1 and len(filled[0].text.split("\n")) == 1:
            if filled and _single(filled[0], row.cells, columns, builder, row.loose):
                continue
        _table_row(row, columns, builder)


def _single(cell: Cell, cells: tuple[Cell, ...], columns: _Columns, builder: Builder, loose: bool) -> bool:
    """A row with one filled cell of one line: a part, a category or an item heading, or a loose paragraph."""
    paragraph = next(p for p in cell.paragraphs if p.text.strip())
    text = paragraph.text.strip()
    if PART.match(text) and not ITEM.match(text):
        builder.part(paragraph)
        return True
    if loose and not builder.started and not (CATEGORY.match(text) or _is_item(text)):
        builder.front(paragraph)
        return True
    if loose or len(cells) == 1:
        if CATEGORY.match(text):
            builder.category(paragraph)
        elif _is_item(text):
            builder.item(paragraph)
        else:
            builder.unplaced(paragraph)
        return True
    return False


def _columns(rows: tuple[Row, ...]) -> _Columns:
    """Which column holds the guide's text, and which hold something that is no part of a guide (scores, remarks)."""
    headings: Counter[int] = Counter()
    ignored: set[int] = set()
    for row in rows:
        if row.loose or len(row.cells) < 2:
            continue
        for index, cell in enumerate(row.cells):
            for p in cell.paragraphs:
                text = p.text.strip()
                if kind_of_heading(text) or CUSTOMS_DECIDES.match(text) or text == "指南":
                    headings[index] += 1
                elif _SCORE_HEADER.match(text) and len(text) < 10 and not any(r.filled for r in rows[:0]):
                    ignored.add(index)
    guide = headings.most_common(1)[0][0] if headings else None
    width = max((len(r.cells) for r in rows if not r.loose), default=0)
    if guide is not None:
        ignored = {i for i in ignored if i != guide} | set(range(guide + 1, width))
    return _Columns(guide, frozenset(ignored))


def _table_row(row: Row, columns: _Columns, builder: Builder) -> None:
    header = not builder.started and not any(
        CATEGORY.match(p.text.strip()) or _is_item(p.text.strip()) or CLAUSE.match(p.text.strip())
        for cell in row.cells
        for p in cell.paragraphs
    )
    if header:
        for cell in row.cells:
            for p in cell.paragraphs:
                builder.front(p)
        return
    guide_cell = row.cells[columns.guide] if columns.guide is not None and columns.guide < len(row.cells) else None
    opened: list[int] = []
    builder.row_begins()
    pending_number: Paragraph | None = None
    for index, cell in enumerate(row.cells):
        if cell is guide_cell or index in columns.ignored:
            continue
        in_clause = False
        for p in cell.paragraphs:
            text = p.text.strip()
            if not text:
                continue
            if re.fullmatch(r"\d{1,3}", text) and pending_number is None and not in_clause:
                pending_number = p
            elif PART.match(text) and len(text) < _TITLE_LENGTH and not in_clause:
                builder.part(p)
            elif CATEGORY.match(text) and len(text) < _TITLE_LENGTH and not in_clause:
                builder.category(p)
            elif _is_item(text) and not in_clause:
                builder.item(p)
            elif pending_number is not None and len(text) < _TITLE_LENGTH and not CLAUSE.match(text):
                builder.numbered_item(pending_number, p)
                pending_number = None
            elif CLAUSE.match(text) or not in_clause:
                opened.append(builder.clause(p))
                in_clause = True
            else:
                builder.clause_more(p)
    if pending_number is not None:
        builder.unplaced(pending_number)
    for index in sorted(columns.ignored):
        if index < len(row.cells):
            for p in row.cells[index].paragraphs:
                if p.text.strip():
                    builder.unplaced(p, "other_column")
    if guide_cell is None:
        return
    if guide_cell.text:
        builder.guide_cell([p for p in guide_cell.paragraphs if p.text.strip()], opened)
    elif opened and guide_cell.merged:
        builder.share_previous(opened)


def _is_item(text: str) -> bool:
    return bool(ITEM.match(text)) and not COLON_END.search(text) and len(text) < _TITLE_LENGTH and "。" not in text


def _from_lines(paragraphs: list[Paragraph], builder: Builder) -> None:
    """Bare lines: the column of a line is told by its number, its words, and the line after it."""
    filled = [p for p in paragraphs if p.text.strip()]
    in_guide = False
    expects_clause = False
    for position, p in enumerate(filled):
        text = p.text.strip()
        after = filled[position + 1].text.strip() if position + 1 < len(filled) else ""
        if PART.match(text) and len(text) < _TITLE_LENGTH and not COLON_END.search(text):
            builder.part(p)
            in_guide = expects_clause = False
        elif CATEGORY.match(text) and len(text) < _TITLE_LENGTH:
            builder.category(p)
            in_guide = expects_clause = False
        elif _is_item(text) and builder.expects_item(text):
            builder.item(p)
            in_guide, expects_clause = False, True
        elif not builder.started:
            builder.front(p)
        elif expects_clause or (CLAUSE.match(text) and _opens_clause(text, after, builder)):
            builder.row_begins()
            builder.guide_cell([], [builder.clause(p)])
            in_guide, expects_clause = True, False
        elif in_guide:
            builder.guide_line(p)
        else:
            builder.unplaced(p)


def _opens_clause(text: str, after: str, builder: Builder) -> bool:
    """A （n） line is a clause when a guide cell starts after it: an applicability line, a heading 1, 由海关认定."""
    number = int(re.sub(r"\D", "", CLAUSE.match(text).group(1)))  # type: ignore[union-attr]
    if not builder.expects_clause(number):
        return False
    heading = kind_of_heading(after) is not None and re.match(r"^1\s*[．.、]", after)
    return bool(heading or APPLICABILITY.search(after) or CUSTOMS_DECIDES.match(after))


__all__ = ["Finding", "parse"]
