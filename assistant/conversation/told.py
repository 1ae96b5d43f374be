"""What a person is told of something that did not work: slots and people by name, ways out that a chat has."""

from __future__ import annotations

from assistant.conversation.context import Context
from assistant.conversation.naming import in_words
from assistant.errors import AeoError
from assistant.texts import say, texts


def told(ctx: Context, team: str, error: AeoError) -> str:
    """The sentence of an error in a chat."""
    known, lang = texts("evidence_slack", ctx.lang), ctx.lang
    name = f"error.{error.key.partition('.')[2]}"
    if name not in known:
        return error.sentence(lang)
    called = ctx.names(team)
    return say(f"evidence_slack.{name}", lang, **in_words(error.values, lambda person: called.get(person, person), lang))
