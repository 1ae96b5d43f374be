"""What becomes of words that are about slots: how these stand, a note, why they do not apply, a word to whoever asked, another day.

Each is offered with buttons and done when one of them is pressed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from assistant.conversation.chat import Button, ChatItem, ChatQuote, Choice, Press, Saying, words
from assistant.conversation.in_words.handing_in import CHOICE, PICKED, options, with_reviewers
from assistant.conversation.in_words.roots import GUIDE, KEEP, TELL, message_of
from assistant.conversation.in_words.seeing import first_due, gaps
from assistant.conversation.in_words.told import kept_of, passed_on, to_each
from assistant.conversation.meaning.dates import day_in
from assistant.conversation.meaning.naming import lines_named
from assistant.conversation.post import Post
from assistant.register.acts.doing.who import Who
from assistant.register.acts.telling.announce import noted
from assistant.register.facts.handed_in import Piece
from assistant.register.facts.outbox import Message
from assistant.register.facts.slots import TO_DO, Entry
from assistant.texts import say

if TYPE_CHECKING:
    from assistant.answers.question.reading import Reading
    from assistant.conversation.context import Context
    from assistant.conversation.enterprise import Desk

LATER, NA = "reply_later", "reply_na"


def entries_of(desk: Desk, root: Message, person: str, today: date) -> list[Entry]:
    """The slots of a message that its recipient can still do something about."""
    with desk.service.register.reading(desk.workspace) as tx:
        found = [tx.entry(key) for key in dict.fromkeys((*root.slots, *(s.key for s in root.says.slots)))]
    mine = [e for e in found if e is not None and e.owed and person in (e.owner, e.held.deputy)]
    return [e for e in mine if e.shown(today) in TO_DO or (e.state.name == "submitted" and e.state.claim == "evidence")]


def how_it_stands(open_: Sequence[Entry], lang: str) -> str:
    """What is still to be handed in, and when the first of it is due."""
    if not open_:
        return say("talk.words.settled", lang)
    return say("talk.words.nod", lang, count=len(open_), due=first_due(open_, "talk.mine.due", lang))


def becomes(ctx: Context, post: Post, desk: Desk, root: str, fitting: Sequence[Entry], who: Who, reading: Reading | None = None) -> Saying:
    """What can become of words that say for themselves neither of it."""
    lang, key = ctx.lang, f"words:{post.key}"
    pieces = [asdict(Piece("note", text=post.text))]
    kept = {"pieces": pieces, "refused": [], "text": post.text, "root": root, "post": post.document(), "lang": lang}
    ctx.store.keep(post.team, key, post.user, kept, ctx.now())
    every, to = options(fitting, lang, len(fitting)), _addressee(desk, who, fitting)
    buttons = [Button(PICKED, say("talk.words.note", lang), key), Button(NA, say("talk.words.na", lang), key)] if fitting else []
    if to:
        buttons.append(Button(TELL, say("talk.words.tell", lang, name=ctx.names(post.team).get(to, to)), key))
    if reading is not None and reading.act == "question":
        buttons.append(Button(GUIDE, say("talk.review.guide", lang), key))
    buttons.append(Button(KEEP, say("talk.review.keep", lang), key))
    single = (fitting[0].slot.key,) if len(fitting) == 1 else ()
    choice = Choice(CHOICE, say("evidence_slack.pick_which", lang), every, single) if fitting else None
    head = say("talk.words.ask" if fitting else "talk.words.ask_settled", lang)
    return Saying(head=(head,), parts=(ChatQuote(post.text),), choice=choice, buttons=tuple(buttons))


def _addressee(desk: Desk, who: Who, entries: Sequence[Entry]) -> str:
    """Whom an owner's word is for: the lead, who has everybody asked; a lead's own word is for the reviewer."""
    return next((p for p in (desk.lead, *(e.reviewer for e in entries)) if p and p != who.actor), "")


def not_applicable(ctx: Context, press: Press) -> None:
    """Claim that what was chosen does not apply, with what was written as the reason."""
    team, lang = press.place.team, ctx.lang
    kept = kept_of(ctx, press)
    if kept is None:
        return
    if not press.chosen:
        ctx.chat.whisper(press.place, words(say("talk.hand_in.choose_first", lang)))
        return
    desk = ctx.register(team)
    done, why = to_each(ctx, press, desk, press.chosen, lambda key, who: desk.service.claim_na(key, str(kept["text"]), who))
    by = tuple(dict.fromkeys(ctx.names(team).get(e.reviewer, e.reviewer) for e in with_reviewers(desk, done)))
    head = say("talk.words.claimed", lang, lines=tuple(lines_named(done, lang)), reviewer=by) if done else ""
    ctx.chat.change(press.place, press.ref, Saying(head=(head,), parts=(ChatQuote(str(kept["text"])), *((w,) for w in dict.fromkeys(why)))))
    ctx.chat.settle(team)


def tell(ctx: Context, press: Press) -> None:
    """Pass on what an owner wrote, about what was chosen or all that the digest still asks for."""
    team = press.place.team
    kept = kept_of(ctx, press)
    if kept is None:
        return
    desk = ctx.register(team)
    who, root = ctx.who(team, press.place.user, press.key), message_of(desk, kept["root"])
    entries = entries_of(desk, root, who.actor, desk.service.day(who.at)) if root else gaps(desk, who)
    to, named = kept.get("to") or _addressee(desk, who, entries), list(press.chosen) or kept.get("keys") or []
    keys = named if "to" in kept else named or [e.slot.key for e in entries] or list(root.slots if root else ())
    noted(desk.service, keys, to, str(kept["text"]), who)
    passed_on(ctx, press, str(kept["text"]), (to,))


def put_off_until(ctx: Context, post: Post, open_: Sequence[Entry], today: date, longest: int) -> Saying:
    """The offer to put off, until the day that a message names or for a week."""
    lang = ctx.lang
    if not open_:
        return words(say("talk.words.settled", lang))
    until = day_in(post.text, today) or today + timedelta(days=7)
    until = min(max(until, today + timedelta(days=1)), today + timedelta(days=longest))
    head = say("talk.later.head", lang, until=until.isoformat())
    several = len(open_) > 1
    choice = Choice(CHOICE, say("talk.later.which", lang), options(open_, lang), tuple(e.slot.key for e in open_)) if several else None
    key = f"later:{post.key}"
    ctx.store.keep(post.team, key, post.user, {"until": until.isoformat(), "keys": [e.slot.key for e in open_], "lang": lang}, ctx.now())
    kept = Button(LATER, say("talk.later.button", lang, until=until.isoformat()), key, "primary")
    return Saying(
        head=(head,),
        parts=() if several else tuple(ChatItem((t,)) for t in lines_named(open_, lang)),
        choice=choice,
        buttons=(kept, Button(KEEP, say("talk.later.drop", lang), "-")),
    )


def put_off(ctx: Context, press: Press) -> None:
    """Snooze what was chosen."""
    kept = kept_of(ctx, press)
    if kept is None:
        return
    until, desk = str(kept["until"]), ctx.register(press.place.team)
    day = date.fromisoformat(until)
    done, why = to_each(ctx, press, desk, press.chosen or kept["keys"], lambda key, who: desk.service.snooze(key, day, who))
    head = say("talk.later.done", ctx.lang, until=until, lines=tuple(lines_named(done, ctx.lang))) if done else ""
    ctx.chat.change(press.place, press.ref, words(head, *why))
    ctx.chat.settle(press.place.team)
