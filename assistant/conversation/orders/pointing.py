"""Wishes that are not done in words: where each is done and by whom, as it stands; by what somebody is in charge of, never a clause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answers.question.reading import Reading
from assistant.conversation.chat import ChatItem, Saying, words
from assistant.conversation.in_words import asking, becoming
from assistant.conversation.in_words.seeing import gaps, leads, offered_gaps
from assistant.conversation.meaning.about import about
from assistant.conversation.meaning.naming import lines_named
from assistant.conversation.meaning.wishes import Wish
from assistant.conversation.orders import deeds, passing_on, showing
from assistant.conversation.post import Post
from assistant.register.acts.doing.who import Who
from assistant.register.facts.slots import Entry
from assistant.register.papers.reports.coverage import counted, total
from assistant.texts import say

if TYPE_CHECKING:
    from assistant.conversation.context import Context
    from assistant.conversation.enterprise import Desk
    from assistant.conversation.meaning.about import About

Act = Callable[["Context", Post, "Desk", Who, "About"], Saying]


def _leads_do(name: str) -> Act:
    """What the lead is told of something that others may only pass on."""

    def told(ctx: Context, post: Post, desk: Desk, who: Who, of: About) -> Saying:
        if not leads(desk, who):
            return passing_on.whose_it_is(ctx, post, desk, who, of)
        return words(say(f"talk.order.{name}_lead", ctx.lang, edition=desk.guide.edition))

    return told


def _own(desk: Desk, who: Who) -> list[Entry]:
    """What somebody has still to hand in themselves."""
    return [e for e in gaps(desk, who) if e.owner == who.actor]


def _done(ctx: Context, _: Post, desk: Desk, who: Who, of: About) -> Saying:
    """How far that is true: what is still missing of what is named, or of all, and what waits for its review."""
    lang, own = ctx.lang, _own(desk, who)
    there = [e for e in own if of.fits(e)]
    waits = [e for e in desk.service.standing(who.at) if e.owner == who.actor and e.owed and e.state.name == "submitted" and of.fits(e)]
    note = say("talk.order.waits", lang, count=len(waits)) if waits else ""
    named = say("talk.whose.missing" if there else "talk.whose.none", lang, name=of.where, count=len(there)) if of.placed else ""
    rows = tuple(ChatItem((t,)) for t in lines_named(there, lang)) if of.placed else ()
    return Saying(head=(named or becoming.how_it_stands(own, lang),), parts=rows, note=note, buttons=offered_gaps(own, lang))


def _export(ctx: Context, post: Post, desk: Desk, who: Who, of: About) -> Saying:
    """Who packs everything; for a lead, how much of it there is."""
    if not leads(desk, who):
        return passing_on.whose_it_is(ctx, post, desk, who, of)
    whole = total(counted(desk.service.standing(who.at), desk.service.day(who.at)))
    return words(say("talk.order.export_lead", ctx.lang, ready=whole.ready, owed=whole.owed), note=say("talk.order.export_table", ctx.lang))


def _quiet(ctx: Context, post: Post, desk: Desk, who: Who, of: About) -> Saying:
    """Silence about what is named until a day: one's own; for a lead, anybody's."""
    lang, today = ctx.lang, desk.service.day(who.at)
    named = of.placed or bool(of.people)
    open_ = gaps(desk, who) if leads(desk, who) and named else _own(desk, who)
    found = [e for e in open_ if of.fits(e) and (not of.people or e.owner in of.people)] if named else open_
    if found:
        return becoming.put_off_until(ctx, post, found, today, desk.policy.longest_snooze_days)
    return words(say("talk.order.quiet_lead" if leads(desk, who) else "talk.order.quiet_none", lang))


def _not_applicable(ctx: Context, post: Post, desk: Desk, who: Who, of: About) -> Saying:
    """Claim it for one's own that is named, or any of it; a lead's, for anybody's that is named."""
    mine = gaps(desk, who) if leads(desk, who) else _own(desk, who)
    fitting = [e for e in mine if of.fits(e)] if of.placed or not leads(desk, who) else []
    if fitting:
        return becoming.becomes(ctx, post, desk, "", fitting, who)
    if leads(desk, who):
        return words(say("talk.whose.none" if of.placed else "talk.order.na_lead", ctx.lang, name=of.where))
    return passing_on.whose_it_is(ctx, post, desk, who, of)


def _undo(ctx: Context, post: Post, desk: Desk, who: Who, of: About) -> Saying:
    """What of the latest can be taken back: what one handed in; how the rest is put right."""
    found = deeds.ordered(ctx, post, desk, who, of, "withdraw")
    return found if found.buttons else words(say("talk.order.undo", ctx.lang))


def _deed(name: str) -> Act:
    return lambda ctx, post, desk, who, of: deeds.ordered(ctx, post, desk, who, of, name)


def _other(ctx: Context, post: Post, desk: Desk, who: Who, of: About) -> Saying:
    return asking.cannot(ctx, post, desk, who, of)


def ordered(ctx: Context, post: Post, wish: Wish, desk: Desk, reading: Reading) -> bool:
    """Say what becomes of a wish, where its states may be said; False where it is none of these, or turns out to be no such wish."""
    act = ACTS.get(wish)
    if act is None or (wish == "other" and not post.direct):  # a channel is not told of somebody's materials where nobody spoke of them
        return False
    who = ctx.who(post.team, post.user)
    of = about(ctx, post, desk, reading, who)
    said = act(replace(ctx, lang=of.lang), post, desk, who, of)
    ctx.chat.say(asking.said_here(ctx, post), f"{wish}:{post.key}", said)
    asking.if_directly(ctx, post)
    return True


ACTS: dict[str, Act] = {
    "done": _done,
    "person": passing_on.person,
    "export": _export,
    "quiet": _quiet,
    "questions": showing.questions,
    "show": showing.handed_in,
    "drill": showing.drill,
    "people": showing.people,
    "not_applicable": _not_applicable,
    "undo": _undo,
    "other": _other,
    **{name: _deed(name) for name in deeds.DEEDS},
    **{name: _leads_do(name) for name in ("absence", "edition")},
}
"""What becomes of each wish."""
