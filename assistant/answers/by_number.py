"""The clauses that a number means, of one guide or of several families in force: what a person types to see a clause."""

from __future__ import annotations

from assistant.answers.called import called
from assistant.answers.question.places.number_grammar import named
from assistant.answers.question.places.references import by_title, references
from assistant.answers.question.words import fold
from assistant.families import apart, ordered
from assistant.guide import Guide


def by_number(said: str, guide: Guide) -> list[str]:
    """The clauses that a number means; one that calls a family is looked for in that family only.

    A number without a family is that of the first family; one that it lacks is that of the only other family that has it.
    """
    if said in guide.clauses:
        return [said]
    parts = apart(guide)
    asked = called(said, ordered([f for f in parts if f]))
    if asked:
        return [c for family, own in asked.items() for c in _within(own, parts[family])]
    first, *others = (_within(said, own) for own in parts.values())
    having = [found for found in others if found]
    return having[0] if not first and len(having) == 1 else first


def _within(asked: str, own: Guide) -> list[str]:
    """The clauses of a number in one family's guide, whose ids may carry the family."""
    front = next(iter(own.items), "").rpartition(":")[0]
    if not front:
        return _at(asked, own) or list(dict.fromkeys(c for r in references(asked, own) or by_title(asked, own) for c in r.clauses))
    numbers = [str(n.item) if n.number is None else f"{n.item}({n.number})" for n in named(fold(asked))]
    return list(dict.fromkeys(c for number in (asked, *numbers) for c in _at(f"{front}:{number}", own)))


def _at(place: str, guide: Guide) -> list[str]:
    """The clause of an id, or the clauses of the item of a number; none where the guide has neither."""
    if place in guide.clauses:
        return [place]
    return [c.id for c in guide.items[place].clauses] if place in guide.items else []
