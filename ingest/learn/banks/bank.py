"""The question banks: how staff ask, per clause, and what the guide does not say. Data in ``ingest/questions``.

Entries are labelled on the shipped edition and keyed by lineage: a clause entry carries the clause's lineage key and the
passages that answer it, so that it follows the clause into another edition (``carry``) and never by number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from assistant.guide import Frozen
from assistant.line_ids import LineId

FOLDER = Path(__file__).parents[2] / "questions"
OUT_OF_SCOPE = ""


class BankEntry(Frozen):
    """One question of a bank. ``clause`` is empty for a question that the guide does not answer.

    ``clauses`` are further clauses that the same question is about, beside ``clause``.
    """

    question: str
    lang: Literal["zh", "en", "zh-Hant"] = "zh"
    clause: str = OUT_OF_SCOPE
    clauses: tuple[str, ...] = ()
    key: str = ""
    kind: str | None = None
    passages: tuple[str, ...] = ()
    group: str | None = None
    origin: Literal["written", "guide", "generated"] = "written"
    gone: str = ""


def load(folder: Path = FOLDER) -> list[BankEntry]:
    """Both banks, clause entries first. Files: ``staff.jsonl`` and ``out_of_scope.jsonl``."""
    found: list[BankEntry] = []
    for name in ("staff.jsonl", "out_of_scope.jsonl"):
        path = folder / name
        if path.exists():
            found += [BankEntry(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return found


def carry(entries: Iterable[BankEntry], clauses: Mapping[str, Sequence[str]], passages: Mapping[str, Sequence[str]]) -> list[BankEntry]:
    """The bank as it applies to another edition.

    Args:
        entries: the bank of its home edition.
        clauses: home clause id -> clause ids of the other edition in which it lives on; none where it was withdrawn.
        passages: home passage id -> passage ids of the other edition in which its words live on; none where they are gone.

    Returns:
        Out-of-scope entries unchanged; clause entries with new ids. Questions of a withdrawn clause are out of scope now; those
        of a split one go where their lines went, and are asked of each of its parts where these went to several or none is told.
    """
    moved: list[BankEntry] = []
    for entry in entries:
        there = clauses.get(entry.clause, ())
        kept = tuple(dict.fromkeys(new for p in entry.passages for new in passages.get(p, ())))
        complete = all(passages.get(p) for p in entry.passages)
        split = tuple(dict.fromkeys(LineId.of(p).clause for p in kept)) if len(there) > 1 else ()
        homes = [c for c in there if c in split] or there
        if not entry.clause:
            moved.append(entry)
        elif not there:
            outside = {"clause": OUT_OF_SCOPE, "clauses": (), "key": "", "kind": None, "passages": (), "gone": entry.clause}
            moved.append(entry.model_copy(update=outside))
        else:
            further = [c for old in entry.clauses for c in clauses.get(old, ())]
            for home in homes:
                named = {"clause": home, "clauses": tuple(c for c in dict.fromkeys((*homes, *further)) if c != home)}
                lines = {"passages": kept, "kind": entry.kind} if complete else {"passages": (), "kind": None}
                moved.append(entry.model_copy(update=named | lines))
    return moved
