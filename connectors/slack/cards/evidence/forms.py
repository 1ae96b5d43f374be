"""The forms that owners and reviewers fill in. Pure functions: a click and a slot in, a view out."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import date, timedelta
from typing import Any

from assistant.conversation.meaning.naming import line_name
from assistant.register.acts.mentions import mention
from assistant.register.facts.slots import Entry
from assistant.register.papers.said.described import described
from assistant.register.papers.said.one_paper import also, by_line
from assistant.register.papers.said.words import in_a_row, period_word, returned_words, slot_name
from assistant.register.rules.evidence.shortfall import left_out, unnamed
from assistant.texts import say
from connectors.slack.cards.blocks.cutting import opening
from connectors.slack.cards.blocks.parts import (
    COLLEAGUE,
    View,
    bullets,
    colleague,
    field,
    line,
    modal,
    paragraph,
    quote,
    rich,
    small,
    value,
    words,
)
from connectors.slack.cards.blocks.rich_text import Block
from connectors.slack.cards.blocks.text import Element, one_line, plain
from connectors.slack.cards.carried import Click
from connectors.slack.cards.evidence.slot_card import due_words
from connectors.slack.cards.evidence.told import IN_FORM, told_parts
from connectors.slack.wire import limits

SUBMIT_FORM, NA_FORM, SNOOZE_FORM, HAND_FORM = "evidence_submit_form", "evidence_na_form", "evidence_snooze_form", "evidence_hand_form"
ASK_FORM, RETURN_FORM, NOTICE = "evidence_ask_form", "evidence_return_form", "evidence_notice"
FIGURE = "figure"
"""The fields of figures; after it, the place of one in its line."""
COVERS, LACKING = "covers", "lacking"
"""The fields of what a hand-in covers, and of what is missing, in one line of several; after it, the key of the line's first slot."""
_MORE = "␟"
"""Stands in a field's name before where its boxes begin, where one field is not enough."""
LONGEST = 3_000  # characters of a field (Slack's most)
_QUOTE = 2_900  # characters, within Slack's 3,000
_BOXES = 10
"""Boxes that Slack shows in one field."""


def submit_form(click: Click, entry: Entry, today: date, lang: str, periods: Sequence[Entry] = (), along: Sequence[Entry] = ()) -> View:
    """Hand in a file, a link, a note or the place of a paper original.

    ``periods`` are those of the line that it can be for, too; ``along`` are other lines that the same paper is for without a word.
    """
    files = {"type": "file_input", "action_id": "files", "max_files": limits.FILES_PER_INPUT}
    link = {"type": "url_text_input", "action_id": "link"}
    blocks = [
        *_about(entry, today, lang, len(periods) > 1),
        *_along(along, today, lang),
        *_periods(entry, periods, lang),
        _input("files", files, lang, hint=True),
        _input("link", link, lang),
        *([_input("staff", _text("staff", longest=200), lang, hint=True)] if entry.slot.owing == "form" else []),
        _input("note", _text("note", multiline=True), lang, label="results" if entry.slot.owing == "form" else ""),
        _input("paper", _text("paper", longest=500), lang, hint=True),
        *_named(entry, lang),
        *_of_lines(COVERS, [e for e in along if e.slot.elements], lang),
        _input("period", _text("period", longest=40), lang, hint=True),
        _input(until := "dated" if entry.slot.dated else "valid", {"type": "datepicker", "action_id": until}, lang, hint=True),
    ]
    return _form(SUBMIT_FORM, "submit", click, blocks, lang)


def na_form(click: Click, entry: Entry, today: date, lang: str) -> View:
    """Say why a line does not apply."""
    reason = _input("reason", _text("reason", multiline=True), lang, label="na_reason", optional=False)
    return _form(NA_FORM, "na", click, [*_about(entry, today, lang), reason], lang)


def snooze_form(click: Click, entry: Entry, today: date, longest: int, lang: str) -> View:
    """Be asked later."""
    until: Element = {"type": "datepicker", "action_id": "until", "initial_date": (today + timedelta(days=min(7, longest))).isoformat()}
    why = _input("why", _text("why", longest=500), lang)
    return _form(SNOOZE_FORM, "snooze", click, [*_about(entry, today, lang), _input("until", until, lang, optional=False), why], lang)


def hand_form(click: Click, entry: Entry, today: date, lang: str) -> View:
    """Give the slot to somebody else."""
    note = _input("why", _text("why", longest=500), lang)
    return _form(
        HAND_FORM, "hand", click, [*_about(entry, today, lang), _input(COLLEAGUE, colleague(lang), lang, optional=False), note], lang
    )


def ask_form(click: Click, entry: Entry, today: date, lang: str) -> View:
    """Ask about this line."""
    question = _text("question", multiline=True, longest=500)
    question["placeholder"] = plain(say("evidence_slack.form.question_hint", lang), limits.PLACEHOLDER_TEXT)
    return _form(ASK_FORM, "ask", click, [*_about(entry, today, lang), _input("question", question, lang, optional=False)], lang)


def return_form(click: Click, entries: Sequence[Entry], lang: str, along: Sequence[Entry] = ()) -> View:
    """Return a submission with a reason; of several, those that are ticked. ``along`` goes back with it, and may lack something, too."""
    lacks = _of_lines(LACKING, [e for e in (*entries, *along) if e.slot.ticks and e.state.claim == "evidence"], lang)
    reason = _input("reason", _text("reason", multiline=True), lang, label="return_reason", optional=False)
    if len(entries) > 1:
        which = _slots("which", entries, lang)
        return _form(RETURN_FORM, "return", click, [_input("which", which, lang, optional=False), *lacks, reason], lang)
    return _form(RETURN_FORM, "return", click, [_what(entries[0], lang), *lacks, reason], lang)


def notice(text: str, lang: str) -> View:
    """A few words to read."""
    return modal(NOTICE, say("evidence_slack.form.notice", lang), [paragraph(text)], lang)


def _about(entry: Entry, today: date, lang: str, several: bool = False) -> list[Block]:
    """The line that it is about (``several``: with all its periods), with what it must satisfy."""
    facts = [due_words(entry.due, today, lang)]
    parts = told_parts(described(entry.slot, lang, entry.state, several), (*IN_FORM, "criteria"))
    return [_what(entry, lang), *_returned(entry, lang), *parts, small(*facts)]


def _along(along: Sequence[Entry], today: date, lang: str) -> list[Block]:
    """The other lines of the paper, with what must be in it for them."""
    groups = by_line([mention(e, "submit", today) for e in along])
    return [rich("along", bullets([words(text)] for group in groups for text in also(group, lang)))] if groups else []


def _returned(entry: Entry, lang: str) -> list[Block]:
    """Why it came back, whole."""
    held = entry.state
    if held.name != "returned":
        return []
    why = in_a_row(returned_words(held.reason, held.lacking, unnamed(entry.slot, held), lang), lang)
    return [rich("returned", line(words(say("evidence_slack.form.returned", lang), bold=True)), quote(why, _QUOTE))]


def _named(entry: Entry, lang: str) -> list[Block]:
    """What a submission can say of itself: how often, which elements it covers, that nothing happened."""
    slot, found = entry.slot, list[Block]()
    if slot.count > 1 or slot.owing == "sample":
        found.append(_input("count", _text("count", longest=4), lang, label="count" if slot.count else "sets"))
    if slot.ticks:
        found += tick_fields("covers", slot.ticks, (), lang, "" if slot.elements else say("evidence_slack.form.points", lang))
    for number, name in enumerate(slot.figures):
        place = f"{FIGURE}:{number}"
        found.append(field(place, say("evidence_slack.form.figure", lang, name=name), _text(place, longest=20), optional=True))
    if slot.owing == "event":
        found.append(_input("nil", boxes("nil", [say("evidence_slack.form.nil_box", lang)]), lang))
    return found


def _of_lines(name: str, entries: Sequence[Entry], lang: str) -> list[Block]:
    """Boxes for what each line asks for; of what is missing, those ticked that the submission left out of what it said it covers."""
    lines: dict[str, list[Entry]] = {}
    for entry in entries:
        lines.setdefault(entry.slot.line_key, []).append(entry)
    found: list[Block] = []
    for same in lines.values():
        missed = {e for entry in same for e in left_out(entry.slot, entry.state)} if name == LACKING else ()
        several = len(lines) > 1 or name == COVERS
        of = say(f"evidence_slack.form.{name}_of", lang, line=line_name(same, lang)) if several else ""
        found += tick_fields(f"{name}:{same[0].slot.key}", same[0].slot.ticks, missed, lang, of)
    return found


def ticked_of_lines(view: dict[str, Any], name: str) -> dict[str, list[int]]:
    """What was ticked under a name, for the lines that were asked about: the first slot of each -> the places of its elements."""
    asked = (held.split(_MORE)[0] for held in view["state"]["values"] if held.startswith(f"{name}:"))
    return {held.partition(":")[2]: ticked(view, held) for held in dict.fromkeys(asked)}


def tick_fields(name: str, texts: Sequence[str], chosen: Container[str], lang: str, label: str = "") -> list[Block]:
    """A box for each text, in as many fields as Slack needs for them."""
    found = []
    for start in range(0, len(texts), _BOXES):
        place = f"{name}{_MORE}{start}" if start else name
        shown = boxes(place, texts[start : start + _BOXES], start)
        ticks = [option for option, text in zip(shown["options"], texts[start:], strict=False) if text in chosen]
        said = label or say(f"evidence_slack.form.{name.partition(':')[0]}", lang)
        whole = [text for text in texts[start : start + _BOXES] if limits.length(text) > limits.OPTION_TEXT]
        if whole:  # Slack cuts labels
            found.append(rich(f"{place}:whole", bullets([words(text)] for text in whole)))
        found.append(field(place, said, shown | ({"initial_options": ticks} if ticks else {}), optional=True))
    return found


def _periods(entry: Entry, periods: Sequence[Entry], lang: str) -> list[Block]:
    """Which periods of the line it is for; the one that was asked for first is ticked."""
    if len(periods) < 2:
        return []
    options = [{"text": plain(period_word(e.slot.spoken, lang) or "—", limits.OPTION_TEXT), "value": e.slot.key} for e in periods[:_BOXES]]
    chosen = [o for o in options if o["value"] == entry.slot.key] or options[:1]
    which: Element = {"type": "checkboxes", "action_id": "slots", "options": options, "initial_options": chosen}
    return [_input("slots", which, lang, optional=False)]


def boxes(name: str, texts: Sequence[str], start: int = 0) -> Element:
    """Boxes to tick; the place of each counts from ``start``."""
    options = [{"text": plain(opening(one_line(text), limits.OPTION_TEXT)), "value": str(n)} for n, text in enumerate(texts, start)]
    return {"type": "checkboxes", "action_id": name, "options": options}


def _slots(name: str, entries: Sequence[Entry], lang: str) -> Element:
    """A box for each slot, all ticked."""
    options = [{"text": plain(line_name([e], lang), limits.OPTION_TEXT), "value": e.slot.key} for e in entries[:_BOXES]]
    return {"type": "checkboxes", "action_id": name, "options": options, "initial_options": options}


def picked(view: dict[str, Any], name: str) -> list[str]:
    """The slots that were ticked under a name."""
    found = (view["state"]["values"].get(name) or {}).get(name) or {}
    return [str(option["value"]) for option in found.get("selected_options") or ()]


def ticked(view: dict[str, Any], name: str) -> list[int]:
    """Which boxes were ticked under a name, by their place."""
    fields = [held.get(key) for key, held in view["state"]["values"].items() if key.split(_MORE)[0] == name]
    return [int(option["value"]) for found in fields for option in (found or {}).get("selected_options") or ()]


def _what(entry: Entry, lang: str) -> Block:
    told, slot = described(entry.slot, lang), entry.slot
    rest = [words(f" · {text}") for text in (told.whose, told.period) if text]
    return rich("what", line(words(slot_name(slot.id, slot.kind, lang), bold=True), *rest), quote(told.bring, _QUOTE))


def _form(callback: str, name: str, click: Click, blocks: list[Block], lang: str) -> View:
    title, send = say(f"evidence_slack.form.{name}", lang), say(f"evidence_slack.form.{name}_do", lang)
    return modal(callback, title, blocks, lang, send, memory=click.memory())


def _input(name: str, element: Element, lang: str, label: str = "", hint: bool = False, optional: bool = True) -> Block:
    told = say(f"evidence_slack.form.{name}_hint", lang) if hint else ""
    return field(name, say(f"evidence_slack.form.{label or name}", lang), element, optional, told)


def _text(name: str, multiline: bool = False, longest: int = LONGEST) -> Element:
    return {"type": "plain_text_input", "action_id": name, "multiline": multiline, "max_length": longest}


def figures_of(view: dict[str, Any], names: Sequence[str]) -> dict[str, str]:
    """Figure -> what was written for it, of those that were filled in."""
    found = ((name, value(view, f"{FIGURE}:{number}")) for number, name in enumerate(names))
    return {name: text for name, text in found if text}


def files(view: dict[str, Any]) -> list[dict[str, Any]]:
    """The files that were put in."""
    found = (view["state"]["values"].get("files") or {}).get("files") or {}
    return list(found.get("files") or ())
