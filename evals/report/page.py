"""A run, or a comparison of two, as one self-contained HTML file: verdict, what got worse, charts, everything.

No network, no fonts, no images: styles, a few lines of script for the filter, and inline SVG. Every text is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from assistant.guide import KINDS
from assistant.texts import listed, say
from evals.cases.carried.relabel import waiting
from evals.gates.edition import Figures
from evals.gates.failure import Failure
from evals.gates.measured import few
from evals.gates.policy import GatePolicy, floors_of, load_policy
from evals.report.case_cards import TonedText, card, marked
from evals.runs.compared.compare import Comparison
from evals.runs.compared.statistics import Difference, confidence
from evals.runs.compared.summary import Grouping, grouped, item_order, label, latency
from evals.runs.record import Result, Run, answering
from evals.runs.scoring.scorers import METRICS, mean
from ingest.compare.damage import Turned
from ingest.compare.diff import Diff
from ingest.compare.named import line_name

_TEMPLATES = Path(__file__).parent / "templates"
HEADS = ("correct", "clause_recall_5", "facts", "refusal")
"""The scores that stand beside the verdict."""
MOST_CARDS, MOST_ROWS, MOST_QUOTES = 15, 75, 5
"""Cases and quotes shown open; the rest is folded, and beyond ``MOST_ROWS`` a case is one line: thousands have to open anywhere."""


class Figure(NamedTuple):
    """One score in the table of numbers; empty strings where something does not apply."""

    label: str
    cases: int
    value: str
    interval: str
    base: str = ""
    difference: str = ""
    detectable: str = ""
    tone: str = ""
    head: bool = False


class Bar(NamedTuple):
    """One group in a chart: shares from 0 to 100, the base run's and the floor's as marks."""

    label: str
    cases: int
    value: float
    text: str
    base: float | None
    floor: float | None
    tone: str


def rendered(
    run: Run,
    failures: Sequence[Failure],
    lang: str,
    *,
    comparison: Comparison | None = None,
    policy: GatePolicy | None = None,
    figures: Figures | None = None,
    untested: Sequence[str] = (),
    changes: Diff | None = None,
    below: Sequence[Failure] = (),
    opened: Sequence[Result] = (),
) -> str:
    """The report as HTML."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    rules = policy or load_policy()
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals |= {"most_cards": MOST_CARDS, "most_rows": MOST_ROWS, "most_quotes": MOST_QUOTES}
    environment.globals["t"] = lambda key, **values: say(f"report.{key}", lang, **values)
    bases: dict[str, Result] = {p.id: p.base for p in comparison.pairs} if comparison else {}
    cards = [card(r, bases.get(r.case.id), lang) for r in run.results if r.gated]
    by_id = {c.id: c for c in cards}
    held = [r for r in run.results if not r.gated]
    shown = [p.id for p in comparison.worse] if comparison else [r.case.id for r in run.gated if r.scores.get("correct") != 1.0]
    return environment.get_template("report.html.j2").render(
        lang={"zh": "zh-CN"}.get(lang, lang),
        run=run,
        base=comparison.base if comparison else None,
        failures=[f.sentence(lang) for f in failures],
        below=[f.sentence(lang) for f in below],
        figures=_figures(run, comparison, lang),
        edition_figures=[(m.sentence(lang), m.holds) for m in figures.measures] if figures else [],
        turned=[_turned(t, lang) for t in figures.turned] if figures else [],
        places=_places(changes, lang) if changes else [],
        latency=_latency(run, comparison),
        lead=[*_lead(run, comparison, rules, lang), *_untested(untested, lang), *_opened(opened, lang)],
        worse=[by_id[i] for i in shown],
        won=[by_id[p.id] for p in comparison.won] if comparison else [],
        waiting=[(c, marked(c.before or "", c.after or ""), ids) for c, ids in waiting((r.case.id, r.changes) for r in held)],
        held=len(held),
        charts=[(label_of, _bars(run, comparison, grouping, rules, lang)) for grouping, label_of in _charts(lang)],
        cards=cards,
        detailed=len(cards) <= MOST_ROWS,
        types=sorted({(c.type, c.type_label) for c in cards}),
        about=_about(run, comparison, lang),
    )


def _untested(clauses: Sequence[str], lang: str) -> list[str]:
    """The clauses of an edition that no case asks for, in words."""
    return [say("report.untested", lang, count=len(clauses), clauses=tuple(clauses))] if clauses else []


def _places(changes: Diff, lang: str) -> list[tuple[str, list[str], list[tuple[str, ...]]]]:
    """The places that are called or numbered otherwise, as tables: a heading with the count, the columns' names, the rows."""
    levels: list[tuple[str, ...]] = [
        (say(f"diff.level.{r.level}", lang), f"{r.old} {r.before}", f"{r.new} {r.after}") for r in changes.retitled
    ]
    tables: list[tuple[str, tuple[str, ...], list[tuple[str, ...]]]] = [
        ("retitled", ("level", "old", "new"), levels),
        ("renumbered", ("old", "new"), [(r.old, r.new) for r in changes.renumbered]),
    ]
    return [
        (say(f"diff.{name}", lang, count=len(rows)), [say(f"diff.column.{c}", lang) for c in columns], rows)
        for name, columns, rows in tables
        if rows
    ]


def _opened(cases: Sequence[Result], lang: str) -> list[str]:
    """The refusals that an edition answers from its new words."""
    told = [say("editions.opened_case", lang, id=r.case.id, question=r.turns[-1].question, clauses=answering(r)) for r in cases]
    return [say("editions.opened", lang, count=len(cases)), *told] if cases else []


def _turned(turned: Turned, lang: str) -> tuple[str, str, list[TonedText]]:
    """A text whose sense may have turned: what it is called, what turned, and its words before and after."""
    return line_name(turned.new, lang), say(f"report.turned.{turned.how}", lang), marked(turned.before, turned.after)


def _figures(run: Run, comparison: Comparison | None, lang: str) -> list[Figure]:
    found: list[Figure] = []
    for name in (n for n, m in METRICS.items() if m.unit in ("share", "count")):
        words = say(f"report.score.{name}", lang)
        difference = comparison.difference(name) if comparison else None
        if difference is not None:
            found.append(_compared(name, words, difference, lang))
            continue
        values = [r.scores[name] for r in run.gated if name in r.scores]
        if values and METRICS[name].unit == "count":
            found.append(Figure(words, len(values), f"{sum(values):g}", "", tone="bad" if sum(values) else ""))
        elif values and comparison is None:
            low, high = confidence(values, yes_or_no=METRICS[name].yes_or_no, seed=run.header.seed)
            found.append(Figure(words, len(values), percent(mean(values)), span(low, high), head=name in HEADS))
    return found


def _compared(name: str, words: str, d: Difference, lang: str) -> Figure:
    if METRICS[name].unit == "count":
        base, new = round(d.base * d.cases), round(d.new * d.cases)
        return Figure(words, d.cases, f"{new}", "", f"{base}", f"{new - base:+}" if new != base else "0", "", "bad" if new > base else "")
    sign = 1 if METRICS[name].better == "higher" else -1
    sure = d.low is not None and d.high is not None and (d.low > 0 or d.high < 0)
    tone = "" if not d.difference else ("good" if sign * d.difference > 0 else "bad") if sure else "unsure"
    detectable = points(d.detectable, signed=False) if d.detectable is not None else say("report.nothing_detectable", lang)
    interval = span(d.low, d.high, signed=True) if d.up or d.down else "—"
    return Figure(words, d.cases, percent(d.new), interval, percent(d.base), points(d.difference), detectable, tone, name in HEADS)


def _bars(run: Run, comparison: Comparison | None, grouping: Grouping, policy: GatePolicy, lang: str) -> list[Bar]:
    groups = grouped(run.gated, grouping)
    before = grouped([p.base for p in comparison.pairs], grouping) if comparison else {}
    ordered = {"item": item_order(run), "kind": ["clause", *KINDS]}.get(grouping, [])
    order = sorted(groups, key=lambda g: ordered.index(g) if g in ordered else len(ordered))
    bars: list[Bar] = []
    for name in order:
        values = [r.scores["correct"] for r in groups[name]]
        title = run.header.items.get(name, "") if grouping == "item" else ""
        floor = floors_of(policy, grouping, name, title).get("correct") if len(values) >= policy.least_cases else None
        base = mean([r.scores["correct"] for r in before[name]]) if name in before else None
        value = mean(values)
        tone = "bad" if floor is not None and value < floor else "unsure" if base is not None and value < base else ""
        bars.append(
            Bar(
                label=label(grouping, name, run.header.items, lang),
                cases=len(values),
                value=round(100 * value, 1),
                text=percent(value),
                base=None if base is None else round(100 * base, 1),
                floor=None if floor is None else round(100 * floor, 1),
                tone=tone,
            )
        )
    return bars


def _charts(lang: str) -> list[tuple[Grouping, str]]:
    listed: tuple[Grouping, ...] = ("item", "kind", "type", "lang", "nearness")
    return [(g, say(f"report.by_{g}", lang)) for g in listed]


def _lead(run: Run, comparison: Comparison | None, policy: GatePolicy, lang: str) -> list[str]:
    """The sentences under the verdict."""
    edition = run.header.identity.edition
    right = sum(r.scores.get("correct") == 1.0 for r in run.gated)
    cases, waiting = len(run.gated), len(run.results) - len(run.gated)
    words = [say("report.edition_line", lang, edition=edition)]
    if comparison is not None and comparison.base.header.identity.edition != edition:
        words = [say("report.edition_change", lang, base=comparison.base.header.identity.edition, new=edition)]
    words.append(say("report.summary", lang, cases=cases, right=right, wrong=cases - right))
    if comparison is not None:
        won, lost = len(comparison.won), len(comparison.lost)
        words.append(say("report.summary_compared", lang, pairs=len(comparison.pairs), won=won, lost=lost))
    words += [say("report.summary_waiting", lang, count=waiting)] if waiting else []
    untold = len(few(run, policy)) if comparison is not None else 0
    return words + ([say("report.summary_few", lang, count=untold, least=policy.clause_cases, most=policy.most_lost)] if untold else [])


def _latency(run: Run, comparison: Comparison | None) -> list[dict[str, Any]]:
    runs = [comparison.base, run] if comparison else [run]
    return [{"run": r.id, **latency(r.gated)} for r in runs if latency(r.gated)]


def _about(run: Run, comparison: Comparison | None, lang: str) -> list[tuple[str, list[str]]]:
    """What answered, one row a fact, one value a run."""
    runs = [comparison.base, run] if comparison else [run]
    rows: list[tuple[str, list[str]]] = []

    def row(key: str, values: list[str]) -> None:
        if any(values):
            rows.append((say(f"report.about.{key}", lang), [v or "—" for v in values]))

    row("run", [r.id for r in runs])
    row("started", [r.header.started[:19].replace("T", " ") for r in runs])
    row("edition", [r.header.identity.edition for r in runs])
    row("build", [r.header.identity.build for r in runs])
    row("bank", [r.header.identity.bank[:12] for r in runs])
    row("embedding", [r.header.identity.embedding_model for r in runs])
    row("chat", [r.header.identity.chat_model or say("report.no_chat_model", lang) for r in runs])
    row("prompts", [" ".join(f"{k} {v}" for k, v in r.header.identity.prompts.items()) for r in runs])
    row("judge", [" ".join(f"{k} {v}" for k, v in r.header.judge.items()) for r in runs])
    row("code", [r.header.identity.code for r in runs])
    row("sets", [listed((f"{s.name} {s.cases}" for s in r.header.sets), lang) for r in runs])
    row("seed", [f"{r.header.seed} · {r.header.workers}" for r in runs])
    return rows


def percent(value: float) -> str:
    """A share for people: 0.957 is 95.7%."""
    return f"{100 * value:.1f}%"


def points(value: float, *, signed: bool = True) -> str:
    """A difference of shares in percentage points."""
    text = f"{100 * value:+.1f}" if signed else f"{100 * value:.1f}"
    return "0" if text in ("+0.0", "-0.0") else text.replace("-", "−")


def span(low: float | None, high: float | None, *, signed: bool = False) -> str:
    """An interval, or nothing where there is none."""
    if low is None or high is None:
        return ""
    return f"{points(low)} … {points(high)}" if signed else f"{100 * low:.1f}–{100 * high:.1f}"
