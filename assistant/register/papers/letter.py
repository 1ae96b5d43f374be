"""A message as a letter: plain text and a simple page, what to bring and how to hand in, by line with its years; no ids, no commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assistant.register.facts.outbox import Message
from assistant.register.facts.people import Person
from assistant.register.facts.slots import State, slot_of
from assistant.register.papers.described import BRIEF, Described, described, when
from assistant.register.papers.edition_words import staged_text
from assistant.register.papers.messages import change_word, drilled_text
from assistant.register.papers.page import template
from assistant.register.papers.week_words import week_lines
from assistant.register.papers.words import kind_word
from assistant.texts import say

ASKING = ("first", "reminder", "returned", "reopened", "to_confirm", "expired", "handed", "reminded", "missing", "drill", "edition")
"""Reasons for which something is to be handed in or said."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who is who, and where those without a chat hand in: as the rules say it (``hand_in``), else to the lead."""

    people: Mapping[str, Person]
    lead: str
    enterprise: str = ""
    hand_in: str = ""
    chat: bool = False

    def name(self, person: str) -> str:
        """A person as they are called."""
        known = self.people.get(person)
        return known.name if known and known.name else person

    @property
    def lead_shown(self) -> str:
        """The lead, with the address where they are reached."""
        known = self.people.get(self.lead)
        mail = str(known.address.get("email") or "") if known else ""
        name = self.name(self.lead)
        return f"{name}（{mail}）" if mail and mail != name else name


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes out."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Thing:
    """One line that the letter speaks of: its title with the years, the guide's words, and what there is to say of it."""

    title: str
    quote: str
    facts: tuple[str, ...]


def letter(message: Message, desk: Desk, lang: str) -> Letter:
    """The letter for a message of any kind that tells somebody something."""
    payload = message.payload
    reason = _reason(message)
    over = message.kind == "drilled"  # its lines say what became of them
    things = [] if over else [_thing(group, reason, desk, lang) for group in _lines(payload.get("slots", ()))]
    count = len(things) + int(payload.get("more") or 0)
    by = payload.get("by") or ""
    values = {
        "count": count,
        "enterprise": payload.get("enterprise") or desk.enterprise,
        "by": "、".join(desk.name(str(p)) for p in ([by] if isinstance(by, str) else by)),
        "old": payload.get("before", ""),
        "new": payload.get("edition", ""),
        "text": payload.get("text", ""),
    }
    subject = say(f"letter.subject.{reason}", lang, **values)
    opening = [say("letter.greeting", lang, who=desk.name(message.recipient)), say(f"letter.head.{reason}", lang, **values)]
    if payload.get("instead_of"):
        opening.append(say("letter.instead", lang, of=desk.name(str(payload["instead_of"]))))
    if message.kind == "staged":
        opening.append(staged_text(message, lang))
    if message.kind == "week":
        opening += week_lines(payload, lang)
    if over:
        opening.append(drilled_text(payload, lang, {p.id: p.name for p in desk.people.values() if p.name}))
    closing = [*_after(payload, lang), *_how(reason, desk, lang), *_foot(payload, desk, lang)]
    page = template("letter.html.j2").render(lang=lang, subject=subject, opening=opening, things=things, closing=closing)
    return Letter(" ".join(subject.split()), _plain(opening, things, closing), page)


def _reason(message: Message) -> str:
    """What the letter is about, as its texts are named."""
    if message.kind == "verdict":
        return str(message.payload["verdict"])
    return str(message.payload.get("reason", message.kind)) if message.kind in ("nudge", "edition") else message.kind


def _lines(slots: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """The slots of one line and row together, in the order in which they first come."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for slot in slots:
        place, _, rest = slot["key"].partition("@")
        found.setdefault((place, rest.partition("@")[2]), []).append(slot)
    return list(found.values())


def _thing(group: Sequence[Mapping[str, Any]], reason: str, desk: Desk, lang: str) -> Thing:
    shown = sorted(group, key=lambda s: s["period"])
    first = shown[0]
    if "what" not in first:  # as stored by earlier versions
        return Thing(f"{first['clause']} {kind_word(first['kind'], lang)}", first["text"], ())
    told = described(slot_of(first["what"]), lang, State(counted=first["counted"]))
    periods = "、".join(dict.fromkeys(w for s in shown if (w := when(slot_of(s["what"]), lang))))
    title = " · ".join(w for w in (told.name, told.whose, periods) if w)
    return Thing(title, told.bring, tuple(_facts(shown, told, reason, desk, lang)))


def _facts(shown: Sequence[Mapping[str, Any]], told: Described, reason: str, desk: Desk, lang: str) -> Iterator[str]:
    due = min((s["due"] for s in shown if s["due"]), default="")
    if "change" in shown[0]:
        yield change_word(shown[0], lang, reason == "edition_back")
        yield from (say(f"letter.{name}", lang, text=shown[0][name]) for name in ("before", "after") if shown[0].get(name))
        return
    if due and reason in ASKING:
        yield say("letter.due", lang, due=due)
    for back in dict.fromkeys(s["returned"] for s in shown if s.get("returned")):
        yield say("letter.returned", lang, reason=back)
    if reason == "escalation":
        yield say("letter.asked", lang, owner=desk.name(shown[0]["owner"]), asks=max(s["asks"] for s in shown))
    for part in (part for name in BRIEF if (part := told.part(name))):
        yield "、".join(part.texts) if part.name == "how" else f"{part.label}：{'、'.join(part.texts)}"


def _after(payload: Mapping[str, Any], lang: str) -> Iterator[str]:
    if payload.get("more"):
        yield say("letter.more", lang, count=payload["more"])
    if payload.get("hours"):
        until = f"{datetime.fromisoformat(payload['deadline']):%Y-%m-%d %H:%M}"
        yield say("letter.deadline", lang, deadline=until, hours=payload["hours"])


def _how(reason: str, desk: Desk, lang: str) -> Iterator[str]:
    """Where to hand in, and what else can be answered."""
    if reason not in ASKING:
        return
    where = desk.hand_in or say("letter.to_lead", lang, lead=desk.lead_shown)
    yield say("letter.hand_in_chat" if desk.chat else "letter.hand_in", lang, where=where)
    yield say("letter.answers", lang)


def _foot(payload: Mapping[str, Any], desk: Desk, lang: str) -> Iterator[str]:
    yield say("letter.no_reply", lang, lead=desk.lead_shown)
    if payload.get("edition"):
        yield say("letter.edition", lang, edition=payload["edition"])


def _plain(opening: Sequence[str], things: Sequence[Thing], closing: Sequence[str]) -> str:
    lines = ["\n".join(opening)]
    for number, thing in enumerate(things, 1):
        lines.append("\n".join([f"{number}. {thing.title}", f"   「{thing.quote}」", *(f"   {fact}" for fact in thing.facts)]))
    lines.append("\n".join(closing))
    return "\n\n".join(lines) + "\n"
