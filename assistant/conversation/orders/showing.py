"""What somebody wants to see: what was handed in for something, and which questions wait for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.conversation.chat import Button, ChatItem, ChatQuote, Line, Member, Saying, words
from assistant.conversation.guide_asked.enquiries import REPLY, waiting
from assistant.conversation.in_words.handing_in import piece_line
from assistant.conversation.in_words.seeing import MOST, leads, seen
from assistant.conversation.meaning.naming import by_line, line_name
from assistant.conversation.post import Post
from assistant.register.acts.doing.who import Who
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
