"""Feedback becomes a case: labelled by a lead, checked like any other, with the edition it happened on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from assistant.answers.blocks import Reason
from assistant.conversation.inbox import Feedback, Inbox
from assistant.errors import CaseError
from assistant.guide import Guide, folded
from evals.cases.case import Case
from evals.cases.files import merge, validated
from evals.cases.labels import Labels, checked, labelled, line_id, numbered
from evals.cases.likeness import Like, Queries, like
from evals.cases.personal import Personal, personal
from evals.cases.problems import CaseMistakes, FilePlace, Raw
from ingest.learn.banks import bank


class Labelling(NamedTuple):
    """What a lead says about a piece of feedback. ``question`` rewords it; turns of a conversation stay as they were."""

    clauses: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    acceptable: tuple[str, ...] = ()
    refuse: bool = False
    reason: Reason | None = None
    question: str | None = None
    type: str = "feedback"
    lang: str = "zh"


class CaseProposal(NamedTuple):
    """The case that would be kept, with what a lead should see first: personal data in it, and cases that ask the same."""

    entry: str
    case: Case
    personal: tuple[Personal, ...]
    alike: tuple[Like, ...]


def propose(feedback: Feedback, label: Labelling, guide: Guide, cases: Sequence[Case], queries: Queries) -> CaseProposal:
    """The case that a piece of feedback becomes.

    Args:
        feedback: the entry.
        label: what the lead says.
        guide: the edition that the feedback is about; it is frozen into the case.
        cases: all cases there are, to point out those that ask the same.
        queries: embeds questions.

    Raises:
        CaseError: without labels, for a question of the bank, or of another case. Mistakes: labels that do not exist.
    """
    if feedback.closed and feedback.closed != "-":
        raise CaseError("evals.already_promoted", id=feedback.id, case=feedback.closed)
    if not label.clauses and not label.refuse:
        raise CaseError("evals.needs_labels")
    question = label.question or feedback.question
    labels = Labels(guide)
    raw = Raw(_data(feedback, label, question), FilePlace(feedback.id, 1))
    raw, wrong = numbered(raw, labels)
    good, invalid = validated([raw])
    problems = [*wrong, *invalid, *(p for _, case in good for p in checked(raw, case, labels))]
    if problems:
        raise CaseMistakes(problems)
    case = labelled(good[0][1], labels)
    _not_known(case, cases)
    data = tuple(dict.fromkeys(p for e in case.asked for p in personal(e.question)))
    return CaseProposal(feedback.id, case, data, tuple(like(question, label.clauses, cases, queries)))


def keep(proposal: CaseProposal, path: Path, inbox: Inbox, *, yes: bool = False) -> Case:
    """Write a proposed case into a set file and close its feedback.

    Raises:
        CaseError: it holds personal data and nobody said yes. Mistakes: the file has mistakes in it.
    """
    if proposal.personal and not yes:
        raise CaseError("evals.needs_yes")
    merge(path, [proposal.case])
    inbox.close(proposal.entry, proposal.case.id)
    return proposal.case


def _data(feedback: Feedback, label: Labelling, question: str) -> dict[str, Any]:
    """The case as data. A follow-up keeps the questions before it, unless the lead reworded it to stand alone."""
    shared = {"id": f"fb-{feedback.id}", "type": label.type, "lang": label.lang, "edition": feedback.edition, "origin": "feedback"}
    asked: dict[str, Any] = {"question": question}
    asked |= {name: list(getattr(label, name)) for name in ("clauses", "acceptable", "facts") if getattr(label, name)}
    if label.lines:
        asked["lines"] = [line_id(i) for i in label.lines]
    if label.refuse:
        asked |= {"refuse": True, "reason": label.reason or "not_in_guide"}
    if feedback.history and label.question is None:
        return shared | {"turns": [*({"question": q, "context": True} for q in feedback.history), asked]}
    return shared | asked


def _not_known(case: Case, cases: Sequence[Case]) -> None:
    """A case asks nothing that the question bank holds, or the score would measure memory; nor what another case asks."""
    wanted = {folded(e.question) for e in case.asked if not e.context}
    for entry in bank.load():
        if folded(entry.question) in wanted:
            raise CaseError("evals.in_bank", question=entry.question)
    for other in cases:
        if other.id != case.id and len(other.asked) == len(case.asked) == 1 and folded(other.asked[0].question) in wanted:
            raise CaseError("evals.same_question", case=other.id)
