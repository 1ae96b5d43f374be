"""What is due, as calendar files (ICS): for each owner theirs, for the lead everything. Importing a newer one moves what moved."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from assistant.register.facts.naming import Names
from assistant.register.facts.people import Person
from assistant.register.facts.profile import Profile
from assistant.register.facts.slots import TO_DO, Entry
from assistant.register.papers.said.described import described
from assistant.register.papers.said.words import dotted, periods
from assistant.register.rules.demands.periods import ready_by
from assistant.texts import say

REMIND = timedelta(days=7)
"""How long before the day a calendar reminds."""


@dataclass(frozen=True, slots=True)
class Day:
    """One line of one row that is wanted on one day, with its periods; ``renew``: what was accepted ends then."""

    on: date
    owner: str
    entries: tuple[Entry, ...]
    renew: bool = False


def days(entries: Iterable[Entry], today: date) -> list[Day]:
    """What is wanted when, periods of a line that share their day together; in the order of the days."""
    found: dict[tuple[date, str, str, str, bool], list[Entry]] = {}
    for e in entries:
        waits = e.owed and e.due is not None and e.shown(today) in TO_DO
        ends = e.expires_on if e.owed and e.shown(today) == "accepted" else None
        on = e.due if waits else ends
        if on is not None:
            found.setdefault((on, e.owner, e.slot.line_key, e.slot.subject, not waits), []).append(e)
    ordered = sorted(found.items(), key=lambda item: (item[0][0], item[1][0].slot.position))
    return [Day(key[0], key[1], tuple(group), key[4]) for key, group in ordered]


def calendar(wanted: Iterable[Day], profile: Profile, people: Mapping[str, Person], at: datetime, lang: str, owner: str = "") -> bytes:
    """One calendar file.

    Args:
        wanted: the days.
        profile: the enterprise; the day of the visit, and that by which everything is wanted for it, stand in the lead's calendar.
        people: who is called how.
        at: the moment from which it is.
        lang: of the words around the guide's own.
        owner: whose calendar it is; empty: the lead's, with everybody's name.
    """
    from icalendar import Calendar

    book = Calendar()
    book.add("prodid", "-//AEO assistant//evidence//")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    title = say("calendar.title", lang, enterprise=profile.enterprise)
    book.add("x-wr-calname", title)
    names = Names(people)
    for day in wanted:
        if owner in ("", day.owner):
            book.add_component(_event(day, profile, at, lang, "" if owner else names(day.owner)))
    if not owner and profile.visit_on is not None:
        ready = say("calendar.ready", lang, enterprise=profile.enterprise)
        book.add_component(_plain(f"{profile.key} ready", ready_by(profile.visit_on), ready, at))
        book.add_component(_plain(f"{profile.key} visit", profile.visit_on, say("calendar.visit", lang, enterprise=profile.enterprise), at))
    content: bytes = book.to_ical()
    return content


def _event(day: Day, profile: Profile, at: datetime, lang: str, who: str) -> Any:
    """One day; ``who``: whose it is, where that is to be read."""
    from icalendar import Alarm

    first = day.entries[0]
    told = described(first.slot, lang, first.state)
    what = dotted(told.name, told.whose, periods((e.slot.spoken for e in day.entries), lang))
    whose = say("calendar.whose", lang, who=who) if who else ""
    title = say("calendar.renew" if day.renew else "calendar.due", lang, what=what) + whose
    event = _plain(f"{profile.key} {first.slot.key} {day.renew}", day.on, title, at)
    how = told.part("how")
    event.add("description", "\n".join([told.bring, *(how.texts if how else ())]))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -REMIND)
    event.add_component(alarm)
    return event


def _plain(mark: str, on: date, title: str, at: datetime) -> Any:
    """A whole day that keeps nobody busy; the same thing has the same id in every file."""
    from icalendar import Event

    event = Event()
    event.add("uid", f"{hashlib.sha256(mark.encode()).hexdigest()[:32]}@aeo")
    event.add("dtstamp", at)
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("summary", title)
    event.add("transp", "TRANSPARENT")
    return event
