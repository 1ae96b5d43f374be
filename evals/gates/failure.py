"""A gate that does not hold, in words."""

from __future__ import annotations

from typing import Literal

from assistant.guide import Frozen
from assistant.texts import say
from evals.runs.compared.summary import Grouping, label
from evals.runs.scoring.scorers import METRICS
from ingest.compare.named import line_name

Rule = Literal["invariant", "must_pass", "floor", "coverage", "unmeasured", "astray", "lost", "non_inferiority", "edition"]


class Failure(Frozen):
    """One gate that does not hold: ``value`` where ``limit`` was asked for, and the cases behind it."""

    rule: Rule
    score: str
    grouping: Grouping = "all"
    group: str = "all"
    title: str = ""
    value: float = 0.0
    limit: float = 0.0
    cases: tuple[str, ...] = ()

    def sentence(self, lang: str = "zh") -> str:
        """The failure in words."""
        if self.rule == "edition":
            return say("report.failure.edition", lang, figure=said(self.score, self.value, self.limit, self.cases, lang))
        key = f"report.failure.{self.rule}"
        if self.rule == "floor" and METRICS[self.score].better == "lower":
            key = "report.failure.ceiling"
        where = label(self.grouping, self.group, {self.group: self.title}, lang)
        if self.grouping != "all":
            where = say("report.in_group", lang, grouping=say(f"report.grouping.{self.grouping}", lang), group=where)
        score = say(f"report.score.{self.score}", lang)
        listed = say("report.between", lang).join(self.cases[:8]) + ("…" if len(self.cases) > 8 else "")
        return say(
            key, lang, where=where, score=score, value=_shown(self.score, self.value), limit=_shown(self.score, self.limit), cases=listed
        )


def _shown(score: str, value: float) -> str:
    return f"{value:.1%}" if METRICS[score].unit == "share" and value <= 1 else f"{value:g}"


def said(figure: str, value: float, limit: float, places: tuple[str, ...], lang: str) -> str:
    """A figure of the edition itself in words: how much, how much may be, and where."""
    named = (" → ".join(line_name(i, lang) for i in place.split(" → ")) for place in places[:8])
    listed = say("report.between", lang).join(named) + ("…" if len(places) > 8 else "")
    shown = [f"{v:g}" if figure in ("items_lost", "doubled", "swapped") else f"{v:.1%}" for v in (value, limit)]
    where = say("report.places", lang, places=listed) if listed else ""
    return say(f"report.edition.{figure}", lang, value=shown[0], limit=shown[1], places=where)
