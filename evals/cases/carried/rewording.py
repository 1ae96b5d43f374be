"""What a line's new words mean for a case: where a fact went in them, and whether a question quotes words that are gone."""

from __future__ import annotations

from difflib import SequenceMatcher

from ingest.compare.matching.word_runs import word_runs


def reworded(fact: str, before: str, after: str) -> str:
    """The words that stand where a fact stood in a line; empty if the fact is not of that line."""
    start = before.find(fact)
    if start < 0 or not after:
        return ""
    stop, ends = start + len(fact), [0, 0]
    for _, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if a <= start < b or a == b == start:
            ends[0] = c + min(start - a, d - c) if start > a else c
        if a < stop <= b:
            ends[1] = d - min(b - stop, d - c) if stop < b else d
    return after[ends[0] : ends[1]].strip()


def quotes(question: str, before: str, after: str) -> bool:
    """Whether a question holds words that a line has no more: where 3年 became 5年, one about “3年” asks for something else now."""
    return any(run.kind == "old" and run.text.strip() and run.text.strip() in question for run in word_runs(before, after))
