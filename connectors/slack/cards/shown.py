"""Which card a message of the register's outbox is shown as."""

from __future__ import annotations

from assistant.conversation.scene import Scene
from assistant.register.facts.notices.asking import Renewed, Wanting
from assistant.register.facts.notices.leading import DrillOver, Staged, Week
from assistant.register.facts.notices.reviewing import Comment, Decided, ToReview
from assistant.register.facts.outbox import Message
from assistant.texts import say
from connectors.slack.cards.blocks.parts import paragraph
from connectors.slack.cards.blocks.rich_text import SlackMessage
from connectors.slack.cards.editions.edition_card import staged_card
from connectors.slack.cards.evidence.digest import digest, edition_notice
from connectors.slack.cards.evidence.drill_result import drill_result
from connectors.slack.cards.review.review_card import review_card
from connectors.slack.cards.review.verdict import comment, verdict
from connectors.slack.cards.review.week_card import week_card


def show(message: Message, at: Scene) -> SlackMessage:
    """A message as it stands now; one that went to somebody else before says so."""
    shown = _card(message, at)
    if not message.says.instead_of:
        return shown
    said = say("evidence_slack.instead", at.lang, of=at.name(message.says.instead_of))
    return SlackMessage(shown.text, [paragraph(said), *shown.blocks])


def _card(message: Message, at: Scene) -> SlackMessage:
    match message.says:
        case Renewed() as renewed:
            return edition_notice(message, renewed, at)
        case Wanting() as asking:
            return digest(message, asking, at)
        case DrillOver() as over:
            return drill_result(over, at)
        case Staged() as staged:
            return staged_card(message.id, staged, at)
        case ToReview() as handed_in:
            return review_card(message, handed_in, at)
        case Decided() as decided:
            return verdict(message.id, decided, at)
        case Comment() as said:
            return comment(said, at)
        case Week() as week:
            return week_card(week, at)
    raise ValueError(f"{message.kind} is no card")
