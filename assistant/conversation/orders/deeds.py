"""Orders that a button confirms: take back, open again, another day, another reviewer; each asks the register whether it may.

What is meant is shown first, with its lines to choose from; words that leave out what an order needs are told how to say it. Who may
not give an order is told whose it is, and may pass the words on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from assistant.conversation.chat import Button, ChatItem, Choice, Press, Saying, words
from assistant.conversation.in_words.handing_in import CHOICE, options
from assistant.conversation.in_words.roots import KEEP
from assistant.conversation.in_words.seeing import leads
from assistant.conversation.in_words.told import kept_of, to_each
from assistant.conversation.meaning.dates import day_in, length_in
from assistant.conversation.meaning.naming import line_of, lines_named
from assistant.conversation.orders.passing_on import whose_it_is
from assistant.conversation.post import Post
from assistant.register.acts.doing.who import Who
from assistant.register.acts.people.owning import Owners
from assistant.register.facts.people import Assignment
from assistant.register.facts.slots import TO_DO, Entry
from assistant.texts import say

if TYPE_CHECKING:
    from assistant.conversation.context import Context
    from assistant.conversation.enterprise import Desk
    from assistant.conversation.meaning.about import About

DO = "order_do"


@dataclass(frozen=True)
class Deed:
    """One order.

    ``found``: the slots that it may be given for, as they stand (today is the day). ``wants``: what it needs beside them, from the words;
    empty where they do not say it. ``do``: do it to one slot (key), with what it needs. ``of``: the people by whom a slot may be named.
    """

    found: Callable[[Entry, Who, date], bool]
    do: Callable[[Desk, str, str, Who], Entry]
    wants: Callable[[Post, About, date, Sequence[Entry]], str] = lambda post, of, today, here: post.text
    of: Callable[[Entry], set[str]] = lambda e: set()
    leading: bool = False


def _reviewed_by(desk: Desk, key: str, person: str, who: Who) -> Entry:
    """Make somebody the reviewer of a slot's clause."""
    Owners(desk.service).assign([Assignment("clause", desk.service.entry(key).slot.clause, reviewer=person)], who)
    return desk.service.entry(key)


def _named(_: Post, of: About, __: date, here: Sequence[Entry]) -> str:
    """The person named last (王芳的换李雷审; 李雷休假，陈杰替他审), unless they review already what the others have (陈杰替李雷审)."""

    def is_new(person: str) -> bool:
        others = set(of.people) - {person}
        return not others or any(e.reviewer != person and others & {e.owner, e.reviewer} for e in here)

    return next((p for p in reversed(of.people) if is_new(p)), "")


def _day(post: Post, _: About, today: date, __: Sequence[Entry]) -> str:
    """The day that is named, or by how many days it moves from where it stands: ``+7``."""
    days, day = length_in(post.text, today), day_in(post.text, today)
    return f"{days:+d}" if days else day.isoformat() if day else ""


def _due(desk: Desk, key: str, day: str, who: Who) -> Entry:
    """Set a due date, or move it from where it stands."""
    before = desk.service.entry(key).due or desk.service.day(who.at)
    moved = before + timedelta(days=int(day)) if day[0] in "+-" else date.fromisoformat(day)
    return desk.service.set_due(key, moved, who)


def _told(ctx: Context, team: str, name: str, value: str, lang: str) -> str:
    """What an order needs beside its slots, as people read it."""
    if name == "reschedule" and value[:1] in ("+", "-"):
        return say("talk.order.later" if value[0] == "+" else "talk.order.sooner", lang, days=abs(int(value)))
    return ctx.names(team).get(value, value)


DEEDS: dict[str, Deed] = {
    "withdraw": Deed(
        lambda e, who, _: e.state.name == "submitted" and who.actor in (e.owner, *e.state.submitters),
        lambda desk, key, _, who: desk.service.withdraw(key, who),
    ),
    "reopen": Deed(lambda e, _, today: e.shown(today) == "accepted", lambda desk, key, why, who: desk.service.reopen(key, why, who)),
    "reschedule": Deed(
        lambda e, _, today: e.shown(today) in TO_DO,
        _due,
        _day,
        lambda e: {e.owner},
        leading=True,
    ),
    "reviewer": Deed(lambda e, _, __: True, _reviewed_by, _named, lambda e: {e.owner, e.reviewer}, leading=True),
}


def ordered(ctx: Context, post: Post, desk: Desk, who: Who, of: About, name: str) -> Saying:
    """Show what an order means and ask for a yes; what it lacks, or whose it is, where that cannot be."""
    deed, lang, today = DEEDS[name], ctx.lang, desk.service.day(who.at)
    lead = leads(desk, who)
    if deed.leading and not lead:
        return whose_it_is(ctx, post, desk, who, of)
    standing = [e for e in desk.service.standing(who.at) if e.owed and deed.found(e, who, today)]
    there = [e for e in standing if of.fits(e)]
    value = deed.wants(post, of, today, there)
    whose = set(of.people) - {value} if deed.leading else set()
    here = [e for e in there if not whose or whose & deed.of(e)]
    mine = [e for e in here if lead or who.actor in (e.reviewer, e.owner)]
    if name == "reopen" and mine and not any(lead or e.reviewer == who.actor for e in mine):
        return whose_it_is(ctx, post, desk, who, of, mine)
    found = [e for e in mine if name != "reopen" or lead or e.reviewer == who.actor]
    if deed.leading and not ((of.placed or whose) and value):
        return words(say(f"talk.order.{name}.lacks", lang))
    if not found:
        return words(say(f"talk.order.{name}.none", lang))
    all_of_them = name == "reviewer" and bool(whose)
    key, several = f"order:{post.key}", len(found) > 1 and not all_of_them
    kept = {"deed": name, "keys": [e.slot.key for e in found], "value": value, "lang": lang, "all": all_of_them}
    ctx.store.keep(post.team, key, post.user, kept, ctx.now())
    shown = _told(ctx, post.team, name, value, lang)
    return Saying(
        head=(say(f"talk.order.{name}.sure", lang, value=shown),),
        parts=() if several else tuple(ChatItem((t,)) for t in lines_named(found, lang)),
        choice=_choice(found, lang) if several else None,
        buttons=(Button(DO, say(f"talk.order.{name}.do", lang, value=shown), key, "primary"), Button(KEEP, say("talk.order.leave", lang))),
    )


def _choice(found: Sequence[Entry], lang: str) -> Choice:
    """Which of them: all of one line are chosen, of several lines none is, so that nobody undoes by one press what was not meant."""
    one = len({line_of(e.slot.id) for e in found}) == 1
    return Choice(CHOICE, say("talk.order.which", lang), options(found, lang), tuple(e.slot.key for e in found) if one else ())


def do(ctx: Context, press: Press) -> None:
    """Do what was confirmed to what was chosen."""
    kept = kept_of(ctx, press)
    if kept is None:
        return
    keys: list[str] = list(press.chosen) or (kept["keys"] if len(kept["keys"]) == 1 or kept.get("all") else [])
    if not keys:
        ctx.chat.whisper(press.place, words(say("talk.hand_in.choose_first", ctx.lang)))
        return
    team, lang, name = press.place.team, ctx.lang, str(kept["deed"])
    desk, value = ctx.register(team), str(kept["value"])
    done, why = to_each(ctx, press, desk, keys, lambda key, who: DEEDS[name].do(desk, key, value, who))
    shown = _told(ctx, team, name, value, lang)
    head = say(f"talk.order.{name}.done", lang, lines=tuple(lines_named(done, lang)), value=shown) if done else ""
    ctx.chat.change(press.place, press.ref, words(head, *dict.fromkeys(why)))
    ctx.chat.settle(team)
