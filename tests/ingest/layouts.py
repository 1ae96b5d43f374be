"""The shipped guide laid out as other files lay guides out: other columns, other numbers, other breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import Any

from assistant.guide import Clause, Guide
from ingest.read.docx.number_formats import number_as
from ingest.source import Cell, Numbering, Row, Source

HALF_WIDTH = str.maketrans({"．": ".", "（": "(", "）": ")", "：": ":", "；": ";"})


@dataclass
class Entry:
    """One clause with all that stands in its row: texts without their numbers, and the numbers beside them."""

    part: tuple[int, str]
    category: tuple[int, str]
    item: tuple[int, str]
    number: int | None
    running: int
    clause: list[str]
    guide: list[str]
    first_of: set[str] = field(default_factory=set)


def entries(guide: Guide) -> list[Entry]:
    """The guide's clauses in order."""
    found: list[Entry] = []
    running = 0
    for p, part in enumerate(guide.parts, 1):
        categories = [c for q in guide.parts[: p - 1] for c in q.categories]
        for c, category in enumerate(part.categories, len(categories) + 1):
            for item in category.items:
                for clause in item.clauses:
                    running += 1
                    number = int(clause.number.strip("（）()")) if clause.number else None
                    entry = Entry((p, part.title), (c, category.title), (int(item.number), item.title), number, running, [], [])
                    entry.clause, entry.guide = clause.text.split("\n"), guide_lines(clause)
                    entry.first_of = {
                        level for level in ("part", "category", "item") if not found or getattr(found[-1], level) != getattr(entry, level)
                    }
                    found.append(entry)
    return found


def guide_lines(clause: Clause) -> list[str]:
    """The guide column of a clause, line by line as printed."""
    held = [(clause.applicability.line, clause.applicability.text)] if clause.applicability else []
    for s in clause.sections:
        if s.heading and s.line:
            held.append((s.line, s.heading))
        for r in s.requirements:
            held += [(r.line, r.printed), *((q.line, q.text) for q in r.continuation)]
        held += [(q.line, q.text) for q in s.notes]
    return [text for _, text in sorted(held)]


Numberer = Callable[[int], str]

ITEM_NUMBERS: dict[str, Numberer] = {
    "1．": lambda n: f"{n}．",
    "1.": lambda n: f"{n}.",
    "1、": lambda n: f"{n}、",
    "第1条": lambda n: f"第{n}条 ",
    "第一项": lambda n: f"第{number_as('chineseCountingThousand', n)}项 ",
    "一、": lambda n: f"{number_as('chineseCountingThousand', n)}、",
    "（一）": lambda n: f"（{number_as('chineseCountingThousand', n)}）",
}
CLAUSE_NUMBERS: dict[str, Numberer] = {
    "（1）": lambda n: f"（{n}）",
    "(1)": lambda n: f"({n})",
    "1)": lambda n: f"{n})",
    "①": lambda n: number_as("decimalEnclosedCircle", n),
}


@dataclass
class Layout:
    """How a guide is laid out. ``columns`` name what stands in each column, from left to right."""

    columns: tuple[str, ...] = ("category", "item", "clause", "guide")
    item: str = "1．"
    clause: str = "（1）"
    continuous: bool = False
    header: bool = True
    header_every: int = 0
    fill_down: bool = False
    parts: str = "row"
    table_per_part: bool = False
    one_line: bool = False
    half_width: bool = False


HEADERS = {
    "category": "类别", "item": "项目", "clause": "认证标准", "guide": "指南", "rows": "序号", "scores": "达标", "remarks": "备注",
    "item_number": "序号", "item_title": "项目", "owner": "责任部门", "clause_and_guide": "标准及指南", "item_and_clause": "认证标准",
}  # fmt: skip


def rows(guide: Guide, layout: Layout) -> list[tuple[str, list[list[str]]]]:
    """Rows of a table as (kind, cells of lines): ``loose``, ``table`` or ``row``."""
    found: list[tuple[str, list[list[str]]]] = [("loose", [["海关认证企业标准指南"]]), ("loose", [["（高级认证—通用标准）"]])]
    header = [[HEADERS[c]] for c in layout.columns]
    begun = False
    for position, entry in enumerate(entries(guide)):
        if "part" in entry.first_of:
            title = [f"{number_as('chineseCounting', entry.part[0])}、{entry.part[1]}"]
            if layout.table_per_part or not begun:
                if layout.parts == "loose":
                    found.append(("loose", [title]))
                found.append(("table", []))
                if layout.header:
                    found.append(("row", header))
            elif layout.parts == "loose":
                found.append(("loose", [title]))
            if layout.parts == "row":
                found.append(("row", [title, *([] for _ in layout.columns[1:])]))
            begun = True
        elif layout.header_every and position % layout.header_every == 0:
            found.append(("row", header))
        found.append(("row", [_cell(c, entry, layout) for c in layout.columns]))
    if layout.half_width:
        return [(kind, [[t.translate(HALF_WIDTH) for t in cell] for cell in cells]) for kind, cells in found]
    return found


def _cell(column: str, entry: Entry, layout: Layout) -> list[str]:
    show_item = layout.fill_down or "item" in entry.first_of
    number = entry.running if layout.continuous else entry.number
    label = CLAUSE_NUMBERS[layout.clause](number) if number is not None else ""
    clause = [label + entry.clause[0], *entry.clause[1:]]
    guide = ["".join(entry.guide)] if layout.one_line and entry.guide else entry.guide
    item = ITEM_NUMBERS[layout.item](entry.item[0]) + entry.item[1]
    values: dict[str, Any] = {
        "category": [f"（{number_as('chineseCounting', entry.category[0])}）{entry.category[1]}"]
        if layout.fill_down or "category" in entry.first_of
        else [],
        "item": [item] if show_item else [],
        "item_title": [entry.item[1]] if show_item else [],
        "item_number": [str(entry.item[0])] if show_item else [],
        "rows": [str(entry.running)],
        "clause": clause,
        "guide": guide,
        "clause_and_guide": clause + guide,
        "item_and_clause": ([item] if show_item else []) + clause,
        "scores": ["0"] if entry.running % 3 else ["-1"],
        "remarks": ["见上年度结论"] if entry.running % 7 == 0 else [],
        "owner": ["关务部"] if "item" in entry.first_of else [],
    }
    return list(values[column])


def source(guide: Guide, layout: Layout) -> Source:
    """The laid out guide as a reader of Word or HTML would hand it over."""
    numbering = Numbering()
    found: list[Row] = []
    table = 0
    for kind, cells in rows(guide, layout):
        if kind == "table":
            table += 1
        elif kind == "loose":
            found += numbering.loose(cells[0][0])
        else:
            found.append(Row(cells=tuple(numbering.cell(c) for c in cells), table=table))
    return Source(name="layout", format="html", rows=tuple(found), fingerprint="0")


def lines(guide: Guide, layout: Layout) -> str:
    """The laid out guide as bare lines, as a text that lost its table."""
    texts = [text for _, cells in rows(guide, layout) for cell in cells for text in cell]
    return "\n".join(texts)


def markup(guide: Guide, layout: Layout) -> str:
    """The laid out guide as HTML."""
    found: list[str] = []
    open_now = False
    for kind, cells in rows(guide, layout):
        if kind in ("loose", "table") and open_now:
            found.append("</table>")
            open_now = False
        if kind == "loose":
            found.append(f"<p>{escape(cells[0][0])}</p>")
        elif kind == "table":
            found.append("<table>")
            open_now = True
        else:
            found.append("<tr>" + "".join(f"<td>{'<br>'.join(map(escape, c))}</td>" for c in cells) + "</tr>")
    return "<meta charset=utf-8>" + "".join(found)


__all__ = ["Cell", "Layout", "entries", "lines", "markup", "rows", "source"]
