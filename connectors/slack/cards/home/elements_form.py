"""What lines of a new edition seem to demand: on the lead's Home tab, and the form in which the lead confirms or corrects it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.conversation.meaning.naming import plain_slot
from assistant.guide import Requirement
from assistant.texts import say
from connectors.slack.cards.blocks.parts import bullets, button, field, line, modal, paragraph, quote, rich, row, small, value, words
from connectors.slack.cards.blocks.rich_text import Block
from connectors.slack.cards.blocks.text import plain
from connectors.slack.cards.carried import Json

ELEMENTS, ELEMENTS_FORM = "lead_elements", "lead_elements_form"
"""The button that opens the form, and the form."""
PARTS, CHOICE = "parts", "choice"
"""What the fields of a line are called, before its id."""
_SHOWN, _IN_FORM = 3, 8  # lines that are named, lines of one form
_CHOICES = ("confirm", "none", "later")
_WORDS, _LONGEST = 400, 1_000  # characters of a line, of an answer

Proposed = Mapping[str, tuple[Requirement, tuple[str, ...]]]
"""Line id -> the line and its proposed elements."""


def elements_rows(waiting: Proposed, lang: str) -> list[Block]:
    """The first of the lines with what is proposed for them, and the button."""
    title = words(say("evidence_slack.lead.elements_head", lang, count=len(waiting)), bold=True)
    shown = [_proposal(found, parts, lang) for found, parts in list(waiting.values())[:_SHOWN]]
    more = len(waiting) - _SHOWN
    told = [say("evidence_slack.lead.more", lang, count=more)] if more > 0 else []
    return [
        rich("elements", line(title), bullets([words(text, 160)] for text in shown)),
        small(*told, say("evidence_slack.lead.elements_how", lang)),
        row("elements_do", [button(ELEMENTS, say("evidence_slack.lead.elements", lang), "-")]),
    ]


def elements_view(waiting: Proposed, lang: str) -> dict[str, Any]:
    """The first lines: the guide's words, the proposal to correct, and whether it is confirmed."""
    blocks: list[Block] = [paragraph(say("evidence_slack.lead.elements_about", lang))]
    for key, (found, parts) in list(waiting.items())[:_IN_FORM]:
        blocks += [
            rich(f"line:{key}", line(words(plain_slot(found.id, lang), bold=True)), quote(found.wording, _WORDS)),
            _field(f"{PARTS}:{key}", "elements_parts", _lines(f"{PARTS}:{key}", parts), lang),
            _field(f"{CHOICE}:{key}", "elements_choice", _choice(f"{CHOICE}:{key}", lang), lang),
        ]
    if len(waiting) > _IN_FORM:
        blocks.append(small(say("evidence_slack.lead.elements_more", lang, count=len(waiting) - _IN_FORM)))
    title, send = say("evidence_slack.lead.elements_title", lang), say("evidence_slack.lead.declare_do", lang)
    return modal(ELEMENTS_FORM, title, blocks, lang, send)


def chosen(view: Json, waiting: Proposed) -> dict[str, tuple[str, ...]]:
    """Line id -> its elements as the lead wants them (none: no ticks); a line that was put off and left as it was stands not in it."""
    found: dict[str, tuple[str, ...]] = {}
    for block in view["state"]["values"]:
        kind, _, key = block.partition(":")
        if kind != PARTS:
            continue
        parts = tuple(part for part in map(str.strip, value(view, block).splitlines()) if part)
        choice = value(view, f"{CHOICE}:{key}") or _CHOICES[-1]
        proposed = waiting[key][1] if key in waiting else ()
        if choice == "none":
            found[key] = ()
        elif choice == "confirm" or (parts and parts != proposed):
            found[key] = parts
    return found


def _proposal(found: Requirement, parts: tuple[str, ...], lang: str) -> str:
    return say("slot.labelled", lang, label=plain_slot(found.id, lang), text=parts)


def _lines(name: str, parts: tuple[str, ...]) -> Block:
    return {"type": "plain_text_input", "action_id": name, "multiline": True, "initial_value": "\n".join(parts), "max_length": _LONGEST}


def _choice(name: str, lang: str) -> Block:
    options = [{"text": plain(say(f"evidence_slack.lead.elements_{choice}", lang)), "value": choice} for choice in _CHOICES]
    return {"type": "radio_buttons", "action_id": name, "options": options, "initial_option": options[-1]}


def _field(name: str, label: str, element: Block, lang: str) -> Block:
    return field(name, say(f"evidence_slack.lead.{label}", lang), element, optional=True)
