"""What stands in for a list that a guide does not print: as a table for a lead, and taken back corrected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, get_args

from assistant.errors import CaseError
from assistant.guide import Guide, Kind, Proof
from assistant.texts import LANGUAGES, say

COLUMNS = ("clause", "standard", "text", "kind", "period", "owner")

_TITLES = 6
"""Rows above the header that may hold a title."""


class Wrong(NamedTuple):
    """What is wrong in one row: a text under ``cli.lines``, and its values."""

    row: int
    key: str
    values: Mapping[str, str]


class LinesError(CaseError):
    """A table of lines with mistakes: all of them in one sentence."""

    def __init__(self, where: str, wrong: Sequence[Wrong]) -> None:
        super().__init__("cli.lines.wrong", where=where, wrong=tuple(wrong))

    def __reduce__(self) -> tuple[object, ...]:
        return (LinesError, (self.values["where"], self.values["wrong"]))

    def sentence(self, lang: str = "zh") -> str:
        """All mistakes, one after the other."""
        told = ("；" if lang == "zh" else "; ").join(say(f"cli.lines.{w.key}", lang, row=w.row, **w.values) for w in self.values["wrong"])
        return say(self.key, lang, where=self.values["where"], wrong=told)


def header(lang: str) -> list[str]:
    """The names of the columns."""
    return [say(f"cli.lines.column.{c}", lang) for c in COLUMNS]


def rows(guide: Guide, lang: str) -> Iterator[list[str]]:
    """One row for each proof, in the guide's order."""
    for clause in guide.clauses.values():
        for proof in clause.proofs:
            kind = say(f"evidence.kind.{proof.kind}", lang) if proof.kind else ""
            yield [clause.id, clause.text, proof.text, kind, proof.period, proof.owner]


def taken(guide: Guide, cells: Sequence[tuple[int, Sequence[str]]], where: str) -> Guide:
    """The guide with the proofs of a table: what the table leaves out is owed no more, what it adds is.

    Args:
        guide: the edition.
        cells: row numbers and cells; the first filled row names the columns, in any language.
        where: the file, for the sentence.

    Raises:
        LinesError: every mistake, with its row; then nothing may be taken.
    """
    filled = [(n, [c.strip() for c in row]) for n, row in cells if any(c.strip() for c in row)]
    names = {say(f"cli.lines.column.{c}", lang): c for lang in LANGUAGES for c in COLUMNS} | {c: c for c in COLUMNS}
    top = next((n for n, (_, row) in enumerate(filled[:_TITLES]) if {names.get(c) for c in row} >= {"clause", "text"}), 0)
    filled = filled[top:]
    places = {names[cell]: i for i, cell in enumerate(filled[0][1]) if cell in names} if filled else {}
    if missing := [c for c in ("clause", "text") if c not in places]:
        first = filled[0][0] if filled else 1
        raise LinesError(where, [Wrong(first, "no_column", {"column": say(f"cli.lines.column.{c}")}) for c in missing])
    kinds = {say(f"evidence.kind.{k}", lang): k for lang in LANGUAGES for k in get_args(Kind)} | {k: k for k in get_args(Kind)}
    wrong: list[Wrong] = []
    found: dict[str, list[Proof]] = {}
    for number, row in filled[1:]:
        said = {name: row[i] if i < len(row) else "" for name, i in places.items()}
        clause = guide.clauses.get(said["clause"])
        kind = kinds.get(said.get("kind", ""))
        if clause is None:
            wrong.append(Wrong(number, "no_clause", {"clause": said["clause"]}))
        if kind is None and said.get("kind"):
            known = "、".join(say(f"evidence.kind.{k}") for k in get_args(Kind))
            wrong.append(Wrong(number, "no_kind", {"kind": said["kind"], "known": known}))
        if not said["text"]:
            wrong.append(Wrong(number, "no_text", {"clause": said["clause"]}))
        elif clause is not None:
            same = found.setdefault(clause.id, [])
            if any(p.text == said["text"] for p in same):
                wrong.append(Wrong(number, "twice", {"clause": clause.id}))
            proof = Proof(text=said["text"], key=clause.proof_key(said["text"]), kind=None if kind == "note" else kind)
            same.append(proof.model_copy(update={"period": said.get("period", ""), "owner": said.get("owner", "")}))
    if wrong:
        raise LinesError(where, wrong)
    return guide.mapped(lambda c: c.model_copy(update={"proofs": tuple(found.get(c.id, ()))}))
