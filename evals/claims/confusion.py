"""What the check of claims lets through: by the exact rules alone, and with a model that judges by meaning."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence

from assistant.answers.passages import Passage
from assistant.answers.reply.calling.budget import Budget
from assistant.answers.reply.calling.claims import Cited, Claim
from assistant.answers.reply.calling.failures import NoReply
from assistant.answers.reply.check.entailment import Entailment, JudgedClaim
from assistant.answers.reply.check.lines import GuideLines
from assistant.answers.reply.check.rules import Ruled, cleaned, fault
from assistant.guide import Frozen
from evals.cases.labels import Labels
from evals.claims.claim import LabelledClaim

Judged = tuple[LabelledClaim, tuple[Passage, ...]]
Check = Callable[[Sequence[Judged]], Sequence[bool]]
"""Judges claims by meaning, all at once: whether each is supported by the whole passages that it cites."""


class ConfusionRow(Frozen):
    """One kind of claim with one label: how many there are, and which the check decided wrongly."""

    kind: str
    label: str
    claims: int
    astray: tuple[str, ...]

    @property
    def share(self) -> float:
        """Share decided wrongly: right claims dropped, or wrong claims accepted."""
        return len(self.astray) / self.claims


def kept(claims: Sequence[LabelledClaim], labels: Labels, check: Check | None = None) -> dict[str, bool]:
    """Claim id -> whether it is kept. A claim that cites what the guide does not have falls by the rules.

    Args:
        claims: what is judged.
        labels: the edition they cite.
        check: the judgement by meaning, asked of all claims whose lines there are (so that what was recorded of it stays when a
            rule changes); a claim is kept when both keep it, or the judge
            one of which the rules are unsure. None for the rules alone.
    """
    lines = GuideLines(labels.guide, labels.groups)
    known = [c for c in claims if all(q.id in lines.by_id for q in c.citations)]
    ruled = {c.id: _by_rules(c, lines) for c in known}
    found = dict.fromkeys((c.id for c in claims), False) | {name: not one.why for name, one in ruled.items()}
    if check is not None:
        asked = [(c, tuple(lines.by_id[q.id] for q in c.citations)) for c in known]
        found |= {c.id: (found[c.id] or ruled[c.id].doubtful) and bool(held) for (c, _), held in zip(asked, check(asked), strict=True)}
    return found


def confusion(claims: Sequence[LabelledClaim], found: Mapping[str, bool]) -> tuple[ConfusionRow, ...]:
    """A row for every kind and label, right ones first, in the order of the file."""
    kinds: dict[tuple[str, str], list[LabelledClaim]] = {}
    for claim in sorted(claims, key=lambda c: c.label):
        kinds.setdefault((claim.label, claim.kind), []).append(claim)
    return tuple(
        ConfusionRow(kind=kind, label=label, claims=len(part), astray=tuple(c.id for c in part if found[c.id] is (label == "wrong")))
        for (label, kind), part in kinds.items()
    )


def totals(rows: Sequence[ConfusionRow]) -> dict[str, ConfusionRow]:
    """All kinds of a label together: ``right`` with the claims dropped, ``wrong`` with those accepted."""
    found: dict[str, ConfusionRow] = {}
    for label in dict.fromkeys(r.label for r in rows):
        part = [r for r in rows if r.label == label]
        astray = tuple(i for r in part for i in r.astray)
        found[label] = ConfusionRow(kind="all", label=label, claims=sum(r.claims for r in part), astray=astray)
    return found


BATCH = 10
"""Claims judged in one call: more than a reply has at a time, few enough that a small model keeps count."""


def by_meaning(entailment: Entailment, labels: Labels, seconds: float) -> Check:
    """The product's own judge as a check: ``BATCH`` claims a call, ``seconds`` for each call.

    They are asked in the order of a digest of their words: a batch holds as many wrong ones as chance has it, in no order, so that a
    judge learns nothing from where a claim stands.
    """
    lines = GuideLines(labels.guide, labels.groups)

    def check(claims: Sequence[Judged]) -> list[bool]:
        asked = [JudgedClaim(c.question, cleaned(c.text), cited, tuple(q.quote for q in c.citations)) for c, cited in claims]
        order = sorted(range(len(asked)), key=lambda n: hashlib.sha256(f"{asked[n].question}\n{asked[n].text}".encode()).digest())
        found = [False] * len(asked)
        for batch in (order[n : n + BATCH] for n in range(0, len(order), BATCH)):
            for n, why in zip(batch, _faults(entailment, [asked[n] for n in batch], lines, seconds), strict=True):
                found[n] = not why
        return found

    return check


def _faults(entailment: Entailment, batch: Sequence[JudgedClaim], lines: GuideLines, seconds: float) -> list[str]:
    """What the judge says of a batch; one that it did not judge stands by the rules alone, as in an answer."""
    try:
        return entailment.faults(batch, lines, Budget(seconds))
    except NoReply:
        return [""] * len(batch)


def _by_rules(claim: LabelledClaim, lines: GuideLines) -> Ruled:
    cited = tuple(Cited(id=q.id, quote=q.quote) for q in claim.citations)
    return fault(Claim(text=claim.text, citations=cited), lines, claim.question)
