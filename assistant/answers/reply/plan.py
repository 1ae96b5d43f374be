"""From what was found to what is said: look up, list a class, refuse, or show these lines of these clauses."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answers.answer import Answer, Turn
from assistant.answers.passages import Passage
from assistant.answers.question.follow_ups import SIBLING, Context, discussed, own_words
from assistant.answers.question.kinds import is_question, kinds_demanded, whole_topic
from assistant.answers.question.references import clause_in_context, references, titled
from assistant.answers.question.whole_class import whole_class
from assistant.answers.question.words import fold, mostly_latin, tokens, words
from assistant.answers.reply.compose import Composer
from assistant.answers.reply.order import asked_first, led
from assistant.answers.search.searcher import Found, Line, Searcher
from assistant.guide import Kind

LIMIT = 2000
"""Longest question in characters."""
SECOND_CLAUSE = 0.1
LINE, OTHER_LINE, SECOND_LINE, FORCED_LINE = 0.05, 0.2, 0.1, 0.03
"""Least probability of a line to be shown: alone, beside a section that was asked for, in a further clause, as the only one."""
MOST_CLAUSES, MOST_LINES = 3, 14
_TOPIC: tuple[Kind, ...] = ("documents", "records", "onsite")
"""What is shown of a clause when a question asks for all there is."""
FEW_RECORDS, RECORD_LINE = 3, 0.01
"""A first clause with no more records to hand in than this shows them all, each above this probability: they are what is asked for in the end."""
PARTED_CLAUSE, PARTED_MOST = 0.05, 6
"""For a question with several parts: least share of a clause, and how many clauses."""
_PARTED = re.compile(
    r"分别|各(是|要|留|看|有|需|由|自|给)|区别|不同|差别|以及|三(样|步|件|个)|两(样|个|件|块|者)|respectively|difference|both|compare|versus|\bvs\b"
)
_ALL_OF, _OF_THE_GUIDE = re.compile(r"所有|全部|都|\ball\b"), re.compile(r"条款|条文|标准|指南|部分|clause|item|guide|standard")
"""What a follow-up that asks for all of something adds, and what says that it means the whole guide: 有哪些记录, 哪些条款有记录."""
_NOT_OURS = re.compile(
    r"不涉及|不适用|用不到|(没有?|不)(用|使用|做|搞|办)|not appl|not involve|(don't|do not|never|without) (use|have|using)|\bnone\b"
)
"""What a question says that a clause may not concern: then the line on the statement to hand in is shown."""
_SEPARATORS = re.compile(r"[，,、；;。？?！!]|和|与|以及|还有|跟|\band\b|\bversus\b|\bvs\b")
_WHOLE_LOOKUP = 14


@dataclass(frozen=True)
class Plan:
    """What to say: the passages to show, clause by clause; ``refused`` when the guide does not say (probability ``refuse``)."""

    question: str
    chosen: tuple[tuple[str, tuple[Passage, ...]], ...]
    nearest: tuple[str, ...]
    missing: tuple[Kind, ...] = ()
    notices: tuple[str, ...] = ()
    refused: bool = False
    refuse: float = 0.0


def language(question: str, default: str) -> str:
    """English for a question in Latin letters, else the default."""
    return "en" if mostly_latin(question) else default


def looked_up(question: str, searcher: Searcher, composer: Composer, lang: str, history: Sequence[Turn] = ()) -> Answer | None:
    """What can be answered without any model: noise, numbers, whole classes; None when it takes a search."""
    if len(question) > LIMIT:
        return composer.too_long(question, LIMIT, lang)
    if not is_question(question):
        return composer.not_a_question(question, lang)
    found = references(question, searcher.guide)
    if not found and not history:
        found = titled(question, searcher.guide)
    if not found and history:
        about = discussed(history)
        bare = clause_in_context(question, searcher.guide.places[about[0]].item.number, searcher.guide) if about else None
        found = [bare] if bare else []
    if not found:
        stays = bool(history) and not own_words(_ALL_OF.sub("", fold(question))) and not _OF_THE_GUIDE.search(fold(question))
        listed = None if stays else whole_class(question, searcher.guide, searcher.groups)
        return composer.whole_class(question, listed, lang) if listed else None
    clauses = list(dict.fromkeys(c for r in found for c in r.clauses))
    missing = [r.text for r in found if not r.clauses]
    if not clauses:
        return composer.no_such_clause(question, missing, lang)
    absent = [composer.absent(missing, lang)] if missing else []
    kinds = kinds_demanded(question)
    if len(clauses) > 1 and not kinds and len({r.item for r in found}) == 1 and found[0].number is None:
        return composer.item(question, clauses, lang, opening=absent)
    chosen = [(c, asked_first(_looked_up_lines(question, c, kinds, searcher, len(clauses)), kinds)) for c in clauses]
    return composer.answer(question, chosen, "lookup", lang, missing=kinds, opening=absent)


def planned(question: str, found: Found, searcher: Searcher, turn: Context | None = None) -> Plan:
    """Which clauses and lines to show, and whether the guide says anything at all."""
    ranked = _with_context(found, turn)
    nearest = tuple(c for c, _ in ranked[:5])
    in_context = turn is not None and turn.stay
    kinds = kinds_demanded(question)
    clauses = [ranked[0][0]]
    if not in_context:
        clauses += [c for c, share in ranked[1:MOST_CLAUSES] if share >= SECOND_CLAUSE]
        clauses = list(dict.fromkeys([*clauses, *_parts(question, ranked, searcher)]))
    chosen: list[tuple[str, tuple[Passage, ...]]] = []
    shown = kinds
    if len(clauses) == 1 and (whole_topic(question) or searcher.asks_for_all(found)):
        shown = tuple(dict.fromkeys((*_TOPIC, *kinds)))
    for position, clause in enumerate(clauses):
        floor = OTHER_LINE if shown else LINE if position == 0 else SECOND_LINE
        lines = searcher.lines(found, clause)
        kept = _with_statements(_chosen_lines(lines, shown, floor), lines, question)
        if kinds:
            kept = asked_first(kept, kinds)
        elif not shown:
            kept = led(kept if position else _with_records(kept, lines), lines, searcher.asks_for_sentence(found))
        chosen.append((clause, kept))
    return Plan(
        question=question,
        chosen=tuple(chosen),
        nearest=nearest,
        missing=kinds if len(clauses) == 1 else (),
        notices=found.notices,
        refused=found.refuse > searcher.ranker.refuse_above and not in_context,
        refuse=0.0 if in_context else found.refuse,
    )


def _with_context(found: Found, turn: Context | None) -> list[tuple[str, float]]:
    ranked = list(found.clauses)
    if turn is None:
        return ranked
    if turn.stay:
        kept = [(c, 1.0 / len(turn.clauses)) for c in turn.clauses[:1]]
        return kept + [(c, s) for c, s in ranked if c not in turn.clauses[:1]]
    lift = {c: math.exp(turn.boost) for c in turn.clauses[:1]}
    lift |= {c: math.exp(turn.boost * SIBLING) for c in (*turn.clauses[1:], *turn.near)}
    lifted = [(c, s * lift.get(c, 1.0)) for c, s in ranked]
    total = sum(s for _, s in lifted) or 1.0
    return sorted(((c, s / total) for c, s in lifted), key=lambda e: -e[1])


def _parts(question: str, ranked: Sequence[tuple[str, float]], searcher: Searcher) -> list[str]:
    """Further clauses of a question that names several things: each part is searched for itself."""
    text = fold(question)
    if not _PARTED.search(text):
        return []
    found = [c for c, share in ranked[1:PARTED_MOST] if share >= PARTED_CLAUSE]
    for part in _SEPARATORS.split(text):
        if len(words(part)) >= 3:
            search = searcher.find(part)
            clause, share = search.clauses[0]
            if share >= 0.6 and search.refuse < 0.3 and clause in [c for c, _ in ranked[:12]]:
                found.append(clause)
    return found[:PARTED_MOST]


def _chosen_lines(lines: Sequence[Line], kinds: Sequence[Kind], floor: float) -> tuple[Passage, ...]:
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


def _with_statements(chosen: tuple[Passage, ...], lines: Sequence[Line], question: str) -> tuple[Passage, ...]:
    """The lines that say what to hand in when a clause does not concern an enterprise, if the question asks about that."""
    if not _NOT_OURS.search(fold(question)):
        return chosen
    shown = {p.id for p in chosen}
    return tuple(line.passage for line in lines if line.passage.id in shown or line.passage.role == "statement")


def _with_records(chosen: tuple[Passage, ...], lines: Sequence[Line]) -> tuple[Passage, ...]:
    """A short answer that names no kind shows the clause's few records too."""
    records = [line for line in lines if line.passage.kind == "records" and line.passage.role == "evidence"]
    if len(records) > FEW_RECORDS or len(chosen) > 2 * FEW_RECORDS:
        return chosen
    shown = {p.id for p in chosen} | {line.passage.id for line in records if line.probability >= RECORD_LINE}
    return tuple(line.passage for line in lines if line.passage.id in shown)


def _looked_up_lines(question: str, clause: str, kinds: Sequence[Kind], searcher: Searcher, clauses: int) -> tuple[Passage, ...]:
    """Lines of a clause that was named by number: the kinds asked for, or the lines that share words, or all of it."""
    group = searcher.groups[clause]
    if kinds and not any(p.kind in kinds for p in group):
        return tuple(p for p in group if p.kind in ("clause", "note") or p.role == "applicability")
    if kinds:
        return tuple(p for p in group if p.kind == "clause" or p.kind in kinds or p.role == "applicability")
    content = {t for t in tokens(_NUMBERS.sub(" ", fold(question))) if "_" in t and t not in _ASKING}
    if content:
        overlap = [sum(t in set(tokens(p.wording)) for t in content) for p in group]
        best = max(overlap)
        if best >= 2 and best >= len(content) / 3:
            return tuple(p for p, n in zip(group, overlap, strict=True) if p.kind == "clause" or n >= max(2, best * 2 / 3))
    if clauses > 1 or len(group) > _WHOLE_LOOKUP:
        return tuple(p for p in group if p.kind in ("clause", "documents", "records", "note") or p.role == "applicability")
    return tuple(group)


_NUMBERS = re.compile(r"第?\s*[\d一二三四五六七八九十]+\s*(?:项|条|款|分项)?|[()（）.．-]|item|clause")
_ASKING = frozenset(
    t
    for t in tokens(
        "要准备什么 需要准备哪些 有哪些要求 讲的是什么 是什么 要什么 证据 材料 资料 怎么写 内容 具体内容 原文 看一下 我们要 请问 一下 规定 what does it require evidence need for we prepare"
    )
    if "_" in t
)
