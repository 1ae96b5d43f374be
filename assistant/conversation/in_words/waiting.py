"""What waits for a reviewer, who stands in for whom, and what is due when: the register asked in words, of one person or of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from assistant.conversation.chat import ChatItem, Saying, words
from assistant.conversation.in_words.seeing import MOST, leads, of_people, others, reviewed_by, seen, shortened
from assistant.conversation.meaning.naming import by_line, line_name, lines_named
from assistant.conversation.post import Post
from assistant.register.acts.doing.who import Who
from assistant.register.facts.slots import TO_DO, Entry, Held
from assistant.register.rules.people.in_charge import reviewer_of
from assistant.texts import listed, say

if TYPE_CHECKING:
    from assistant.conversation.context import Context
    from assistant.conversation.enterprise import Desk
    from assistant.conversation.meaning.about import About

_SOON = 30  # days ahead that are shown where a message names no days; chosen


def reviews(ctx: Context, post: Post, desk: Desk, who: Who, of: About) -> Saying:
    """What waits for review: for the people named, for oneself, for the lead by reviewer."""
    lang, people = ctx.lang, ctx.people(post.team)
    found = [e for e in desk.service.standing(who.at) if e.planned and e.state.name == "submitted" and of.fits(e)]
    found = [replace(e, reviewer=reviewer_of(e, desk.lead, people.values())) for e in found]
    called_as = ctx.names(post.team)
    if not of.people and leads(desk, who):
        rows = [ChatItem((say("talk.reviews.row", lang, name=called_as.get(p, p), count=n),)) for p, n in _counted(found)]
        own = [e for e in found if e.reviewer == who.actor]
        lines = [ChatItem((t,)) for t in lines_named(own or found, lang, MOST)]
        return Saying(head=(say("talk.reviews.all", lang, count=len(found)),), parts=(*rows, *lines)) if found else _none("all", "", lang)
    wanted = of.people or (who.actor,)
    theirs = [e for e in found if e.reviewer in wanted]
    shown = seen(desk, who, theirs)
    name = listed(of.called, lang)
    if theirs and not shown:
        return words(say("talk.whose.closed", lang, name=name))
    kind = "theirs" if others(of, who) else "yours"
    if not shown:
        own = [e for e in found if e.owner == who.actor] if kind == "yours" else []
        return _handed_in(own, called_as, lang) if own else _none(kind, name, lang)
    head = say(f"talk.reviews.{kind}", lang, name=name, count=len(shown))
    return Saying(head=(head,), parts=tuple(ChatItem((t,)) for t in lines_named(shown, lang, MOST)))


def _handed_in(own: Sequence[Entry], called_as: Mapping[str, str], lang: str) -> Saying:
    """What one handed in oneself, and whose review it waits for."""
    head = say("talk.reviews.handed_in", lang, count=len(own))
    lines = tuple(ChatItem((t,)) for t in lines_named(own, lang, MOST))
    return Saying(head=(head,), parts=lines, note=reviewed_by(called_as, own, lang))


def _none(kind: str, name: str, lang: str) -> Saying:
    return words(say(f"talk.reviews.none_{kind}", lang, name=name))


def _counted(found: Sequence[Entry]) -> list[tuple[str, int]]:
    return Counter(e.reviewer for e in found).most_common(MOST)


def charge(ctx: Context, post: Post, desk: Desk, who: Who, of: About) -> Saying | None:
    """Who is in charge of a place, or who stands in for somebody and when they are away."""
    lang, today, called_as = ctx.lang, desk.service.day(who.at), ctx.names(post.team)
    if not of.people and not of.placed:
        if not post.direct or "我" not in of.bare:
            return None
        of = replace(of, people=(who.actor,), called=(called_as.get(who.actor, who.actor),))
    with desk.service.register.reading(desk.workspace) as tx:
        absences = [a for a in tx.absences() if a.person in of.people and a.end >= today]
    found = [e for e in desk.service.standing(who.at) if e.owed and of.fits(e) and (not of.people or e.owner in of.people)]
    rows = [
        say("talk.charge.away", lang, name=called_as.get(a.person, a.person), start=a.start.isoformat(), end=a.end.isoformat())
        + (say("talk.charge.by", lang, name=called_as.get(a.deputy, a.deputy)) if a.deputy else "")
        for a in absences
    ]
    by_hands: dict[tuple[str, str, Held], list[Entry]] = {}
    for entry in found:
        by_hands.setdefault((entry.owner, entry.reviewer, entry.held), []).append(entry)
    for (owner, reviewer, held), entries in by_hands.items():
        clauses = tuple(dict.fromkeys(e.slot.clause for e in entries))
        clauses = clauses if len(clauses) <= MOST else tuple(dict.fromkeys(e.slot.item for e in entries))
        text = say("talk.charge.row", lang, where=clauses, owner=called_as.get(owner, owner), reviewer=called_as.get(reviewer, reviewer))
        rows.append(text + _deputy(held, called_as.get(held.deputy, held.deputy), lang))
    if not rows:
        return words(say("talk.state.nothing_owed", lang, where=of.where))
    nobody = of.people and not absences and not any(held.deputy for _, _, held in by_hands)
    by = say("talk.order.absence_lead" if leads(desk, who) else "talk.charge.ask", lang)
    note = say("talk.charge.nobody", lang, name=listed(of.called, lang), by=by) if nobody else ""
    return Saying(head=(say("talk.charge.head", lang, where=of.where),), parts=shortened([ChatItem((r,)) for r in rows], lang), note=note)


def _deputy(held: Held, name: str, lang: str) -> str:
    if not held.deputy:
        return ""
    start, end = held.deputy_from, held.deputy_until
    days = say("talk.charge.days", lang, start=_day(start), end=_day(end)) if start or end else say("talk.charge.absent", lang)
    return say("talk.charge.deputy", lang, name=name) + days


def _day(day: date | None) -> str:
    return day.isoformat() if day else "…"


def due(ctx: Context, post: Post, desk: Desk, who: Who, of: About) -> Saying:
    """What is to be handed in within some days, or when the lines of a place are due."""
    lang, today, called_as = ctx.lang, desk.service.day(who.at), ctx.names(post.team)
    if not of.people and not leads(desk, who):
        of = replace(of, people=(who.actor,), called=())
    found, instead = of_people(desk, who, of)
    if instead is not None:
        return instead
    open_ = [e for e in found if e.shown(today) in TO_DO and e.due is not None]
    placed = of.placed and of.days is None
    start, end = of.days or (today, date.max if placed else today + timedelta(days=_SOON))
    wanted = [e for e in open_ if e.due is not None and e.due <= end and (e.due >= start or start <= today)]
    name = " ".join(n for n in (listed(of.called, lang), of.where if of.placed else "") if n)
    when = "" if placed else say("talk.due.days", lang, start=start.isoformat(), end=end.isoformat())
    if not wanted:
        after = min((e.due for e in open_ if e.due is not None and e.due > end), default=None)
        text = say("talk.due.none", lang, name=name, when=when).strip()
        return words(text + (say("talk.overdue.next", lang, due=after.isoformat()) if after else ""))
    rows = []
    for group in by_line(sorted(wanted, key=lambda e: (e.due or date.max, e.slot.position))):
        owner = called_as.get(group[0].owner, group[0].owner)
        days = tuple(dict.fromkeys(e.due.isoformat() for e in group if e.due))
        rows.append(ChatItem((say("talk.due.row", lang, line=line_name(group, lang), due=days[0], owner=owner),)))
    return Saying(head=(say("talk.due.head", lang, name=name, when=when, count=len(wanted)).strip(),), parts=shortened(rows, lang))
