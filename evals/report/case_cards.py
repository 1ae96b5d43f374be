"""One case as a reader of the report sees it: the question, what was expected, and what each run answered, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from assistant.answers.answer import Answer
from assistant.answers.blocks import Block, Blocks
from assistant.texts import say
from evals.cases.case import Expected
from evals.runs.compared.summary import label
from evals.runs.record import Result, TurnResult
from evals.runs.scoring.scorers import METRICS, holds

_QUOTE, _ANSWER = 160, 6_000  # characters of a quotation and of an answer


class TonedText(NamedTuple):
    """A piece of text with a tone: ``good``, ``bad``, ``extra`` or nothing."""

    text: str
    tone: str = ""


class QuotedLine(NamedTuple):
    """A line that was expected or cited, with its words."""

    id: str
    text: str
    tone: str = ""


class RunAnswer(NamedTuple):
    """What one run answered to one question."""

    title: str
    outcome: TonedText
    clauses: tuple[TonedText, ...]
    quotes: tuple[QuotedLine, ...]
    missing: tuple[TonedText, ...]
    answer: tuple[Block, ...]


class CaseQuestion(NamedTuple):
    """One question of a case."""

    question: str
    refuse: bool
    clauses: tuple[str, ...]
    acceptable: tuple[str, ...]
    lines: tuple[QuotedLine, ...]
    facts: tuple[str, ...]
    forbidden: tuple[str, ...]
    sides: tuple[RunAnswer, ...]


class CaseCard(NamedTuple):
    """One case. ``scores`` are those that differ between the runs, or that are not perfect."""

    id: str
    type: str
    type_label: str
    right: bool
    verdict: int
    asked: tuple[CaseQuestion, ...]
    scores: tuple[tuple[str, str, str], ...]

    @property
    def expected(self) -> str:
        """The clauses that it expects."""
        return "、".join(dict.fromkeys(c for a in self.asked for c in a.clauses))

    @property
    def got(self) -> str:
        """The clauses that the last run cited."""
        return "、".join(dict.fromkeys(m.text for a in self.asked if a.sides for m in a.sides[-1].clauses))

    @property
    def question(self) -> str:
        """Its questions in one line, for the list and the filter."""
        return " → ".join(a.question for a in self.asked)


def card(result: Result, base: Result | None, lang: str) -> CaseCard:
    """The card of a case, with the base run's answers beside if there are any."""
    asked: list[CaseQuestion] = []
    for turn, expected in enumerate(result.case.asked):
        sides = []
        if base is not None and turn < len(base.turns):
            sides.append(_side(say("report.base", lang), base.case.asked[turn], base.turns[turn], lang))
        sides.append(_side(say("report.new" if base is not None else "report.got", lang), expected, result.turns[turn], lang))
        wanted = expected.lines or expected.clauses
        asked.append(
            CaseQuestion(
                question=expected.question,
                refuse=expected.refuse,
                clauses=expected.clauses,
                acceptable=expected.acceptable,
                lines=tuple(QuotedLine(i, result.texts[i]) for i in wanted if i in result.texts),
                facts=expected.facts,
                forbidden=expected.forbidden,
                sides=tuple(sides),
            )
        )
    right = result.scores.get("correct") == 1.0
    was_right = base is not None and base.scores.get("correct") == 1.0
    return CaseCard(
        id=result.case.id,
        type=result.case.type,
        type_label=label("type", result.case.type, {}, lang),
        right=right,
        verdict=0 if base is None else int(right) - int(was_right),
        asked=tuple(asked),
        scores=tuple(_scores(result, base, lang)),
    )


def marked(before: str, after: str) -> list[TonedText]:
    """Two wordings as one text: what left is ``bad``, what came is ``good``."""
    found: list[TonedText] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(TonedText(before[a:b]))
        else:
            found += [TonedText(before[a:b], "bad")] if a < b else []
            found += [TonedText(after[c:d], "good")] if c < d else []
    return found


def _side(title: str, expected: Expected, turn: TurnResult, lang: str) -> RunAnswer:
    answer = turn.answer
    if answer is None:
        return RunAnswer(title, TonedText(turn.error or "", "bad"), (), (), (), ())
    allowed = {*expected.clauses, *expected.acceptable}
    cited = tuple(TonedText(c, "good" if c in expected.clauses else "extra" if c in allowed else "bad") for c in answer.clauses)
    wanted = expected.lines or expected.clauses
    quotes = [QuotedLine(i, _short(c.quote), "good" if i in wanted else "") for i, c in zip(turn.lines, answer.citations, strict=True)]
    quotes.sort(key=lambda q: q.tone != "good")
    return RunAnswer(
        title,
        _outcome(expected, answer, lang),
        cited,
        tuple(quotes),
        tuple(_missing(expected, turn, answer, lang)),
        tuple(_opening(answer.blocks)),
    )


def _outcome(expected: Expected, answer: Answer, lang: str) -> TonedText:
    """Answered or refused, and whether that was right."""
    key = "answered" if answer.answered else f"refused_{answer.reason or 'not_in_guide'}"
    return TonedText(say(f"report.outcome.{key}", lang), "good" if answer.answered != expected.refuse else "bad")


def _missing(expected: Expected, turn: TurnResult, answer: Answer, lang: str) -> list[TonedText]:
    """What an answer lacks: clauses, lines, facts."""
    if expected.refuse or not answer.answered:
        return []
    found = [TonedText(say("report.lacks_clause", lang, clause=c), "bad") for c in expected.clauses if c not in answer.clauses]
    found += [
        TonedText(say("report.lacks_line", lang, line=i), "bad")
        for i in expected.lines
        if i not in turn.lines and i not in expected.clauses
    ]
    return found + [TonedText(say("report.lacks_fact", lang, fact=f), "bad") for f in expected.facts if not holds(answer.answer, f)]


def _scores(result: Result, base: Result | None, lang: str) -> list[tuple[str, str, str]]:
    rows: list[tuple[str, str, str]] = []
    for name, metric in METRICS.items():
        new = result.scores.get(name)
        old = base.scores.get(name) if base is not None else None
        if new is None or metric.unit not in ("share", "count"):
            continue
        best = 1.0 if metric.better == "higher" else 0.0
        if (base is None and new != best) or (base is not None and old != new):
            rows.append((say(f"report.score.{name}", lang), "" if old is None else f"{old:.2f}", f"{new:.2f}"))
    return rows


def _opening(blocks: Blocks) -> Iterator[Block]:
    """The blocks of an answer up to the characters that a card has room for."""
    room = _ANSWER
    for block in blocks:
        if room <= 0:
            return
        yield block
        room -= len(block.text)


def _short(text: str) -> str:
    return text if len(text) <= _QUOTE else text[: _QUOTE - 1] + "…"
