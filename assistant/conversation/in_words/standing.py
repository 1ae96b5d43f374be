"""How lines stand: those that are named, those that the words of a message mean, and those that came back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.conversation.chat import ChatItem, Saying, words
from assistant.conversation.in_words.seeing import gaps, leads, of_people, offered_gaps, others, reviewed_by, seen, shortened
from assistant.conversation.meaning.about import About, matter_in
from assistant.conversation.meaning.naming import by_line, line_name
from assistant.conversation.post import Post
from assistant.errors import AeoError
from assistant.register.acts.doing.who import Who
from assistant.register.facts.slots import TO_DO
from assistant.register.papers.said.words import state_word
from assistant.register.ports import Filter
from assistant.texts import say

if TYPE_CHECKING:
    from assistant.conversation.context import Context
    from assistant.conversation.enterprise import Desk

_MEANT = 0.3  # probability of a clause from which words mean it; of a dozen matters .25 to .4 decide alike


def state(ctx: Context, post: Post, desk: Desk, who: Who, of: About) -> Saying | None:
    """How the lines stand that are named, or those of the people named; None where neither is."""
    lang, today = ctx.lang, desk.service.day(who.at)
    if not of.placed and not of.people:
        return None
    where, called_as = of.where, ctx.names(post.team)
    found = [e for e in desk.service.standing(who.at) if e.planned and e.owed and of.fits(e)]
    found = [e for e in found if e.owner in of.people] if of.people else found
    if not found:
        return words(say("talk.state.nothing_owed", lang, where=where))
    theirs = seen(desk, who, found)
    if not theirs:
        owners = tuple(dict.fromkeys(called_as.get(e.owner, e.owner) for e in found))
        return words(say("talk.state.not_yours", lang, where=where, owners=owners))
    items = []
    for group in by_line(theirs):
        states = Counter(e.shown(today) if e.open(today) or e.shown(today) != "missing" else "later" for e in group)
        for state, _ in states.most_common():
            same = [e for e in group if (e.shown(today) if e.open(today) or e.shown(today) != "missing" else "later") == state]
            told = say("talk.state.later", lang) if state == "later" else state_word(state, lang)
            late = any(e.due is not None and e.due < today and state in TO_DO for e in same)
            text = say("talk.state.line", lang, name=line_name(same, lang), state=told, owner=called_as.get(same[0].owner, same[0].owner))
            items.append(ChatItem((text + (say("talk.state.late", lang) if late else ""),)))
    ready = sum(e.shown(today) in ("accepted", "not_applicable") for e in theirs)
    head = say("talk.state.head", lang, where=where, ready=ready, count=len(theirs))
    by = reviewed_by(called_as, theirs, lang)
    return Saying(head=(head,), parts=(*shortened(items, lang), *(((by,),) if by else ())))


def unplaced(ctx: Context, post: Post, desk: Desk, who: Who, of: About) -> Saying:
    """How something stands that no line of the register is called: of the clause that its words mean, else how it is asked."""
    lang, matter = ctx.lang, matter_in(of.bare)
    owed = {e.slot.clause for e in desk.service.standing(who.at) if e.owed} if matter else set()
    try:
        meant = next((c for c, p in ctx.assistant.clauses(matter) if p >= _MEANT and c in owed), "") if matter else ""
    except (AeoError, OSError):  # no index, no model: what cannot be found by meaning is asked for
        meant = ""
    if meant:
        told = state(ctx, post, desk, who, replace(of, level="clause", target=meant))
        assert told is not None, "a place is named"
        title = desk.guide.places[meant].item.title
        first = say("talk.state.nearest", lang, matter=matter, clause=meant, title=title)
        return replace(told, head=(first,), parts=(*((told.head,) if told.head else ()), *told.parts))
    text = say("talk.state.unnamed" if matter else "talk.state.which", lang, matter=matter)
    begun = [] if matter else [e for e in desk.service.standing(who.at, Filter(owner=who.actor)) if e.owed and e.state.name != "missing"]
    told = state(ctx, post, desk, who, replace(of, keys=frozenset(e.slot.key for e in begun))) if begun else None
    if told is not None:
        return replace(told, head=(say("talk.state.begun", lang),), note=text)
    return Saying(parts=((text,),), buttons=offered_gaps(gaps(desk, who), lang))


def returned(ctx: Context, _: Post, desk: Desk, who: Who, of: About) -> Saying:
    """What was returned and not handed in again: one's own, or everybody's for the lead; with why."""
    lang, today = ctx.lang, desk.service.day(who.at)
    if others(of, who):
        theirs, instead = of_people(desk, who, of)
        if instead is not None:
            return instead
    else:
        theirs = desk.service.standing(who.at, Filter(owner="" if leads(desk, who) else who.actor))
    found = [e for e in theirs if e.owed and e.shown(today) == "returned" and of.fits(e)]
    if not found:
        return words(say("talk.returned.none", lang))
    items = []
    for group in by_line(found):
        for reason in dict.fromkeys(e.state.reason for e in group):
            same = [e for e in group if e.state.reason == reason]
            items.append(ChatItem((say("talk.returned.line", lang, name=line_name(same, lang), reason=reason),)))
    return Saying(head=(say("talk.returned.head", lang, count=len(found)),), parts=shortened(items, lang))
