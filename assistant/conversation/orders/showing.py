"""What somebody wants to see: what was handed in, which questions wait for an answer, what came of a drill, who takes part."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.conversation.chat import Button, ChatItem, ChatQuote, Line, Member, Saying, words
from assistant.conversation.guide_asked.enquiries import REPLY, waiting
from assistant.conversation.in_words.handing_in import piece_line
from assistant.conversation.in_words.seeing import MOST, leads, seen, shortened
from assistant.conversation.meaning.naming import by_line, line_name, lines_named
from assistant.conversation.orders.passing_on import whose_it_is
from assistant.conversation.post import Post
from assistant.errors import RegisterError
from assistant.register.acts.doing.who import Who
from assistant.register.acts.in_bulk.drill import RESULTS, Drill, Drills
from assistant.texts import say

if TYPE_CHECKING:
    from assistant.conversation.context import Context
    from assistant.conversation.enterprise import Desk
    from assistant.conversation.meaning.about import About

_FEW = 5  # questions with a button each; chosen


def handed_in(ctx: Context, post: Post, desk: Desk, who: Who, of: About) -> Saying:
    """The pieces of what is named, or of all that is one's own or waits for one's review; links and files by their addresses."""
    lang = ctx.lang
    found = [e for e in desk.service.standing(who.at) if e.owed and of.fits(e) and (not of.people or e.owner in of.people)]
    theirs = seen(desk, who, found)
    if found and not theirs and (of.placed or of.people):
        owners = tuple(dict.fromkeys(ctx.names(post.team).get(e.owner, e.owner) for e in found))
        return words(say("talk.state.not_yours", lang, where=of.where, owners=owners))
    scene = desk.scene([e.slot.key for e in theirs if e.state.name != "missing"], who.at, lang, who.actor)
    rows: list[ChatItem] = []
    for group in by_line(e for e in theirs if any(p.slot == e.slot.key for p in scene.pieces)):
        keys = {e.slot.key for e in group}
        pieces = {piece_line(p, lang) + _address(scene.links.get(p.sha256, "")): None for p in scene.pieces if p.slot in keys}
        rows.append(ChatItem((say("talk.order.show_row", lang, line=line_name(group, lang), pieces=tuple(pieces)),)))
    if not rows:
        return words(say("talk.order.show_none", lang, where=of.where))
    more = [ChatItem((say("talk.more_lines", lang, count=len(rows) - MOST),))] if len(rows) > MOST else []
    return Saying(
        head=(say("talk.order.show", lang),),
        parts=(*rows[:MOST], *more),
        note=say("talk.order.show_home", lang) if ctx.origin != "cli" else "",
    )


def _address(link: str) -> str:
    return f" {link}" if link else ""


def questions(ctx: Context, post: Post, desk: Desk, who: Who, _: About) -> Saying:
    """To the lead, what waits for an answer, with a button for each; to others, what became of their own questions."""
    lang, waits = ctx.lang, waiting(ctx.store, post.team)
    if not leads(desk, who):
        own = [e for e, __ in waits if e.asker == post.user]
        quoted = tuple(ChatQuote(e.question) for e in own[:_FEW])
        text = say("talk.order.asked", lang, count=len(own)) if own else say("talk.order.asked_none", lang)
        return Saying(head=(text,), parts=quoted) if own else words(text)
    if not waits:
        return words(say("talk.order.questions_none", lang))
    rows: list[Line | ChatQuote] = []
    for enquiry, __ in waits[:_FEW]:
        rows += [(Member(enquiry.asker), "："), ChatQuote(enquiry.question)]
    buttons = [
        Button(REPLY, say("talk.order.reply", lang, number=n) if len(waits) > 1 else say("talk.enquiry.reply", lang), e.id)
        for n, (e, __) in enumerate(waits[:_FEW], 1)
    ]
    more: list[Line] = [(say("talk.more_lines", lang, count=len(waits) - _FEW),)] if len(waits) > _FEW else []
    return Saying(head=(say("talk.order.questions", lang, count=len(waits)),), parts=(*rows, *more), buttons=tuple(buttons))


def drill(ctx: Context, post: Post, desk: Desk, who: Who, of: About) -> Saying:
    """What came of the last drill: of all of it to the lead, of one's own records to others; and who begins another."""
    lang = ctx.lang
    try:
        last = Drills(desk.service).report("", who.at)
    except RegisterError:
        last = None
    if not leads(desk, who):
        said, own = whose_it_is(ctx, post, desk, who, of), [d.key for d in last.drawn if d.owner == who.actor] if last else []
        return replace(said, head=(_result(last, own, lang),), parts=(said.head, *said.parts)) if last and own else said
    if last is None:
        return words(say("talk.order.drill_none", lang), say("talk.order.drill_lead", lang))
    rows = lines_named([desk.service.entry(d.key) for d in last.drawn if d.result in ("late", "missing")], lang)
    return Saying(
        head=(_result(last, [d.key for d in last.drawn], lang),),
        parts=tuple(ChatItem((row,)) for row in rows),
        note=say("talk.order.drill_lead", lang),
    )


def _result(drill: Drill, keys: list[str], lang: str) -> str:
    """How many of these were produced in time, late, or not."""
    counts = {r: sum(d.result == r for d in drill.drawn if d.key in keys) for r in RESULTS}
    return say("talk.order.drill_last", lang, day=drill.started.date().isoformat(), count=len(keys), **counts)


def people(ctx: Context, post: Post, desk: Desk, who: Who, of: About) -> Saying:
    """Who leads, and to the lead who is in charge of how much; whose it is to change that."""
    lang, called_as = ctx.lang, ctx.names(post.team)
    if not leads(desk, who):
        return whose_it_is(ctx, post, desk, who, of, text="talk.order.people")
    owed = [e for e in desk.service.standing(who.at) if e.owed]
    owns, reviews = (Counter(getattr(e, part) for e in owed) for part in ("owner", "reviewer"))
    rows = [
        ChatItem((say("talk.order.people_row", lang, name=called_as.get(p, p), owns=owns[p], reviews=reviews[p]),))
        for p in dict.fromkeys((*owns, *reviews))
        if p
    ]
    leading = say("talk.order.people_leads", lang, name=called_as.get(desk.lead, desk.lead))
    return Saying(head=(leading,), parts=shortened(rows, lang), note=say("talk.order.people_lead", lang))
