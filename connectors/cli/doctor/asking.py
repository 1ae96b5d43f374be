"""The chat model, asked one small question as staff's are asked: the same rules, the same guide, the same check."""

from __future__ import annotations

import time

from assistant.adapters.editions import Editions
from assistant.answers.passages import passages
from assistant.answers.reply.calling.budget import Budget
from assistant.answers.reply.calling.failures import NoReply
from assistant.answers.reply.calling.model_reply import reply
from assistant.answers.reply.check.checker import Checker
from assistant.answers.reply.check.lines import GuideLines
from assistant.errors import Unavailable
from assistant.settings import Settings
from assistant.texts import say


def asking(settings: Settings) -> tuple[bool | None, str]:
    """What the first clause asks for: an answer of which something stands in the guide is one; what came instead is said.

    Raises:
        Unavailable: there is no model, or it gave no answer; names the cause.
    """
    if not settings.chat_model:
        return None, say("doctor.chat_none", settings.lang)
    from assistant.adapters.models.chat import chat_model
    from assistant.answers.reply.calling.calls import Calls
    from assistant.answers.reply.written.generate import WANTED
    from assistant.answers.reply.written.prompting import trial

    name, lang, lines = settings.chat_model, settings.lang, _lines(settings)
    clause = next(iter(lines.groups))
    question = say("doctor.chat_asked", lang, clause=clause)
    calls, budget = Calls(chat_model(settings), settings.chat_method), Budget(settings.chat_timeout)
    began = time.monotonic()
    try:
        *_, text = calls.ask(trial(lines, settings.chat_context, clause, question), WANTED, budget)
    except NoReply as failure:
        why = say(f"doctor.chat_why.{failure.why}", lang)
        raise Unavailable("doctor.chat_failed", name=name, why=why, what=failure.detail[:200]) from failure
    seconds = f"{time.monotonic() - began:.1f}"
    read = reply(text)
    told = [c for part in read.parts for c in (part.direct, *part.claims) if c and part.verdict != "silent"] if read else []
    checked, _ = Checker(lines).checked([(question, claim) for claim in told], budget)
    words = next((c.text for c in checked if c.stands), "")
    if not words:
        what = next((c.why for c in checked), say("doctor.chat_silent", lang))
        return False, say("doctor.chat_unfit", lang, name=name, what=what)
    if read is not None and read.cut:
        return False, say("doctor.chat_cut", lang, name=name)
    return True, say("doctor.chat_ok", lang, name=name, seconds=seconds, words=words[:60])


def _lines(settings: Settings) -> GuideLines:
    """The guide in force; before one was ingested, the one that is shipped."""
    from ingest.shipped import shipped_guide

    store = Editions(settings.home)
    guide = store.guide(store.manifest()) if store.active() is not None else shipped_guide()
    return GuideLines(guide, passages(guide))
