"""The catalogue (目录清单) that clause 4(5) demands: every requirement in the guide's order with what there is for it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, Any, Literal

from assistant.register.facts.handed_in import Piece
from assistant.register.facts.slots import TO_DO, Entry
from assistant.register.papers.said.described import measured
from assistant.register.papers.said.words import exempt_word, piece_word, shortfall_word, state_word, why_word
from assistant.register.rules.evidence.archive import archives
from assistant.register.rules.evidence.shortfall import rest_of
from assistant.texts import say

if TYPE_CHECKING:
    from assistant.register.rules.demands.plan import Exempt

Status = Literal[
    "accepted", "submitted", "missing", "returned", "to_confirm", "expired", "not_applicable",
    "later", "missing_file", "altered_file", "nothing", "doubtful", "in_part", "itself",
]  # fmt: skip
Fault = Literal["missing_file", "altered_file"]
GAPS: tuple[Status, ...] = (*TO_DO, "missing_file", "altered_file", "doubtful", "in_part")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time of a zip entry, so that equal books are equal bytes


@dataclass(frozen=True, slots=True)
class CatalogueLine:
    """One line of the catalogue: a requirement, and one thing handed in for it or none."""

    number: int
    slot: str
    clause: str
    kind: str
    text: str
    line: int
    period: str
    owner: str
    status: Status
    reason: str = ""
    file: str = ""
    path: str = ""
    version: int = 0
    given_period: str = ""
    day: str = ""
    sha256: str = ""
    place: str = ""
    note: str = ""
    measure: str = ""
    standard: str = ""
    reviewer: str = ""
    accepted: str = ""


def chosen(entry: Entry, pieces: Iterable[Piece], waiting: bool = True) -> list[Piece]:
    """What stands for a slot: the accepted version, also where it is only a part of what is wanted, and (``waiting``) the one in review."""
    state = entry.state
    stands = state.name in ("accepted", "submitted") or state.in_part
    versions = {state.accepted_version} if state.accepted_version and stands else set[int]()
    if waiting and state.name == "submitted" and state.claim == "evidence":
        versions.add(state.version)
    return [p for p in pieces if p.version in versions]


def status_of(entry: Entry, piece: Piece | None, today: date) -> Status:
    """How a catalogue line stands."""
    shown = entry.shown(today)
    if piece is not None and piece.version != entry.state.accepted_version:
        return "submitted"
    if piece is not None and entry.state.in_part:
        return "in_part"
    if shown == "missing" and not entry.open(today):
        return "later"
    if shown == "missing" and archives(entry.slot, today):
        return "itself"  # the archive that 4(5) asks for is the binder that is being made
    return shown


def status_word(status: Status, lang: str) -> str:
    """A status in words."""
    words = {"missing": "evidence.binder.gap", "later": "evidence.report.later"}
    words |= {name: f"evidence.binder.{name}" for name in ("missing_file", "altered_file", "nothing", "doubtful", "in_part", "itself")}
    return say(words[status], lang) if status in words else state_word(status, lang)


def line_of(
    number: int,
    entry: Entry,
    piece: Piece | None,
    today: date,
    zone: tzinfo,
    path: str = "",
    fault: Fault | None = None,
    doubtful: bool = False,
    lang: str = "zh",
) -> CatalogueLine:
    """One catalogue line; the times are days in ``zone``, so that nothing changes unless what is handed in does."""
    slot = entry.slot
    if entry.state.name == "not_applicable" or (entry.state.name == "submitted" and entry.state.claim == "not_applicable"):
        reason = entry.state.reason
    elif entry.settled_by:
        reason = say("evidence.binder.settled", lang, clause=entry.settled_by)
    elif not slot.applicable:
        reason = why_word(slot, lang)
    else:
        reason = " ".join(shortfall_word(s, lang) for s in rest_of(slot, entry.state))
    common = (number, slot.id, slot.clause, slot.kind, slot.text, slot.line, slot.spoken, entry.owner)
    if piece is None:
        status = "doubtful" if doubtful else status_of(entry, None, today)
        reviewed = _reviewed(entry, status, zone)
        return CatalogueLine(
            *common, status, reason, measure=measured(slot, lang), standard=slot.standard, reviewer=reviewed[0], accepted=reviewed[1]
        )
    status = status_of(entry, piece, today)
    reviewer, accepted = _reviewed(entry, status, zone)
    return CatalogueLine(
        *common,
        status=fault or status,
        reason=reason,
        file=piece.name if piece.kind == "file" else "",
        path=path,
        version=piece.version,
        given_period=piece.period,
        day=piece.at.astimezone(zone).date().isoformat() if piece.at else "",
        sha256=piece.sha256,
        place=piece.text if piece.kind == "paper" else "",
        note=_note(piece, lang),
        measure=measured(slot, lang),
        standard=slot.standard,
        reviewer=reviewer,
        accepted=accepted,
    )


def _note(piece: Piece, lang: str) -> str:
    """What stands in the note's column: words and links as they are; of a figure, of people and of what did not happen, what they are."""
    if piece.kind in ("note", "link"):
        return piece.shown
    return piece_word(piece, lang) if piece.kind in ("nil", "figure", "staff") else ""


def _reviewed(entry: Entry, status: Status, zone: tzinfo) -> tuple[str, str]:
    """Who reviews a line (of what is accepted: who did), and the day on which it was accepted."""
    state = entry.state
    decided = status in ("accepted", "expired", "not_applicable") and state.name in ("accepted", "not_applicable")
    if (decided or (status == "in_part" and state.name == "missing")) and state.reviewed_at:
        return state.reviewed_by, state.reviewed_at.astimezone(zone).date().isoformat()
    return ("" if status in ("not_applicable", "later") else entry.reviewer), ""


def line_without(number: int, exempt: Exempt, standard: str, lang: str) -> CatalogueLine:
    """The line of a clause for which nothing is handed in, with its reason."""
    return CatalogueLine(
        number, exempt.clause, exempt.clause, "", exempt.text, exempt.line, "", "", "nothing", exempt_word(exempt, lang), standard=standard
    )


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, and that every one can hold."""
    kept = writable(text)
    return f"'{kept}" if kept.startswith(FORMULA) else kept


def writable(text: str) -> str:
    """``text`` without the characters that XML cannot hold."""
    return _UNWRITABLE.sub("", text)


WIDTHS = (6, 24, 9, 11, 60, 8, 12, 14, 10, 14, 12, 40, 7, 14, 12, 30, 24, 30, 50)
"""Of the catalogue's columns, in characters."""
_GAP, _HEAD = "FDE2E1", "E8F0F2"


def workbook(
    title: Sequence[str],
    header: Sequence[str],
    rows: Iterable[Sequence[str | int]],
    sheet: str,
    gaps: set[int],
    made: datetime,
    links: Mapping[tuple[int, int], str],
) -> bytes:
    """An XLSX file with one sheet, ready to print; the same input gives the same bytes.

    Args:
        title: lines above the header.
        header: the columns.
        rows: below it.
        sheet: the sheet's name.
        gaps: row indexes to be coloured.
        made: the moment that stands in it.
        links: (row index, column index) -> where the cell leads to.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet[:31]
    for number, line in enumerate(title, 1):
        page.append([harmless(line)])
        page.merge_cells(start_row=number, end_row=number, start_column=1, end_column=len(header))
        page.cell(number, 1).font = Font(bold=number == 1, size=14 if number == 1 else 10)
    fill(page, header, rows, gaps, links, WIDTHS)
    book.properties.created = book.properties.modified = made.replace(tzinfo=None)
    book.properties.creator = "AEO"
    raw = io.BytesIO()
    book.save(raw)
    return _repacked(raw.getvalue(), made)


def fill(
    page: Any,
    header: Sequence[str],
    rows: Iterable[Sequence[str | int]],
    gaps: set[int],
    links: Mapping[tuple[int, int], str],
    widths: Sequence[int],
) -> None:
    """A table below what stands in a sheet: header fixed and with filters, cells as text, links, printed on landscape pages."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    page.append([harmless(h) for h in header])
    top = page.max_row
    wrap, red, head = (Alignment(wrap_text=True, vertical="top"), PatternFill("solid", fgColor=_GAP), PatternFill("solid", fgColor=_HEAD))
    for cell in page[top]:
        cell.font, cell.fill, cell.alignment = Font(bold=True), head, wrap
    for index, row in enumerate(rows):
        page.append([harmless(v) if isinstance(v, str) else v for v in row])
        for column, cell in enumerate(page[page.max_row]):
            cell.alignment = wrap
            if isinstance(cell.value, str):
                cell.data_type = "s"
            if index in gaps:
                cell.fill = red
            if (index, column) in links:
                cell.hyperlink = links[index, column]
                cell.font = Font(color="0B57D0", underline="single")
    for column, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(column)].width = width
    page.freeze_panes = page.cell(top + 1, 1).coordinate
    page.auto_filter.ref = f"A{top}:{get_column_letter(len(header))}{page.max_row}"
    page.print_title_rows = f"{top}:{top}"
    page.page_setup.orientation, page.page_setup.fitToWidth, page.page_setup.fitToHeight = "landscape", 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _repacked(raw: bytes, made: datetime) -> bytes:
    """The same archive without the moment at which it was written."""
    out = io.BytesIO()
    stamp = f"{made:%Y-%m-%dT%H:%M:%SZ}".encode()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in sorted(source.infolist(), key=lambda i: (i.filename != "[Content_Types].xml", i.filename)):
            content = source.read(info)
            if info.filename == "docProps/core.xml":
                content = _stamped(content, stamp)
            fresh = zipfile.ZipInfo(info.filename, _EPOCH)
            fresh.compress_type, fresh.create_system, fresh.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            target.writestr(fresh, content)
    return out.getvalue()


def _stamped(content: bytes, stamp: bytes) -> bytes:
    """Openpyxl sets the time of saving by itself; both times become the given one."""
    return re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
