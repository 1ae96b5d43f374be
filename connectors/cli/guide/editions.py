"""``aeo guide``: bring in, list and show editions, activate one or go back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from assistant.adapters.durable import write_durably
from assistant.adapters.editions import Editions
from assistant.answers.by_number import by_number
from assistant.answers.passages import passages_of
from assistant.errors import UsageError
from assistant.families import bare, ordered
from assistant.guide import Guide
from assistant.guide_told import finding_sentence, guide_document
from assistant.settings import load_settings
from assistant.texts import say
from connectors.cli.clock import local
from connectors.cli.guide import going_live as activate
from connectors.cli.guide.diff_drawn import print_diff
from connectors.cli.guide.lines import lines
from connectors.cli.guide.mapping import mapping
from connectors.cli.output import JSON_OPTION, emit, note, progress, write
from ingest.parse.check import check as findings_of

app = typer.Typer(no_args_is_help=True, add_completion=False)
activate.add(app)
app.command(name="lines")(lines)
app.command(name="map")(mapping)
_EDITION = typer.Option(None, "--edition")


@app.command()
def ingest(
    file: Path = typer.Argument(None),
    edition: str = _EDITION,
    family: str = typer.Option(None, "--family"),
    json_: bool = JSON_OPTION,
) -> None:
    """Bring a guide file in as a staged edition of its family."""
    from ingest.pipeline import ingest
    from ingest.shipped import SHIPPED

    settings = load_settings()
    with progress(settings.lang) as step:
        done = ingest(file or SHIPPED, settings, datetime.now(UTC), edition, step, family)
    if done.active:
        activate.brought_in(settings)
    if json_:
        emit(
            {
                "edition": done.manifest.edition,
                "family": done.manifest.family,
                "build": done.manifest.build,
                "active": done.active,
                "fresh": done.fresh,
                "clauses": done.manifest.clauses,
                "passages": done.manifest.passages,
                "embedded": done.embedded,
                "reused": done.reused,
                "findings": [{"line": f.line, "code": f.code, "message": finding_sentence(f, settings.lang)} for f in done.findings],
                "without_questions": list(done.without_questions),
            }
        )
        return
    for f in done.findings:
        note(say("cli.finding", settings.lang, line=f.line, text=finding_sentence(f, settings.lang)))
    for key in done.notices:
        note(say(key, settings.lang, what="—"))
    if done.fresh and done.without_questions:
        note(say("cli.without_questions", settings.lang, clauses=tuple(done.without_questions)))
    state = "ingested" if done.fresh else "unchanged"
    write(say(f"cli.{state}", settings.lang, edition=done.manifest.edition, clauses=done.manifest.clauses, passages=done.manifest.passages))
    write(say("cli.is_active" if done.active else "cli.is_staged", settings.lang, edition=done.manifest.edition))
    others = [m.family for m in Editions(settings.home).in_force() if m.family != done.manifest.family]
    if others:
        write(say("cli.beside", settings.lang, family=done.manifest.family, others=tuple(others)))


@app.command()
def check(
    file: Path = typer.Argument(...),
    against: str = typer.Option(None, "--against"),
    json_: bool = JSON_OPTION,
) -> None:
    """Look at a guide file, storing nothing."""
    from ingest.examine import examined
    from ingest.shipped import SHIPPED_EDITION, shipped_guide

    settings = load_settings()
    store = Editions(settings.home)
    shipped = against == SHIPPED_EDITION and not any(m.edition == against for m in store.all())
    other = None if not against else shipped_guide() if shipped else store.guide(store.manifest(against))
    done = examined(file, shipped_guide(), other)
    if json_:
        findings = [{"key": f.code, "line": f.line, "text": finding_sentence(f, settings.lang)} for f in done.findings]
        changes = done.changes.model_dump(mode="json") if done.changes else None
        emit({"guide": guide_document(done.guide), "findings": findings, "owed": done.owed, "readings": done.readings, "diff": changes})
        return
    counts = {"items": len(done.guide.items), "clauses": len(done.guide.clauses), "lines": len(done.guide.requirements)}
    write(say("cli.checked", settings.lang, title=done.guide.title, **counts))
    for kind, count in done.owed.items():
        write(say(f"cli.owed.{kind}", settings.lang, count=count))
    if rest := len(done.guide.requirements) - sum(count for kind, count in done.owed.items() if kind != "sentences"):
        write(say("cli.owed.rest", settings.lang, count=rest))
    if any(done.readings[r] for r in ("materials", "sentences", "owner", "period")):
        write(say("cli.readings", settings.lang, **done.readings))
    for f in done.findings:
        write(say("cli.finding", settings.lang, line=f.line, text=finding_sentence(f, settings.lang)))
    if done.changes is not None and other is not None:
        print_diff(done.changes, other, done.guide, settings.lang)


@app.command(name="list")
def list_(json_: bool = JSON_OPTION) -> None:
    """List editions."""
    settings = load_settings()
    store = Editions(settings.home)
    active = store.active()
    builds = {p.build for p in (active, *active.beside) if not p.out} if active else set()
    rows: list[dict[str, Any]] = [
        {
            "edition": m.edition,
            "family": m.family,
            "title": m.title,
            "active": m.build in builds,
            "source": m.source,
            "clauses": m.clauses,
            "passages": m.passages,
            "embedder": m.embedder,
            "created": m.created,
            "build": m.build,
        }
        for m in store.all()
    ]
    if json_:
        emit(rows)
        return
    if not rows:
        note(say("index.missing", settings.lang, home=str(settings.home.absolute())))
    families = ordered([row["family"] for row in rows])
    for family, row in ((f, r) for f in families for r in rows if r["family"] == f):
        if len(families) > 1 and row is next(r for r in rows if r["family"] == family):
            write(say("cli.family", settings.lang, family=family))
        mark = "*" if row["active"] else " "
        write(f"{mark} {row['edition']}  {row['clauses']}  {row['source']}  {local(row['created'], settings.timezone)}")


@app.command()
def show(
    clause: str = typer.Argument(None),
    edition: str = _EDITION,
    json_: bool = JSON_OPTION,
) -> None:
    """Print the guide, or one clause, verbatim."""
    settings = load_settings()
    store = Editions(settings.home)
    guide = store.guide_of(edition)
    wanted: list[str] = []
    if clause:
        wanted = by_number(clause, guide)
        if not wanted:
            raise UsageError("cli.no_clause", clause=clause, edition=guide.edition)
    if json_:
        document = guide_document(guide, wanted or None)
        if not wanted:
            told = [(f.line, f.code, finding_sentence(f, settings.lang)) for f in findings_of(guide)]
            document["findings"] = [{"line": line, "code": code, "message": message} for line, code, message in told]
        emit(document)
        return
    for clause_id in wanted or guide.clauses:
        _print(guide, clause_id)


def _print(guide: Guide, clause_id: str) -> None:
    clause, place = guide.clauses[clause_id], guide.places[clause_id]
    within = f"{bare(place.part.number)}、{place.part.title} / {bare(place.category.number)}{place.category.title}"
    write(f"{clause_id}  {place.item.title}  [{within}]")
    for line, text in zip(clause.lines, clause.text.split("\n"), strict=True):
        write(f"  {line:>4}  {clause.number or ''}{text}")
    heading = ""
    for p in passages_of(clause, guide.clauses.get(clause.shares_with or ""))[1:]:
        owner = guide.clauses[clause.shares_with] if clause.shares_with else clause
        now = next((s.heading or "" for s in owner.sections if s.kind == p.kind), "") if p.role != "applicability" else ""
        if now and now != heading:
            write(f"        {now}")
            heading = now
        for offset, text in enumerate(p.wording.split("\n")):
            write(f"  {p.line if offset == 0 else '':>4}  {text}")
    write()


@app.command(name="diff")
def diff_(
    old: str = typer.Argument(...),
    new: str = typer.Argument(...),
    html: Path = typer.Option(None, "--html"),
    json_: bool = JSON_OPTION,
) -> None:
    """Compare two editions, by lineage and not by number."""
    from ingest.compare.diff import diff

    settings = load_settings()
    store = Editions(settings.home)
    before, after = (store.guide(store.manifest(e)) for e in (old, new))
    changes = diff(before, after)
    if html is not None:
        from connectors.pages import diff_page

        write_durably(html, diff_page(changes, before, after, settings.lang))
        note(say("diff.written", settings.lang, out=str(html)))
    if json_:
        emit(changes.model_dump(mode="json"))
    else:
        print_diff(changes, before, after, settings.lang)
