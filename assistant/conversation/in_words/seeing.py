"""Who may see what of the register in a conversation, and what of it somebody asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from assistant.conversation.chat import Button, ChatItem, Saying, words
from assistant.errors import RegisterError
from assistant.register.acts.doing.who import Who
from assistant.register.facts.slots import TO_DO, Entry
from assistant.register.ports import Filter
from assistant.register.rules.people.roles import permitted
from assistant.texts import listed, say

if TYPE_CHECKING:
    from assistant.conversation.enterprise import Desk
    from assistant.conversation.meaning.about import About

MISSING = "ask_missing"
"""The button that shows what is missing."""
MOST = 12  # rows of one answer; chosen


def leads(desk: Desk, who: Who) -> bool:
    """Whether somebody sees and steers all of the register: the compliance lead, and admins."""
    try:
        desk.service.require("set_due", who)
    except RegisterError:
        return False
    return True


def others(of: About, who: Who) -> list[str]:
    """The people named beside whoever asks."""
    return [p for p in of.people if p != who.actor]


def seen(desk: Desk, who: Who, entries: Sequence[Entry]) -> list[Entry]:
    """Of these slots, those whose state this person may see where they are."""
    if "stranger" in permitted(who.origin)["see"] or leads(desk, who):
        return list(entries)
    return [e for e in entries if who.actor in (e.owner, e.reviewer, e.held.deputy)]


def gaps(desk: Desk, who: Who, level: str = "all", target: str = "*") -> list[Entry]:
    """What is missing there, the most urgent first: one's own; for the lead, everybody's."""
    today = desk.service.day(who.at)
    own = "" if who.actor == desk.lead else who.actor
    found = [e for e in desk.service.standing(who.at, Filter(owner=own)) if level == "all" or getattr(e.slot, level) == target]
    open_ = [e for e in found if e.owed and e.open(today) and e.shown(today) in TO_DO]
    return sorted(open_, key=lambda e: (e.due or date.max, e.slot.position))


def of_people(desk: Desk, who: Who, of: About) -> tuple[list[Entry], Saying | None]:
    """What is owed there by the people named; a sentence instead where nothing is, or nobody who asks may see it."""
    found = [e for e in desk.service.standing(who.at) if e.owed and of.fits(e) and (not of.people or e.owner in of.people)]
    if not found:
        where = listed(of.called, of.lang) or of.where or say("talk.state.you", of.lang)
        return [], words(say("talk.state.nothing_owed", of.lang, where=where))
    shown = seen(desk, who, found)
    return shown, None if shown else words(say("talk.whose.closed", of.lang, name=listed(of.called, of.lang) or of.where))


def shortened(items: Sequence[ChatItem], lang: str) -> tuple[ChatItem, ...]:
    """At most ``MOST`` entries, and a word on how many more."""
    more = [ChatItem((say("talk.more_lines", lang, count=len(items) - MOST),))] if len(items) > MOST else []
    return (*items[:MOST], *more)


def offered_gaps(left: Sequence[Entry], lang: str) -> tuple[Button, ...]:
    """The button that shows what is missing, where something is."""
    return (Button(MISSING, say("talk.see_missing", lang, count=len(left)), "", "primary"),) if left else ()


def first_due(entries: Sequence[Entry], key: str, lang: str) -> str:
    """In words, the first day on which something of these is due; nothing where nothing is."""
    first = min((e.due for e in entries if e.due is not None), default=None)
    return say(key, lang, due=first.isoformat()) if first else ""


def reviewed_by(called_as: Mapping[str, str], entries: Iterable[Entry], lang: str) -> str:
    """Who reviews these, in words; nothing where nobody is named."""
    by = tuple(dict.fromkeys(called_as.get(e.reviewer, e.reviewer) for e in entries if e.reviewer))
    return say("talk.state.reviewers", lang, names=by) if by else ""
