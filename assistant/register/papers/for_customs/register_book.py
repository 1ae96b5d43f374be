"""The register as a workbook: every slot with what stands for it, and line by line the years with their gaps."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from assistant.guide import Guide
from assistant.register.facts.handed_in import Piece
from assistant.register.facts.slots import TO_DO, Entry
from assistant.register.papers.for_customs.catalogue import chosen, fill, harmless
from assistant.register.papers.said.described import measured
from assistant.register.papers.said.words import kind_word, period_word, piece_word, slot_name, standing_word, whose
from assistant.register.rules.filing.lines import FilingLine, lines_of
from assistant.texts import say

COLUMNS = "slot item clause kind owing text measure standard period owner reviewer state due given date accepted_on pieces link".split()  # noqa: SIM905
_WIDTHS = (24, 20, 9, 11, 14, 60, 20, 40, 12, 14, 14, 10, 12, 8, 12, 12, 48, 36)  # of columns, in characters
_COLOURS = {"accepted": "DDF1E4", "submitted": "DDEBFA", "not_applicable": "EEEEEE"} | dict.fromkeys(TO_DO, "FDE2E1")


def register_book(
    guide: Guide, enterprise: str, entries: Sequence[Entry], pieces: Iterable[Piece], today: date, made: datetime, lang: str
) -> bytes:
    """The workbook: a sheet of slots, with filters and links, and a sheet of lines with a column for each year.

    Days are those of the zone of ``made``.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font

    by_slot: dict[str, list[Piece]] = {}
    for piece in pieces:
        by_slot.setdefault(piece.slot, []).append(piece)
    book = Workbook()
    page, years = book.active, book.create_sheet(say("evidence.book.years", lang))
    assert page is not None
    page.title = say("evidence.book.sheet", lang)
    for sheet in (page, years):
        sheet.append([harmless(say("evidence.book.title", lang, enterprise=enterprise, edition=guide.edition, day=today.isoformat()))])
        sheet.cell(1, 1).font = Font(bold=True, size=14)
    rows = [_row(guide, e, chosen(e, by_slot.get(e.slot.key, ())), today, made.tzinfo, lang) for e in entries]
    links = {(at, COLUMNS.index("link")): str(row[-1]) for at, row in enumerate(rows) if str(row[-1]).startswith(("http://", "https://"))}
    late = {at for at, e in enumerate(entries) if e.owed and e.shown(today) in TO_DO and e.due is not None and e.due < today}
    fill(page, [say(f"evidence.column.{c}", lang) for c in COLUMNS], rows, late, links, _WIDTHS)
    _years(years, entries, {e.slot.key: at for at, e in enumerate(entries, 3)}, page.title, today, lang)
    book.properties.created = book.properties.modified = made.astimezone(UTC).replace(tzinfo=None)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def _row(guide: Guide, entry: Entry, given: Sequence[Piece], today: date, zone: tzinfo | None, lang: str) -> list[str | int]:
    slot, state = entry.slot, entry.state
    place = guide.places.get(slot.clause)
    handed = max((p.at.astimezone(zone).date().isoformat() for p in given if p.at), default="")
    accepted = state.reviewed_at.astimezone(zone).date().isoformat() if state.name == "accepted" and state.reviewed_at else ""
    return [
        slot.id,
        f"{place.item.number} {place.item.title}" if place else slot.item,
        slot.clause,
        kind_word(slot.kind, lang),
        say(f"slot.owing.{slot.owing}", lang),
        slot.text,
        measured(slot, lang),
        "" if slot.standard == slot.text else slot.standard,
        period_word(slot.spoken, lang),
        entry.owner,
        entry.reviewer,
        standing_word(entry, today, lang),
        entry.due.isoformat() if entry.due and entry.owed else "",
        len(given) or "",
        handed,
        accepted,
        "\n".join(piece_word(p, lang) for p in given),
        next((p.text for p in given if p.kind == "link"), ""),
    ]


def _years(page: Any, entries: Sequence[Entry], rows: Mapping[str, int], sheet: str, today: date, lang: str) -> None:
    """A row a line, a column a year; each cell leads to its slot."""
    from openpyxl.styles import Alignment, PatternFill
    from openpyxl.worksheet.hyperlink import Hyperlink

    lines = [line for line in lines_of(entries) if line.owed]
    known = sorted({e.slot.period[:4] for line in lines for e in line.entries if _year(e)})
    once = say("evidence.book.once", lang)
    header = [say(f"evidence.column.{c}", lang) for c in ("filed_for", "text", "owner", "missing")]
    table = [_line(line, known, today, lang) for line in lines]
    fill(page, [*header, *known, once], table, set(), {}, (36, 60, 14, 8, *([11] * len(known)), 11))
    for number, line in enumerate(lines, 3):
        for entry in line.entries:
            column = len(header) + 1 + (known.index(entry.slot.period[:4]) if _year(entry) else len(known))
            cell = page.cell(number, column)
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{sheet}'!A{rows[entry.slot.key]}")
            cell.alignment = Alignment(horizontal="center", vertical="top")
            shown = entry.shown(today)
            if entry.owed or shown != "missing":
                cell.fill = PatternFill("solid", fgColor=_COLOURS[shown])


def _line(line: FilingLine, years: Sequence[str], today: date, lang: str) -> list[str | int]:
    first = line.entries[0]
    stands = {(e.slot.period[:4] if _year(e) else ""): standing_word(e, today, lang) for e in line.entries}
    missing = sum(e.owed and e.shown(today) in TO_DO for e in line.entries)
    name = " ".join(part for part in (slot_name(first.slot.id, first.slot.kind, lang), whose(first.slot, lang)) if part)
    return [name, first.slot.text, first.owner, missing or "", *(stands.get(year, "") for year in years), stands.get("", "")]


def _year(entry: Entry) -> bool:
    return entry.slot.period[:4].isdigit()
