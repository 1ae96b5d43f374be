"""Which slots were shown beside a reviewer's button, and what they leave for the reviewer to say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from assistant.conversation.meaning.naming import line_of
from assistant.errors import RegisterError
from assistant.register.acts.slots.review_notes import Shown, shown_by
from assistant.register.acts.slots.together import goes_with
from assistant.register.facts.slots import Entry
from assistant.register.ports import Filter
from assistant.register.rules.evidence.shortfall import Shortfall, unsaid
from connectors.slack.cards.review.review_card import ALL

if TYPE_CHECKING:
    from assistant.conversation.enterprise import Desk
    from connectors.slack.cards.carried import Click


def shown_to(desk: Desk, click: Click) -> list[Shown]:
    """What was shown beside a button: one slot, a line with its periods, or all of a card.

    Raises:
        RegisterError: the card's message is gone.
    """
    if click.slot != ALL and (click.version or not click.message):
        return [Shown(click.slot, click.version or None, click.given)]
    with desk.service.register.reading(desk.workspace) as tx:
        card = tx.message(click.message)
        if card is None or not card.says.slots:
            raise RegisterError("evidence_slack.card_gone")
        slots = {s.key: line_of(s.slot) for s in card.says.slots}
        wanted = [key for key, line in slots.items() if click.slot in (ALL, key) or line == slots.get(click.slot)]
        entries = {key: tx.entry(key) for key in wanted}
    waits = {key for key, e in entries.items() if e is not None and e.state.name == "submitted"}
    return [s for s in shown_by(card, wanted) if s.slot in waits]


def asked_of(desk: Desk, shown: Iterable[Shown], at: datetime) -> dict[str, tuple[tuple[Entry, ...], tuple[Shortfall, ...]]]:
    """Line -> those of its slots that neither say what they cover nor how often, so that their reviewer has to; and what that is.

    What was handed in along with them on one paper is asked about too.
    """
    found: dict[str, tuple[tuple[Entry, ...], tuple[Shortfall, ...]]] = {}
    shown = list(shown)
    for entry in (*(desk.service.entry(one.slot) for one in shown), *along_with(desk, shown, at)):
        given = [p for p in desk.service.pieces([entry.slot.key]) if p.version == entry.state.version]
        if entry.state.name == "submitted" and entry.state.claim == "evidence" and (short := unsaid(entry.slot, entry.state, given)):
            line = line_of(entry.slot.id)
            found[line] = ((*found.get(line, ((), ()))[0], entry), short)
    return found


def along_with(desk: Desk, shown: Iterable[Shown], at: datetime) -> list[Entry]:
    """What was handed in along with these on one paper, and waits for the same review."""
    leading = [desk.service.entry(one.slot) for one in shown]
    if not any(one.slot.joined for one in leading):
        return []
    waiting = desk.service.entries(at, Filter(state="submitted"))
    return [e for e in waiting if any(goes_with(e, one) for one in leading if one.slot.joined) and e not in leading]
