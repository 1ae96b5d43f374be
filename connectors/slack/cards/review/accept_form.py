"""What a reviewer is asked before they accept what says nothing of itself: ticks, how often, its date, or that all is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from assistant.conversation.meaning.naming import line_name
from assistant.register.facts.handed_in import Seen
from assistant.register.facts.slots import Entry
from assistant.register.papers.said.words import shortfall_word
from assistant.register.rules.evidence.dated import serves_until
from assistant.register.rules.evidence.shortfall import Shortfall
from assistant.texts import say
from connectors.slack.cards.blocks.parts import View, field, line, modal, quote, rich, small, value, words
from connectors.slack.cards.blocks.rich_text import Block
from connectors.slack.cards.carried import Click
from connectors.slack.cards.evidence.forms import boxes, tick_fields, ticked

ACCEPT_FORM, WHOLE_BOX = "evidence_accept_form", "whole"
_SEEN, _TIMES, _DATED = "seen", "times", "dated"
_QUOTE = 600  # characters of a line; the card above has the whole of it

Asked = Mapping[str, tuple[tuple[Entry, ...], tuple[Shortfall, ...]]]
"""Line -> its entries that a card shows, and what they do not say of themselves."""


def accept_form(click: Click, asked: Asked, lang: str) -> View:
    """A field for each thing that is not said of each line; one box says that all is there."""
    blocks: list[Block] = []
    for key, (entries, short) in asked.items():
        name = line_name(entries, lang)
        blocks.append(rich(f"line:{key}", line(words(name, bold=True)), quote(entries[0].slot.text, _QUOTE)))
        for one in short:
            if one.name == "uncounted":
                text = {"type": "plain_text_input", "action_id": f"{_TIMES}:{key}", "max_length": 4}
                blocks.append(field(f"{_TIMES}:{key}", say("evidence_slack.form.times", lang, wanted=one.wanted), text, optional=True))
            elif one.name == "undated":
                on = {"type": "datepicker", "action_id": f"{_DATED}:{key}"}
                label, hint = (say(f"evidence_slack.form.{name}", lang) for name in ("dated", "dated_hint"))
                blocks.append(field(f"{_DATED}:{key}", label, on, optional=True, hint=hint))
            elif not one.elements:
                blocks.append(small(shortfall_word(one, lang)))
            else:
                blocks += tick_fields(f"{_SEEN}:{key}", entries[0].slot.ticks, (), lang, say("evidence_slack.form.seen", lang))
    all_there = boxes(WHOLE_BOX, [say("evidence_slack.form.whole_box", lang)])
    blocks.append(field(WHOLE_BOX, say("evidence_slack.form.whole", lang), all_there, optional=True))
    title, send = (say(f"evidence_slack.form.{name}", lang) for name in ("accept", "accept_do"))
    return modal(ACCEPT_FORM, title, blocks, lang, send, memory=click.memory())


def seen_in(view: dict[str, Any], key: str, entries: Sequence[Entry], today: date) -> Seen:
    """What was filled in for the entries of a line; ``UNSEEN`` where nothing was.

    Raises:
        RegisterError: the date is to come, or what it proves is too old.
    """
    ticks, dated = entries[0].slot.ticks, value(view, f"{_DATED}:{key}")
    until = serves_until([e.slot for e in entries], date.fromisoformat(dated), today) if dated else None
    if ticked(view, WHOLE_BOX):
        return Seen(whole=True, until=until)
    times = value(view, f"{_TIMES}:{key}")
    covers = tuple(ticks[n] for n in ticked(view, f"{_SEEN}:{key}") if n < len(ticks))
    return Seen(int(times) if times.isdigit() else 0, covers, until=until)
