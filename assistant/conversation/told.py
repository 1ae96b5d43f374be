"""What a person is told of something that did not work: slots and people by name, ways out that a chat has."""

from __future__ import annotations

from assistant.conversation.context import Context
from assistant.conversation.naming import plain_slot
from assistant.errors import AeoError
from assistant.register.papers.words import state_word
from assistant.texts import say, texts


def told(ctx: Context, team: str, error: AeoError) -> str:
    """The sentence of an error in a chat."""
    known, lang = texts("evidence_slack", ctx.lang), ctx.lang
    name = f"error.{error.key.partition('.')[2]}"
    if name not in known:
        return error.sentence(lang)
    values = dict(error.values)
    if "slot" in values:
        values["slot"] = plain_slot(str(values["slot"]), lang)
    if "state" in values:
        values["state"] = state_word(str(values["state"]), lang)
    called_as = ctx.names(team)
    for who in ("owner", "reviewer", "by"):
        if who in values:
            values[who] = called_as.get(str(values[who]), str(values[who]))
    return say(f"evidence_slack.{name}", lang, **values)
