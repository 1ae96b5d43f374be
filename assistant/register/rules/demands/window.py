"""Which periods still count when a guide's period rule changed: years for a window of years, a year's end for its year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from assistant.register.facts.slot_ids import SlotKey
from assistant.register.facts.slots import State


class _Rest(NamedTuple):
    """What stands behind a line's key in a slot key: period and subject; ``year`` is empty where the period is no year."""

    text: str
    period: str
    year: str
    subject: str


def still_counts(rest: str, wanted: Iterable[str], held: Mapping[str, State]) -> list[str]:
    """Those of the periods held under the rule before that count for a period of the new rule, the latest first.

    Args:
        rest: the new slot's period and subject, as they stand behind the ``@`` of its key.
        wanted: all that the new rule asks for; a period that is asked for itself counts for no other.
        held: what was held under the rule before, with its states.
    """
    new, asked = _rest(rest), list(wanted)
    subject = _same_subject(new.subject, [_rest(t).subject for t in asked], [_rest(t).subject for t in held])
    exact = next((t for t in held if t not in asked and _rest(t)[1:] == (new.period, new.year, subject)), None)
    if exact is not None:
        return [exact]
    pool = [r for text in held if text not in asked for r in (_rest(text),) if subject in (r.subject, None)]
    if not new.year:
        return [r.text for r in sorted(pool, key=lambda r: (held[r.text].name == "accepted", r.year), reverse=True)]
    same = [r.text for r in pool if r.year == new.year]
    return same or [r.text for r in pool if not r.year and _handed_in(held[r.text], asked) == new.year]


def _handed_in(state: State, asked: Iterable[str]) -> str:
    """The year for which something without a year counts: that in which it was handed in, as far as it is asked for."""
    years = sorted(y for y in {_rest(r).year for r in asked} if y)
    moment = state.submitted_at or state.reviewed_at
    if not years or moment is None:
        return ""
    return max((y for y in years if y <= str(moment.year)), default=years[0])


def _rest(text: str) -> _Rest:
    of = SlotKey("", text)
    return _Rest(text, of.period, of.period[:4] if of.period[:4].isdigit() else "", of.mark)


def _same_subject(subject: str, wanted: Iterable[str], held: Iterable[str]) -> str | None:
    """The subject before: the same, or the one in its place where both rules name as many others; None where that is not told."""
    before, after = list(dict.fromkeys(held)), list(dict.fromkeys(wanted))
    if subject in before:
        return subject
    gone, come = [s for s in before if s not in after], [s for s in after if s not in before]
    return gone[come.index(subject)] if len(gone) == len(come) else None
