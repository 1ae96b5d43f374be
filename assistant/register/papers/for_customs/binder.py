"""The binder for the customs visit: a zip in the guide's order, with the catalogue as XLSX and HTML; gaps stay gaps.

The same register gives the same bytes: names come from the guide and the originals, times from the events, order from
the plan. Names are UTF-8 with the flag that Windows and ``unzip`` read.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO
from urllib.parse import quote
from zoneinfo import ZoneInfo

from assistant.families import bare
from assistant.guide import Guide
from assistant.line_ids import LineId
from assistant.register.facts.handed_in import Piece, hash_of
from assistant.register.facts.slots import Entry
from assistant.register.papers.for_customs.catalogue import (
    GAPS,
    CatalogueLine,
    Fault,
    chosen,
    harmless,
    line_of,
    line_without,
    status_word,
    workbook,
)
from assistant.register.papers.for_customs.visit import visit_page
from assistant.register.papers.page import template
from assistant.register.papers.said.words import kind_word, period_word
from assistant.register.rules.demands.plan import Exempt
from assistant.texts import say

_RESERVED = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_DEVICES = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.I)
_FULL = str.maketrans('<>:"/\\|?*', "＜＞：＂／＼｜？＊")
_START = datetime(1980, 1, 1)
_LONGEST = 80  # characters of a name in a folder, so that whole paths stay short


@dataclass(frozen=True, slots=True)
class MadeBinder:
    """A binder that was made: how many files, which gaps, which files are gone, and the hash of the whole.

    ``waiting``: the slots (ids) that wait for a review.
    """

    files: int
    gaps: tuple[str, ...]
    waiting: tuple[str, ...]
    gone: tuple[CatalogueLine, ...]
    sha256: str


def bind(
    out: Path,
    guide: Guide,
    enterprise: str,
    entries: Sequence[Entry],
    pieces: Sequence[Piece],
    open_file: Callable[[str], IO[bytes]],
    today: date,
    zone: ZoneInfo,
    lang: str = "zh",
    exempt: Sequence[Exempt] = (),
    doubtful: Set[str] = frozenset(),
    waiting: bool = False,
) -> MadeBinder:
    """Write the binder to ``out``, beside and then over whatever was there.

    Every clause stands in its catalogue: those of ``exempt`` with the reason why nothing is handed in for them.
    A file whose bytes are gone, or are not the ones that were handed in, is listed as such and does not stop the rest;
    nothing of a slot whose state is not what the log tells (``doubtful``, by key) is put in,
    and what nobody accepted yet only with ``waiting``.
    """
    by_slot: dict[str, list[Piece]] = {}
    for piece in pieces:
        by_slot.setdefault(piece.slot, []).append(piece)
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(f"{out.name}.part")
    try:
        with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED, strict_timestamps=True) as archive:
            book = _Book(archive, guide, zone, lang, doubtful, waiting)
            rows = enumerate(in_order(guide, entries, exempt), 1)
            lines = [line for number, row in rows for line in book.add(number, row, by_slot, open_file, today)]
            book.catalogue(lines, enterprise, guide.edition)
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
    gaps, unread = (tuple(dict.fromkeys(line.slot for line in lines if line.status in which)) for which in (GAPS, ("submitted",)))
    gone = tuple(line for line in lines if line.status in ("missing_file", "altered_file"))
    with out.open("rb") as made:
        digest = hash_of(made)
    return MadeBinder(sum(bool(line.path) for line in lines), gaps, unread, gone, digest)


class _Book:
    """The archive while it is written."""

    def __init__(self, archive: zipfile.ZipFile, guide: Guide, zone: ZoneInfo, lang: str, doubtful: Set[str], waiting: bool) -> None:
        self.doubtful, self.waiting = doubtful, waiting
        self.archive = archive
        self.guide = guide
        self.zone = zone
        self.lang = lang
        self.root = say("evidence.binder.root", lang)
        self.taken: set[str] = set()
        self.latest = _START

    def add(
        self, number: int, row: Entry | Exempt, by_slot: Mapping[str, Sequence[Piece]], open_file: Callable[[str], IO[bytes]], today: date
    ) -> Iterator[CatalogueLine]:
        """The lines of one slot, its files written on the way; of a clause without slots, the one that says why."""
        if isinstance(row, Exempt):
            yield line_without(number, row, self.guide.clauses[row.clause].text, self.lang)
            return
        entry = row
        if entry.slot.key in self.doubtful:
            yield line_of(number, entry, None, today, self.zone, doubtful=True, lang=self.lang)
            return
        found = chosen(entry, by_slot.get(entry.slot.key, ()), self.waiting)
        if not found:
            yield line_of(number, entry, None, today, self.zone, lang=self.lang)
        for piece in found:
            if piece.kind != "file":
                yield line_of(number, entry, piece, today, self.zone, lang=self.lang)
                continue
            path = self._free(f"{folder(self.guide, entry, self.lang)}/{file_name(entry, piece, self.lang)}")
            fault = self._write(path, piece, open_file)
            yield line_of(number, entry, piece, today, self.zone, "" if fault else path, fault, lang=self.lang)

    def catalogue(self, lines: Sequence[CatalogueLine], enterprise: str, edition: str) -> None:
        """The catalogue, as XLSX and HTML."""
        name, latest = say("evidence.binder.catalogue", self.lang), self.latest
        columns = "number slot clause kind text line period owner state reviewer accepted_on file version date".split()  # noqa: SIM905
        header = [say(f"evidence.column.{c}", self.lang) for c in (*columns, "sha256", "place")]
        header += [say("evidence.kind.note", self.lang), say("slot.part.measure", self.lang), say("slot.part.standard", self.lang)]
        rows = [self._cells(line) for line in lines]
        gaps = {index for index, line in enumerate(lines) if line.status in GAPS}
        title = say("evidence.binder.title", self.lang, enterprise=enterprise)
        about = say("evidence.binder.readme", self.lang, edition=edition)
        at = columns.index("file")
        links = {(index, at): quote(line.path) for index, line in enumerate(lines) if line.path}
        book = workbook((title, about), header, rows, say("evidence.binder.sheet", self.lang), gaps, latest, links)
        self._put(f"{name}.xlsx", book, latest)
        visit = visit_page(self.guide, lines, enterprise, latest.date() if latest > _START else None, self.lang)
        self._put(f"{say('evidence.visit.name', self.lang)}.html", visit.encode(), latest)
        document = template("catalogue.html.j2").render(
            lang=self.lang,
            title=title,
            about=about,
            header=header,
            rows=[(row, line.status in GAPS, quote(line.path)) for row, line in zip(rows, lines, strict=True)],
            gaps=sum(line.status in GAPS for line in lines),
            gap_word=say("evidence.binder.gaps", self.lang),
        )
        self._put(f"{name}.html", document.encode(), latest)

    def _cells(self, line: CatalogueLine) -> list[str | int]:
        status = status_word(line.status, self.lang)
        period = " ".join(dict.fromkeys(p for p in (period_word(line.period, self.lang), line.given_period) if p))
        kind = kind_word(line.kind, self.lang) if line.kind else ""
        cells: list[str | int] = [
            line.number,
            line.slot,
            line.clause,
            kind,
            line.text,
            line.line,
            period,
            line.owner,
            status,
            line.reviewer,
            line.accepted,
            line.file,
            line.version or "",
            line.day,
            line.sha256,
            line.place,
            " ".join(p for p in (line.note, line.reason) if p),
            line.measure,
            line.standard,
        ]
        return [harmless(c) if isinstance(c, str) else c for c in cells]

    def _write(self, path: str, piece: Piece, open_file: Callable[[str], IO[bytes]]) -> Fault | None:
        """Copy a file in, or say whether its bytes are gone or are others."""
        try:
            with open_file(piece.sha256) as source, tempfile.TemporaryFile() as checked:
                shutil.copyfileobj(source, checked, 1 << 20)
                checked.seek(0)
                if hash_of(checked) != piece.sha256:
                    return "altered_file"
                checked.seek(0)
                moment = max(piece.at.astimezone(self.zone).replace(tzinfo=None), _START) if piece.at else _START
                self.latest = max(self.latest, moment)
                with self.archive.open(_info(f"{self.root}/{path}", moment), "w", force_zip64=piece.size > 2**31 - 1) as target:
                    shutil.copyfileobj(checked, target, 1 << 20)
        except OSError:
            return "missing_file"
        return None

    def _put(self, path: str, content: bytes, moment: datetime) -> None:
        self.archive.writestr(_info(f"{self.root}/{path}", moment), content)

    def _free(self, path: str) -> str:
        """The path, with a number where another file has it already (upper and lower case are one in Windows)."""
        stem, dot, ending = path.rpartition(".")
        wanted, twin = path, 2
        while unicodedata.normalize("NFC", wanted).lower() in self.taken:
            wanted, twin = (f"{stem} ({twin}){dot}{ending}" if dot else f"{path} ({twin})"), twin + 1
        self.taken.add(unicodedata.normalize("NFC", wanted).lower())
        return wanted


def in_order(guide: Guide, entries: Sequence[Entry], exempt: Sequence[Exempt]) -> Iterator[Entry | Exempt]:
    """Slots and clauses without one, in the guide's order; slots of clauses that the guide no longer has come last."""
    without = {e.clause: e for e in exempt}
    by_clause: dict[str, list[Entry]] = {}
    for entry in entries:
        by_clause.setdefault(entry.slot.clause, []).append(entry)
    for clause in guide.clauses:
        yield from by_clause.pop(clause, ())
        if clause in without:
            yield without[clause]
    for left in by_clause.values():
        yield from left


def folder(guide: Guide, entry: Entry, lang: str) -> str:
    """Part, category, item, and clause with kind: 一、内部控制标准/（一）组织机构控制/1．海关业务培训/1(1) 书面文件.

    With several families in force each has a folder of its own, in which its ids stand as its guide has them.
    """
    place = guide.places.get(entry.slot.clause)
    if place is None:
        return safe(f"{entry.slot.clause} {kind_word(entry.slot.kind, lang)}")
    names = (
        place.part.family,
        f"{bare(place.part.number)}、{place.part.title}",
        f"{bare(place.category.number)}{place.category.title}",
        f"{bare(place.item.number)}．{place.item.title}",
        f"{bare(entry.slot.clause)} {kind_word(entry.slot.kind, lang)}",
    )
    return "/".join(safe(name) for name in names if name)


def file_name(entry: Entry, piece: Piece, lang: str) -> str:
    """The original name behind the line's number, of whom or of what it is, and the period."""
    ordinal = LineId.of(entry.slot.requirement or "").number
    front = " ".join(p for p in (ordinal, entry.slot.subject, period_word(entry.slot.spoken, lang)) if p)
    return safe(f"{front} {piece.name}".strip())


def safe(name: str) -> str:
    """A name that Windows, macOS and Linux all take: reserved characters full-width, no device names, not too long."""
    plain = _RESERVED.sub("_", unicodedata.normalize("NFC", name).translate(_FULL)).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    plain = f"{stem[:_LONGEST].rstrip()}.{ending}" if dot and len(ending) <= 12 else plain[:_LONGEST].rstrip(" .")
    return f"_{plain}" if _DEVICES.match(plain) or not plain else plain


def _info(path: str, moment: datetime) -> zipfile.ZipInfo:
    even = moment.replace(microsecond=0) - timedelta(seconds=moment.second % 2)
    info = zipfile.ZipInfo(path, (even.year, even.month, even.day, even.hour, even.minute, even.second))
    info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_STORED, 3, 0o644 << 16
    return info
