"""Questions for clauses that the bank does not cover: from the guide's own words, and from a chat model when one is set.

Without them a clause that is new in an edition would be drowned by clauses with a hundred bank questions each.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answers.passages import Passage, passages
from assistant.answers.reply.calling.model_reply import object_in
from assistant.guide import Clause, Guide
from assistant.settings import Settings
from ingest.learn.banks.bank import BankEntry
from prompts import prompt

_BREAK = re.compile(r"[，。；、：:;,.（）()\n]")
_ASKED = {
    "documents": "要有哪些书面文件",
    "situation": "要说明哪些情况",
    "records": "抽查哪些记录",
    "onsite": "实地查看什么",
    "note": "要准备什么",
}
_PER_CLAUSE = 20  # questions that a model is asked for
_FAILURES = 2
"""Clauses in a row for which it writes nothing, after which it is asked no more."""


def expanded(entries: Sequence[BankEntry], guide: Guide, settings: Settings) -> tuple[list[BankEntry], tuple[str, ...]]:
    """The bank with entries added for every clause that has none, and those clauses' ids."""
    covered = {e.clause for e in entries if e.origin != "guide"}
    groups = passages(guide)
    bare = tuple(c for c in guide.clauses if c not in covered)
    added: list[BankEntry] = []
    failed = 0 if settings.chat_model else _FAILURES
    for clause_id in bare:
        clause, title = guide.clauses[clause_id], guide.places[clause_id].item.title
        added += from_words(clause, title, groups[clause_id])
        if failed < _FAILURES:
            written = from_model(clause, title, groups[clause_id], settings)
            failed = 0 if written else failed + 1
            added += written
    return [*entries, *added], bare


def from_words(clause: Clause, title: str, group: Sequence[Passage]) -> list[BankEntry]:
    """The title with what may be asked of each section, and the pieces of every line, as if somebody had typed them."""
    found: dict[str, BankEntry] = {}
    for passage in group:
        kind = passage.kind
        if kind != "clause" and passage.role in ("evidence", "statement"):
            asked = f"{title}{_ASKED[kind]}"
            same = tuple(p.id for p in group if p.kind == kind and p.role in ("evidence", "statement"))
            found.setdefault(asked, _entry(asked, clause, kind, same))
        if passage.role in ("evidence", "statement", "clause", "applicability"):
            for piece in [passage.text, *(p for p in _BREAK.split(passage.text) if 4 <= len(p) <= 40)]:
                found.setdefault(piece, _entry(piece[:200], clause, kind, (passage.id,)))
    return list(found.values())


def from_model(clause: Clause, title: str, group: Sequence[Passage], settings: Settings) -> list[BankEntry]:
    """Questions written by the configured chat model, marked as generated; nothing when it fails."""
    from assistant.adapters.models.chat import chat_model
    from assistant.answers.reply.calling.calls import answered

    lines = "\n".join(f"[{p.id}] {p.wording}" for p in group)
    words = prompt("questions").fill(title=title, lines=lines, count=str(_PER_CLAUSE))
    try:
        text = str(answered(chat_model(settings), words, settings.chat_timeout).text)
        listed = object_in(text)["questions"]
    except Exception:  # a model that fails leaves the clause with the guide's own words
        return []
    known = {p.id: p for p in group}
    found: list[BankEntry] = []
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and isinstance(one.get("question"), str) and 4 <= len(one["question"]) <= 200:
            answers = tuple(i for i in one.get("lines", []) if isinstance(i, str) and i in known)
            kind = known[answers[0]].kind if answers else None
            found.append(_entry(one["question"], clause, kind, answers).model_copy(update={"origin": "generated"}))
    return found[: 2 * _PER_CLAUSE]


def _entry(question: str, clause: Clause, kind: str | None, answers: tuple[str, ...]) -> BankEntry:
    return BankEntry(question=question, clause=clause.id, key=clause.key, kind=kind, passages=answers, origin="guide")
