"""Questions that the guide does not answer, handed to the compliance lead: a conversation of two, relayed until a button closes it.

The lead's side is the thread of a card in their direct messages, the asker's side the thread where it was asked. The store holds the
enquiry; that the card's thread is ``stopped`` says that it is closed.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answers.question.reading import language
from assistant.conversation.chat import (
    REPLY_TO_ENQUIRY,
    Button,
    ChatItem,
    ChatQuote,
    Field,
    Filled,
    Form,
    Line,
    Member,
    Press,
    Saying,
    Unsaid,
    words,
)
from assistant.conversation.guide_asked.feedback import feedback
from assistant.conversation.jobs import Later
from assistant.conversation.ports import Enquiry, Exchange, Store, Thread
from assistant.conversation.post import Place, Post
from assistant.texts import say

if TYPE_CHECKING:
    from assistant.conversation.context import Context

log = logging.getLogger("aeo.enquiries")

MARK = "enquiry:"
"""What the key of all that belongs to an enquiry begins with; the ``asker`` of its card's thread."""
REPLY, CLOSE, SEND = REPLY_TO_ENQUIRY, "enquiry_close", "enquiry_send"


@dataclass(frozen=True, slots=True)
class EnquiryCard:
    """Where an enquiry's card stands, in the lead's direct messages."""

    place: Place
    ref: str
    link: str = ""


def hand_on(ctx: Context, team: str, exchange: Exchange, asker: str) -> str:
    """Ask the lead, once for each answer; what to tell the asker, as the name of a text.

    Raises:
        Later: not now. Unsaid: the lead cannot be reached.
    """
    if is_open(ctx.store, team, exchange.id) is not None:
        return "again"
    lead = lead_of(ctx, team)
    if not lead:
        return "nobody"
    enquiry = ctx.store.enquiry(team, exchange.id) or Enquiry(
        team, exchange.id, asker, exchange.channel, exchange.thread, exchange.answer.question, ctx.now()
    )
    ctx.store.save_enquiry(enquiry)
    at = ctx.chat.direct(Place(team, lead))
    shown = card(enquiry, exchange, ctx.lang)
    ref = ctx.chat.say(at, MARK + enquiry.id, shown)
    ctx.store.save_thread(Thread(team, at.channel, ref, MARK + enquiry.id), ctx.now())
    ctx.store.keep(team, MARK + enquiry.id, lead, {"channel": at.channel, "ref": ref, "link": ctx.chat.link(at, ref)}, ctx.now())
    ctx.inbox.add(feedback(ctx, exchange, enquiry.asker, "unanswered", None))
    return "asked"


def lead_of(ctx: Context, team: str) -> str:
    """The chat's user of the compliance lead; empty when nobody knows them."""
    return ctx.chat.user(team, ctx.desk(team).lead)


def card(enquiry: Enquiry, exchange: Exchange | None, lang: str, closed: str = "") -> Saying:
    """What the lead sees: who asks what and where, how to answer, or that it is closed."""
    colon = "：" if lang == "zh" else ": "
    where = say("slack.lead.direct", lang) if enquiry.channel.startswith("D") else ""
    lines: tuple[Line, ...] = ((say("slack.lead.who", lang) + colon, Member(enquiry.asker)),)
    lines += ((say("slack.lead.where", lang) + colon + (where or f"#{enquiry.channel}"),),)
    buttons = (
        Button(REPLY, say("talk.enquiry.reply", lang), enquiry.id, "primary"),
        Button(CLOSE, say("talk.enquiry.close", lang), enquiry.id),
    )
    return Saying(
        title=say("slack.lead.title", lang),
        parts=(*lines, ChatQuote(enquiry.question), *(((closed,),) if closed else ())),
        clauses=exchange.answer.nearest if exchange else (),
        edition=exchange.answer.edition if exchange else "",
        buttons=() if closed else buttons,
        note="" if closed else say("slack.lead.how", lang),
    )


def card_of(ctx: Context, team: str, enquiry: str) -> EnquiryCard | None:
    """Where an enquiry's card stands."""
    kept = ctx.store.kept(team, MARK + enquiry)
    if kept is None or "ref" not in kept:
        return None
    lead = lead_of(ctx, team)
    return EnquiryCard(Place(team, lead, str(kept["channel"]), str(kept["ref"]), direct=True), str(kept["ref"]), str(kept.get("link", "")))


def is_open(store: Store, team: str, enquiry: str) -> Enquiry | None:
    """The enquiry, while it is not closed."""
    kept = store.kept(team, MARK + enquiry) or {}
    thread = store.thread(team, str(kept["channel"]), str(kept["ref"])) if "ref" in kept else None
    return store.enquiry(team, enquiry) if thread is not None and not thread.stopped else None


def of_card(ctx: Context, post: Post) -> Enquiry | None:
    """The enquiry under whose card a post was written."""
    thread = ctx.store.thread(post.team, post.channel, post.thread) if post.reply else None
    if thread is None or not thread.asker.startswith(MARK):
        return None
    return ctx.store.enquiry(post.team, thread.asker.removeprefix(MARK))


def of_asker(ctx: Context, post: Post) -> Enquiry | None:
    """The open enquiry of a post's thread, where its asker writes on without naming the app."""
    if not post.reply or post.origin == "mention":
        return None
    for exchange in reversed(ctx.store.exchanges(post.team, post.channel, post.thread)):
        found = is_open(ctx.store, post.team, exchange.id)
        if found is not None and found.asker == post.user:
            return found
    found = ctx.store.kept(post.team, _passed(post.channel, post.thread))  # type: ignore[assignment]
    return is_open(ctx.store, post.team, str(found["id"])) if found else None  # type: ignore[index]


def answered(ctx: Context, enquiry: Enquiry, post: Post) -> None:
    """Take what the lead wrote under a card, and pass it on."""
    lang, here = ctx.lang, post.place
    if is_open(ctx.store, post.team, enquiry.id) is None:
        ctx.chat.say(here, f"heard:{post.key}", words(say("talk.enquiry.is_closed", lang)))
        return
    if not post.text:
        ctx.chat.say(here, f"heard:{post.key}", words(say("slack.lead.only_text", lang)))
        return
    _reply(ctx, enquiry, post.text, post.user, post.key, here)
    if post.files:
        ctx.chat.say(here, f"files:{post.key}", words(say("slack.lead.only_text", lang)))


def _reply(ctx: Context, enquiry: Enquiry, text: str, by: str, key: str, here: Place) -> None:
    done = replace(enquiry, answer=text, answered_by=by, answered_at=ctx.now())
    ctx.store.save_enquiry(done)
    outcome = "passed_on" if _pass_on(ctx, done, key) else "not_passed_on"
    ctx.chat.say(here, f"heard:{key}", words(say(f"slack.lead.{outcome}", ctx.lang)))


def _pass_on(ctx: Context, enquiry: Enquiry, key: str) -> bool:
    """Into the thread where it was asked; where that is private or closed, to the asker directly."""
    lang = language(enquiry.question, ctx.lang)
    said = Saying(
        head=(Member(enquiry.asker), " ", say("slack.lead.answered_question", lang)),
        parts=(
            ChatQuote(enquiry.question),
            (say("slack.lead.answered", lang), " ", Member(enquiry.answered_by)),
            *((line,) for line in enquiry.answer.split("\n")),
        ),
        buttons=(Button(CLOSE, say("talk.enquiry.close_asker", lang), enquiry.id),),
        note=say("slack.lead.not_guide", lang) + say("talk.enquiry.go_on", lang),
    )
    asked = Place(enquiry.team, enquiry.asker, enquiry.channel, enquiry.thread, enquiry.channel.startswith("D"))
    try:
        if "." in enquiry.thread:  # a command's answer has no thread that the chat knows
            ctx.chat.say(asked, f"passed:{key}", said)
            return True
    except Unsaid as refused:
        log.info("the reply to %s goes to its asker directly: %s", enquiry.id, refused.code)
    try:
        at = ctx.chat.direct(asked.own)
        ref = ctx.chat.say(at, f"passed:{key}:direct", said)
        ctx.store.keep(enquiry.team, _passed(at.channel, ref), enquiry.asker, {"id": enquiry.id}, ctx.now())
    except Unsaid as refused:
        log.warning("the reply to %s reaches nobody: %s", enquiry.id, refused.code)
        return False
    return True


def added(ctx: Context, enquiry: Enquiry, post: Post) -> None:
    """Pass on what the asker writes in the thread of an open enquiry."""
    lang = ctx.lang
    at = card_of(ctx, post.team, enquiry.id)
    if at is None or not post.text:
        ctx.chat.say(post.place, f"heard:{post.key}", words(say("slack.lead.only_text", lang)))
        return
    button = Button(CLOSE, say("talk.enquiry.close_asker", lang), enquiry.id)
    try:
        said = Saying(head=(Member(post.user), say("talk.enquiry.added", lang)), parts=(ChatQuote(post.text),))
        ctx.chat.say(at.place, f"added:{post.key}", said)
    except Unsaid:
        ctx.chat.say(post.place, f"heard:{post.key}", words(say("slack.lead.unreachable", lang)))
        return
    ctx.chat.say(post.place, f"heard:{post.key}", words(say("talk.enquiry.sent", lang), buttons=(button,)))


def reply_form(ctx: Context, press: Press) -> Form | None:
    """The form behind 答复; None, and a word, when there is nothing to answer any more."""
    enquiry = is_open(ctx.store, press.place.team, press.value)
    if enquiry is None:
        ctx.chat.whisper(press.place, words(say("talk.enquiry.is_closed", ctx.lang)))
        return None
    about = Saying(
        head=(Member(enquiry.asker),), parts=(ChatQuote(enquiry.question), *((ChatItem((enquiry.answer,)),) if enquiry.answer else ()))
    )
    field = Field("answer", say("talk.enquiry.answer", ctx.lang))
    return Form(SEND, say("talk.enquiry.form", ctx.lang), say("talk.enquiry.reply", ctx.lang), (field,), about, press.value)


def sent(ctx: Context, filled: Filled) -> None:
    """Pass on what the lead wrote into the form."""
    enquiry, at = is_open(ctx.store, filled.place.team, filled.memory), card_of(ctx, filled.place.team, filled.memory)
    if enquiry is None or at is None:
        ctx.chat.whisper(filled.place, words(say("talk.enquiry.is_closed", ctx.lang)))
        return
    thread = at.place
    ctx.chat.say(
        thread, f"wrote:{filled.key}", Saying(head=(Member(filled.place.user), "："), parts=(ChatQuote(str(filled.values["answer"])),))
    )
    _reply(ctx, enquiry, str(filled.values["answer"]), filled.place.user, filled.key, thread)


def close(ctx: Context, press: Press) -> None:
    """Close an enquiry: both sides hear so, and what is written there is no part of it any more."""
    team = press.place.team
    enquiry, at = is_open(ctx.store, team, press.value), card_of(ctx, team, press.value)
    if enquiry is None or at is None:
        ctx.chat.whisper(press.place, words(say("talk.enquiry.is_closed", ctx.lang)))
        return
    if press.place.user not in (enquiry.asker, at.place.user):
        ctx.chat.whisper(press.place, words(say("talk.enquiry.not_yours", ctx.lang)))
        return
    ctx.store.save_thread(Thread(team, at.place.channel, at.ref, MARK + enquiry.id, stopped=True), ctx.now())
    done = say("talk.enquiry.closed", ctx.lang)
    exchange = ctx.store.exchange(team, enquiry.id)
    asked = Place(team, enquiry.asker, enquiry.channel, enquiry.thread, enquiry.channel.startswith("D"))
    for act in (
        lambda: ctx.chat.change(at.place, at.ref, card(enquiry, exchange, ctx.lang, done)),
        lambda: ctx.chat.say(at.place, f"closed:{enquiry.id}:lead", words(done)),
        lambda: ctx.chat.say(asked if "." in enquiry.thread else asked.own, f"closed:{enquiry.id}", words(done)),
    ):
        try:
            act()
        except (Later, Unsaid) as error:
            log.info("one side of %s was not told that it is closed: %s", enquiry.id, error)


def waiting(store: Store, team: str) -> list[tuple[Enquiry, str]]:
    """What the lead has still to answer, the longest waiting first, each with the address of its card (empty where not known)."""
    return [(e, str((store.kept(team, MARK + e.id) or {}).get("link", ""))) for e in store.open_enquiries(team) if _waits(store, team, e)]


def _waits(store: Store, team: str, enquiry: Enquiry) -> bool:
    """Whether it was not closed without an answer; those of earlier versions have no card that is known."""
    return "ref" not in (store.kept(team, MARK + enquiry.id) or {}) or is_open(store, team, enquiry.id) is not None


def _passed(channel: str, ref: str) -> str:
    """Where it is kept that a direct message brought a reply of the lead: writing on under it goes back to them."""
    return f"passed:{channel}:{ref}"
