"""How a case stands in another edition than its own, as data."""

from __future__ import annotations

from typing import Literal, NamedTuple

from assistant.guide import Frozen
from evals.cases.case import Case

State = Literal["unchanged", "carried", "relabel"]


class Change(Frozen):
    """A label that does not stand as it is: what it became, or what is suggested in its place, with the words of both."""

    label: str
    now: str | None = None
    suggestion: str | None = None
    before: str | None = None
    after: str | None = None

    @property
    def words(self) -> tuple[str, str]:
        """Before and after, empty where there are none."""
        return self.before or "", self.after or ""


class Resolved(NamedTuple):
    """A case in another edition: with that edition's ids, unless a lead must label it again.

    ``home`` are the clauses it names in its own edition. ``questions`` are its questions with the numbers of this edition, none where
    they are the same. ``successors`` says of a case that waits for labels where its clauses went, so that it is measured by that
    meanwhile; None where one of them went nowhere, or its questions ask for something else there.
    """

    case: Case
    state: State = "unchanged"
    changes: tuple[Change, ...] = ()
    home: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    successors: dict[str, tuple[str, ...]] | None = None
