"""The questions that an enterprise's lead adds to the banks: ``AEO_HOME/questions/own.jsonl``, written from a table that comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from assistant.adapters.durable import write_durably
from assistant.adapters.editions import Editions
from assistant.answers.passages import passages
from assistant.errors import EditionError, IndexMissing, UsageError
from assistant.guide import Frozen, Guide
from ingest.compare.diff import diff
from ingest.learn.banks.bank import BankEntry

LEAST = 10
"""Questions from which a clause counts as asked about."""
_LONGEST = 200  # characters of a question


class Own(Frozen):
    """One question of the lead: the clause that answers it, in the edition that it was written for."""

    question: str
    clause: str
    edition: str


def own_bank(home: Path) -> list[Own]:
    """All questions that were added under a home, none where there are none."""
    path = _file(home)
    return [Own.model_validate_json(line) for line in path.read_text(encoding="utf-8").splitlines() if line] if path.exists() else []


def add(home: Path, rows: Iterable[tuple[str, str]], guide: Guide) -> list[Own]:
    """Keep the questions of a table (clause, question), each once; those that were new are returned.

    Raises:
        UsageError: a row names a clause that the edition lacks, or its question is longer than 200 characters.
    """
    known = own_bank(home)
    found = dict.fromkeys(
        Own(question=question.strip(), clause=clause.strip(), edition=guide.edition) for clause, question in rows if question.strip()
    )
    for one in found:
        if one.clause not in guide.clauses:
            raise UsageError("questions.no_clause", clause=one.clause, edition=guide.edition, question=one.question[:40])
        if len(one.question) > _LONGEST:
            raise UsageError("questions.long", clause=one.clause, most=_LONGEST, question=one.question[:40])
    fresh = [one for one in found if one not in known]
    if fresh:
        write_durably(_file(home), "".join(one.model_dump_json() + "\n" for one in [*known, *fresh]))
    return fresh


def entries(own: Sequence[Own], guide: Guide, edition: Callable[[str], Guide | None]) -> list[BankEntry]:
    """The added questions as they apply to ``guide``; those of another edition go where their clause went, or are left out."""
    found: list[BankEntry] = []
    went: dict[str, dict[str, tuple[str, ...]]] = {guide.edition: {c: (c,) for c in guide.clauses}}
    for one in own:
        if one.edition not in went:
            before = edition(one.edition)
            changes = diff(before, guide).clauses if before is not None else ()
            went[one.edition] = {old: change.news for change in changes for old in change.olds}
        now = went[one.edition].get(one.clause, ())
        if len(now) == 1:
            found.append(BankEntry(question=one.question, clause=now[0], key=guide.clauses[now[0]].key))
    return found


def taught(bank: Sequence[BankEntry], own: Sequence[BankEntry]) -> list[BankEntry]:
    """The bank with the added questions; where a clause has too few of both they stand beside its own words, and teach no regression."""
    counts = Counter(e.clause for e in (*bank, *own))
    return [*bank, *(e if counts[e.clause] >= LEAST else e.model_copy(update={"origin": "guide"}) for e in own)]


def guide_at(store: Editions, label: str) -> Guide | None:
    """The guide of an edition that is at hand."""
    try:
        return store.guide(store.manifest(label))
    except (IndexMissing, EditionError):
        return None


def lacking(asked: Iterable[BankEntry], guide: Guide) -> dict[str, int]:
    """Clauses with fewer than ``LEAST`` questions that somebody asked, and how many they have."""
    counts = dict.fromkeys(passages(guide), 0)
    for entry in asked:
        if entry.clause in counts and entry.origin != "guide":
            counts[entry.clause] += 1
    return {clause: count for clause, count in counts.items() if count < LEAST}


def _file(home: Path) -> Path:
    return home / "questions" / "own.jsonl"
