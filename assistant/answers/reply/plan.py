"""From what was found to what is said: look up, list a class, refuse, or show these lines of these clauses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from assistant.answers.answer import Answer
from assistant.answers.blocks import Note, Verdict
from assistant.answers.passages import Passage
from assistant.answers.question.interrogative import asks_what
from assistant.answers.question.kinds import kinds_demanded, whole_topic
from assistant.answers.question.reading import TO_REGISTER, Reading
from assistant.answers.question.words import LONGEST, fold
from assistant.answers.reply.asides import aside_told
from assistant.answers.reply.by_place import MOST_CLAUSES, beside_places, shown_by_number
from assistant.answers.reply.compose import Composer
from assistant.answers.reply.deciding.yes_no import polar
from assistant.answers.reply.gist import GistPiece, weighed, with_gist
from assistant.answers.reply.listed import is_listing, listed
from assistant.answers.reply.order import asked_first, led
from assistant.answers.reply.put_again import put_again
from assistant.answers.reply.talk import of_a_limit, talked
from assistant.answers.search.found import Found, LikelyLine, MessageFound, MessagePart
from assistant.guide import Kind
from assistant.texts import say

if TYPE_CHECKING:
    from assistant.answers.search.searcher import Searcher

SECOND_CLAUSE, COMPARED_CLAUSE = 0.1, 0.02
"""Least probability of a further clause to be shown; two things that are compared are seldom equally likely."""
LINE, OTHER_LINE, SECOND_LINE, FORCED_LINE = 0.05, 0.2, 0.1, 0.03
"""Least probability of a line to be shown: alone, beside a section that was asked for, in a further clause, as the only one."""
MOST_LINES = 14  # lines of one answer; chosen, not measured
_TOPIC: tuple[Kind, ...] = ("documents", "records", "onsite")
"""What is shown of a clause when a question asks for all there is."""
_HANDED_IN: tuple[Kind, ...] = ("documents", "records")
_WHICH = ("evidence", "period")
"""What the gist of all there is is made of: which papers and records, and of which years, and not what they must be like."""
FEW_RECORDS, RECORD_LINE = 3, 0.01
"""A first clause with no more records to hand in than this shows them all, each above this probability: they are what is asked for in the end."""
DOUBT = 0.4
"""Probability of the guide's silence from which an answer says that it may be no answer: of the bank's questions between .4 and the
refusal, held out, one in two is not answered by the guide; between .3 and .4 one in three."""
UNSURE = 0.3
"""Least probability that the guide answers a question, and by a clause of the items that are shown, for an answer not to say that it may be none.
Of the questions that may be looked at and found less (26), the answer is wrong or the guide silent on 10; between .3 and .4 on 3 of 16."""
RULES = 0.5
"""Least probability that the guide answers a question, and by a clause of the item that is shown first, for a yes or no to stand above it.
At .4 and .5 every verdict of the sets stays, at .6 two right ones of 61 go (``aeo eval run``); 书面文件都要盖公章吗 (.47) was told 需要, by the words of 14."""
_NOT_OURS = re.compile(
    r"不涉及|不适用|用不到|(没有?|不)(用|使用|做|搞|办)|not appl|not involve|(don't|do not|never|without) (use|have|using)|\bnone\b"
)
"""What a question says that a clause may not concern: then the line on the statement to hand in is shown."""
REGISTER = 0.95
"""Probability of either, read from its letters alone, from which a message that names a number is for the register."""
ELSEWHERE, AMONG = 0.5, 0.02
"""Probability of another clause at which a message does not ask for one of those that were listed, and how likely the best of these must be
beside the likeliest of all; chosen on a handful of dialogues."""


@dataclass(frozen=True)
class PlannedPart:
    """One question of a message: the passages to show, clause by clause; none where the guide is silent on it."""

    question: str
    chosen: tuple[tuple[str, tuple[Passage, ...]], ...]
    missing: tuple[Kind, ...] = ()
    pieces: tuple[GistPiece, ...] = ()
    """What its gist may be made of."""
    decides: bool = True
    """Whether the item shown first is likely enough to be the one that is asked about for a yes or no."""
    doubted: bool = False
    """Whether the guide may well be silent on it, or answer it elsewhere."""


@dataclass(frozen=True)
class ReplyPlan:
    """What to say: part by part; ``refused`` when the guide does not say (probability ``refuse``)."""

    question: str
    parts: tuple[PlannedPart, ...]
    nearest: tuple[str, ...]
    notices: tuple[str, ...] = ()
    refused: bool = False
    refuse: float = 0.0

    @property
    def chosen(self) -> tuple[tuple[str, tuple[Passage, ...]], ...]:
        """The passages of all parts."""
        return tuple(entry for part in self.parts for entry in part.chosen)


def told(reading: Reading, searcher: Searcher, composer: Composer) -> Answer | None:
    """What can be answered without a search: talk, numbers, ordinals, lists; None when it takes one."""
    question, lang = reading.text, reading.lang
    if reading.too_long:
        return composer.unanswered.too_long(question, LONGEST, lang)
    if reading.aside:
        return aside_told(reading, reading.aside, composer)
    if (again := put_again(reading, composer)) is not None:
        return again
    if reading.talk and reading.talk != "correction" and not of_a_limit(reading, composer) and not is_listing(reading):
        return talked(reading, reading.talk, composer)
    if reading.references and reading.act in TO_REGISTER and sum(reading.acts[act] for act in TO_REGISTER) >= REGISTER:
        return talked(reading, reading.act, composer)
    if reading.apart:
        return None
    if reading.place:
        return shown_by_number(reading, reading.place, (), searcher, composer)
    if (one := _among(reading, searcher)) is not None:
        return shown_by_number(reading, (one,), (), searcher, composer)
    found = reading.references or reading.items
    filtered = reading.listing is not None and (reading.listing.wanted or any(p.without for p in reading.listing.places))
    if not found or (filtered and any(r.number is None for r in found)) or len({r.item for r in found}) > 1:
        answer = listed(reading, searcher, composer)
        if answer is not None or not found:
            return answer
    clauses = tuple(dict.fromkeys(c for r in found for c in r.clauses))
    missing = [r.text for r in found if not r.clauses]
    if not clauses:
        return composer.unanswered.no_such_clause(question, missing, lang)
    if len(clauses) > 1 and not reading.kinds and len({r.item for r in found}) == 1 and found[0].number is None:
        if (decided := _decided_in(reading, clauses, searcher)) is not None:
            return composed(planned(reading, decided, searcher), composer, lang)
        return composer.item(question, clauses, lang, opening=[composer.unanswered.absent(missing, lang)] if missing else [])
    return shown_by_number(reading, clauses, missing, searcher, composer)


def _among(reading: Reading, searcher: Searcher) -> str | None:
    """Which of the clauses that were listed a message asks for; None where it asks for none, or for another."""
    if not reading.among:
        return None
    found = searcher.find(reading.text)
    shares = dict(found.clauses)
    best = max(reading.among, key=lambda c: shares[c])
    first, share = found.clauses[0]
    elsewhere = first != best and found.evidence >= ELSEWHERE
    return None if elsewhere or shares[best] < AMONG * share else best


def _decided_in(reading: Reading, clauses: Sequence[str], searcher: Searcher) -> MessageFound | None:
    """What a yes/no question finds that names an item, whatever is told before it, where it is surely about one of the item's clauses."""
    asking = [p for inner in reading.pieces.within for p in inner if polar(p) or asks_what(fold(p))]
    if not polar(reading.text) or len(asking) > 1:
        return None
    found = searcher.find(beside_places(reading.text))
    first = found.clauses[0][0]
    sure = first in clauses and found.evidence >= ELSEWHERE
    return MessageFound(found, (MessagePart(reading.text, found, (first,)),), False, found) if sure else None


def planned(reading: Reading, finding: MessageFound, searcher: Searcher) -> ReplyPlan:
    """Which clauses and lines to show part by part, and whether the guide says anything at all."""
    whole = finding.whole
    parts = [_planned_part(part, reading, len(finding.parts) == 1, searcher) for part in finding.parts]
    first = [c for part in parts for c, _ in part.chosen]
    return ReplyPlan(
        question=reading.text,
        parts=tuple(parts),
        nearest=tuple(dict.fromkeys([*first, *whole.nearest]))[: max(5, len(first))],
        notices=whole.notices,
        refused=finding.refused,
        refuse=whole.refuse if finding.refused or len(parts) == 1 else 0.0,
    )


def composed(plan: ReplyPlan, composer: Composer, lang: str) -> Answer:
    """The plan as an answer without a model: each of several parts under its own heading.

    It opens with its gist, where that says more than its beginning. Where the guide may well be silent and no verdict stands first, that is
    said before the nearest lines.
    """
    if len(plan.parts) > 1:
        parts = [(p.question, p.chosen, p.missing, p.decides) for p in plan.parts]
        answer = composer.several(plan.question, parts, lang, plan.nearest)
    else:
        (part,) = plan.parts
        answer = composer.answer(plan.question, part.chosen, "extractive", lang, plan.nearest, part.missing, sure=part.decides)
    direct = any(isinstance(block, Verdict) for block in answer.blocks)
    answer = with_gist(answer, [piece for part in plan.parts for piece in part.pieces])
    if len(plan.parts) > 1 or direct or (plan.refuse < DOUBT and not plan.parts[0].doubted):
        return answer
    return answer.model_copy(update={"blocks": (Note(text=say("answers.in_doubt", lang)), *answer.blocks)})


def _planned_part(part: MessagePart, reading: Reading, alone: bool, searcher: Searcher) -> PlannedPart:
    if not part.clauses and not alone:
        return PlannedPart(part.text, ())
    found, question = part.found, part.text
    kinds = reading.kinds if alone else kinds_demanded(question)
    clauses = list(part.clauses)
    if not clauses:
        least = COMPARED_CLAUSE if alone and reading.shape == "comparison" else SECOND_CLAUSE
        clauses = [found.clauses[0][0], *(c for c, share in found.clauses[1:MOST_CLAUSES] if share >= least)]
    shown = kinds
    if len(clauses) == 1 and ((reading.everything if alone else whole_topic(question)) or searcher.asks_for_all(found)):
        shown = tuple(dict.fromkeys((*_TOPIC, *kinds)))
    chosen: list[tuple[str, tuple[Passage, ...]]] = []
    pieces: list[GistPiece] = []
    for position, clause in enumerate(clauses):
        floor = OTHER_LINE if shown else LINE if position == 0 else SECOND_LINE
        by_lines = not kinds and not shown
        lines = searcher.ranked(found, clause)
        kept = _with_statements(_chosen_lines(lines, shown, floor), lines, question)
        if kinds:
            kept = asked_first(kept, kinds)
        elif by_lines:
            kept = led(kept if position else _with_records(kept, lines), lines, searcher.asks_for_sentence(found))
        chosen.append((clause, kept))
        likely = [line for line in lines if line.passage in kept and (by_lines or _asked_for(line.passage, kinds))]
        pieces += weighed(question, position, clause, likely, searcher.rarity, partial(searcher.near_pieces, found))
    return PlannedPart(
        question,
        tuple(chosen),
        missing=kinds if len(clauses) == 1 else (),
        pieces=tuple(pieces),
        decides=_meant(found, clauses[:1], searcher) >= RULES,
        doubted=_meant(found, clauses, searcher) < UNSURE,
    )


def _meant(found: Found, clauses: Sequence[str], searcher: Searcher) -> float:
    """How likely the guide answers a question, and by a clause of the items of ``clauses``."""
    items = {searcher.guide.places[c].item.number for c in clauses}
    return sum(share for c, share in found.clauses if searcher.guide.places[c].item.number in items) * (1 - found.refuse)


def _chosen_lines(lines: Sequence[LikelyLine], kinds: Sequence[Kind], floor: float) -> tuple[Passage, ...]:
    """The clause's sentence, the lines above ``floor``, and whole sections that were asked for; best first if too many."""
    wanted = {
        line.passage.id: 2.0 if line.passage.kind == "clause" else line.probability
        for line in lines
        if line.passage.kind == "clause"
        or line.probability >= floor
        or (line.passage.kind in kinds and line.passage.role in ("evidence", "statement"))
    }
    if len(wanted) == 1 and len(lines) > 1:
        best = max(lines[1:], key=lambda line: line.probability)
        if best.probability >= FORCED_LINE or best.passage.kind == "note":
            wanted[best.passage.id] = best.probability
    kept = set(sorted(wanted, key=lambda i: -wanted[i])[:MOST_LINES])
    return tuple(line.passage for line in lines if line.passage.id in kept)


def _asked_for(passage: Passage, kinds: Sequence[Kind]) -> bool:
    """Whether a line is of the kinds that were asked for; of all there is, whether it says what is handed in."""
    return passage.kind in kinds if kinds else passage.kind in _HANDED_IN and passage.role in _WHICH


def _with_statements(chosen: tuple[Passage, ...], lines: Sequence[LikelyLine], question: str) -> tuple[Passage, ...]:
    """The lines that say what to hand in when a clause does not concern an enterprise, if the question asks about that."""
    if not _NOT_OURS.search(fold(question)):
        return chosen
    shown = {p.id for p in chosen}
    return tuple(line.passage for line in lines if line.passage.id in shown or line.passage.role == "statement")


def _with_records(chosen: tuple[Passage, ...], lines: Sequence[LikelyLine]) -> tuple[Passage, ...]:
    """A short answer that names no kind shows the clause's few records too."""
    records = [line for line in lines if line.passage.kind == "records" and line.passage.role == "evidence"]
    if len(records) > FEW_RECORDS or len(chosen) > 2 * FEW_RECORDS:
        return chosen
    shown = {p.id for p in chosen} | {line.passage.id for line in records if line.probability >= RECORD_LINE}
    return tuple(line.passage for line in lines if line.passage.id in shown)
