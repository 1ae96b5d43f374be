"""What the numbers of the edition before are in a new one, for questions that still use them."""

from __future__ import annotations

from assistant.answers.question.places.earlier import Earlier
from assistant.guide import Guide
from ingest.compare.diff import diff
from ingest.compare.moves import moves_of


def earlier(old: Guide, new: Guide) -> Earlier:
    """Clauses and items of ``old`` that have another number in ``new``, or several; withdrawn ones are left out."""
    changes = diff(old, new)
    places = moves_of(changes, old, new).places or {}
    items = {target: (now,) for (level, target), now in places.items() if level == "item" and now is not None}
    clauses = {was: change.news for change in changes.clauses for was in change.olds if change.news}
    return Earlier(edition=old.edition, numbers={was: now for was, now in (items | clauses).items() if now != (was,)})
