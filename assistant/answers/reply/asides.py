"""What is said to a message about the answer before it or about the guide itself: where it stands, what matters in it, which edition."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from assistant.answers.answer import Answer, Citation
from assistant.answers.blocks import Block, Note, QuestionPart, Verdict
from assistant.answers.passages import Passage
from assistant.answers.question.learned.asides import Aside
from assistant.answers.question.reading import Reading
from assistant.answers.reply.compose import Composer
from assistant.texts import say

_RUN = 6
"""Letters that a direct answer and a line must have in common for the line to be what it rests on; chosen, not measured."""
_CLAUSES = 3  # clauses whose first line is given where no line decides; chosen, not measured


def aside_told(reading: Reading, aside: Aside, composer: Composer) -> Answer:
    """The answer to a message that is an aside."""
    if aside == "edition":
        return _edition(reading, composer)
    before = reading.dialogue.answer
    if before is None:
        return composer.unanswered.said(reading.message, f"{aside}_of_nothing", "not_a_question", reading.lang)
    if aside == "again":
        return _again(reading, before)
    if aside == "unclear":
        return _plainer(reading, before, composer)
    if not before.answered:
        return composer.unanswered.refusal(reading.message, before.nearest, reading.lang, "source_refused")
    return _source(reading, before, composer)


def _edition(reading: Reading, composer: Composer) -> Answer:
    """Which edition answers, when it was brought in and whether it is in force; what customs published since nobody here can know."""
    lang, (day, in_force) = reading.lang, composer.brought_in()
    standing = say("answers.edition_in_force" if in_force else "answers.edition_not_in_force", lang)
    since = say("answers.edition_day", lang, day=day) if day else ""
    guide = composer.guide
    values = {"title": guide.title, "edition": guide.edition, "day": since, "standing": standing}
    return composer.unanswered.said(reading.message, "edition_told", "not_a_question", lang, **values)


def _source(reading: Reading, before: Answer, composer: Composer) -> Answer:
    """The clause and the line that an answer rests on, each of several questions with its own."""
    parts = [(p.question, _rests_on(_of_part(before, p.question), p.citations, composer)) for p in before.parts]
    blocks: list[Block] = []
    citations: list[Citation] = []
    for question, lines in parts:
        if len(parts) > 1:
            blocks.append(QuestionPart(text=question, told="answered" if lines else "silent"))
        named = tuple(composer.shown.named(c, reading.lang) for c in dict.fromkeys(p.clause for p in lines))
        text = say("answers.source_is", reading.lang, clauses=named) if lines else say("answers.refused", reading.lang)
        blocks.append(Verdict(text=text, outcome="fact", bold=((0, len(text)),)) if lines else Note(text=text))
        shown, cited = composer.shown.quoted(lines, reading.lang)
        blocks += shown
        citations += cited
    return before.model_copy(
        update={
            "question": reading.message,
            "blocks": (*blocks, composer.source(reading.lang)),
            "citations": tuple(dict.fromkeys(citations)),
            "mode": "lookup",
            "notices": (),
            "model": {},
        }
    )


def _again(reading: Reading, before: Answer) -> Answer:
    """The same words once more; they were cited where they were first said, and the conversation goes on from there."""
    said = {"question": reading.message, "answered": False, "reason": "not_a_question", "citations": (), "mode": "lookup", "model": {}}
    return before.model_copy(update=said)


def _plainer(reading: Reading, before: Answer, composer: Composer) -> Answer:
    """The one line that matters, and what can be asked about it: the guide has no plainer words than its own."""
    lines = [p for part in before.parts for p in _rests_on(_of_part(before, part.question), part.citations, composer)]
    if not lines:
        key = "unclear_of_nothing" if before.answered else "unclear_refused"
        return composer.unanswered.said(reading.message, key, "not_a_question", reading.lang)
    first = lines[0]
    return composer.unanswered.said(
        reading.message,
        "unclear",
        "not_a_question",
        reading.lang,
        line=first.wording,
        clause=composer.shown.named(first.clause, reading.lang),
    )


def _of_part(answer: Answer, question: str) -> Sequence[Block]:
    """The blocks of one question of an answer."""
    heads = [n for n, b in enumerate(answer.blocks) if b.block == "part"]
    start = next((n for n in heads if answer.blocks[n].text == question), -1)
    if start < 0:
        return answer.blocks
    return answer.blocks[start : next((n for n in heads if n > start), len(answer.blocks))]


def _rests_on(blocks: Sequence[Block], citations: Sequence[Citation], composer: Composer) -> list[Passage]:
    """The line whose words the direct answer has; without one the first line of each clause."""
    known = [p for c in citations if (p := _passage(c, composer)) is not None]
    direct = next((b.text for b in blocks if b.block == "verdict"), "")
    shared = [SequenceMatcher(None, direct, p.text, autojunk=False).find_longest_match().size for p in known]
    if shared and max(shared) >= _RUN:
        return [known[shared.index(max(shared))]]
    return list({p.clause: p for p in reversed(known)}.values())[::-1][:_CLAUSES]


def _passage(citation: Citation, composer: Composer) -> Passage | None:
    group = composer.groups.get(citation.clause, [])
    return next((p for p in group if p.requirement == citation.line and p.text == citation.quote), None)
