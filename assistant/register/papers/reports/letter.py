"""A message as a letter: plain text and a simple page, what to bring and how to hand in, by line with its years; no ids, no commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.register.facts.notices.asking import Changed, Drilled, Renewed, Wanting
from assistant.register.facts.notices.common import Mention, Notice
from assistant.register.facts.notices.leading import DrillOver, Staged, Week
from assistant.register.facts.notices.reviewing import Comment, Decided, ToReview
from assistant.register.facts.outbox import Message
from assistant.register.facts.people import Person
from assistant.register.facts.slots import State
from assistant.register.papers.page import template
from assistant.register.papers.said.described import Described, brief, described
from assistant.register.papers.said.edition_words import staged_text
from assistant.register.papers.said.messages import ASKING, change_word, drilled_text, parts_told
from assistant.register.papers.said.one_paper import Group, also, as_one, by_line, mentions, title
from assistant.register.papers.said.week_words import week_lines
from assistant.register.papers.said.words import actor_word, kind_word, piece_word, rest_words, returned_words, shortfall_word, slot_name
from assistant.register.rules.evidence.shortfall import shortfalls
from assistant.texts import say

_CONFIRMING = ("to_confirm", "edition")
"""Reasons for which a word is enough where what was handed in still serves."""
_ANSWERED = (*ASKING, *_CONFIRMING)


@dataclass(frozen=True, slots=True)
class Addressees:
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


def letter(message: Message, desk: Addressees, lang: str) -> Letter:
    """The letter for a message of any kind that tells somebody something."""
    says, reason = message.says, message.says.topic
    over = isinstance(says, DrillOver)  # its lines say what became of them
    things = [] if over else [_thing(group, along, reason, desk, lang) for group, along in as_one(by_line(says.slots))]
    count = len(says.slots) + says.more if isinstance(says, Wanting) else len(things)
    by: tuple[str, ...] = tuple(map(desk.name, says.by)) if isinstance(says, ToReview) else ()
    if isinstance(says, Wanting | Decided | Comment):
        by = (actor_word(says.by, lang, desk.name, "" if isinstance(says, Comment) else says.through),)
    values = {
        "count": count,
        "enterprise": (says.enterprise if isinstance(says, Wanting | Week) else "") or desk.enterprise,
        "by": by,
        "old": says.before if isinstance(says, Renewed) else "",
        "new": _edition(says),
        "text": says.text if isinstance(says, Comment) else "",
    }
    subject = say(f"letter.subject.{reason}", lang, **values)
    opening = [say("letter.greeting", lang, who=desk.name(message.recipient)), say(f"letter.head.{reason}", lang, **values)]
    if isinstance(says, Decided) and says.by:
        opening.append(say("letter.reviewer", lang, by=by))
    if says.instead_of:
        opening.append(say("letter.instead", lang, of=desk.name(says.instead_of)))
    if isinstance(says, Staged):
        opening.append(staged_text(says, lang))
    if isinstance(says, Week):
        opening += week_lines(says, lang)
    if isinstance(says, DrillOver):
        opening.append(drilled_text(says, lang, desk.name))
    closing = [*_after(says, lang), *_how(reason, says, desk, lang), *_foot(says, desk, lang)]
    page = template("letter.html.j2").render(lang=lang, subject=subject, opening=opening, things=things, closing=closing)
    return Letter(" ".join(subject.split()), _plain(opening, things, closing), page)


def _edition(says: Notice) -> str:
    return says.edition if isinstance(says, Wanting | Staged | Week) else ""


def _thing(group: Group, along: Sequence[Group], reason: str, desk: Addressees, lang: str) -> Thing:
    first = group[0]
    if isinstance(first, Changed) and not first.key:
        return Thing(slot_name(first.slot, first.kind, lang), first.text, tuple(_changed(first, reason, lang)))
    if first.what is None:  # as stored by earlier versions
        return Thing(f"{first.clause} {kind_word(first.kind, lang)}", first.text, ())
    told = described(first.what, lang, State(counted=first.counted), len(group) > 1)
    counted = first.counted if reason == "partly" and len(group) > 1 else 0  # of one period what is to be done says it
    facts = _facts(mentions((group, along)), told, reason, counted, desk, lang)
    quote = told.bring if parts_told(reason) else told.bring.rstrip("：:")
    return Thing(title(group, lang), quote, (*facts, *(text for other in along for text in also(other, lang, parts_told(reason)))))


def _facts(shown: Sequence[Mention], told: Described, reason: str, counted: int, desk: Addressees, lang: str) -> Iterator[str]:
    first, due = shown[0], min((s.due for s in shown if s.due), default=None)
    if isinstance(first, Changed):
        yield from _changed(first, reason, lang)
        return
    if due and reason in _ANSWERED:
        yield say("letter.due", lang, due=due)
    for back in dict.fromkeys((s.returned, s.lacking, s.unnamed) for s in shown if s.returned):
        why, *missed = returned_words(*back, lang)
        yield say("letter.returned", lang, reason=why)
        yield from missed
    if first.what and not first.returned and reason != "review":
        yield from rest_words(first.lacking, counted, first.what, lang)
    if reason == "review":
        yield from _came(first, lang)
    if reason == "escalation":
        yield say("letter.asked", lang, owner=desk.name(first.owner), asks=max(s.asks for s in shown))
    yield from brief(told, lang, parts_told(reason))


def _changed(shown: Changed, reason: str, lang: str) -> Iterator[str]:
    yield change_word(shown, lang, reason == "edition_back")
    yield from (say(f"letter.{name}", lang, text=text) for name, text in (("before", shown.before), ("after", shown.after)) if text)


def _came(shown: Mention, lang: str) -> Iterator[str]:
    """What was handed in, and what it is short of."""
    if shown.came:
        yield say("letter.came", lang, pieces=tuple(piece_word(p, lang) for p in shown.came))
    if shown.came and shown.what:
        waits = State("submitted", counted=shown.counted, covers=shown.covers)
        yield from (shortfall_word(s, lang) for s in shortfalls(shown.what, waits, shown.came))


def _after(says: Notice, lang: str) -> Iterator[str]:
    if isinstance(says, Wanting) and says.more:
        yield say("letter.more", lang, shown=len(says.slots), count=says.more)
    if isinstance(says, Drilled) and says.deadline:
        yield say("letter.deadline", lang, deadline=f"{says.deadline:%Y-%m-%d %H:%M}", hours=says.hours)


def _how(reason: str, says: Notice, desk: Addressees, lang: str) -> Iterator[str]:
    """Where to hand in, and what else can be answered."""
    if reason not in _ANSWERED:
        return
    where = desk.hand_in or say("letter.to_lead", lang, lead=desk.lead_shown)
    yield say("letter.hand_in_chat" if desk.chat else "letter.hand_in", lang, where=where)
    if reason in _CONFIRMING or (reason == "expired" and any(s.what is not None and s.what.renewable for s in says.slots)):
        yield say("letter.confirming", lang)
    if reason != "to_confirm":
        yield say("letter.answers", lang)


def _foot(says: Notice, desk: Addressees, lang: str) -> Iterator[str]:
    yield say("letter.no_reply", lang, lead=desk.lead_shown)
    if edition := _edition(says):
        yield say("letter.edition", lang, edition=edition)


def _plain(opening: Sequence[str], things: Sequence[Thing], closing: Sequence[str]) -> str:
    lines = ["\n".join(opening)]
    for number, thing in enumerate(things, 1):
        lines.append("\n".join([f"{number}. {thing.title}", f"   「{thing.quote}」", *(f"   {fact}" for fact in thing.facts)]))
    lines.append("\n".join(closing))
    return "\n\n".join(lines) + "\n"
