"""What nobody declared of the enterprise yet: on the lead's Home tab, and the form that asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.conversation.profile.declaring import ProfileQuestion
from assistant.texts import say
from connectors.slack.cards.blocks.parts import bullets, button, field, line, modal, paragraph, rich, row, small, value, words
from connectors.slack.cards.blocks.rich_text import Block
from connectors.slack.cards.blocks.text import plain
from connectors.slack.cards.carried import Json

DECLARE, DECLARE_FORM = "lead_declare", "lead_declare_form"
"""The button that opens the form, and the form."""
_SHOWN = 5  # questions that the overview names
_FLAG, _LONGEST = ("y", "n", "later"), 1_000

Open = Sequence[tuple[ProfileQuestion, int]]
"""Questions, each with how many slots hang on it."""


def profile_rows(waiting: Open, lang: str) -> list[Block]:
    """The first of them, why they matter, and the button."""
    title = words(say("evidence_slack.lead.declare_head", lang, count=len(waiting)), bold=True)
    asked = bullets([words(_asked(question, count, lang), 160)] for question, count in waiting[:_SHOWN])
    more = len(waiting) - _SHOWN
    told = [say("evidence_slack.lead.more", lang, count=more)] if more > 0 else []
    return [
        rich("declare", line(title), asked),
        small(*told, say("evidence_slack.lead.declare_how", lang)),
        row("declare_do", [button(DECLARE, say("evidence_slack.lead.declare", lang), "-", "primary")]),
    ]


def profile_view(waiting: Open, lang: str) -> dict[str, Any]:
    """One field a question: yes, no, later for a flag; else free text. What is left alone stays open."""
    blocks = [paragraph(say("evidence_slack.lead.declare_how", lang)), *(_field(q, count, lang) for q, count in waiting)]
    title, send = say("evidence_slack.lead.declare_title", lang), say("evidence_slack.lead.declare_do", lang)
    return modal(DECLARE_FORM, title, blocks, lang, send)


def _field(question: ProfileQuestion, count: int, lang: str) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": question.key, "max_length": _LONGEST}
    if question.kind == "flag":
        options = [{"text": plain(say(f"evidence_slack.lead.declare_{name}", lang)), "value": name} for name in _FLAG]
        element = {"type": "radio_buttons", "action_id": question.key, "options": options, "initial_option": options[-1]}
    return field(question.key, _asked(question, count, lang), element, optional=True)


def _asked(question: ProfileQuestion, count: int, lang: str) -> str:
    return say("evidence.explain.question", lang, question=question.text, count=count) if count else question.text


def answers(view: Json) -> dict[str, str]:
    """What was filled in: question -> answer; nothing for what is put off."""
    found: dict[str, str] = {}
    for key in view["state"]["values"]:
        said = value(view, key)
        if said and said != _FLAG[-1]:
            found[key] = said
    return found
