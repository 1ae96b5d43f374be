"""The register asked in words: what is mine, what is missing, how one clause stands, who is late, how far we are, and what to do next.

Everybody sees their own part; the compliance lead sees all of it. In a channel nothing of it is said: it goes to whoever asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from assistant.answers.question.reading import Reading
from assistant.conversation.chat import REMIND_OWNER, Button, ChatItem, Press, Saying, words
from assistant.conversation.naming import by_line, line_name, lines_named
from assistant.conversation.post import Place, Post
from assistant.conversation.wishes import Wish
from assistant.errors import RegisterError
from assistant.guide import KINDS
from assistant.register.acts.reminding import remind as send_reminder
from assistant.register.acts.who import Who
from assistant.register.facts.people import Person
from assistant.register.facts.slots import Entry
from assistant.register.papers.coverage import Ready, counted, heat, readiness, total
from assistant.register.papers.words import kind_word, state_word
from assistant.register.ports import Filter
from assistant.register.rules.named_places import target_of
from assistant.texts import listed, say

if TYPE_CHECKING:
    from assistant.conversation.context import Context
    from assistant.conversation.enterprise import Desk

MISSING, REMIND, DROP = "ask_missing", REMIND_OWNER, "ask_drop"
Where = tuple[str, str] | None
"""A level (``clause``, ``item``) and its number; None where none is named."""
_MOST, _PEOPLE, _OPEN = 10, 12, ("missing", "returned", "to_confirm", "expired")


def asked(ctx: Context, post: Post, wish: Wish, desk: Desk, reading: Reading) -> bool:
    """Answer what was asked of the register; False where it turns out to be no such question."""
    place = place_in(reading, desk)
    who = ctx.who(post.team, post.user)
    act = _ACTS.get(wish)
    here = said_here(ctx, post)
    said = act(ctx, post, desk, who, place) if act else None
    if said is None:
        return False
    if isinstance(said, Saying):
        ctx.chat.say(here, f"{wish}:{post.key}", said)
    if here.channel != post.channel or post.response_url:
        ctx.chat.whisper(post.place, words(say("evidence_slack.told_directly", ctx.lang)))
    return True


def said_here(ctx: Context, post: Post) -> Place:
    """Where states may be said: in direct messages and the channels that are open for it; else to the person directly."""
    here = post.direct or (not post.response_url and ctx.open(post.channel))
    return Place(post.team, post.user, post.channel, post.thread, post.direct) if here else post.place.own


def _mine(ctx: Context, _: Post, desk: Desk, who: Who, __: Where) -> Saying:
    lang, today = ctx.lang, desk.service.day(who.at)
    own = [e for e in desk.service.standing(who.at, Filter(owner=who.actor)) if e.owed]
    reviews = [e for e in desk.service.standing(who.at, Filter(reviewer=who.actor)) if e.planned and e.state.name == "submitted"]
    if not own:
        text = say("talk.mine.review_only" if reviews else "talk.mine.none", lang, count=len(reviews))
        return words(text)
    left = [e for e in own if e.open(today) and e.shown(today) in _OPEN]
    items: list[ChatItem] = []
    for item in dict.fromkeys(e.slot.item for e in own):
        theirs, theirs_left = [e for e in own if e.slot.item == item], [e for e in left if e.slot.item == item]
        title = desk.guide.items[item].title if item in desk.guide.items else ""
        text = say("talk.mine.item", lang, item=item, title=title, count=len(theirs), left=len(theirs_left))
        items.append(ChatItem((text + _first_due(theirs_left, "talk.mine.due", lang),)))
    shown = items[:_PEOPLE]
    more = [ChatItem((say("talk.more_lines", lang, count=len(items) - _PEOPLE),))] if len(items) > _PEOPLE else []
    head = say("talk.mine.head", lang, count=len(own), left=len(left), reviews=len(reviews))
    return Saying(head=(head,), parts=(*shown, *more), buttons=_see(left, lang))


def _first_due(entries: Sequence[Entry], key: str, lang: str) -> str:
    """In words, the first day on which something of these is due; nothing where nothing is."""
    first = min((e.due for e in entries if e.due is not None), default=None)
    return say(key, lang, due=first.isoformat()) if first else ""


def _missing(ctx: Context, post: Post, desk: Desk, who: Who, place: Where) -> Saying | bool | None:
    level, target = place if place else ("all", "*")
    return missing(ctx, said_here(ctx, post), desk, who, f"missing:{post.key}", level, target)


def missing(ctx: Context, place: Place, desk: Desk, who: Who, key: str, level: str = "all", target: str = "*") -> Saying | bool:
    """What is missing: a card that follows the register, or a sentence when nothing is."""
    found, where = gaps(desk, who, level, target), "" if level == "all" else target
    if not found:
        return words(say("evidence_slack.nothing_missing_in" if where else "evidence_slack.nothing_missing", ctx.lang, where=where))
    ctx.chat.slots(place, key, found[:_MOST], max(0, len(found) - _MOST))
    return True


def gaps(desk: Desk, who: Who, level: str = "all", target: str = "*") -> list[Entry]:
    """What is missing there, the most urgent first: one's own; for the lead, everybody's."""
    today = desk.service.day(who.at)
    own = "" if who.actor == desk.lead else who.actor
    found = [e for e in desk.service.standing(who.at, Filter(owner=own)) if level == "all" or getattr(e.slot, level) == target]
    open_ = [e for e in found if e.owed and e.open(today) and e.shown(today) in _OPEN]
    return sorted(open_, key=lambda e: (e.due or date.max, e.slot.position))


def _state(ctx: Context, post: Post, desk: Desk, who: Who, place: Where) -> Saying | None:
    lang, today = ctx.lang, desk.service.day(who.at)
    named = people_in(post.text, ctx.people(post.team))
    if place is None and not named:
        return None
    level, target = place if place else ("all", "*")
    found = [e for e in desk.service.standing(who.at) if e.planned and (level == "all" or getattr(e.slot, level) == target)]
    if named:
        found = [e for e in found if e.owner in named]
    where = target if place else listed((ctx.names(post.team).get(p, p) for p in named), lang)
    if not [e for e in found if e.owed]:
        return words(say("talk.state.nothing_owed", lang, where=where))
    called_as = ctx.names(post.team)
    theirs = [e for e in found if e.owed and who.actor in (e.owner, e.reviewer, e.held.deputy, desk.lead)]
    if not theirs:
        owners = tuple(dict.fromkeys(called_as.get(e.owner, e.owner) for e in found if e.owed))
        return words(say("talk.state.not_yours", lang, where=where, owners=owners))
    items = []
    for group in by_line(theirs):
        states = Counter(e.shown(today) if e.open(today) or e.shown(today) != "missing" else "later" for e in group)
        for state, _ in states.most_common():
            same = [e for e in group if (e.shown(today) if e.open(today) or e.shown(today) != "missing" else "later") == state]
            told = say("talk.state.later", lang) if state == "later" else state_word(state, lang)
            late = any(e.due is not None and e.due < today and state in _OPEN for e in same)
            text = say("talk.state.line", lang, name=line_name(same, lang), state=told, owner=called_as.get(same[0].owner, same[0].owner))
            items.append(ChatItem((text + (say("talk.state.late", lang) if late else ""),)))
    ready = sum(e.shown(today) in ("accepted", "not_applicable") for e in theirs)
    head = say("talk.state.head", lang, where=where, ready=ready, count=len(theirs))
    more = [ChatItem((say("talk.more_lines", lang, count=len(items) - _PEOPLE),))] if len(items) > _PEOPLE else []
    return Saying(head=(head,), parts=(*items[:_PEOPLE], *more))


def _overdue(ctx: Context, post: Post, desk: Desk, who: Who, __: Where) -> Saying:
    lang, today = ctx.lang, desk.service.day(who.at)
    own = "" if _leads(desk, who) else who.actor
    found = [e for e in desk.service.standing(who.at, Filter(owner=own, overdue=True)) if e.owed and e.open(today)]
    if not found:
        waiting = [e for e in desk.service.standing(who.at, Filter(owner=own)) if e.owed and e.shown(today) in _OPEN]
        none = say("talk.overdue.none" if not own else "talk.overdue.none_yours", lang)
        return words(none + _first_due(waiting, "talk.overdue.next", lang))
    if own:
        return Saying(
            head=(say("talk.overdue.yours", lang, count=len(found)),),
            parts=tuple(ChatItem((t,)) for t in lines_named(found, lang)),
            buttons=_see(found, lang),
        )
    called_as, late = ctx.names(post.team), Counter(e.owner for e in found)
    rows = [ChatItem((say("talk.overdue.row", lang, owner=called_as.get(o, o), count=n),)) for o, n in late.most_common(_PEOPLE)]
    buttons = [
        Button(REMIND, say("talk.remind.button", lang, name=called_as.get(o, o)), o, sure=_sure(called_as.get(o, o), n, lang))
        for o, n in late.most_common(4)
        if o != who.actor
    ]
    return Saying(head=(say("talk.overdue.head", lang, people=len(late), count=len(found)),), parts=tuple(rows), buttons=tuple(buttons))


def _progress(ctx: Context, _: Post, desk: Desk, who: Who, __: Where) -> Saying:
    lang, today = ctx.lang, desk.service.day(who.at)
    own = "" if _leads(desk, who) else who.actor
    counts = counted(desk.service.standing(who.at, Filter(owner=own)), today)
    whole = total(counts)
    name = "talk.progress.all" if not own else "talk.progress.yours"
    values = {"owed": whole.owed, "ready": whole.ready, "pending": whole.pending, "open": whole.open, "overdue": whole.overdue}
    head = say(name, lang, share=round(100 * whole.share), **values, later=whole.later)
    kinds = readiness(counts, "kind")
    found = [(k, kinds[k]) for k in KINDS if k in kinds]
    rows = [ChatItem((say("evidence_slack.lead.row", lang, name=kind_word(k, lang), ready=r.ready, owed=r.owed),)) for k, r in found]
    visit = getattr(desk.profile, "visit_on", None)
    note = say("talk.progress.visit", lang, day=visit.isoformat(), days=(visit - today).days) if visit and visit >= today else ""
    return Saying(head=(head,), parts=tuple(rows), note=note, table=table(desk, who, lang).table if not own else ())


def table(desk: Desk, who: Who, lang: str) -> Saying:
    """Item by kind, ready of owed, as a table."""
    counts = counted(desk.service.standing(who.at), desk.service.day(who.at))
    cells, kinds = heat(counts), readiness(counts, "kind")
    shown = [k for k in KINDS if k in kinds]
    names = ("table_item", *shown, "table_all", "table_late")
    rows = [tuple(kind_word(k, lang) if k in shown else say(f"evidence_slack.lead.{k}", lang) for k in names)]
    for item in desk.guide.items.values():
        whole = sum((cells[item.number, k] for k in shown if (item.number, k) in cells), Ready())
        if whole.owed:
            own = [cells.get((item.number, k), Ready()) for k in shown]
            told = [f"{r.ready}/{r.owed}" if r.owed else "—" for r in own]
            rows.append((f"{item.number} {item.title}", *told, f"{whole.ready}/{whole.owed}", str(whole.overdue or "—")))
    return Saying(head=(say("evidence_slack.lead.table_head", lang),), table=tuple(rows))


def _remind(ctx: Context, post: Post, desk: Desk, who: Who, place: Where) -> Saying | None:
    """Ask back whom to remind of how much; the button does it."""
    lang = ctx.lang
    if not _leads(desk, who):
        return words(say("talk.remind.lead_only", lang))
    named = people_in(post.text, ctx.people(post.team))
    level, target = place if place else ("all", "*")
    owing = [e for e in gaps(desk, Who(desk.lead, who.at, who.origin), level, target) if e.owner != who.actor]
    called_as = ctx.names(post.team)
    people = [p for p in named if any(e.owner == p for e in owing)] if named else list(dict.fromkeys(e.owner for e in owing))
    if not people:
        text = "talk.remind.nothing" if named else "talk.remind.nobody"
        return words(say(text, lang, name=tuple(called_as.get(p, p) for p in named)))
    value = target if place else ""
    buttons = tuple(
        Button(REMIND, say("talk.remind.button", lang, name=called_as.get(p, p)), f"{p}\n{value}", "primary" if len(people) == 1 else "")
        for p in people[:5]
    )
    rows = []
    for person in people[:5]:
        lines = "；".join(lines_named([e for e in owing if e.owner == person], lang, 3))
        rows.append(ChatItem((say("talk.remind.row", lang, name=called_as.get(person, person), lines=lines),)))
    return Saying(head=(say("talk.remind.sure", lang),), parts=tuple(rows), buttons=(*buttons, Button(DROP, say("talk.remind.drop", lang))))


def remind(ctx: Context, press: Press) -> None:
    """Send somebody what they still owe, now, and say so where it was asked."""
    desk = ctx.register(press.place.team)
    who = ctx.who(press.place.team, press.place.user, press.key)
    if not _leads(desk, who):
        ctx.chat.whisper(press.place, words(say("talk.remind.lead_only", ctx.lang)))
        return
    person, _, target = press.value.partition("\n")
    level = "all" if not target else target_of(target, desk.guide)[0]
    owing = [e for e in gaps(desk, Who(desk.lead, who.at, who.origin), level, target) if e.owner == person]
    name = ctx.names(press.place.team).get(person, person)
    if not owing:
        done = say("talk.remind.nothing", ctx.lang, name=name)
    else:
        send_reminder(desk.service, person, [e.slot.key for e in owing[:_MOST]], max(0, len(owing) - _MOST), who)
        ctx.chat.settle(press.place.team)
        done = say("talk.remind.done", ctx.lang, name=name, count=len(owing))
    if press.ref:
        ctx.chat.change(press.place, press.ref, words(done))
    else:
        ctx.chat.whisper(press.place, words(done))


def drop(ctx: Context, press: Press) -> None:
    """Leave it."""
    ctx.chat.change(press.place, press.ref, words(say("talk.dropped", ctx.lang)))


def see_missing(ctx: Context, press: Press) -> None:
    """The button that shows what is missing."""
    desk = ctx.register(press.place.team)
    said = missing(ctx, press.place, desk, ctx.who(press.place.team, press.place.user), f"missing:{press.key}")
    if isinstance(said, Saying):
        ctx.chat.say(press.place, f"missing:{press.key}", said)


def _how(ctx: Context, _: Post, desk: Desk, who: Who, __: Where) -> Saying:
    lang, left = ctx.lang, gaps(desk, who)
    return Saying(
        head=(say("talk.how.head", lang),),
        parts=tuple(ChatItem((say(f"talk.how.{way}", lang),)) for way in ("drop", "button", "words")),
        buttons=_see(left, lang),
        note=say("talk.how.after", lang),
    )


def _abilities(ctx: Context, _: Post, desk: Desk, who: Who, __: Where) -> Saying:
    lang = ctx.lang
    ways = ("guide", "mine", "hand_in", "lead") if _leads(desk, who) else ("guide", "mine", "hand_in")
    parts = tuple(ChatItem((say(f"talk.help.{way}", lang),)) for way in ways)
    return Saying(head=(say("talk.help.head", lang),), parts=parts, buttons=_see(gaps(desk, who), lang))


def _see(left: Sequence[Entry], lang: str) -> tuple[Button, ...]:
    return (Button(MISSING, say("talk.see_missing", lang, count=len(left)), "", "primary"),) if left else ()


def _sure(name: str, count: int, lang: str) -> str:
    return say("talk.remind.sure_one", lang, name=name, count=count)


def _leads(desk: Desk, who: Who) -> bool:
    try:
        desk.service.require("set_due", who)
    except RegisterError:
        return False
    return True


def place_in(reading: Reading, desk: Desk) -> Where:
    """The clause or item that a message names."""
    for named in (*reading.references, *reading.items):
        try:
            return target_of(named.text, desk.guide)
        except RegisterError:
            continue
    return None


def people_in(text: str, people: dict[str, Person]) -> list[str]:
    """The people of the register whom a message names, by their names or the names of their mail addresses."""
    said = text.casefold()
    found = []
    for person in people.values():
        own = [person.name, person.id.partition("@")[0] if "@" in person.id else ""]
        if any(len(name) > 1 and name.casefold() in said for name in own):
            found.append(person.id)
    return found


_ACTS: dict[str, Callable[[Context, Post, Desk, Who, Where], Saying | bool | None]] = {
    "mine": _mine,
    "missing": _missing,
    "state": _state,
    "overdue": _overdue,
    "progress": _progress,
    "remind": _remind,
    "how": _how,
    "abilities": _abilities,
}
