"""A binder of ours read back: what its catalogue says of every file, link, note and paper original, slot by slot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.register.facts.handed_in import Piece, PieceKind
from assistant.register.facts.slots import Entry
from assistant.register.papers.said.words import state_word
from assistant.register.rules.evidence.figures import figure
from assistant.register.rules.filing.lines import FilingLine, line_id
from assistant.register.rules.filing.proposing import Filed, FilingReason
from assistant.texts import LANGUAGES, say

_COLUMNS = ("slot", "state", "file", "sha256", "place")
_FORMER = {"编号": "slot"}, frozenset(("已接受",))
"""Words of earlier versions: columns, and states of what was kept."""
_TITLES = 8
"""Rows above the header that may hold the title."""


@dataclass(frozen=True, slots=True)
class BinderLine:
    """One line of a catalogue: the slot, and the file's hash or the thing that is no file."""

    row: int
    slot: str
    sha256: str = ""
    piece: Piece | None = None

    @property
    def name(self) -> str:
        """What stands for it in a table of files where it is no file."""
        return f"{self.row}. {self.piece.shown}" if self.piece else ""

    def given(self, lines: Sequence[FilingLine]) -> Piece | None:
        """What is handed in where it is no file: a line of events has a nil statement of its own for the period that it stands for."""
        slot = next((e.slot for line in lines for e in line.entries if e.slot.id == self.slot), None)
        if self.piece is None or self.piece.kind != "note" or slot is None or slot.owing != "event":
            return self.piece
        for lang in LANGUAGES:
            lead = _lead("nil", lang)
            if self.piece.text.startswith(lead):
                return replace(self.piece, kind="nil", text=self.piece.text.removeprefix(lead).strip(), period=slot.period)
        return self.piece


def is_catalogue(path: str) -> bool:
    """Whether a file of a tree is a binder's catalogue, by name and place."""
    names = {f"{say('evidence.binder.catalogue', lang)}.xlsx" for lang in LANGUAGES}
    return path.count("/") <= 1 and path.rpartition("/")[2] in names


def made_with(catalogue: str) -> set[str]:
    """The catalogue and the pages beside it, which a binder holds besides what was handed in."""
    folder = catalogue.rpartition("/")[0]
    keys = ("evidence.binder.catalogue", "evidence.visit.name")
    pages = {f"{folder}/{say(key, lang)}.html".lstrip("/") for key in keys for lang in LANGUAGES}
    return pages | {catalogue}


def listed(cells: Sequence[tuple[int, Sequence[str]]]) -> list[BinderLine]:
    """The lines of a catalogue for which something was handed in; none where it is no catalogue."""
    return list(_listed(cells))


def _listed(cells: Sequence[tuple[int, Sequence[str]]]) -> Iterator[BinderLine]:
    header = next((at for at, (_, row) in enumerate(cells[:_TITLES]) if len(_columns(row)) == len(_COLUMNS) + 1), None)
    if header is None:
        return
    columns = _columns(cells[header][1])
    kept = {state_word(state, lang) for lang in LANGUAGES for state in ("accepted", "submitted")} | _FORMER[1]
    kept |= {say("evidence.binder.in_part", lang) for lang in LANGUAGES}
    for number, row in cells[header + 1 :]:
        value = {name: row[at].strip().removeprefix("'") if at < len(row) else "" for name, at in columns.items()}
        if not value["slot"] or value["state"] not in kept or _follows(value["note"]):
            continue
        if value["sha256"]:
            yield BinderLine(number, value["slot"], value["sha256"])
        elif value["place"]:
            yield BinderLine(number, value["slot"], piece=Piece("paper", value["place"]))
        elif value["note"]:
            yield BinderLine(number, value["slot"], piece=_said(value["note"]))


def _follows(note: str) -> bool:
    """Whether a row says that nothing was handed in for it, as it came of another clause's papers."""
    said = (say("evidence.binder.settled", lang, clause="0").partition("0") for lang in LANGUAGES)
    return any(note.startswith(lead) and note.endswith(tail) for lead, _, tail in said)


def _said(note: str) -> Piece:
    """A link, a figure, people, or words."""
    if note.startswith(("http://", "https://")):
        return Piece("link", note)
    for lang in LANGUAGES:
        lead = _lead("figure", lang)
        name, _, number = note.removeprefix(lead).strip().rpartition(" ")
        if note.startswith(lead) and name and figure(number):
            return Piece("figure", number, name=name)
        if note.startswith(people := _lead("staff", lang)):
            return Piece("staff", note.removeprefix(people).strip())
    return Piece("note", note)


def _lead(kind: PieceKind, lang: str) -> str:
    """The words that a binder puts before a thing of this kind."""
    return say(f"evidence.piece.{kind}", lang, shown="").strip()


def filed(path: str, slots: Sequence[str], lines: Sequence[FilingLine]) -> list[Filed]:
    """A file of a binder, a row for each line that it is for; slots that the plan does not hold are left to the words."""
    found: dict[str, list[Entry]] = {}
    by_slot = {e.slot.id: e for line in lines for e in line.entries if e.owed and e.slot.owing != "derived"}
    by_line = {line_id(line.entries[0].slot.id): line for line in lines}
    for entry in (by_slot[slot] for slot in dict.fromkeys(slots) if slot in by_slot):
        found.setdefault(line_id(entry.slot.id), []).append(entry)
    return [
        Filed(path, (by_line[line],), tuple(e.slot.period for e in group), "exact", (FilingReason("catalogue"),))
        for line, group in found.items()
    ]


def _columns(row: Sequence[str]) -> dict[str, int]:
    names = {say(f"evidence.column.{c}", lang): c for lang in LANGUAGES for c in _COLUMNS}
    names = _FORMER[0] | names
    names |= {say("evidence.kind.note", lang): "note" for lang in LANGUAGES}
    found: dict[str, int] = {}
    for at, cell in enumerate(row):
        if name := names.get(cell.strip()):
            found.setdefault(name, at)
    return found
