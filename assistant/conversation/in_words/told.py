"""What a person is told of something that did not work: slots and people by name, ways out that a chat has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from assistant.conversation.meaning.naming import in_words
from assistant.errors import AeoError
from assistant.texts import say, texts

if TYPE_CHECKING:
    from assistant.conversation.context import Context
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
