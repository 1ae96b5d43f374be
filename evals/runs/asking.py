"""One case asked and scored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.answers.answer import Turn
from assistant.errors import AeoError
from evals.cases.carried.resolved import Resolved
from evals.cases.case import Expected
from evals.cases.labels import Labels
from evals.cases.nearness import shipped_bank
from evals.runs.record import Result, TurnResult
from evals.runs.scoring.judge import Judge
from evals.runs.scoring.scorers import failed, line_of, lives_on, score, whole

if TYPE_CHECKING:
    from evals.runs.source import AnswerSource


def answered(resolved: Resolved, source: AnswerSource, labels: Labels, judge: Judge | None = None) -> Result:
    """One case: its questions in turn, each after the answers before it; after one that failed none is asked."""
    case, counts = resolved.case, resolved.state != "relabel"
    history: list[Turn] = []
    turns: list[TurnResult] = []
    held: list[bool] = []
    broken = ""
    for expected, question in zip(case.asked, resolved.questions or [e.question for e in case.asked], strict=True):
        gated = counts and not expected.context
        try:
            answer = None if broken else source.ask(question, tuple(history))
        except AeoError as error:
            answer, broken = None, error.sentence()
        if answer is None:
            held.append(False)
            turns.append(TurnResult(question=question, error=broken, scores=failed(expected) if gated else {}))
            continue
        scores = score(expected, answer, labels) if gated else {}
        if judge is not None and gated and answer.answered:
            scores |= judge.scores(expected.question, answer, _words(expected, labels))
        lines = tuple(line_of(c, labels) or c.clause for c in answer.citations)
        if not counts and not expected.context:
            held.append(lives_on(expected, answer, resolved.successors or {}))
        turns.append(TurnResult(question=question, answer=answer, lines=lines, scores=scores))
        history.append(Turn(question=question, answer=answer))
    texts = {i: words for e in case.asked for i, words in _words(e, labels).items()} if counts else {}
    clauses = [c for e in case.asked for c in e.clauses] if counts else []
    return Result(
        case=case,
        state=resolved.state,
        changes=resolved.changes,
        items=tuple(dict.fromkeys(labels.item(c) for c in clauses)),
        kinds=tuple(dict.fromkeys(labels.passages[i].kind for i in texts)),
        home=resolved.home,
        provisional=None if counts or (resolved.successors is None and resolved.home) else float(all(held)),
        near=max((shipped_bank().nearest(e.question) for e in case.asked if e.refuse), default=None),
        texts=texts,
        turns=tuple(turns),
        scores=whole([t.scores for t in turns]) if counts else {},
    )


def _words(expected: Expected, labels: Labels) -> dict[str, str]:
    """Words of the lines that a complete answer quotes."""
    return {i: labels.passages[i].wording for i in expected.lines or expected.clauses if i in labels.passages}
