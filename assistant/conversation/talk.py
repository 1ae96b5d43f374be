"""Every message of a person goes through here: whose thread it is decides first, then what it wants; nothing is left without a word.

========================  ==============================================================================
written                   becomes
========================  ==============================================================================
under an enquiry          part of it, relayed to the other side until a button closes it
under a review card       a return reason, a comment or a question to the guide, as a button says
under what was passed on  a word back to whom it came from
under a digest            a file, link, note, "later" or hand-over for its entries; a question is answered
under an answer           a follow-up; under a refusal, the lead is asked where that is wanted
anywhere else             what it wants of the register, or a question to the guide
========================  ==============================================================================
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answers.question.reading import TO_REGISTER, Reading, language
from assistant.conversation.chat import ChatItem, Filled, Form, Press, Saying, Unsaid, words
from assistant.conversation.guide_asked import enquiries
from assistant.conversation.guide_asked.questions import answer, answer_key, apologise
from assistant.conversation.in_words import asking, becoming, handing_in, handing_over, reminding, replies, roots, under_digest
from assistant.conversation.in_words.seeing import MISSING, gaps
from assistant.conversation.in_words.told import told
from assistant.conversation.jobs import Later
from assistant.conversation.meaning.about import about
from assistant.conversation.meaning.wishes import ANYWHERE, Wish, wish_of
from assistant.conversation.orders import deeds, passing_on, pointing
from assistant.conversation.ports import Job
from assistant.conversation.post import Post
from assistant.conversation.threads import asks_to_stop, is_heard, leaves, means_help, means_stop, reference
from assistant.errors import AeoError
from assistant.texts import say

if TYPE_CHECKING:
    from assistant.conversation.context import Context
    from assistant.conversation.enterprise import Desk
    from assistant.register.facts.outbox import Message

log = logging.getLogger("aeo.talk")

POST, PRESS = "post", "press"

PRESSED: dict[str, Callable[[Context, Press], None]] = {
    MISSING: asking.see_missing,
    reminding.REMIND: reminding.remind,
    reminding.DROP: reminding.drop,
    enquiries.CLOSE: enquiries.close,
    handing_in.PICKED: handing_in.picked,
    handing_in.LEFT: handing_in.left,
    handing_over.TO: handing_over.handed_to,
    becoming.LATER: becoming.put_off,
    becoming.NA: becoming.not_applicable,
    roots.TELL: becoming.tell,
    deeds.DO: deeds.do,
    replies.RETURN: replies.give_back,
    replies.COMMENT: replies.comment,
    roots.KEEP: replies.keep,
    roots.GUIDE: replies.to_guide,
}
"""What buttons do."""
OPENED: dict[str, Callable[[Context, Press], Form | None]] = {
    enquiries.REPLY: enquiries.reply_form,
    handing_over.HAND: handing_over.hand_form,
    passing_on.WRITE: passing_on.write_form,
}
"""Buttons that open a form."""
SENT: dict[str, Callable[[Context, Filled], str | None]] = {
    enquiries.SEND: enquiries.sent,
    handing_over.HANDED: handing_over.handed,
    passing_on.WRITTEN: passing_on.written,
}
"""What becomes of forms; a sentence that comes back stands in the form."""


def _under_review(ctx: Context, post: Post, desk: Desk, root: Message, reading: Reading) -> bool:
    wish = wish_of(post.text, (*replies.ALLOWED, *_OF_A_REVIEWER), roots.names_of(ctx, post.team), reading)
    if wish in _OF_A_REVIEWER and pointing.ordered(ctx, post, wish, desk, reading):
        return True
    return replies.to_review(replace(ctx, lang=language(post.text, ctx.lang)), post, desk, root, reading)


def _under_digest(ctx: Context, post: Post, desk: Desk, root: Message, reading: Reading) -> bool:
    wish = wish_of(post.text, under_digest.ALLOWED, roots.names_of(ctx, post.team), reading)
    given = post.files or handing_in.links_in(post.text)
    ctx = ctx if given else replace(ctx, lang=language(post.text, ctx.lang))
    if wish in _ORDERED and not given and pointing.ordered(ctx, post, wish, desk, reading):
        return True
    return under_digest.to_digest(ctx, post, desk, root, reading)


def _later(ctx: Context, post: Post, desk: Desk, reading: Reading) -> bool:
    return under_digest.later(ctx, post, desk, reading) or asking.commented(ctx, post, desk, reading)


def _word_to_somebody(ctx: Context, post: Post, desk: Desk, reading: Reading) -> bool:
    return passing_on.to_a_colleague(ctx, post, desk, reading) or asking.commented(ctx, post, desk, reading)


def _returned(ctx: Context, post: Post, desk: Desk, reading: Reading) -> bool:
    return replies.returned_elsewhere(ctx, post, desk, reading) or asking.decided_elsewhere(ctx, post, desk, reading)


UNDER: dict[str, Callable[[Context, Post, Desk, Message, Reading], bool]] = {
    "review": _under_review,
    "comment": replies.to_comment,
}
"""What becomes of words under the register's own messages; under all others they are about a digest's entries."""
_ORDERED = frozenset(pointing.ACTS) - {"quiet", "not_applicable"}
"""What is wanted under a digest as anywhere: what is to be quiet, or does not apply, are its own entries."""
_OF_A_REVIEWER: tuple[Wish, ...] = ("reviewer", "reopen", "person", "show")
"""What is wanted under a review card as anywhere."""
_OF_CARDS: tuple[Wish, ...] = ("send_back", "approve")
"""What belongs under a card and is told so wherever it is written."""
ALONE: dict[Wish, Callable[[Context, Post, Desk, Reading], bool]] = {
    "later": _later,
    "note": under_digest.on_its_own,
    "thanks": under_digest.nodded,
    "comment": _word_to_somebody,
    "send_back": _returned,
    "approve": asking.decided_elsewhere,
}
"""What becomes of words that belong under one of the register's messages and stand on their own in a direct message."""


class Talk:
    """The conversation with everybody in every workspace, over one chat."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx

    def listen(self) -> Talk:
        """Do what the work queue holds of it."""
        self.ctx.work.handles(POST, Post, self._said, self._lost)
        self.ctx.work.handles(PRESS, Press, self._pressed)
        return self

    # -- what people do -----------------------------------------------------------------------------------------

    def accept(self, post: Post) -> bool:
        """Store what somebody wrote, to be acted on once; False when it was stored before.

        Raises:
            Unavailable: it could not be stored.
        """
        if means_stop(post.text):  # what is being answered now must not keep the stop waiting for its turn
            asks_to_stop(self.ctx.store, post.team, post.channel, post.thread, post.user, self.ctx.now())
        return self.ctx.work.add(POST, post.team, post.key, post, lane=f"{post.channel}:{post.thread}")

    def press(self, press: Press) -> None:
        """A button: a form is opened at once, all else is a job."""
        if press.act not in OPENED:
            self.ctx.work.add(PRESS, press.place.team, press.key, press, lane=f"press:{press.place.channel}:{press.ref}"[:200])
            return
        try:
            form = OPENED[press.act](self.ctx, press)
        except AeoError as error:
            self.ctx.chat.whisper(press.place, words(told(self.ctx, press.place.team, error)))
            return
        if form is not None:
            self.ctx.chat.open(press, form)

    def fill(self, filled: Filled) -> str:
        """A form that was sent in; a sentence when it could not be done, empty when it was."""
        try:
            return SENT[filled.act](self.ctx, filled) or ""
        except AeoError as error:
            return told(self.ctx, filled.place.team, error)

    # -- messages -------------------------------------------------------------------------------------------------

    def _said(self, job: Job, post: Post) -> None:
        if post.direct and post.ts:
            self.ctx.store.saw(post.team, post.channel, post.ts)
        try:
            self._route(post, job)
        except Unsaid as refused:
            self._refused(post, refused)

    def _route(self, post: Post, job: Job) -> None:
        """One owner for each message."""
        ctx = self.ctx
        enquiry = enquiries.of_card(ctx, post)
        if enquiry is not None:
            enquiries.answered(ctx, enquiry, post)
            return
        enquiry = enquiries.of_asker(ctx, post)
        if enquiry is not None and not means_stop(post.text) and not (post.files and self._root(post)):
            enquiries.added(ctx, enquiry, post)
            return
        if is_heard(ctx.store, post) and not means_stop(post.text) and passing_on.handed_on(ctx, post):
            return
        desk = ctx.desk(post.team)
        if desk.profile is not None and self._of_the_register(post, desk):
            return
        if is_heard(ctx.store, post):
            self._reply(post, job)

    def _of_the_register(self, post: Post, desk: Desk) -> bool:
        """Whether a post belongs to the register, and is dealt with."""
        ctx = self.ctx
        if not (post.direct or is_heard(ctx.store, post)):
            return False
        reading = ctx.read(post)
        if post.direct and post.reply:
            root = self._root(post)
            if root is not None and not means_stop(post.text):
                return UNDER.get(root.kind, _under_digest)(ctx, post, desk, root, reading)
        if post.direct and (post.files or handing_in.links_in(post.text)):
            return self._files(post, desk, reading)
        if post.files or not is_heard(ctx.store, post) or means_stop(post.text):
            return False
        wish = wish_of(post.text, dict.fromkeys((*ANYWHERE, *ALONE)), roots.names_of(ctx, post.team), reading)
        if not post.direct and wish in ALONE and wish not in _OF_CARDS:
            return False
        ctx = replace(ctx, lang=language(post.text, ctx.lang))
        alone = ALONE.get(wish) if wish else None
        if alone is not None and not reading.surely_asks and alone(ctx, post, desk, reading):
            return True
        if wish == "not_mine":
            said = handing_over.asked(ctx, post, desk, reading)
            if said is not None:
                ctx.chat.say(asking.said_here(ctx, post), f"hand:{post.key}", said)
            return said is not None
        if wish is not None and pointing.ordered(ctx, post, wish, desk, reading):
            return True
        if wish is not None and wish != "thanks" and asking.asked(ctx, post, wish, desk, reading):
            return True
        act = reading.talk or reading.perhaps
        return post.direct and not post.reply and act in (*TO_REGISTER, "small_talk") and asking.left_open(ctx, post, desk, reading)

    def _root(self, post: Post) -> Message | None:
        """The register's own message whose thread a post was written in."""
        desk = self.ctx.desk(post.team)
        return roots.root_of(desk, self.ctx.who(post.team, post.user).actor, post) if desk.profile is not None and post.direct else None

    def _files(self, post: Post, desk: Desk, reading: Reading) -> bool:
        """Files in a direct message: a picker of what the person still owes."""
        who = self.ctx.who(post.team, post.user)
        today = desk.service.day(who.at)
        owed = [e for e in gaps(desk, who) if e.owner == who.actor or who.actor == desk.lead]
        pending = [e for e in desk.service.standing(who.at) if e.owner == who.actor and e.owed and e.state.name == "submitted"]
        theirs = [*owed, *(e for e in pending if e.state.claim == "evidence" and e.open(today))]
        of = about(self.ctx, post, desk, reading, who)
        fitting = [e for e in theirs if of.fits(e)] or theirs
        if not fitting and not post.files and reading.act == "question":
            return False
        if not fitting:
            self.ctx.chat.say(post.place, f"files:{post.key}", words(say("talk.hand_in.nothing_owed", self.ctx.lang)))
        else:
            handing_in.offered(self.ctx, post, desk, fitting)
        return True

    def _reply(self, post: Post, job: Job) -> None:
        ctx, lang, spoken_to = self.ctx, language(post.text, self.ctx.lang), post.origin != "thread"
        if means_stop(post.text):
            if not post.direct:  # what is written to the app directly is always meant for it
                leaves(ctx.store, post, ctx.now())
            told_ = "slack.talk.stopped_direct" if post.direct else "slack.talk.stopped"
            ctx.chat.answer(post, answer_key(post)).say(words(say(told_, lang)))
            return
        if post.files and spoken_to:
            ctx.chat.say(post.place, f"files:{post.key}", words(say("slack.talk.files", lang)))
        if not means_help(post.text):
            answer(ctx, post, job.at or ctx.now())
        elif spoken_to and not post.files:
            ways = tuple(ChatItem((say(f"slack.talk.help_{way}", lang),)) for way in ("ask", "number", "follow", "stop"))
            ctx.chat.answer(post, answer_key(post)).say(Saying(parts=((say("slack.talk.help", lang),), *ways)))

    def _refused(self, post: Post, refused: Unsaid) -> None:
        """A word in plain text where the chat did not take what was to be said; only who cannot be reached at all hears nothing."""
        number = reference(post.key)
        log.warning("the chat did not take what belongs to %s of %s, reference %s: %s", post.key, post.team, number, refused.code)
        if refused.final:
            return
        try:
            said = words(say("slack.talk.apology", language(post.text, self.ctx.lang), reference=number))
            self.ctx.chat.say(post.place, f"refused:{post.key}", replace(said, bare=True))
        except Unsaid as again:
            log.warning("nobody can be told about %s of %s: %s", post.key, post.team, again.code)

    def _lost(self, _: Job, post: Post) -> None:
        """A last word where no answer could be given."""
        try:
            apologise(self.ctx, post, language(post.text, self.ctx.lang), "apology_busy")
        except (Later, Unsaid) as error:
            log.error("no apology for %s of %s: %s", post.key, post.team, error)

    def _pressed(self, _: Job, press: Press) -> None:
        try:
            kept = self.ctx.store.kept(press.place.team, press.value) if press.value else None
            PRESSED[press.act](replace(self.ctx, lang=(kept or {}).get("lang") or self.ctx.lang), press)
        except Unsaid as refused:
            log.info("what came of %s could not be said: %s", press.act, refused.code)
        except AeoError as error:
            self.ctx.chat.whisper(press.place, words(told(self.ctx, press.place.team, error)))
