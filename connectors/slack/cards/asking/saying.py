"""A ``Saying`` as a Slack message, and a ``Form`` as a view. Pure functions; people are user elements, everything else plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from assistant.answers.question.reading import language
from assistant.conversation.chat import Button, ChatItem, ChatQuote, Choice, Field, Form, Line, Member, Option, Saying
from assistant.texts import say
from connectors.slack.cards.asking.answer_message import clause_buttons
from connectors.slack.cards.blocks.cutting import head, split
from connectors.slack.cards.blocks.parts import button, colleague, field, header, modal, quote, small, words
from connectors.slack.cards.blocks.rich_text import Block, SlackMessage
from connectors.slack.cards.blocks.text import Element, clean, escape, plain
from connectors.slack.wire import limits

PRESS, CHOICE, FORM = "talk", "talk_choice", "talk_form"
"""What the ids of buttons, of choices and of forms begin with."""
_LINE, _TEXT, _QUOTE = 2_900, 3_000, 2_500  # characters of a line, a text and a quotation, within Slack's 3,000
_EMPTY = Saying()


def drawn(what: Saying, lang: str) -> SlackMessage:
    """The message."""
    if what.bare:
        return SlackMessage(head(_text(what), _TEXT), [])
    blocks: list[Block] = [header(what.title)] if what.title else []
    lines: list[Line | ChatQuote | ChatItem] = [*([what.head] if any(what.head) else []), *what.parts]
    blocks += _rich(lines, bool(any(what.head)))
    if what.table:
        blocks.append(table(what.table))
    if what.clauses:
        blocks += clause_buttons(what.clauses, what.edition, lang)
    if what.choice is not None:
        blocks.append(choice(what.choice, lang))
    if what.buttons:
        blocks.append({"type": "actions", "block_id": "talk", "elements": [_button(b, n, lang) for n, b in enumerate(what.buttons)]})
    if what.note:
        blocks.append(small(what.note))
    return SlackMessage(head(_text(what), _TEXT), blocks[: limits.ANSWER_BLOCKS])


def choice(asked: Choice, lang: str) -> Block:
    """Things to choose: a few as boxes to tick, more as a menu with groups."""
    options, lang = asked.options, language(asked.label, lang)  # what is chosen from is in the language of who is asked
    chosen = [o for o in options if o.value in asked.chosen]
    element: Element = {
        "type": "multi_static_select",
        "action_id": f"{CHOICE}:{asked.name}",
        "placeholder": plain(say("talk.choose", lang), limits.PLACEHOLDER_TEXT),
    }
    if any(o.group for o in options):
        names = sorted(dict.fromkeys(o.group for o in options), key=lambda name: not name)  # what belongs to no group comes last
        element["option_groups"] = [
            {
                "label": plain(name or say("talk.others", lang), limits.OPTION_TEXT),
                "options": [_option(o) for o in options if o.group == name][: limits.OPTIONS],
            }
            for name in names[: limits.OPTIONS]
        ]
    else:
        element["options"] = [_option(o) for o in options[: limits.OPTIONS]]
    if chosen:
        element["initial_options"] = [_option(o) for o in chosen[: limits.OPTIONS]]
    return {"type": "section", "block_id": f"{CHOICE}:{asked.name}", "text": plain(asked.label), "accessory": element}


def table(rows: Sequence[Sequence[str]]) -> Block:
    """Rows as a table, the first column to the left, all others to the right."""
    shown = [row[: limits.TABLE_COLUMNS] for row in rows[: limits.TABLE_ROWS]]
    cells = [[{"type": "raw_text", "text": clean(cell) or "—"} for cell in row] for row in shown]
    wide = [{"is_wrapped": True}, *({"align": "right"} for _ in rows[0][1 : limits.TABLE_COLUMNS])]
    return {"type": "table", "column_settings": wide, "rows": cells}


def without_table(what: Saying) -> Saying:
    """The same where the chat shows no tables: a line for each row, with what each of its numbers is."""
    head, *rows = what.table
    lines = []
    for name, *cells in rows:
        told = " · ".join(f"{of} {cell}" for of, cell in zip(head[1:], cells, strict=True) if cell != "—")
        lines.append(ChatItem((f"{name}：{told}",)))
    return replace(what, table=(), parts=(*what.parts, *lines))


def form_view(form: Form, lang: str, memory: str) -> dict[str, Any]:
    """The view of a form; ``memory`` is what comes back with it."""
    about = drawn(form.about, lang).blocks if form.about != _EMPTY else []
    return modal(f"{FORM}:{form.act}", form.title, [*about, *(_asked(f, lang) for f in form.fields)], lang, form.send, memory=memory)


def _asked(wanted: Field, lang: str) -> Block:
    elements: dict[str, Element] = {
        "text": {"type": "plain_text_input", "action_id": wanted.name, "multiline": True, "max_length": limits.SECTION_TEXT},
        "person": {**colleague(lang), "action_id": wanted.name},
        "date": {"type": "datepicker", "action_id": wanted.name},
        "one": {"type": "radio_buttons", "action_id": wanted.name},
        "some": {"type": "checkboxes", "action_id": wanted.name},
    }
    element = elements[wanted.kind]
    if wanted.kind in ("one", "some"):
        element["options"] = [_option(o) for o in wanted.options[: limits.CHOICES]]
    if wanted.start:
        element["initial_date" if wanted.kind == "date" else "initial_value"] = wanted.start
    return field(wanted.name, wanted.label, element, wanted.optional, wanted.hint)


def _rich(lines: Sequence[Line | ChatQuote | ChatItem], bold_first: bool) -> list[Block]:
    """The lines as rich text, in blocks that Slack takes."""
    blocks: list[Block] = []
    elements: list[Element] = []
    size = 0
    for element, long in _elements(lines, bold_first):
        if size + long > limits.RICH_TEXT and elements:
            blocks.append({"type": "rich_text", "elements": elements})
            elements, size = [], 0
        elements.append(element)
        size += long
    return [*blocks, *([{"type": "rich_text", "elements": elements}] if elements else [])]


def _elements(lines: Sequence[Line | ChatQuote | ChatItem], bold_first: bool) -> Iterator[tuple[Element, int]]:
    first = True
    for kind, same in groupby(lines, key=type):
        together = list(same)
        if kind is ChatQuote:
            for text in (part.text for part in together if isinstance(part, ChatQuote)):
                yield quote(text, _QUOTE), min(len(text), _QUOTE)
        elif kind is ChatItem:
            rows = [part.line for part in together if isinstance(part, ChatItem)]
            yield (
                {"type": "rich_text_list", "style": "bullet", "elements": [_section(row, False) for row in rows]},
                sum(_length(row) for row in rows),
            )
        else:
            for part in together:
                yield _section(part, first and bold_first, last=part is together[-1]), _length(part)
                first = False
        first = False


def _section(line: Any, bold: bool, last: bool = True) -> Element:
    elements: list[Element] = []
    for part in line:
        if isinstance(part, Member):
            elements.append({"type": "user", "user_id": part.user})
        elif part.strip():
            elements += [words(piece, _LINE, bold=bold) for piece in split(clean(part), _LINE)[:1]]
    if not elements:
        elements = [words(" ")]
    if not last:
        elements.append(words_break())
    return {"type": "rich_text_section", "elements": elements}


def words_break() -> Element:
    """The end of a line that another line follows."""
    return {"type": "text", "text": "\n"}


def _length(line: Any) -> int:
    return min(sum(len(part) if isinstance(part, str) else 12 for part in line), _LINE)


def _button(pressed: Button, number: int, lang: str) -> Element:
    sure: Element | None = None
    if pressed.sure:
        sure = {
            "title": plain(pressed.label, limits.CONFIRM_TITLE),
            "text": plain(pressed.sure, limits.CONFIRM_TEXT),
            "confirm": plain(pressed.label, limits.CONFIRM_BUTTON),
            "deny": plain(say("evidence_slack.form.close", lang), limits.CONFIRM_BUTTON),
        }
    return button(f"{PRESS}:{pressed.act}:{number}", pressed.label, pressed.value or "-", pressed.style, sure)


def _option(option: Option) -> Element:
    return {"text": plain(option.label, limits.OPTION_TEXT), "value": option.value}


def _text(what: Saying) -> str:
    """The words of notifications: people are mentioned, nothing else is a mark."""
    lines: list[str] = [escape(what.title)] if what.title else []
    for part in (what.head, *what.parts):
        if isinstance(part, ChatQuote):
            lines.append("> " + escape(part.text))
        else:
            line = part.line if isinstance(part, ChatItem) else part
            lines.append("".join(f"<@{p.user}>" if isinstance(p, Member) else escape(p) for p in line))
    return "\n".join(line for line in lines if line) or "—"
