"""What words mean in the guide, for filing what exists: the search, as the register's filing asks it."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.answers.search.searcher import Searcher
from assistant.register.rules.filing.proposing import Likely, Reads

_MOST = 8
"""Clauses that are worth weighing."""


def reading(searcher: Searcher, prefix: str = "") -> Reads:
    """Asks the search of one edition; what the guide does not speak of is unlikely for every clause. ``prefix`` stands before its ids."""

    def read(text: str) -> Likely:
        found = searcher.find(text)

        def lines(clause: str) -> Mapping[str, float]:
            own = clause.removeprefix(prefix)
            return {prefix + line.passage.id: line.probability for line in searcher.lines(found, own)[1:]}

        return Likely({prefix + clause: p * (1 - found.refuse) for clause, p in found.clauses[:_MOST]}, lines)

    return read
