"""Which card a message of the register's outbox is shown as."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assistant.conversation.scene import Scene
from assistant.register.facts.outbox import Message as Told
from assistant.texts import say
from connectors.slack.cards.blocks.parts import paragraph
from connectors.slack.cards.blocks.rich_text import Message
from connectors.slack.cards.editions.edition_card import staged_card
from connectors.slack.cards.evidence.digest import digest, edition_notice
from connectors.slack.cards.evidence.drill_result import drill_result
from connectors.slack.cards.review.review_card import review_card
from connectors.slack.cards.review.verdict import comment, verdict
from connectors.slack.cards.review.week_card import week_card

_SHOWN: dict[str, Callable[[Told, Scene], Message]] = {
    "nudge": digest,
    "reminded": digest,
    "drill": digest,
    "drilled": drill_result,
    "handed": digest,
    "missing": digest,
    "edition": edition_notice,
    "staged": staged_card,
    "review": review_card,
    "verdict": verdict,
    "comment": comment,
    "week": week_card,
}


def show(message: Told, at: Scene) -> Message:
    """A message as it stands now; one that went to somebody else before says so."""
    shown = _SHOWN[message.kind](message, at)
    instead: Any = message.payload.get("instead_of")
    if not instead:
        return shown
    said = say("evidence_slack.instead", at.lang, of=at.name(str(instead)))
    return Message(shown.text, [paragraph(said), *shown.blocks])
