"""Mistakes in cases, tables and policy files: all at once, each with its file and line (or sheet, row and column)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from assistant.errors import CaseError
from assistant.texts import say, texts

Location = tuple[str | int, ...]


class FilePlace(NamedTuple):
    """Where something stands: a line of a text file, or row and column of a sheet."""

    file: str
    line: int
    column: str = ""

    def sentence(self, lang: str) -> str:
        """The place in words."""
        return say("evals.at_cell" if self.column else "evals.at_line", lang, file=self.file, line=self.line, column=self.column)


@dataclass(frozen=True)
class Problem:
    """One mistake: where, and which sentence ``evals.wrong.<key>`` with its values."""

    place: FilePlace
    key: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def sentence(self, lang: str = "zh") -> str:
        """The mistake in words, with its place."""
        known = f"wrong.{self.key}" in texts("evals", lang)
        said = say(f"evals.wrong.{self.key if known else 'value'}", lang, **self.values)
        return " ".join(f"{self.place.sentence(lang)}: {said}".split())


class CaseMistakes(CaseError):
    """Everything that is wrong with the files that were read, in their order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("evals.mistakes")
        self.problems = sorted(problems, key=lambda p: (p.place.file, p.place.line))

    def __reduce__(self) -> tuple[Any, ...]:
        return (CaseMistakes, (self.problems,))

    def sentence(self, lang: str = "zh") -> str:
        """One line per mistake, after a line that counts them."""
        head = say(self.key, lang, count=len(self.problems))
        return "\n".join([head, *(p.sentence(lang) for p in self.problems[:200])])


@dataclass(frozen=True)
class Raw:
    """A case as it stands in a file, not judged yet: its data, and where each part of it stands."""

    data: dict[str, Any]
    place: FilePlace
    places: Mapping[Location, FilePlace] = field(default_factory=dict)

    def at(self, location: Location) -> FilePlace:
        """The place of the innermost known part on the way to ``location``."""
        for depth in range(len(location), 0, -1):
            if location[:depth] in self.places:
                return self.places[location[:depth]]
        return self.place

    def problem(self, location: Location, key: str, **values: Any) -> Problem:
        """A mistake at ``location`` within this case."""
        return Problem(self.at(location), key, values)
