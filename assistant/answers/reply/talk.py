"""What is said to a message that asks nothing of the guide: thanks, a complaint, help, the state of the register, small talk."""

from __future__ import annotations

from assistant.answers.answer import Answer
from assistant.answers.question.reading import Act, Reading
from assistant.answers.reply.compose import Composer
from assistant.answers.reply.deciding.weighed import limited
from assistant.answers.search.found import MessageFound

_OFFERED = 3  # clauses that are offered where nothing was found


NAMES = 0.35
"""How much the best clause must be meant (its share, times the probability that the guide says something) for a message that
may be talk to be a question after all. On the acts bank half of the talk stays below 0.1, nine of ten questions are above 0.5.
At .25 and .45 none of 102 cases (acknowledgement, complaint, status, listing) changes (``python -m tests.bench.neighbours``)."""


def asks_nothing(reading: Reading, finding: MessageFound, composer: Composer) -> Act | None:
    """The act of a message that asks nothing of the guide, now that it was searched; None for a question.

    A complaint that names what was meant (不是围墙，我问的是门禁) is answered.
    """
    act = reading.talk or reading.perhaps
    evidence = finding.alone.evidence
    if finding.whole is not finding.alone and act != "correction":
        evidence = max(evidence, 1 - finding.whole.refuse)
    return act if act is not None and evidence < NAMES and not of_a_limit(reading, composer) else None


def of_a_limit(reading: Reading, composer: Composer) -> bool:
    """Whether what looks like a question on our own records holds a number against a limit of the guide: it is one about the guide."""
    lines = ((p.text, p.kind == "clause") for group in composer.groups.values() for p in group)
    return "status" in (reading.talk, reading.perhaps) and limited(reading.text, lines)


def talked(reading: Reading, act: Act, composer: Composer) -> Answer:
    """A right word and no clause; a correction offers the clauses that came next to those it complains of."""
    if act in ("status", "instruction"):
        return composer.unanswered.said(reading.message, f"talk_{act}", "register", reading.lang)
    if act != "correction" or not reading.dialogue.turns:
        return composer.unanswered.said(reading.message, f"talk_{act}", "not_a_question", reading.lang)
    shown = {c for questions in reading.dialogue.turns for shown in questions for c in shown.clauses}
    beside = [c.id for last in reading.dialogue.last[:1] for c in composer.guide.places[last].item.clauses]  # a clause that was looked up
    near = [c for c in reading.dialogue.nearest if c not in shown] or [c for c in beside if c not in shown]
    offered = tuple(near[:_OFFERED])
    return composer.unanswered.said(reading.message, "talk_correction", "not_a_question", reading.lang, offered)
