"""To whoever decides: an order that is not one's own, passed on as it was written; and a word to a person instead of the assistant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from assistant.answers.question.reading import language
from assistant.conversation.chat import Button, ChatQuote, Field, Filled, Form, Press, Saying, Unsaid, words
from assistant.conversation.guide_asked.enquiries import hand_on
from assistant.conversation.in_words.roots import KEEP, TELL, names_of
from assistant.conversation.meaning.about import about
from assistant.conversation.meaning.wishes import wants_somebody
from assistant.conversation.post import Post
from assistant.register.acts.doing.who import Who
from assistant.register.acts.telling.announce import noted
from assistant.register.facts.handed_in import Piece
from assistant.register.facts.slots import Entry
from assistant.texts import say

if TYPE_CHECKING:
    from assistant.answers.question.reading import Reading
    from assistant.conversation.context import Context
    from assistant.conversation.enterprise import Desk
    from assistant.conversation.meaning.about import About

WRITE, WRITTEN = "order_write", "order_written"


def whose_it_is(
    ctx: Context, post: Post, desk: Desk, who: Who, of: About, entries: Sequence[Entry] = (), text: str = "talk.order.lead_only"
) -> Saying:
    """That the compliance lead decides it, with a button that passes on what was written, about these slots or what was named of them."""
    lang = ctx.lang
    if not desk.lead or desk.lead == who.actor:
        return words(say("talk.order.nobody", lang))
    name = ctx.names(post.team).get(desk.lead, desk.lead)
    theirs = [e for e in desk.service.standing(who.at) if e.owed and who.actor in (e.owner, e.reviewer)] if of.placed else []
    named = entries or [e for e in theirs if of.fits(e)]
    key = f"words:{post.key}"
    kept = {
        "pieces": [asdict(Piece("note", text=post.text))], "refused": [], "text": post.text, "root": "", "post": post.document(),
        "keys": [e.slot.key for e in named], "lang": lang,
    }  # fmt: skip
    ctx.store.keep(post.team, key, post.user, kept, ctx.now())
    tell = Button(TELL, say("talk.words.tell", lang, name=name), key, "primary")
    return Saying(
        head=(say(text, lang, name=name),), parts=(ChatQuote(post.text),), buttons=(tell, Button(KEEP, say("talk.order.leave", lang)))
    )


def handed_on(ctx: Context, post: Post) -> bool:
    """Whether a post wants the compliance lead asked what the guide just did not answer (转给合规负责人); done as its button does it."""
    exchanges = ctx.store.exchanges(post.team, post.channel, post.thread)
    last = exchanges[-1] if exchanges else None
    if last is None or last.answer.answered or last.answer.reason != "not_in_guide" or post.files:
        return False
    names = names_of(ctx, post.team) if ctx.desk(post.team).profile is not None else ()
    if not wants_somebody(post.text, names, ctx.read(post)):
        return False
    try:
        outcome = hand_on(ctx, post.team, last, post.user)
    except Unsaid:
        outcome = "unreachable"
    ctx.chat.say(post.place, f"lead:{post.key}", words(say(f"slack.lead.{outcome}", language(post.text, ctx.lang))))
    return True


def to_a_colleague(ctx: Context, post: Post, desk: Desk, reading: Reading) -> bool:
    """Words for the one person whom they name, passed on after a button; False where they name nobody else, or several."""
    who = ctx.who(post.team, post.user)
    of, lang = about(ctx, post, desk, reading, who), ctx.lang
    to = [(p, called) for p, called in zip(of.people, of.called, strict=True) if p != who.actor]
    if len(to) != 1:
        return False
    (to_whom, name), key = to[0], f"words:{post.key}"
    both = [e for e in desk.service.standing(who.at) if e.owed and of.fits(e)] if of.placed else []
    keys = [e.slot.key for e in both if {who.actor, to_whom} <= {e.owner, e.reviewer, desk.lead}]
    kept = {"text": post.text, "root": "", "post": post.document(), "keys": keys, "to": to_whom, "lang": lang}
    ctx.store.keep(post.team, key, post.user, kept, ctx.now())
    tell = Button(TELL, say("talk.words.tell", lang, name=name), key, "primary")
    ctx.chat.say(
        post.place,
        f"tell:{post.key}",
        Saying(
            head=(say("talk.words.tell_sure", lang, name=name),),
            parts=(ChatQuote(post.text),),
            buttons=(tell, Button(KEEP, say("talk.order.leave", lang))),
        ),
    )
    return True


def person(ctx: Context, _: Post, desk: Desk, who: Who, __: About) -> Saying:
    """Whom to talk to instead, with a form that writes to them."""
    lang, lead = ctx.lang, desk.lead
    if not lead or lead == who.actor:
        return words(say("talk.order.person_lead", lang))
    name = ctx.names(desk.team).get(lead, lead)
    write = Button(WRITE, say("talk.order.write", lang, name=name), "-", "primary")
    return Saying(head=(say("talk.order.person", lang, name=name),), buttons=(write,), note=say("talk.order.person_how", lang))


def write_form(ctx: Context, press: Press) -> Form | None:
    """What to say to the compliance lead."""
    lang, desk = ctx.lang, ctx.register(press.place.team)
    name = ctx.names(press.place.team).get(desk.lead, desk.lead)
    field = Field("text", say("talk.order.your_words", lang))
    return Form(WRITTEN, say("talk.order.write_title", lang), say("talk.order.send", lang), (field,), memory=name)


def written(ctx: Context, filled: Filled) -> str:
    """Pass it on: the lead's reply under it comes back."""
    desk = ctx.register(filled.place.team)
    noted(desk.service, (), desk.lead, str(filled.values["text"]), ctx.who(filled.place.team, filled.place.user, filled.key))
    told = words(say("talk.review.commented", ctx.lang, names=(filled.memory,)))
    ctx.chat.say(filled.place, f"written:{filled.key}", told)
    ctx.chat.settle(filled.place.team)
    return ""
