"""Reminding somebody in words: asked back first, then done, and said as it went: sent, queued, or nobody reached at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.conversation.chat import REMIND_OWNER, Button, ChatItem, Press, Saying, words
from assistant.conversation.in_words.seeing import MOST, gaps, leads
from assistant.conversation.meaning.naming import lines_named
from assistant.conversation.post import Post
from assistant.register.acts.doing.who import Who
from assistant.register.acts.telling.reminding import remind as send_reminder
from assistant.register.facts.slots import Entry
from assistant.register.rules.people.named_places import target_of
from assistant.texts import say

if TYPE_CHECKING:
    from assistant.conversation.context import Context
    from assistant.conversation.enterprise import Desk
    from assistant.conversation.meaning.about import About

REMIND, DROP = REMIND_OWNER, "ask_drop"
_MOST = 10  # lines of one reminder; chosen


def ask_whom(ctx: Context, post: Post, desk: Desk, who: Who, of: About) -> Saying | None:
    """Ask back whom to remind of how much; the button does it."""
    lang = ctx.lang
    if not leads(desk, who):
        return words(say("talk.remind.lead_only", lang))
    named, level, target = of.people, of.level, of.target
    owing = [e for e in gaps(desk, Who(desk.lead, who.at, who.origin), level, target) if e.owner != who.actor]
    called_as = ctx.names(post.team)
    people = [p for p in named if any(e.owner == p for e in owing)] if named else list(dict.fromkeys(e.owner for e in owing))
    if not people:
        text = "talk.remind.nothing" if named else "talk.remind.nobody"
        return words(say(text, lang, name=tuple(called_as.get(p, p) for p in named)))
    value = target if level != "all" else ""
    buttons = tuple(
        Button(REMIND, say("talk.remind.button", lang, name=called_as.get(p, p)), f"{p}\n{value}", "primary" if len(people) == 1 else "")
        for p in people[:5]
    )
    rows = []
    for person in people[:5]:
        lines = "；".join(lines_named([e for e in owing if e.owner == person], lang, 3))
        rows.append(ChatItem((say("talk.remind.row", lang, name=called_as.get(person, person), lines=lines),)))
    return Saying(
        head=(say(f"talk.remind.{ctx.sends}", lang),), parts=tuple(rows), buttons=(*buttons, Button(DROP, say("talk.remind.drop", lang)))
    )


def remind(ctx: Context, press: Press) -> None:
    """Send somebody what they still owe, now, and say so where it was asked."""
    desk = ctx.register(press.place.team)
    who = ctx.who(press.place.team, press.place.user, press.key)
    if not leads(desk, who):
        ctx.chat.whisper(press.place, words(say("talk.remind.lead_only", ctx.lang)))
        return
    person, _, target = press.value.partition("\n")
    level = "all" if not target else target_of(target, desk.guide)[0]
    owing = [e for e in gaps(desk, Who(desk.lead, who.at, who.origin), level, target) if e.owner == person]
    name = ctx.names(press.place.team).get(person, person)
    if not owing:
        done = say("talk.remind.nothing", ctx.lang, name=name)
    elif ctx.sends == "never":
        done = _to_copy(ctx, name, owing)
    else:
        send_reminder(desk.service, person, [e.slot.key for e in owing[:_MOST]], max(0, len(owing) - _MOST), who)
        ctx.chat.settle(press.place.team)
        done = say("talk.remind.done" if ctx.sends == "now" else "talk.remind.queued", ctx.lang, name=name, count=len(owing))
    if press.ref:
        ctx.chat.change(press.place, press.ref, words(done))
    else:
        ctx.chat.whisper(press.place, words(done))


def _to_copy(ctx: Context, name: str, owing: Sequence[Entry]) -> str:
    """Nobody can be reached from here: that, and the words that can be sent on."""
    lang, first = ctx.lang, min((e.due for e in owing if e.due is not None), default=None)
    lines = "\n".join(f"- {line}" for line in lines_named(owing, lang, MOST))
    due = say("talk.remind.due", lang, due=first.isoformat()) if first else ""
    text = say("talk.remind.copy", lang, name=name, count=len(owing), lines=lines, due=due)
    return say("talk.remind.unsent", lang, name=name, text=text)


def drop(ctx: Context, press: Press) -> None:
    """Leave it."""
    ctx.chat.change(press.place, press.ref, words(say("talk.dropped", ctx.lang)))
