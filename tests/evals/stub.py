"""Things that answer without a model, for the rules of the runner, the comparison and the report."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.answers.answer import Answer, Citation, Turn
from assistant.answers.passages import passages
from assistant.errors import Unavailable
from assistant.guide import Guide
from evals.cases.carried.resolved import Resolved
from evals.cases.case import Case, Expected
from evals.cases.labels import Labels
from evals.cases.named_sets import CaseSet, Standing
from evals.runs.identity import Identity

Change = Callable[[Answer], Answer]


class Oracle:
    """Answers every case as it is labelled; ``spoil`` changes the answers to some questions, ``down`` raises for them."""

    def __init__(self, guide: Guide, cases: Sequence[Case], spoil: dict[str, Change] | None = None, down: Sequence[str] = ()) -> None:
        self.guide = guide
        self.groups = passages(guide)
        self.labels = Labels(guide)
        self.expected = {e.question: e for c in cases for e in c.asked}
        self.spoil = spoil or {}
        self.down = down
        self.asked: list[str] = []
        self.identity = Identity(edition=guide.edition, build="stub", chat_model=None)

    def ask(self, question: str, history: Sequence[Turn]) -> Answer:
        """The right answer, spoiled where a test says so."""
        self.asked.append(question)
        if question in self.down:
            raise Unavailable("models.bundled_missing")
        answer = right(self.expected[question], self.labels)
        return self.spoil.get(question, lambda a: a)(answer)


def right(expected: Expected, labels: Labels) -> Answer:
    """An answer that holds all that is expected."""
    if expected.refuse or expected.context:
        reason = expected.reason or "not_in_guide"
        return Answer(question=expected.question, answered=False, answer="—", mode="lookup", edition="t", reason=reason)
    citations = [citation(c, c, labels) for c in expected.clauses]
    citations += [citation(min(labels.owners[i]), i, labels) for i in expected.lines if i not in expected.clauses]
    text = "\n".join([*(c.quote for c in citations), *expected.facts])
    return Answer(
        question=expected.question,
        answered=True,
        answer=text,
        mode="extractive",
        edition=labels.guide.edition,
        citations=tuple(citations),
        nearest=expected.clauses,
        timings_ms={"total": 5.0},
    )


def citation(clause: str, line: str, labels: Labels) -> Citation:
    """A citation of a whole line."""
    p = labels.passages[line]
    return Citation(clause=clause, line=p.requirement, kind=p.section, quote=p.text)


def standing(cases: Sequence[Case], name: str = "stub") -> Standing:
    """Cases as they stand in their own edition."""
    from pathlib import Path

    return Standing((CaseSet(name=name, path=Path(name), cases=tuple(cases)),), tuple(Resolved(c) for c in cases))


def case(number: int, clause: str = "24(3)", **labels: object) -> Case:
    """A plain case on the shipped guide."""
    expected = {"clauses": (clause,)} if not labels.get("refuse") else {}
    return Case.model_validate(
        {"id": f"c-{number:03}", "type": "topic", "edition": "2018-177", "question": f"问题{number}"} | expected | labels
    )
