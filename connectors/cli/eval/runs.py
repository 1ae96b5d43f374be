"""``aeo eval``: run case sets, compare two runs, read the report; sets and the inbox stand in ``eval_cases``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from assistant.adapters.durable import write_durably
from assistant.errors import UsageError
from assistant.register.rules.people.named_places import zone_of
from assistant.settings import Settings, load_settings
from assistant.texts import listed, say
from connectors.cli.eval import cases as eval_cases
from connectors.cli.eval.claims import claims, told_replies
from connectors.cli.output import JSON_OPTION, emit, note, progress, write
from evals.cases.files import text_of
from evals.cases.named_sets import guides_of, of_edition, standing
from evals.runs.record import Run, folders, load_run
from evals.runs.replies import Replies
from evals.runs.scoring.judge import Judge
from evals.runs.scoring.scorers import METRICS
from evals.runs.source import AssistantSource

if TYPE_CHECKING:
    from evals.gates.failure import Failure
    from evals.gates.policy import GatePolicy
    from evals.runs.compared.compare import Comparison
    from evals.runs.scoring.judge import Judge

app = typer.Typer(no_args_is_help=True, add_completion=False)
eval_cases.add(app)
app.command()(claims)

SETS = typer.Argument(None)
HTML = typer.Option(None, "--html")
POLICY = typer.Option(None, "--policy")
_SHOWN = 12  # cases that are named


@app.command()
def run(
    sets: list[str] = SETS,
    edition: str = typer.Option(None, "--edition"),
    html: Path = HTML,
    policy: Path = POLICY,
    gate: bool = typer.Option(False, "--gate"),
    workers: int = typer.Option(0, "--workers", min=0, max=64),
    seed: int = typer.Option(0, "--seed"),
    judge: bool = typer.Option(False, "--judge"),
    replies: Path = typer.Option(None, "--replies"),
    pending: Path = typer.Option(None, "--pending"),
    only: Path = typer.Option(None, "--only"),
    fresh: bool = typer.Option(False, "--fresh"),
    json_: bool = JSON_OPTION,
) -> None:
    """Run case sets; a killed run is gone on with."""
    from evals.gates.measured import gate as gates
    from evals.runs.compared.summary import document
    from evals.runs.processes import processes
    from evals.runs.run import run as run_sets

    settings = load_settings()
    recorded = Replies(replies) if replies is not None or pending is not None else None
    source = _source(settings, edition, recorded)
    rules = _policy(settings, policy)
    guides = guides_of(source.assistant.store)
    asked = of_edition(sets or (), source.assistant.store, guides, source.guide.edition, source.family)
    stand = standing(asked, source.guide, guides, source.maps)
    if only is not None:
        stand = stand.only(text_of(only).split())
    judging = _judge(settings) if judge else None
    at = datetime.now(zone_of(settings.timezone))
    many = workers or (8 if settings.chat_model and recorded is None else 2)
    own = len(stand.cases) if recorded is None and judging is None else 0
    with progress(settings.lang) as step, processes(source.assistant, own, many) as others:
        source.prepare(stand.questions, others is not None)
        done = run_sets(source, stand, settings.home, at, workers=many, seed=seed, judge=judging, fresh=fresh, elsewhere=others, step=step)
    failures = gates(done, rules, whole=not sets and only is None)
    if recorded is not None:
        told_replies(recorded, pending, settings.lang)
    if html is not None:
        _report(html, done, failures, settings, None, rules)
    if json_:
        missing = {"missing": list(recorded.missing)} if recorded is not None else {}
        emit(document(done) | missing | {"failures": _failures(failures, settings.lang), "html": str(html) if html else None})
    else:
        _show_run(done, failures, settings.lang)
        _where(html, settings.lang)
    if gate and failures:
        raise typer.Exit(1)


@app.command()
def compare(
    base: str = typer.Argument(...),
    new: str = typer.Argument("latest"),
    html: Path = HTML,
    policy: Path = POLICY,
    json_: bool = JSON_OPTION,
) -> None:
    """Compare two runs case by case; exit 1 when a gate fails."""
    from evals.gates.measured import gate_against
    from evals.runs.compared.compare import compare as compared

    settings = load_settings()
    rules = _policy(settings, policy)
    found = compared(load_run(base, settings.home), load_run(new, settings.home))
    failures = gate_against(found, rules)
    if html is not None:
        _report(html, found.new, failures, settings, found, rules)
    if json_:
        emit(found.document() | {"failures": _failures(failures, settings.lang), "html": str(html) if html else None})
    else:
        _show_comparison(found, failures, settings.lang)
        _where(html, settings.lang)
    if failures:
        raise typer.Exit(1)


@app.command()
def report(
    run_id: str = typer.Argument("latest", metavar="RUN"),
    html: Path = typer.Option(Path("eval-report.html"), "--html"),
    base: str = typer.Option(None, "--base"),
    policy: Path = POLICY,
    lang: str = typer.Option(None, "--lang"),
    json_: bool = JSON_OPTION,
) -> None:
    """Write the report of a finished run."""
    from evals.gates.measured import gate, gate_against
    from evals.runs.compared.compare import compare as compared

    settings = load_settings()
    rules = _policy(settings, policy)
    done = load_run(run_id, settings.home)
    found = compared(load_run(base, settings.home), done) if base else None
    failures = gate_against(found, rules) if found else gate(done, rules)
    _report(html, done, failures, settings, found, rules, lang)
    if json_:
        emit({"run": done.id, "html": str(html), "failures": _failures(failures, settings.lang)})
    else:
        _where(html, settings.lang)


@app.command()
def runs(json_: bool = JSON_OPTION) -> None:
    """List runs."""
    settings = load_settings()
    known = [(folder.header(), folder.done) for folder in folders(settings.home)]
    if json_:
        emit(
            [
                {
                    "run": h.run,
                    "edition": h.identity.edition,
                    "cases": len(h.order),
                    "done": done,
                    "sets": [s.name for s in h.sets],
                    "chat_model": h.identity.chat_model,
                }
                for h, done in known
            ]
        )
        return
    for h, done in known:
        names = listed((s.name for s in h.sets), settings.lang)
        write(f"{' ' if done else '…'} {h.run}  {h.identity.edition}  {len(h.order)}  {names}  {h.identity.chat_model or ''}".rstrip())


def _source(settings: Settings, edition: str | None, recorded: Replies | None) -> AssistantSource:
    """The product as it is configured, or with recorded replies in the place of its chat model."""
    from assistant.app import Assistant

    if recorded is None:
        return AssistantSource(Assistant(settings), edition)
    from evals.runs.replayed import ReplayedSource, replaying

    changes: dict[str, object] = {"chat_model": recorded.name, "chat_method": "text", "chat_timeout": 600.0}
    return ReplayedSource(Assistant(settings.model_copy(update=changes), replaying(recorded)), edition)


def _policy(settings: Settings, path: Path | None) -> GatePolicy:
    """The policy that was named, or the lead's own under ``AEO_HOME``, or the shipped one."""
    from evals.gates.policy import load_policy

    own = settings.home / "evals" / "policy.yaml"
    return load_policy(path or (own if own.exists() else None))


def _judge(settings: Settings) -> Judge:
    from assistant.adapters.models.chat import chat_model

    if not settings.chat_model:
        raise UsageError("evals.no_judge")
    return Judge(chat_model(settings), settings.chat_model, settings.chat_timeout)


def _report(
    path: Path,
    done: Run,
    failures: list[Failure],
    settings: Settings,
    comparison: Comparison | None,
    policy: GatePolicy,
    lang: str | None = None,
) -> None:
    from evals.report.page import rendered

    write_durably(path, rendered(done, failures, lang or settings.lang, comparison=comparison, policy=policy))


def _failures(failures: list[Failure], lang: str) -> list[dict[str, object]]:
    return [f.model_dump() | {"sentence": f.sentence(lang)} for f in failures]


def _show_run(done: Run, failures: list[Failure], lang: str) -> None:
    from evals.runs.compared.summary import latency, totals

    write(say("evals.run_head", lang, run=done.id, edition=done.header.identity.edition, cases=len(done.gated)))
    for name, total in totals(done.gated).items():
        unit = METRICS[name].unit
        shown = f"{total.value:.1%}" if unit == "share" else f"{total.value:.1f}" if unit != "count" else f"{total.value:g}"
        write(f"  {shown:>8}  {say(f'report.score.{name}', lang)} ({total.cases})")
    times = latency(done.gated)
    if times:
        write(say("evals.times", lang, **times))
    waiting = [r.case.id for r in done.results if not r.gated]
    if waiting:
        write(say("evals.waiting", lang, count=len(waiting), cases=tuple(waiting[:_SHOWN])))
    _show_gates(failures, lang)


def _show_comparison(found: Comparison, failures: list[Failure], lang: str) -> None:
    from evals.report.page import percent, points, span

    write(say("evals.compare_head", lang, base=found.base.id, new=found.new.id, pairs=len(found.pairs)))
    for name, d in found.differences["all"]["all"].items():
        if not (d.up or d.down) or name in ("latency_ms", "length"):
            continue
        detectable = points(d.detectable, signed=False) if d.detectable is not None else "—"
        values = {"base": percent(d.base), "new": percent(d.new), "difference": points(d.difference)}
        write(
            say(
                "evals.compare_line",
                lang,
                score=say(f"report.score.{name}", lang),
                **values,
                interval=span(d.low, d.high, signed=True) or "—",
                detectable=detectable,
            )
        )
    for key, pairs in (("evals.won", found.won), ("evals.lost", found.lost)):
        if pairs:
            write(say(key, lang, count=len(pairs)))
            for pair in pairs[:_SHOWN]:
                write(f"  {pair.id}  {pair.new.case.asked[-1].question}")
    if found.waiting:
        write(say("evals.waiting", lang, count=len(found.waiting), cases=tuple(found.waiting[:_SHOWN])))
    _show_gates(failures, lang)


def _show_gates(failures: list[Failure], lang: str) -> None:
    write(say("report.stopped" if failures else "report.passed", lang, count=len(failures)))
    for failure in failures:
        write(f"  ✗ {failure.sentence(lang)}")


def _where(html: Path | None, lang: str) -> None:
    if html is not None:
        note(say("evals.report_at", lang, where=str(html)))
