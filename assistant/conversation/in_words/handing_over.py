"""Handing over in words: what is not one's own, by its place, period and lines, to whoever is named; only what is missing is asked back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.answers.question.reading import Reading
from assistant.conversation.chat import Button, ChatItem, Choice, Field, Filled, Form, Press, Saying, words
from assistant.conversation.in_words.handing_in import CHOICE, options
from assistant.conversation.in_words.seeing import leads
from assistant.conversation.in_words.told import kept_of, told
from assistant.conversation.meaning.about import About, about
from assistant.conversation.meaning.naming import lines_named
from assistant.conversation.post import Post
from assistant.errors import AeoError
from assistant.register.acts.doing.who import Repeated, Who
from assistant.register.acts.telling.announce import noted
from assistant.register.facts.slots import TO_DO, Entry
from assistant.texts import say

if TYPE_CHECKING:
    from assistant.conversation.context import Context
    from assistant.conversation.enterprise import Desk

HAND, HANDED, TO = "reply_hand", "reply_handed", "reply_hand_to"


def asked(ctx: Context, post: Post, desk: Desk, reading: Reading) -> Saying | None:
    """What is said to "this is not mine" anywhere; None where nothing of it is theirs (a lead's is what they name) and nothing is named.

    A message that names only a person goes on from the one before: what that was about is handed to them.
    """
    who = ctx.who(post.team, post.user)
    of, today = about(ctx, post, desk, reading, who), desk.service.day(who.at)
    before: dict[str, Any] = {} if of.placed else ctx.store.kept(post.team, _key(post)) or {}
    anybodys = bool(of.placed or before) and leads(desk, who)
    own = [e for e in desk.service.standing(who.at) if (anybodys or e.owner == who.actor) and e.owed and e.shown(today) in TO_DO]
    fitting = [e for e in own if e.slot.key in before["keys"]] if before else [e for e in own if of.fits(e)]
    if not fitting:
        if of.placed and own:
            return words(say("talk.hand.not_there", ctx.lang, where=of.where))
        owners = {e.owner for e in desk.service.standing(who.at) if e.owed and of.fits(e)} if of.placed else ()
        if owners:
            names = tuple(ctx.names(post.team).get(owner, owner) for owner in sorted(owners))
            return words(say("talk.hand.not_yours", ctx.lang, where=of.where, owners=names))
        return words(say("talk.hand.nothing", ctx.lang)) if post.direct and not reading.surely_asks else None
    ctx.store.keep(post.team, _key(post), post.user, {"keys": [e.slot.key for e in fitting]}, ctx.now())
    return offer(ctx, post, fitting if of.years or before else [e for e in fitting if e.open(today)] or fitting, of, who)


def offer(ctx: Context, post: Post, fitting: Sequence[Entry], of: About, who: Who) -> Saying:
    """The offer to hand over: to the one person named, by a button; else whom is asked."""
    to = [(p, called) for p, called in zip(of.people, of.called, strict=True) if p != who.actor]
    if len(to) != 1 or not fitting:
        return not_mine(fitting, ctx.lang)
    (person, name), key, lang = to[0], f"hand:{post.key}", ctx.lang
    ctx.store.keep(post.team, key, post.user, {"keys": [e.slot.key for e in fitting], "to": person, "lang": lang}, ctx.now())
    several = len(fitting) > 1
    return Saying(
        head=(say("talk.hand.sure", lang, name=name),),
        parts=tuple(ChatItem((t,)) for t in lines_named(fitting, lang)),
        choice=Choice(CHOICE, say("talk.hand.which", lang), options(fitting, lang)) if several else None,
        buttons=(Button(TO, say("talk.hand.all" if several else "talk.hand.button", lang), key, "primary"),),
        note=say("talk.hand.some", lang) if several else "",
    )


def handed_to(ctx: Context, press: Press) -> None:
    """Hand over to whoever was named."""
    kept = kept_of(ctx, press)
    if kept is None:
        return
    desk = ctx.register(press.place.team)
    try:
        who = ctx.who(press.place.team, press.place.user, press.key)
        done, _ = desk.service.reassign_all(list(press.chosen or kept["keys"]), kept["to"], who)
    except Repeated:
        return
    name = ctx.names(press.place.team).get(kept["to"], kept["to"])
    text = say("talk.hand.done", ctx.lang, lines=tuple(lines_named(done, ctx.lang)), name=name)
    ctx.chat.change(press.place, press.ref, words(text))
    ctx.chat.settle(press.place.team)


def _key(post: Post) -> str:
    return f"hand:{post.channel}:{post.user}"


def not_mine(open_: Sequence[Entry], lang: str) -> Saying:
    """The offer to hand over."""
    if not open_:
        return words(say("talk.hand.nothing", lang))
    several = len(open_) > 1
    choice = Choice(CHOICE, say("talk.hand.which", lang), options(open_, lang)) if several else None
    value = "" if several else open_[0].slot.key
    button = Button(HAND, say("talk.hand.button", lang), value, "primary")
    return Saying(
        head=(say("talk.hand.head", lang),),
        parts=tuple(ChatItem((t,)) for t in lines_named(open_, lang)) if not several else (),
        choice=choice,
        buttons=(button,),
    )


def hand_form(ctx: Context, press: Press) -> Form | None:
    """Who takes it over, and a word to them."""
    keys = press.chosen or ((press.value,) if press.value else ())
    if not keys:
        ctx.chat.whisper(press.place, words(say("talk.hand_in.choose_first", ctx.lang)))
        return None
    lang, desk = ctx.lang, ctx.register(press.place.team)
    entries = [desk.service.entry(key) for key in keys]
    fields = (
        Field("to", say("evidence_slack.form.to", lang), "person"),
        Field("note", say("talk.hand.note", lang), hint=say("talk.hand.note_hint", lang), optional=True),
    )
    about = Saying(parts=tuple(ChatItem((t,)) for t in lines_named(entries, lang)))
    return Form(HANDED, say("evidence_slack.form.hand", lang), say("evidence_slack.form.hand_do", lang), fields, about, "\n".join(keys))


def handed(ctx: Context, filled: Filled) -> str:
    """Hand over; a refusal comes back as a sentence for the form."""
    desk = ctx.register(filled.place.team)
    to = ctx.chat.who(filled.place.team, str(filled.values["to"]), keep=True)
    try:
        who = ctx.who(filled.place.team, filled.place.user, filled.key)
        done, _ = desk.service.reassign_all(filled.memory.split("\n"), to, who)
    except Repeated:
        return ""
    except AeoError as error:
        return told(ctx, filled.place.team, error)
    note = str(filled.values.get("note") or "")
    if note and done:
        noted(desk.service, [e.slot.key for e in done], to, note, ctx.who(filled.place.team, filled.place.user, f"{filled.key}:note"))
    name = ctx.names(filled.place.team).get(to, to)
    text = say("talk.hand.done", ctx.lang, lines=tuple(lines_named(done, ctx.lang)), name=name)
    ctx.chat.say(filled.place, f"handed-over:{filled.key}", words(text))
    ctx.chat.settle(filled.place.team)
    return ""
