"""What people write under a review card, about what was handed in, and under what somebody had passed on to them.

Whatever is written there gets a word: it is returned or passed on, each after a button, or, where it is a question, answered. What is
written under a digest stands in ``under_digest``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.answers.question.reading import Reading
from assistant.conversation.chat import Button, ChatItem, ChatQuote, Choice, Press, Saying, words
from assistant.conversation.guide_asked.questions import answer
from assistant.conversation.in_words.asking import asked
from assistant.conversation.in_words.handing_in import CHOICE, options
from assistant.conversation.in_words.roots import GUIDE, KEEP, asks_guide, is_about, message_of, names_of
from assistant.conversation.in_words.told import kept_of, passed_on, told
from assistant.conversation.meaning.about import about
from assistant.conversation.meaning.naming import lines_named
from assistant.conversation.meaning.wishes import Wish, wish_of
from assistant.conversation.post import Post
from assistant.errors import AeoError
from assistant.register.acts.doing.who import Repeated
from assistant.register.acts.slots.review_notes import card_of, shown_by
from assistant.register.acts.telling.announce import commented, noted
from assistant.register.facts.notices.reviewing import Comment
from assistant.register.facts.outbox import Message
from assistant.register.facts.slots import Entry
from assistant.texts import say

if TYPE_CHECKING:
    from assistant.conversation.context import Context
    from assistant.conversation.enterprise import Desk

RETURN, COMMENT = "reply_return", "reply_comment"
_OF_ALL: tuple[Wish, ...] = ("reviews", "progress", "overdue")
"""What is asked of the register there as anywhere."""
_OF_THESE: tuple[Wish, ...] = ("state", "charge")
"""What is asked of what the card shows, where nothing else is named."""
ALLOWED: tuple[Wish, ...] = ("send_back", "comment", "approve", *_OF_ALL, *_OF_THESE)


def returned_elsewhere(ctx: Context, post: Post, desk: Desk, reading: Reading) -> bool:
    """A return written outside of any card, of what it names: as under the one card with what it names, or all that waits; else False."""
    who = ctx.who(post.team, post.user)
    of = about(ctx, post, desk, reading, who)
    theirs = [e for e in desk.service.standing(who.at) if e.owed and e.state.name == "submitted" and e.reviewer == who.actor]
    waiting = [e for e in theirs if post.direct and of.fits(e) and (not of.people or e.owner in of.people)]
    with desk.service.register.reading(desk.workspace) as tx:
        cards = {card.id: card for e in waiting if (card := card_of(tx, e, who.actor)) is not None}
    return len(cards) == 1 and to_review(ctx, post, desk, next(iter(cards.values())), reading, [e.slot.key for e in waiting])


def to_review(ctx: Context, post: Post, desk: Desk, root: Message, reading: Reading, named: Sequence[str] = ()) -> bool:
    """A reply under a review card: a return reason or a comment, as the reviewer says by a button, or a question to the guide.

    False for what names a place of the guide and asks about it: that is answered at once. ``named``: the slots (keys) that it names.
    """
    lang = ctx.lang
    if post.files and not post.text:
        ctx.chat.say(post.place, f"files:{post.key}", words(say("talk.review.no_files", lang)))
        return True
    wish = wish_of(post.text, ALLOWED, names_of(ctx, post.team), reading)
    if wish in _OF_ALL:
        return asked(ctx, post, wish, desk, reading)
    if wish in _OF_THESE:
        of = about(ctx, post, desk, reading, ctx.who(post.team, post.user))
        shown = of if of.placed or of.people else replace(of, keys=frozenset(s.key for s in root.says.slots))
        return asked(ctx, post, wish, desk, reading, shown)
    asks = reading.act == "question" and wish is None
    guide = asks and asks_guide(post.text, reading)
    if guide and reading.references:
        return False
    kept = {"text": post.text, "root": root.id, "post": post.document(), "lang": lang}
    ctx.store.keep(post.team, f"reply:{post.key}", post.user, kept, ctx.now())
    returns = wish not in ("comment", "approve") and not guide
    buttons: tuple[Button, ...] = (
        Button(RETURN, say("talk.review.return", lang), f"reply:{post.key}", "primary" if returns else ""),
        Button(COMMENT, say("talk.review.comment", lang), f"reply:{post.key}", "" if returns or guide else "primary"),
        Button(KEEP, say("talk.review.keep", lang), f"reply:{post.key}"),
    )
    waiting = _waiting(desk, root)
    if not waiting:
        buttons = buttons[1:]
    if asks:
        buttons = (
            *buttons[:-1],
            Button(GUIDE, say("talk.review.guide", lang), f"reply:{post.key}", "primary" if guide else ""),
            buttons[-1],
        )
    ctx.chat.say(
        post.place,
        f"review:{post.key}",
        Saying(
            head=(say("talk.review." + ("ask_settled" if not waiting else "approve" if wish == "approve" else "ask"), lang),),
            parts=(ChatQuote(post.text), *(ChatItem((t,)) for t in lines_named(waiting, lang))),
            choice=Choice(
                CHOICE,
                say("talk.review.which", lang),
                options(waiting, lang),
                tuple(e.slot.key for e in waiting if not named or e.slot.key in named),
            )
            if len(waiting) > 1
            else None,
            buttons=buttons,
        ),
    )
    return True


def give_back(ctx: Context, press: Press) -> None:
    """Return what waits, with what was written as the reason."""
    kept = kept_of(ctx, press)
    if kept is None:
        return
    desk = ctx.register(press.place.team)
    root = message_of(desk, kept["root"])
    waiting = [e for e in _waiting(desk, root) if not press.chosen or e.slot.key in press.chosen] if root else []
    done: list[Entry] = []
    why: list[str] = []
    if root and waiting:
        try:
            who = ctx.who(press.place.team, press.place.user, press.key)
            shown = shown_by(root, [e.slot.key for e in waiting])
            done, refused = desk.service.review_all(shown, "returned", who, kept["text"])
            why = [told(ctx, press.place.team, error) for error in refused]
        except Repeated:
            done = waiting
        except AeoError as error:
            why.append(told(ctx, press.place.team, error))
    lines = tuple(lines_named(done, ctx.lang))
    head = say("talk.review.returned", ctx.lang, lines=lines) if done else say("talk.review.nothing_waits", ctx.lang)
    ctx.chat.change(press.place, press.ref, Saying(head=(head,), parts=(ChatQuote(kept["text"]), *((w,) for w in why))))
    ctx.chat.settle(press.place.team)


def comment(ctx: Context, press: Press) -> None:
    """Pass on what a reviewer wrote to those who handed in."""
    kept = ctx.store.kept(press.place.team, press.value)
    desk = ctx.register(press.place.team)
    root = message_of(desk, kept["root"]) if kept else None
    if kept is None or root is None:
        ctx.chat.change(press.place, press.ref, words(say("talk.gone", ctx.lang)))
        return
    who = ctx.who(press.place.team, press.place.user, press.key)
    passed_on(ctx, press, kept["text"], commented(desk.service, root, kept["text"], who))


def to_guide(ctx: Context, press: Press) -> None:
    """What was written is a question to the guide after all, and is answered in the thread."""
    kept = kept_of(ctx, press)
    if kept is None:
        return
    ctx.chat.change(press.place, press.ref, Saying(head=(say("talk.review.asked", ctx.lang),), parts=(ChatQuote(kept["text"]),)))
    post, desk = Post.read(kept["post"]), ctx.register(press.place.team)
    root = message_of(desk, kept["root"])
    is_about(ctx, post, {desk.service.entry(s.key).slot.clause for s in root.says.slots} if root else ())
    answer(ctx, post, ctx.now())


def keep(ctx: Context, press: Press) -> None:
    """Nothing comes of it."""
    ctx.chat.change(press.place, press.ref, words(say("talk.dropped", ctx.lang)))


def to_comment(ctx: Context, post: Post, desk: Desk, root: Message, reading: Reading) -> bool:
    """A reply under what somebody had passed on: it goes back to them; False for a question that names a place of the guide."""
    lang, says = ctx.lang, root.says
    if reading.act == "question" and reading.references and asks_guide(post.text, reading):
        return False
    if not post.text or not isinstance(says, Comment):
        ctx.chat.say(post.place, f"files:{post.key}", words(say("talk.review.no_files", lang)))
        return True
    noted(desk.service, root.slots, says.by, post.text, ctx.who(post.team, post.user, post.key))
    names = (ctx.names(post.team).get(says.by, says.by),)
    files = (say("talk.review.no_files", lang),) if post.files else ()
    ctx.chat.say(post.place, f"passed:{post.key}", words(say("talk.review.commented", lang, names=names), *files))
    ctx.chat.settle(post.team)
    return True


def _waiting(desk: Desk, root: Message) -> list[Entry]:
    """What of a review card still waits."""
    with desk.service.register.reading(desk.workspace) as tx:
        found = [tx.entry(s.key) for s in root.says.slots]
    return [e for e in found if e is not None and e.state.name == "submitted"]
