"""What a person is told of something that did not work: slots and people by name, ways out that a chat has; and presses that may not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assistant.conversation.chat import ChatQuote, Press, Saying, words
from assistant.conversation.meaning.naming import in_words
from assistant.errors import AeoError
from assistant.register.acts.doing.who import Repeated, Who
from assistant.register.facts.slots import Entry
from assistant.texts import say, texts

if TYPE_CHECKING:
    from assistant.conversation.context import Context
    from assistant.conversation.enterprise import Desk
    from assistant.register.acts.service import RegisterService


def told(ctx: Context, team: str, error: AeoError) -> str:
    """The sentence of an error in a chat."""
    return in_chat(error, ctx.lang, lambda: ctx.names(team), lambda: ctx.register(team).service)


def in_chat(error: AeoError, lang: str, names: Callable[[], Mapping[str, str]], service: Callable[[], RegisterService]) -> str:
    """The same with what is asked for only if the sentence needs it: the ``names`` of people, and where slots stand."""
    name = f"error.{error.key.partition('.')[2]}"
    if name not in texts("evidence_slack", lang):
        return error.sentence(lang)
    called, register = names(), service() if "slot" in error.values else None
    return say(f"evidence_slack.{name}", lang, **in_words(error.values, lambda person: called.get(person, person), lang, register))


def kept_of(ctx: Context, press: Press, gone: str = "talk.gone") -> dict[str, Any] | None:
    """What was kept for a button; None where it is no more there, which is said in its place with the text ``gone``."""
    kept = ctx.store.kept(press.place.team, press.value)
    if kept is None:
        ctx.chat.change(press.place, press.ref, words(say(gone, ctx.lang)))
    return kept


def to_each(ctx: Context, press: Press, desk: Desk, keys: Sequence[str], act: Callable[[str, Who], Entry]) -> tuple[list[Entry], list[str]]:
    """Do one thing to each slot: those for which it is done, now or by the same press before, and why not for the others."""
    done: list[Entry] = []
    why: list[str] = []
    for key in keys:
        try:
            done.append(act(key, ctx.who(press.place.team, press.place.user, f"{press.key}:{key}")))
        except Repeated:
            done.append(desk.service.entry(key))
        except AeoError as error:
            why.append(told(ctx, press.place.team, error))
    return done, why


def passed_on(ctx: Context, press: Press, text: str, people: Sequence[str]) -> None:
    """Say to whom what was written was passed on."""
    called_as = ctx.names(press.place.team)
    done = say("talk.review.commented", ctx.lang, names=tuple(called_as.get(p, p) for p in people))
    ctx.chat.change(press.place, press.ref, Saying(head=(done,), parts=(ChatQuote(text),)))
    ctx.chat.settle(press.place.team)
