"""An answer as Slack messages: the text, what it rests on, a button for each clause, the edition, feedback. Pure functions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from assistant.answers.answer import Answer, Citation
from assistant.answers.blocks import Blocks
from assistant.guide import KINDS
from assistant.line_ids import LineId
from assistant.texts import say, strung
from connectors.slack.cards.blocks.cutting import head
from connectors.slack.cards.blocks.rich_text import Block, SlackMessage, answer_messages
from connectors.slack.cards.blocks.text import one_line, plain
from connectors.slack.wire import limits

CLAUSE, CLAUSE_MENU, FEEDBACK, LEAD = "clause", "clause_menu", "feedback", "ask_lead"
_ROOM = 1_500
"""Characters of a message kept for buttons and footers."""
_NEAREST = 5  # buttons of one row (Slack's most)


def answer_posts(answer: Answer, exchange: str, lang: str, note: str = "", handed_on: bool = False) -> list[SlackMessage]:
    """The messages of an answer, in order; what people can do with it stands under the last one."""
    tail = closing(answer, exchange, lang, note, handed_on)
    shown = answer_messages(body(answer), limits.ANSWER_TEXT - _ROOM, limits.ANSWER_BLOCKS - len(tail))
    if not shown:
        text = say("slack.answer.empty", lang)
        shown = [SlackMessage(text, [{"type": "section", "text": plain(text)}])]
    *first, last = shown
    return [*first, SlackMessage(last.text, [*last.blocks, *tail])]


def body(answer: Answer) -> Blocks:
    """The answer's blocks without its closing line on source and edition, which the footer gives."""
    return tuple(block for block in answer.blocks if block.block != "note" or block.role != "source") or answer.blocks


def closing(answer: Answer, exchange: str, lang: str, note: str = "", handed_on: bool = False) -> list[Block]:
    """Buttons, footer and feedback. ``handed_on``: the question went to the lead, so that button is gone."""
    blocks = [*_clauses(answer, lang)] if answer.answered else [*_refusal(answer, exchange, lang, handed_on)]
    blocks += _footer(answer, lang, note)
    if answer.reason != "not_a_question":
        blocks.append(_feedback(exchange, lang))
    return blocks


def clause_value(clause: str, edition: str, page: int = 0) -> str:
    """What a clause button carries."""
    return json.dumps({"c": clause, "e": edition} | ({"p": page} if page else {}), ensure_ascii=False, separators=(",", ":"))


def read_clause_value(value: str) -> tuple[str, str, int]:
    """Clause, edition and page of a clause button."""
    found = json.loads(value)
    return str(found["c"]), str(found["e"]), int(found.get("p", 0))


def cited(answer: Answer, lang: str) -> str:
    """What an answer rests on, in one line: ``24(3) 抽查记录第 1–3 行；26 条文``."""
    named = []
    for clause in answer.clauses:
        own = [c for c in answer.citations if c.clause == clause]
        named.append(say("slack.answer.one_clause", lang, clause=clause, lines=_lines(own, lang)))
    return strung(named, lang)


def _lines(citations: Sequence[Citation], lang: str) -> str:
    parts = []
    if any(c.line is None for c in citations):
        parts.append(say("slack.answer.clause_itself", lang))
    for kind in KINDS:
        numbers = sorted({int(n) for c in citations if c.line and c.kind == kind and (n := LineId.of(c.line).number).isdigit()})
        if numbers:
            parts.append(say("slack.answer.kind_lines", lang, kind=say(f"answers.{kind}", lang), numbers=_ranges(numbers, lang)))
    return ("、" if lang == "zh" else ", ").join(parts)


def _ranges(numbers: Sequence[int], lang: str) -> str:
    runs = []
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        found = [number for _, number in run]
        runs.append(str(found[0]) if len(found) == 1 else f"{found[0]}–{found[-1]}")
    return ("、" if lang == "zh" else ", ").join(runs)


def _clauses(answer: Answer, lang: str) -> list[Block]:
    """A button for each cited clause; beyond what one row takes, a menu with all of them."""
    return clause_buttons(answer.clauses, answer.edition, lang)


def clause_buttons(clauses: Sequence[str], edition: str, lang: str) -> list[Block]:
    """A row of buttons that open these clauses, or a menu."""
    if not clauses:
        return []
    if len(clauses) <= limits.ACTIONS_ELEMENTS:
        return [_row("clauses", [_clause_button(c, edition, say("slack.answer.clause_button", lang, clause=c)) for c in clauses])]
    options = [{"text": plain(c, limits.OPTION_TEXT), "value": clause_value(c, edition)} for c in clauses[: limits.OPTIONS]]
    menu = {
        "type": "static_select",
        "action_id": CLAUSE_MENU,
        "placeholder": plain(say("slack.answer.clause_menu", lang), limits.PLACEHOLDER_TEXT),
        "options": options,
    }
    return [_row("clauses", [menu])]


def _refusal(answer: Answer, exchange: str, lang: str, handed_on: bool) -> list[Block]:
    """The nearest clauses, and the way to the lead."""
    if answer.reason == "not_a_question":
        return []
    near = [_clause_button(c, answer.edition, say("slack.answer.nearest_button", lang, clause=c)) for c in answer.nearest[:_NEAREST]]
    lead = {
        "type": "button",
        "action_id": LEAD,
        "text": plain(say("slack.answer.lead_button", lang), limits.BUTTON_TEXT),
        "value": exchange,
        "style": "primary",
    }
    buttons = near if handed_on else [*near, lead]
    return [_row("nearest", buttons)] if buttons else []


def _clause_button(clause: str, edition: str, label: str) -> dict[str, Any]:
    shown = plain(label, limits.BUTTON_TEXT)
    return {"type": "button", "action_id": f"{CLAUSE}:{clause}"[: limits.ID], "text": shown, "value": clause_value(clause, edition)}


def _row(block_id: str, elements: list[dict[str, Any]]) -> Block:
    return {"type": "actions", "block_id": block_id, "elements": elements}


def _footer(answer: Answer, lang: str, note: str) -> list[Block]:
    said = []
    if answer.answered and answer.citations:
        said.append(say("slack.answer.grounds", lang, cited=cited(answer, lang)))
    origin = say("slack.answer.generated" if answer.mode == "generated" else "slack.answer.verbatim", lang) if answer.answered else ""
    edition = say("slack.answer.edition", lang, edition=answer.edition) if answer.edition else ""
    said += [" · ".join(part for part in (edition, origin if answer.citations else "") if part), note]
    elements = [plain(head(one_line(text), 1_000), limits.SECTION_TEXT) for text in said if text]
    return [{"type": "context", "elements": elements}] if elements else []


def _feedback(exchange: str, lang: str) -> Block:
    def button(side: str) -> dict[str, Any]:
        label = say(f"slack.feedback.{side}_label", lang)
        return {"text": plain(say(f"slack.feedback.{side}", lang)), "value": f"{side}:{exchange}", "accessibility_label": label}

    return {
        "type": "context_actions",
        "elements": [
            {"type": "feedback_buttons", "action_id": FEEDBACK, "positive_button": button("up"), "negative_button": button("down")}
        ],
    }
