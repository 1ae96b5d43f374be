"""One slot on a card: the guide's line, period and due date, how it stands, and the buttons that still do something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant.conversation.scene import Scene
from assistant.register.facts.notices.common import Mention
from assistant.register.facts.slots import TO_DO, Entry
from assistant.register.papers.said.described import described
from assistant.register.papers.said.one_paper import Group, mentions, when_asked
from assistant.register.papers.said.words import in_a_row, returned_words, reviewer_word, slot_name, state_word
from assistant.register.rules.evidence.shortfall import unnamed
from assistant.texts import say
from connectors.slack.cards.blocks.parts import button, line, quote, rich, row, small, words
from connectors.slack.cards.blocks.rich_text import Block
from connectors.slack.cards.blocks.text import Element, plain
from connectors.slack.cards.carried import packed, unpacked
from connectors.slack.cards.evidence.told import short_facts
from connectors.slack.wire import limits

SUBMIT, NA, SNOOZE, HAND, ASK = "evidence_submit", "evidence_na", "evidence_snooze", "evidence_hand", "evidence_ask"
CONFIRM, FOUND, TAKE, MORE = "evidence_confirm", "evidence_found", "evidence_take", "evidence_more"
ASKED = (SUBMIT, NA, SNOOZE, HAND, ASK)
_QUOTE, _STATUS = 2_900, 300  # characters of a line (within Slack's 3,000), of its state
_SIGNS = {"submitted": "⏳", "accepted": "✅", "returned": "↩️", "to_confirm": "🔁", "not_applicable": "➖", "expired": "⌛"}


def slot_blocks(
    group: Sequence[Mention],
    number: int,
    at: Scene,
    recipient: str,
    message: str,
    extra: tuple[str, ...] = (),
    along: Sequence[Group] = (),
) -> list[Block]:
    """The blocks of one slot of a message, or of several periods of one line that stand alike; what is pressed concerns the first.

    Args:
        group: what the message says of the slots (``mentions.mention``).
        number: its place in the message, from 1.
        at: the register as it stands now.
        recipient: whose message it is.
        message: the message's id, for the buttons.
        extra: buttons before the usual ones.
        along: the lines that the same paper serves too, by which it may be due sooner; they are named, what they want stands in the form.
    """
    shown, several = group[0], len(group) > 1
    entry = at.entries.get(shown.key)
    name = f"{number}. {slot_name(shown.slot, shown.kind, at.lang)}"
    when = when_asked(group, at.lang)
    title = line(words(name, bold=True), *([words(f" · {when}")] if when else []))
    stands = status(shown, entry, at)
    produced = [line(words(say("evidence_slack.drilled.produced", at.lang), bold=True))] if shown.key in at.produced else []
    told = [*([line(words(stands, _STATUS))] if stands else []), *produced]
    what = described(entry.slot, at.lang, entry.state, several) if entry else None
    if what and what.whose:
        title["elements"].append(words(f" · {what.whose}", bold=True))
    blocks = [rich(f"what:{number}", title, quote(entry.slot.text if entry else shown.text, _QUOTE), *told)]
    asked = what and entry and entry.shown(at.today) in ("missing", "returned", "expired")
    soonest = min(mentions((group, along)), key=lambda s: s.due or date.max)
    facts = [*(short_facts(what, at.lang) if what and asked else ()), *urgency(soonest, at.entries.get(soonest.key), at)]
    blocks += [small(*facts)] if facts else []
    value = packed(s=shown.key, m=message)
    usable = () if shown.key in at.produced else buttons(shown, entry, at, recipient)
    pressed = (
        (FOUND,)
        if FOUND in extra and on_file(entry) and shown.key not in at.produced
        else (*(e for e in extra if e not in (FOUND, *usable) and SUBMIT in usable), *usable)
    )
    if pressed:
        blocks.append(pressing(pressed, number, value, entry, at.lang))
    return blocks


def more_value(name: str, slot: str, message: str) -> str:
    """What an entry of the menu carries; short enough for Slack's options."""
    return f"{name.partition('_')[2]}|{slot}|{message}"


def read_more_value(value: str) -> tuple[str, str, str]:
    """The action, slot and message of such an entry."""
    name, slot, message = [*value.split("|"), "", ""][:3]
    return f"evidence_{name}", slot, message


def pressing(pressed: Sequence[str], number: int, value: str, entry: Entry | None, lang: str) -> Block:
    """One button for what is mostly done, and a menu for the rest."""
    more = entry is not None and entry.state.name == "submitted"
    first, *rest = pressed
    if len(rest) > 1 and rest[0] == SUBMIT:  # 仍然适用 or 已备好 before the usual ones
        first, rest = pressed[0], list(pressed[1:])
    elements = [_button(first, value, lang, True, more)]
    if rest:
        kept = unpacked(value)
        options = [
            {"text": plain(_label(name, more, lang), limits.OPTION_TEXT), "value": more_value(name, kept.get("s", ""), kept.get("m", ""))}
            for name in rest[: limits.OVERFLOW_OPTIONS]
        ]
        elements.append({"type": "overflow", "action_id": MORE, "options": options})
    return row(f"do:{number}", elements)


def buttons(shown: Mention, entry: Entry | None, at: Scene, recipient: str) -> tuple[str, ...]:
    """What can still be done with a slot from this message."""
    if entry is None or not entry.owed or entry.slot.follows or given_away(shown, entry, at, recipient):
        return ()
    state = entry.shown(at.today)
    if state == "submitted":
        return (SUBMIT, ASK) if entry.state.claim == "evidence" else ()
    ends = state == "expired" or (state == "accepted" and shown.reason == "expired" and entry.expires_on is not None)
    if entry.state.claim == "evidence" and (state == "to_confirm" or (ends and entry.slot.renewable)):
        return (CONFIRM, *(ASKED if state in TO_DO else (SUBMIT, HAND, ASK)))
    if state not in TO_DO:
        return (SUBMIT, HAND, ASK) if ends else ()
    return (TAKE, *ASKED) if state == "missing" and entry.slot.key in at.offered else ASKED


def on_file(entry: Entry | None) -> bool:
    """Whether something was handed in that can be produced: accepted, or waiting for its review."""
    held = entry.state if entry is not None else None
    return held is not None and held.claim == "evidence" and (held.accepted_version > 0 or held.name in ("submitted", "accepted"))


def given_away(shown: Mention, entry: Entry, at: Scene, recipient: str) -> bool:
    """Whether somebody else was put in charge since the message was made."""
    return entry.owner != shown.owner and recipient not in (entry.owner, at.lead, entry.held.deputy)


def _button(name: str, value: str, lang: str, first: bool, more: bool) -> Element:
    style = "primary" if first and not more and name in (SUBMIT, CONFIRM, FOUND, TAKE) else ""
    return button(name, _label(name, more, lang), value, style)


def _label(name: str, more: bool, lang: str) -> str:
    return say(f"evidence_slack.button.{'submit_more' if more and name == SUBMIT else name.partition('_')[2]}", lang)


def urgency(shown: Mention, entry: Entry | None, at: Scene) -> list[str]:
    """Due date and why it is asked while something is missing."""
    state = entry.shown(at.today) if entry else "missing"
    found = []
    if state in TO_DO:
        due = entry.due if entry else shown.due
        found.append(due_words(due, at.today, at.lang))
        if shown.reason == "escalation":
            found.append(say("evidence_slack.escalated", at.lang, owner=at.name(shown.owner), asks=shown.asks))
        elif shown.asks > 1 and shown.reason == "reminder":
            found.append(say("evidence_slack.again", at.lang, asks=shown.asks))
    return [f for f in found if f]


def due_words(due: date | None, today: date, lang: str) -> str:
    """A due date, and how late it is."""
    if due is None:
        return ""
    late = (today - due).days
    return say("evidence_slack.late" if late > 0 else "evidence_slack.due", lang, due=due.isoformat(), days=late)


def status(shown: Mention, entry: Entry | None, at: Scene) -> str:
    """How a slot stands now, in a few words; empty while nothing happened."""
    lang = at.lang
    if not shown.key:  # nothing is owed for it
        return ""
    if entry is None or not entry.planned:
        return say("evidence_slack.status.gone", lang)
    if entry.settled_by:
        return say("evidence_slack.status.settled", lang, other=entry.settled_by)
    if not entry.slot.applicable:
        return say("evidence_slack.status.off", lang)
    state, held = entry.shown(at.today), entry.state
    sign = _SIGNS.get(state, "")
    if state == "submitted":
        name = "claimed" if held.claim == "not_applicable" else "submitted"
        by = at.name(held.submitters[-1]) if held.submitters else "—"
        return f"{sign} " + say(f"evidence_slack.status.{name}", lang, by=by, reviewer=at.name(at.reviewer(entry)), reason=held.reason)
    if state in ("accepted", "not_applicable"):
        return f"{sign} " + say("evidence_slack.status.done", lang, state=state_word(state, lang), by=reviewer_word(held, lang, at.name))
    if state == "returned":
        why = in_a_row(returned_words(held.reason, held.lacking, unnamed(entry.slot, held), lang), lang)
        return f"{sign} " + say("evidence_slack.status.returned", lang, by=reviewer_word(held, lang, at.name), reason=why)
    if state == "to_confirm":
        return f"{sign} " + say("evidence_slack.status.to_confirm", lang)
    if entry.owner != shown.owner:
        return say("evidence_slack.status.handed", lang, to=at.name(entry.owner))
    if held.snoozed_until is not None and held.snoozed_until > at.today:
        return "🔕 " + say("evidence_slack.status.snoozed", lang, until=held.snoozed_until.isoformat())
    if state == "missing" and (source := at.offered.get(entry.slot.key)) is not None:
        return "📎 " + say("evidence_slack.status.offered", lang, clause=source.slot.clause)
    return f"{sign} {state_word(state, lang)}" if state == "expired" else ""
