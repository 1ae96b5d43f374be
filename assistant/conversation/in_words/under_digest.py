"""What is written under a digest: about its entries, whatever it is.

Files and links are handed in, "later" puts off, "not mine" hands over, what is asked is answered, a nod gets how things stand. Any other
words are shown with what can become of them: a note, why something does not apply, a word to whoever asked, a question to the guide.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answers.question.reading import Reading
from assistant.conversation.chat import words
from assistant.conversation.in_words.asking import asked
from assistant.conversation.in_words.becoming import becomes, entries_of, how_it_stands, put_off_until
from assistant.conversation.in_words.handing_in import links_in, offered
from assistant.conversation.in_words.handing_over import offer
from assistant.conversation.in_words.roots import asks_guide, is_about, names_of
from assistant.conversation.in_words.seeing import gaps, others
from assistant.conversation.meaning.about import about
from assistant.conversation.meaning.dates import day_in
from assistant.conversation.meaning.wishes import ANYWHERE, Wish, wish_of
from assistant.conversation.post import Post
from assistant.register.facts.outbox import Message
from assistant.register.facts.slots import TO_DO
from assistant.texts import say

if TYPE_CHECKING:
    from assistant.conversation.context import Context
    from assistant.conversation.enterprise import Desk

ALLOWED: tuple[Wish, ...] = (*ANYWHERE, "later", "note")
"""What words under a digest may want."""


def to_digest(ctx: Context, post: Post, desk: Desk, root: Message, reading: Reading) -> bool:
    """A reply under a digest; False for a question to the guide."""
    who = ctx.who(post.team, post.user)
    today, lang, place = desk.service.day(who.at), ctx.lang, post.place
    of, listed = about(ctx, post, desk, reading, who), entries_of(desk, root, who.actor, today)
    fitting = [e for e in listed if of.fits(e)] or listed
    if post.files or links_in(post.text):
        if fitting:
            offered(ctx, post, desk, fitting, at_once=True)
        else:
            ctx.chat.say(place, f"settled:{post.key}", words(say("evidence_slack.nothing_open", lang)))
        return True
    wish = wish_of(post.text, ALLOWED, names_of(ctx, post.team), reading)
    open_ = [e for e in fitting if e.shown(today) in TO_DO]
    if wish in ("later", "quiet"):
        ctx.chat.say(place, f"later:{post.key}", put_off_until(ctx, post, open_, today, desk.policy.longest_snooze_days))
    elif wish == "not_mine":
        ctx.chat.say(place, f"hand:{post.key}", offer(ctx, post, open_, of, who))
    elif wish == "thanks" or (wish is None and (reading.act in ("thanks", "small_talk") or not any(c.isalnum() for c in post.text))):
        ctx.chat.say(place, f"nod:{post.key}", words(how_it_stands(gaps(desk, who), lang)))
    elif wish not in (None, "note", "not_applicable"):
        if wish in ("state", "due", "returned", "charge") and not (of.placed or of.people):
            of = replace(of, keys=frozenset(e.slot.key for e in (*listed, *gaps(desk, who))))
        return asked(ctx, post, wish, desk, reading, of)
    elif wish is None and asks_guide(post.text, reading):
        is_about(ctx, post, {e.slot.clause for e in listed})
        return False
    else:
        ctx.chat.say(place, f"words:{post.key}", becomes(ctx, post, desk, root.id, fitting, who, reading))
    return True


def later(ctx: Context, post: Post, desk: Desk, reading: Reading) -> bool:
    """What is put off outside of any digest: what its writer still owes of what is named; False where that is nothing."""
    who = ctx.who(post.team, post.user)
    of, today = about(ctx, post, desk, reading, who), desk.service.day(who.at)
    if reading.act == "question" and day_in(post.text, today) is None:
        return False
    open_ = [e for e in gaps(desk, who) if e.owner == who.actor]
    fitting = [e for e in open_ if replace(of, years=()).fits(e)] or open_
    if fitting and not others(of, who):
        said = put_off_until(ctx, post, fitting, today, desk.policy.longest_snooze_days)
        ctx.chat.say(post.place, f"later:{post.key}", said)
        return True
    return False


def nodded(ctx: Context, post: Post, desk: Desk, reading: Reading) -> bool:
    """That somebody is at it, outside of any digest (等我问下领导): how what they owe stands; False for thanks, and who owes nothing."""
    own = gaps(desk, ctx.who(post.team, post.user))
    if reading.act == "thanks" or post.reply or not own:
        return False
    ctx.chat.say(post.place, f"nod:{post.key}", words(how_it_stands(own, ctx.lang)))
    return True


def on_its_own(ctx: Context, post: Post, desk: Desk, reading: Reading) -> bool:
    """A note outside of any digest, on something that its writer still owes and that it names; False where it names no such thing."""
    who = ctx.who(post.team, post.user)
    of = about(ctx, post, desk, reading, who)
    fitting = [e for e in gaps(desk, who) if e.owner == who.actor and of.fits(e)] if of.placed else []
    if fitting:
        ctx.chat.say(post.place, f"words:{post.key}", becomes(ctx, post, desk, "", fitting, who, reading))
    return bool(fitting)
