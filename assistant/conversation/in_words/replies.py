"""What people write under the register's own messages: under a digest about its entries, under a review card about what was handed in.

Whatever is written there gets a word: it is handed in, put off, handed over, returned or passed on, each after a button, or, where it
is a question, answered.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from assistant.answers.question.reading import Reading
from assistant.conversation.chat import Button, ChatItem, ChatQuote, Choice, Press, Saying, words
from assistant.conversation.guide_asked.questions import answer
from assistant.conversation.in_words.asking import asked
from assistant.conversation.in_words.handing_in import CHOICE, ask, links_in, offered, options
from assistant.conversation.in_words.handing_over import offer
from assistant.conversation.in_words.told import told
from assistant.conversation.meaning.about import about
from assistant.conversation.meaning.dates import day_in
from assistant.conversation.meaning.naming import lines_named
from assistant.conversation.meaning.whom import spellings
from assistant.conversation.meaning.wishes import ANYWHERE, scores, wish_of
from assistant.conversation.post import Post
from assistant.errors import AeoError
from assistant.register.acts.doing.who import Repeated
from assistant.register.acts.slots.review_notes import ROOTS, shown_by
from assistant.register.acts.telling.announce import commented
from assistant.register.facts.outbox import Message
from assistant.register.facts.slots import TO_DO, Entry, Piece
from assistant.texts import say

if TYPE_CHECKING:
    from assistant.conversation.context import Context
    from assistant.conversation.enterprise import Desk

LATER, RETURN, COMMENT, KEEP, GUIDE = "reply_later", "reply_return", "reply_comment", "reply_keep", "reply_guide"
_LATELY = 60  # messages of a kind that are looked through for a thread; chosen, not measured
_SURE = 0.5
"""From this score on, what is written under a card is a question to the guide and no comment (see ``wishes.CERTAIN``)."""


def root_of(desk: Desk, person: str, post: Post) -> Message | None:
    """The message of the register that began a post's thread, if it was sent to this person."""
    with desk.service.register.reading(desk.workspace) as tx:
        for kind in (*ROOTS, "review"):
            for message in tx.messages(recipient=person, kind=kind, limit=_LATELY):
                begun = message.says.thread or message.receipt.ts
                if (message.receipt.channel, begun) == (post.channel, post.thread):
                    return message
    return None


def entries_of(desk: Desk, root: Message, person: str, today: date) -> list[Entry]:
    """The slots of a message that its recipient can still do something about."""
    with desk.service.register.reading(desk.workspace) as tx:
        found = {key: tx.entry(key) for key in dict.fromkeys((*root.slots, *(s.key for s in root.says.slots)))}
    mine = (person, desk.lead)
    known = [e for e in found.values() if e is not None and e.owed and (e.owner in mine or e.held.deputy == person)]
    kept = [e for e in known if e.owner == person or person in (desk.lead, e.held.deputy)]
    return [e for e in kept if e.shown(today) in TO_DO or (e.state.name == "submitted" and e.state.claim == "evidence")]


def to_digest(ctx: Context, post: Post, desk: Desk, root: Message, reading: Reading) -> bool:
    """A reply under a digest; False for a question to the guide."""
    who = ctx.who(post.team, post.user)
    today, lang = desk.service.day(who.at), ctx.lang
    fitting = named(reading, entries_of(desk, root, who.actor, today))
    if post.files or links_in(post.text):
        if fitting:
            offered(ctx, post, desk, fitting, at_once=True)
        else:
            ctx.chat.say(post.place, f"settled:{post.key}", words(say("evidence_slack.nothing_open", lang)))
        return True
    wish = wish_of(post.text, (*ANYWHERE, "later", "note"), _names(ctx, post.team), reading.acts)
    open_ = [e for e in fitting if e.shown(today) in TO_DO]
    if wish == "later":
        ctx.chat.say(post.place, f"later:{post.key}", _put_off(post, open_, today, desk.policy.longest_snooze_days, lang))
        return True
    if wish == "not_mine":
        ctx.chat.say(post.place, f"hand:{post.key}", offer(ctx, post, open_, about(ctx, post, desk, reading, who), who))
        return True
    if wish not in (None, "note"):
        return asked(ctx, post, wish, desk, reading)
    if wish is None and _is_question(post.text):
        return False
    if not fitting:
        ctx.chat.say(post.place, f"settled:{post.key}", words(say("evidence_slack.nothing_open", lang)))
        return True
    ask(ctx, post.place, f"note:{post.key}", fitting, [Piece("note", text=post.text)])
    return True


def to_review(ctx: Context, post: Post, desk: Desk, root: Message, reading: Reading) -> bool:
    """A reply under a review card: a return reason or a comment, as the reviewer says by a button, or a question to the guide.

    False for what names a place of the guide and asks about it: that is answered at once.
    """
    lang = ctx.lang
    if post.files and not post.text:
        ctx.chat.say(post.place, f"files:{post.key}", words(say("talk.review.no_files", lang)))
        return True
    wish = wish_of(post.text, ("send_back", "comment"), _names(ctx, post.team))
    asks = reading.act == "question" and wish is None
    if asks and reading.references and _is_question(post.text):
        return False
    kept = {"text": post.text, "root": root.id, "post": post.document()}
    ctx.store.keep(post.team, f"reply:{post.key}", post.user, kept, ctx.now())
    returns = wish != "comment"
    buttons: tuple[Button, ...] = (
        Button(RETURN, say("talk.review.return", lang), f"reply:{post.key}", "primary" if returns else ""),
        Button(COMMENT, say("talk.review.comment", lang), f"reply:{post.key}", "" if returns else "primary"),
        Button(KEEP, say("talk.review.keep", lang), f"reply:{post.key}"),
    )
    waiting = _waiting(desk, root)
    if not waiting:
        buttons = buttons[1:]
    if asks:
        buttons = (*buttons[:-1], Button(GUIDE, say("talk.review.guide", lang), f"reply:{post.key}"), buttons[-1])
    ctx.chat.say(
        post.place,
        f"review:{post.key}",
        Saying(
            head=(say("talk.review.ask" if waiting else "talk.review.ask_settled", lang),),
            parts=(ChatQuote(post.text), *(ChatItem((t,)) for t in lines_named(waiting, lang))),
            choice=Choice(CHOICE, say("talk.review.which", lang), options(waiting, lang), tuple(e.slot.key for e in waiting))
            if len(waiting) > 1
            else None,
            buttons=buttons,
        ),
    )
    return True


def give_back(ctx: Context, press: Press) -> None:
    """Return what waits, with what was written as the reason."""
    kept = ctx.store.kept(press.place.team, press.value)
    if kept is None:
        ctx.chat.change(press.place, press.ref, words(say("talk.gone", ctx.lang)))
        return
    desk = ctx.register(press.place.team)
    root = _message(desk, kept["root"])
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
    root = _message(desk, kept["root"]) if kept else None
    if kept is None or root is None:
        ctx.chat.change(press.place, press.ref, words(say("talk.gone", ctx.lang)))
        return
    who = ctx.who(press.place.team, press.place.user, press.key)
    to = commented(desk.service, root, kept["text"], who)
    called_as = ctx.names(press.place.team)
    done = say("talk.review.commented", ctx.lang, names=tuple(called_as.get(p, p) for p in to))
    ctx.chat.change(press.place, press.ref, Saying(head=(done,), parts=(ChatQuote(kept["text"]),)))
    ctx.chat.settle(press.place.team)


def to_guide(ctx: Context, press: Press) -> None:
    """What was written is a question to the guide after all, and is answered in the thread."""
    kept = ctx.store.kept(press.place.team, press.value)
    if kept is None:
        ctx.chat.change(press.place, press.ref, words(say("talk.gone", ctx.lang)))
        return
    ctx.chat.change(press.place, press.ref, Saying(head=(say("talk.review.asked", ctx.lang),), parts=(ChatQuote(kept["text"]),)))
    answer(ctx, Post.read(kept["post"]), ctx.now())


def keep(ctx: Context, press: Press) -> None:
    """Nothing comes of it."""
    ctx.chat.change(press.place, press.ref, words(say("talk.dropped", ctx.lang)))


def _put_off(post: Post, open_: Sequence[Entry], today: date, longest: int, lang: str) -> Saying:
    if not open_:
        return words(say("evidence_slack.nothing_open", lang))
    until = day_in(post.text, today) or today + timedelta(days=7)
    until = min(max(until, today + timedelta(days=1)), today + timedelta(days=longest))
    head = say("talk.later.head", lang, until=until.isoformat())
    several = len(open_) > 1
    choice = Choice(CHOICE, say("talk.later.which", lang), options(open_, lang), tuple(e.slot.key for e in open_)) if several else None
    value = f"{until.isoformat()}\n" + "\n".join(e.slot.key for e in open_)
    kept = Button(LATER, say("talk.later.button", lang, until=until.isoformat()), value, "primary")
    return Saying(
        head=(head,),
        parts=() if several else tuple(ChatItem((t,)) for t in lines_named(open_, lang)),
        choice=choice,
        buttons=(kept, Button(KEEP, say("talk.later.drop", lang), "-")),
    )


def put_off(ctx: Context, press: Press) -> None:
    """Snooze what was chosen."""
    until, *keys = press.value.split("\n")
    desk = ctx.register(press.place.team)
    done: list[Entry] = []
    why: list[str] = []
    for key in press.chosen or keys:
        try:
            who = ctx.who(press.place.team, press.place.user, f"{press.key}:{key}")
            done.append(desk.service.snooze(key, date.fromisoformat(until), who))
        except Repeated:
            done.append(desk.service.entry(key))
        except AeoError as error:
            why.append(told(ctx, press.place.team, error))
    head = say("talk.later.done", ctx.lang, until=until, lines=tuple(lines_named(done, ctx.lang))) if done else ""
    ctx.chat.change(press.place, press.ref, words(head, *why))
    ctx.chat.settle(press.place.team)


def named(reading: Reading, fitting: list[Entry]) -> list[Entry]:
    """Only the slots of the clauses that a message names, where it names any of them."""
    clauses = {clause for r in (*reading.references, *reading.items) for clause in r.clauses}
    return [e for e in fitting if e.slot.clause in clauses] or fitting


def _is_question(text: str) -> bool:
    found = max(scores(text), key=lambda read: read.score)
    return len(text) > 60 or (found.wish == "guide" and found.score >= _SURE)


def _waiting(desk: Desk, root: Message) -> list[Entry]:
    """What of a review card still waits."""
    with desk.service.register.reading(desk.workspace) as tx:
        found = [tx.entry(s.key) for s in root.says.slots]
    return [e for e in found if e is not None and e.state.name == "submitted"]


def _message(desk: Desk, message: str) -> Message | None:
    with desk.service.register.reading(desk.workspace) as tx:
        return tx.message(message)


def _names(ctx: Context, team: str) -> list[str]:
    return spellings(ctx.involved(team))
