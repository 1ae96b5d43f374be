"""Which card a message of the register's outbox is shown as."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assistant.register.outbox import Message as Told
from assistant.texts import say
from connectors.slack.evidence.blocks import paragraph
from connectors.slack.evidence.cards import digest, edition_notice
from connectors.slack.evidence.edition_card import staged_card
from connectors.slack.evidence.review_card import review_card, verdict
from connectors.slack.evidence.scene import Scene
from connectors.slack.rich_text import Message

_SHOWN: dict[str, Callable[[Told, Scene], Message]] = {
    "nudge": digest,
    "drill": digest,
    "handed": digest,
    "missing": digest,
    "edition": edition_notice,
    "staged": staged_card,
    "review": review_card,
    "verdict": verdict,
}


def show(message: Told, at: Scene) -> Message:
    """A message as it stands now; one that went to somebody else before says so."""
    shown = _SHOWN[message.kind](message, at)
    instead: Any = message.payload.get("instead_of")
    if not instead:
        return shown
    said = say("evidence_slack.instead", at.lang, of=at.name(str(instead)))
    return Message(shown.text, [paragraph(said), *shown.blocks])
