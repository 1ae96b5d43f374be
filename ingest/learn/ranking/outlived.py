"""Learned refusals end with the edition that they were learned from: what a line of today may answer is no refusal any more.

A question of the bank that the home edition did not answer teaches a refusal. Where a new line is far nearer to it than any line of that
edition was, nobody has judged it: it teaches nothing, and the line speaks for itself. A refusal that is taken away is missed by all that
was refused beside it, so what only happens to be a little nearer (which mooncakes there are this year) stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from assistant.answers.passages import Passage
from assistant.answers.ports import Floats
from assistant.answers.question.asked_number import asked_unit
from assistant.answers.search.features import stated_units
from ingest.compare.diff import Diff
from ingest.compare.matching.word_runs import word_runs
from ingest.learn.banks.bank import BankEntry
from ingest.learn.methods.kernel import unit

_NEARER = 0.02
"""Least cosine, around the mean, by which a new line must be nearer than every line of the home edition to a question that asks for a
number of the kind that the line states."""
_ANSWERS = 0.1
"""The same for any other question; and for one that asks for such a number, to be taken for a question about the line."""


def new_lines(changes: Diff, groups: Mapping[str, Sequence[Passage]]) -> dict[str, Passage]:
    """Passages of the new edition of ``changes`` that say what the home edition did not, by id: added, or reworded by more than numbers.

    Words that were spread over several lines or joined from them were there before.
    """
    pairs = [pair for clause in changes.clauses for pair in (clause, *clause.lines)]
    known = {new for pair in pairs if pair.olds and not _says_more(pair.before or "", pair.after or "") for new in pair.news}
    known |= {new for pair in pairs if pair.change in ("split", "merged") for new in pair.news}
    return {p.id: p for group in groups.values() for p in group if p.id not in known}


def _says_more(before: str, after: str) -> bool:
    """Whether words came, and not numbers alone."""
    return any(run.kind == "new" and any(c.isalpha() for c in run.text) for run in word_runs(before, after))


def outlived(
    entries: Sequence[BankEntry], questions: Floats, before: Floats, after: Mapping[str, Floats], new: Mapping[str, Passage]
) -> list[BankEntry | None]:
    """The entries as they teach in this edition: a refusal that has outlived its own is None.

    One that asks for a number (days, years, a share) of which the line now states one, and that is far nearer to that line than to any
    before, is a question about the line's clause.

    Args:
        entries: the bank, carried.
        questions: their embeddings.
        before: embeddings of the home edition's lines.
        after: passage id -> embedding, of this edition.
        new: passages that the home edition did not have.
    """
    fresh = [p for p in after if p in new]
    if not fresh or not len(entries):
        return list(entries)
    middle, asked = before.mean(axis=0), unit(questions - questions.mean(axis=0))
    near = asked @ unit(np.stack([after[p] for p in fresh]) - middle).T
    ahead = near.max(axis=1) - (asked @ unit(before - middle).T).max(axis=1)
    found: list[BankEntry | None] = []
    for entry, line, lead in zip(entries, near.argmax(axis=1), ahead, strict=True):
        passage = new[fresh[int(line)]]
        if entry.clause or lead <= _NEARER:
            found.append(entry)
        elif asked_unit(entry.question) not in stated_units([passage]):
            found.append(None if lead > _ANSWERS else entry)
        elif lead > _ANSWERS:
            found.append(entry.model_copy(update={"clause": passage.clause, "kind": passage.kind, "passages": (passage.id,)}))
        else:
            found.append(None)
    return found
