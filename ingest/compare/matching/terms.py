"""Words that one edition exchanged for others throughout (重新认证 → 复核): learned from lines that are otherwise alike."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from assistant.guide import folded
from ingest.compare.matching.sense import plain, turns

ALIKE = 0.6
"""Least likeness (rapidfuzz ``ratio``) of two lines for their differences to say anything about words."""
OFTEN = 3
"""Lines in which a word must have been exchanged, the same one in several places counting for each; one or two are a reworded line."""
LEFT = 0.1
"""Share of the old word's places at which it may still stand in the new edition."""
_OTHERS = 1.0
"""How often, for each line of an exchange, the new word may have stood in the edition before: 员工 for 高级管理人员 is somebody else
(67 places, 16 lines), 复核 for 重新认证 is a word (9 places, 67 lines)."""
_CONTEXT = 4  # letters to each side that must be the same
_LONGEST = 12  # letters of a word that was exchanged
_WITHIN = 2
"""Characters that two words may share by chance (高级管理人员, 高管人员): changes so close are one."""


class Term(NamedTuple):
    """One word, folded, and what stands for it now; ``lines`` is in how many lines that was seen."""

    old: str
    new: str
    lines: int


def terms(old: Iterable[str], new: Iterable[str]) -> tuple[Term, ...]:
    """The words that were exchanged throughout, the longest first.

    Args:
        old: paragraphs of the edition before, without their printed numbers.
        new: those of the edition after.
    """
    printed = list(old)
    before, after = (Counter(filter(None, map(folded, texts))) for texts in (printed, new))
    gone, came = before - after, after - before
    seen: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    turned: set[tuple[str, str]] = set()
    for a, b in _alike(list(gone), list(came)):
        for key, context in set(_exchanged(a, b)):
            seen[key] += [context] * min(gone[a], came[b])  # a heading stands in many places
            whole = tuple(word.join(context) for word in key)
            if key not in turned and any(turns(*whole)):
                turned.add(key)
    texts_before, texts_after = "\n".join(before.elements()), "\n".join(after.elements())
    running = unicodedata.normalize("NFKC", "\n".join(printed)).lower()
    found: dict[tuple[str, str], Term] = {}
    for (a, b), contexts in seen.items():
        if len(contexts) < OFTEN or (a, b) in turned:
            continue
        left, right = _common([c[-_CONTEXT:] for c, _ in contexts], -1), _common([c[:_CONTEXT] for _, c in contexts], 1)
        left = next((left[n:] for n in range(len(left)) if left[n:] + a in running), "")  # as it is printed: across no sign
        right = next((right[:n] for n in range(len(right), 0, -1) if left + a + right[:n] in running), "")
        term = Term(left + a + right, left + b + right, len(contexts))
        if len(term.old) > 1 and (len(term.new) > 1 or term.new in term.old) and _gone(term, texts_before, texts_after):
            found[term.old, term.new] = term
    return tuple(sorted(found.values(), key=lambda t: (-len(t.old), t.old)))


def compared(text: str, known: Sequence[Term] = ()) -> str:
    """A text as it is held against the other edition's: folded, in the words of that one where these are ``known``, ``plain``."""
    text = folded(text)
    for term in known:
        if term.old not in term.new or term.new not in text:
            text = text.replace(term.old, term.new)
    return plain(text)


def familiar(text: str, known: Sequence[Term]) -> str:
    """A text of the edition after in the words of the one before; punctuation and spacing stay."""
    for term in known:
        text = text.replace(term.new, term.old) if len(term.new) > 1 else text  # 应 for 应当 stands in other words, too
    return text


def _alike(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    """Pairs that are each other's most alike."""
    from rapidfuzz import fuzz, process

    if not old or not new:
        return []
    scores = process.cdist(old, new, scorer=fuzz.ratio, score_cutoff=100 * ALIKE)
    best, back = scores.argmax(axis=1), scores.argmax(axis=0)
    return [(old[i], new[j]) for i, j in enumerate(best) if scores[i, j] > 0 and back[j] == i]


def _exchanged(a: str, b: str) -> Iterable[tuple[tuple[str, str], tuple[str, str]]]:
    """What stands in ``b`` for what in ``a``, each with all that stands before and behind it."""
    changes: list[list[int]] = []
    for tag, a0, a1, b0, b1 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag != "equal" and changes and a0 - changes[-1][1] <= _WITHIN:
            changes[-1][1::2] = a1, b1
        elif tag != "equal":
            changes.append([a0, a1, b0, b1])
    for a0, a1, b0, b1 in changes:
        if max(a1 - a0, b1 - b0) <= _LONGEST:
            yield (a[a0:a1], b[b0:b1]), (a[:a0], a[a1:])


def _common(texts: Sequence[str], side: int) -> str:
    """What all texts have in common at one side: their end (-1) or their beginning (1)."""
    turned = [t[::side] for t in texts]
    shortest = min(map(len, turned))
    length = next((n for n in range(shortest) if len({t[n] for t in turned}) > 1), shortest)
    return turned[0][:length][::side]


def _gone(term: Term, before: str, after: str) -> bool:
    """Whether the old word has all but left the edition, and the new one is no name of something else."""
    left = (after if term.new in term.old else after.replace(term.new, "\0")).count(term.old)
    if left > LEFT * before.count(term.old):
        return False
    return term.new in term.old or before.count(term.new) <= _OTHERS * term.lines
