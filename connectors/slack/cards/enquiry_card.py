"""What the compliance lead sees of a question that was handed on, and what the asker sees of the reply. Pure functions."""

from __future__ import annotations

from assistant.answers.answer import Answer
from assistant.conversation.ports import Enquiry
from assistant.texts import say
from connectors.slack.cards.answer_message import clause_buttons
from connectors.slack.cards.cutting import head
from connectors.slack.cards.lines import Line, Span
from connectors.slack.cards.rich_text import Block, Message, line_blocks, text_element
from connectors.slack.cards.text import Element, clean, escape, plain
from connectors.slack.wire import limits

_QUESTION = 2_500
_REPLY = 9_000


def card(enquiry: Enquiry, answer: Answer, direct: bool, lang: str) -> Message:
    """To the lead: who asks what, and that the reply goes into this message's thread."""
    asker: Element = {"type": "user", "user_id": enquiry.asker}
    place: Element = text_element(say("slack.lead.direct", lang)) if direct else {"type": "channel", "channel_id": enquiry.channel}
    colon = "：" if lang == "zh" else ": "
    facts = [
        text_element(say("slack.lead.who", lang) + colon),
        asker,
        text_element("\n" + say("slack.lead.where", lang) + colon),
        place,
    ]
    blocks: list[Block] = [
        {"type": "header", "text": plain(say("slack.lead.title", lang), limits.HEADER_TEXT)},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": facts}, *_quoted(enquiry.question)]},
    ]
    if answer.nearest:
        blocks += clause_buttons(answer.nearest, answer.edition, lang)
    blocks.append({"type": "context", "elements": [plain(say("slack.lead.how", lang))]})
    text = say("slack.lead.fallback", lang, asker=f"<@{enquiry.asker}>") + colon + escape(enquiry.question)
    return Message(head(text, limits.FALLBACK_TEXT), blocks)


def reply(enquiry: Enquiry, words: str, lang: str) -> Message:
    """To the asker: the lead's words, marked as theirs and not the guide's."""
    asked: list[Element] = [_user(enquiry.asker), text_element(" "), text_element(say("slack.lead.answered_question", lang), bold=True)]
    by: list[Element] = [text_element(say("slack.lead.answered", lang), bold=True), text_element(" "), _user(enquiry.answered_by)]
    said = line_blocks([Line("text", (Span(line),), 0) for line in clean(head(words, _REPLY)).split("\n")])
    heading: Block = {"type": "rich_text", "elements": [_section(asked), *_quoted(enquiry.question), _section(by)]}
    note: Block = {"type": "context", "elements": [plain(say("slack.lead.not_guide", lang))]}
    text = f"<@{enquiry.asker}> {say('slack.lead.answered', lang)}: {escape(words)}"
    return Message(head(text, limits.FALLBACK_TEXT), [heading, *said, note])


def _section(elements: list[Element]) -> Element:
    return {"type": "rich_text_section", "elements": elements}


def _quoted(question: str) -> list[Element]:
    return [{"type": "rich_text_quote", "elements": [text_element(head(clean(question).strip(), _QUESTION) or "—")]}]


def _user(user: str) -> Element:
    return {"type": "user", "user_id": user}
