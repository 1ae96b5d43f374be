"""Which slots were shown beside a reviewer's button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.conversation.meaning.naming import line_of
from assistant.errors import RegisterError
from assistant.register.acts.slots.review_notes import Shown, shown_by
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
