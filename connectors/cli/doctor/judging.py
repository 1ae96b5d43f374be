"""What checks a model's claims by meaning, tried on two claims that need no thought."""

from __future__ import annotations

from assistant.answers.passages import passages
from assistant.answers.reply.calling.budget import Budget
from assistant.answers.reply.calling.failures import NoReply
from assistant.answers.reply.check.entailment import JudgedClaim
from assistant.answers.reply.check.lines import GuideLines
from assistant.errors import Unavailable
from assistant.settings import Settings
from assistant.texts import say


def judging(settings: Settings) -> tuple[bool | None, str]:
    """A clause's own sentence must be kept, and the sentence of another clause beside that line must fall.

    Raises:
        Unavailable: the judge cannot be built or asked.
    """
    if settings.chat_model is None:
        return None, say("doctor.judging_idle", settings.lang)
    if settings.check_model == "rules":
        return None, say("doctor.judging_rules", settings.lang)
    from assistant.adapters.models.chat import chat_model, entailment
    from assistant.answers.reply.calling.calls import Calls
    from ingest.shipped import shipped_guide

    name = settings.chat_model if settings.check_model == "same" else settings.check_model
    guide = shipped_guide()
    lines = GuideLines(guide, passages(guide))
    one, *_, other = [p for group in lines.groups.values() for p in group if p.kind == "clause"]
    claims = [JudgedClaim(say("doctor.judging_asked", settings.lang), said.text, (one,), (one.text,)) for said in (one, other)]
    try:
        judge = entailment(settings, Calls(chat_model(settings), settings.chat_method))
        assert judge is not None
        kept, fallen = judge.faults(claims, lines, Budget(settings.chat_timeout))
    except NoReply as failure:
        why = say(f"doctor.chat_why.{failure.why}", settings.lang)
        raise Unavailable("doctor.judging_failed", name=name, why=why, what=failure.detail[:200]) from failure
    fit = not kept and bool(fallen)
    return fit, say("doctor.judging_ok" if fit else "doctor.judging_unfit", settings.lang, name=name)
