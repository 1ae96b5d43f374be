"""What is shown of clauses that a message names by number or title: the kinds asked for, the lines that share its words, or all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from assistant.answers.answer import Answer
from assistant.answers.passages import Passage
from assistant.answers.question.reading import Reading
from assistant.answers.question.words import fold, tokens
from assistant.answers.reply.compose import Composer
from assistant.answers.reply.gist import GistPiece, wants_gist, weighed, with_gist
from assistant.answers.reply.order import asked_first
from assistant.guide import Kind

if TYPE_CHECKING:
    from assistant.answers.search.searcher import Searcher

MOST_CLAUSES = 3  # clauses of one answer; chosen, not measured
_WHOLE_LOOKUP = 14  # lines up to which a clause that was named is shown whole; chosen, not measured
BESIDE = 0.3
"""Least probability that what a message says beside the numbers that it names is asked of these clauses, for their answer to have a gist."""


def shown_by_number(reading: Reading, clauses: Sequence[str], missing: Sequence[str], searcher: Searcher, composer: Composer) -> Answer:
    """An answer that shows what a message asks for of clauses that it names; ``missing`` are numbers that do not exist."""
    kinds = reading.kinds
    if reading.line is not None:
        group = searcher.groups[clauses[0]]
        line = [(clauses[0], tuple(p for p in group if p.id in (reading.line, clauses[0])))]
        return composer.answer(reading.text, line, "lookup", reading.lang)
    chosen = [(c, asked_first(_looked_up_lines(reading.text, c, kinds, searcher, len(clauses)), kinds)) for c in clauses]
    absent = [composer.unanswered.absent(missing, reading.lang)] if missing else []
    answer = composer.answer(reading.text, chosen, "lookup", reading.lang, missing=reading.kinds, opening=absent)
    if len(clauses) > MOST_CLAUSES or not wants_gist(answer):
        return answer
    return with_gist(answer, _asked_beside(reading.text, chosen, kinds, searcher))


def _asked_beside(
    question: str, chosen: Sequence[tuple[str, Sequence[Passage]]], kinds: Sequence[Kind], searcher: Searcher
) -> list[GistPiece]:
    """What the gist of clauses that were named by number may be made of, where a message asks something beside number and section."""
    if kinds or not _content(question):
        return []
    found = searcher.find(beside_places(question))
    if sum(share for clause, share in found.clauses if clause in dict(chosen)) * (1 - found.refuse) < BESIDE:
        return []
    pieces: list[GistPiece] = []
    for nth, (clause, shown) in enumerate(chosen):
        likely = [line for line in searcher.ranked(found, clause) if line.passage in shown]
        pieces += weighed(found.question, nth, clause, likely, searcher.rarity, partial(searcher.near_pieces, found))
    return pieces


def _looked_up_lines(question: str, clause: str, kinds: Sequence[Kind], searcher: Searcher, clauses: int) -> tuple[Passage, ...]:
    """Lines of a clause that was named by number: the kinds asked for, or the lines that share words, or all of it."""
    group = searcher.groups[clause]
    if kinds and not any(p.kind in kinds for p in group):
        return tuple(p for p in group if p.kind in ("clause", "note") or p.role == "applicability")
    if kinds:
        return tuple(p for p in group if p.kind == "clause" or p.kind in kinds or p.role == "applicability")
    if content := _content(question):
        overlap = [sum(t in set(tokens(p.wording)) for t in content) for p in group]
        best = max(overlap)
        if best >= 2 and best >= len(content) / 3:
            return tuple(p for p, n in zip(group, overlap, strict=True) if p.kind == "clause" or n >= max(2, best * 2 / 3))
    if clauses > 1 or len(group) > _WHOLE_LOOKUP:
        return tuple(p for p in group if p.kind in ("clause", "documents", "records", "note") or p.role == "applicability")
    return tuple(group)


def beside_places(question: str) -> str:
    """A question without the numbers that it names."""
    return _NUMBERS.sub(" ", fold(question)).strip()


def _content(question: str) -> set[str]:
    """The pairs of letters that a question has beside numbers and the words of asking."""
    return {t for t in tokens(beside_places(question)) if "_" in t and t not in _ASKING}


_NUMBERS = re.compile(r"第?\s*[\d一二三四五六七八九十]+\s*(?:项|条|款|分项)?|[()（）.．-]|item|clause")
_ASKING = frozenset(
    t
    for t in tokens(
        "要准备什么 需要准备哪些 有哪些要求 讲的是什么 是什么 要什么 证据 材料 资料 怎么写 内容 具体内容 原文 看一下 我们要 请问 一下 规定 what does it require evidence need for we prepare"
    )
    if "_" in t
)
