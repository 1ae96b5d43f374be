"""``aeo evidence``: what is owed and why, how it stands, what happened; acts, one slot, and what leaves the house stand beside."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

from assistant.errors import UsageError
from assistant.register.acts.service import slot_id
from assistant.register.facts.slots import STATES, Piece
from assistant.register.papers.coverage import DIMENSIONS, counted, readiness, total, with_rest
from assistant.register.papers.described import titled, titles
from assistant.register.papers.explained import explained, page_html
from assistant.register.papers.report import named as rows_by_name
from assistant.register.papers.report import render
from assistant.register.papers.words import (
    actor_word,
    difference_word,
    exempt_word,
    first_line,
    kind_word,
    period_word,
    piece_word,
    state_word,
    why_word,
)
from assistant.register.ports import Filter
from assistant.register.rules.plan import plan as planned
from assistant.texts import say
from connectors.cli.clock import local
from connectors.cli.evidence import acts as evidence_acts
from connectors.cli.evidence import drill, look
from connectors.cli.evidence.export import binder, exempt, export
from connectors.cli.opened import ACTOR_OPTION, AT_OPTION, PROFILE_OPTION, Opened, day, document, moment, opened
from connectors.cli.out import written
from connectors.cli.output import JSON_OPTION, console, emit, note, write

app = typer.Typer(no_args_is_help=True, add_completion=False)
evidence_acts.add(app)
look.add(app)
app.command()(export)
app.command()(binder)
app.add_typer(drill.app, name="drill")


@app.command()
def plan(
    dry_run: bool = typer.Option(False, "--dry-run"),
    explain: bool = typer.Option(False, "--explain"),
    html: Path = typer.Option(None, "--html"),
    profile: Path = PROFILE_OPTION,
    actor: str = ACTOR_OPTION,
    at: str = AT_OPTION,
    all_: bool = typer.Option(False, "--all"),
    json_: bool = JSON_OPTION,
) -> None:
    """Generate the slots and say why each is owed."""
    desk = opened(profile, actor, at if dry_run or explain or html is not None else None)
    if dry_run:
        _foreseen(desk, json_)
        return
    if explain or html is not None:
        _explain(desk, html, all_, json_)
        return
    result = desk.sync()
    owed, lang = planned(desk.guide, desk.profile, desk.now.astimezone(desk.zone)), desk.settings.lang
    entries = {e.slot.key: e for e in result.entries}
    if json_:
        emit(
            {
                "edition": owed.edition,
                "enterprise": desk.profile.enterprise,
                "added": len(result.added),
                "removed": len(result.removed),
                "slots": [
                    {
                        **document(entries[s.key], desk.today),
                        "line": s.line,
                        "why": why_word(s, lang),
                        "condition": s.condition,
                        "any_one_of": list(s.any_of) or None,
                        "checklist": list(s.checklist),
                        "criteria": list(s.criteria),
                        "standard": s.standard,
                    }
                    for s in owed.slots
                ],
                "nothing_to_hand_in": [
                    {"clause": e.clause, "why": exempt_word(e, lang), "line": e.line, "text": e.text} for e in owed.exempt
                ],
            }
        )
        return
    applicable = sum(s.applicable for s in owed.slots)
    certification = say(f"evidence.certification.{desk.profile.certification}", lang)
    head = {"enterprise": desk.profile.enterprise, "edition": owed.edition, "certification": certification}
    write(say("evidence.plan_head", lang, **head, slots=len(owed.slots), applicable=applicable))
    for s in owed.slots:
        more = say("evidence.conditional", lang) if s.condition and s.applicable else ""
        write(say("evidence.plan_line", lang, slot=s.id, why=why_word(s, lang) + more, line=s.line, text=first_line(s.text)))
    write(say("evidence.exempt_head", lang))
    for e in owed.exempt:
        write(say("evidence.exempt_line", lang, clause=e.clause, why=exempt_word(e, lang), line=e.line, text=first_line(e.text)))
    changed = result.added or result.removed
    note(say("evidence.plan_changed" if changed else "evidence.plan_same", lang, added=len(result.added), removed=len(result.removed)))


def _explain(desk: Opened, html: Path | None, all_: bool, json_: bool) -> None:
    """The plan item by item, with ``all_`` line by line; nothing is changed."""
    lang = desk.settings.lang
    page = explained(desk.guide, desk.profile, planned(desk.guide, desk.profile, desk.now.astimezone(desk.zone)), lang)
    if html is not None:
        with written(html, True, ".html", ".htm") as target:
            target.write(page_html(page, lang).encode())
        if not json_:
            note(say("evidence.explain.done", lang, where=str(html)))
    if json_:
        emit(asdict(page))
    if json_ or html is not None:
        return
    write(page.head)
    for text in page.contradictions:
        write(text)
    if page.questions:
        write(say("evidence.explain.questions", lang))
        for text in page.questions:
            write(f"  {text}")
    if not all_:
        for item in page.items:
            words = {
                "owed": sum(o.slots for o in item.owed),
                "off": len(item.not_owed),
                "waits": sum(o.slots for o in item.owed if o.waits),
            }
            write(say("evidence.explain.item", lang, number=item.number, title=item.title, **words))
        note(say("evidence.explain.whole", lang))
        return
    for reason in page.reasons:
        write(reason)
    for item in page.items:
        write(f"\n{item.number}．{item.title}")
        for owed in item.owed:
            slots = say("evidence.explain.slots", lang, count=owed.slots) if owed.slots > 1 else ""
            waits = f"　{say('evidence.explain.waits', lang)}" if owed.waits else ""
            head = {"name": owed.name, "owing": owed.owing, "periods": owed.periods, "slots": slots, "waits": waits}
            write(" ".join(say("evidence.explain.owed", lang, **head).split()))
            write(say("evidence.explain.words", lang, text=owed.text))
            if owed.why:
                write(say("evidence.explain.more", lang, why=owed.why))
            for text in owed.points:
                write(say("evidence.explain.point", lang, text=text))
            if owed.elements:
                label = say("slot.part.elements", lang)
                write(say("evidence.explain.words", lang, text=say("slot.labelled", lang, label=label, text=owed.elements)))
        for off in item.not_owed:
            write(say("evidence.explain.off", lang, name=off.name, why=off.why))


def _foreseen(desk: Opened, json_: bool) -> None:
    """What planning now would add, set aside, and hand on."""
    result, lang = desk.service.planned(desk.guide, desk.profile, desk.now), desk.settings.lang
    slots = {e.slot.key: e.slot for e in result.entries}
    if json_:
        added, removed = [slots[k].id for k in result.added], [slots[k].id for k in result.removed]
        heirs = [{"from": h.source.slot.id, "to": h.slot.id, "state": h.source.state.name} for h in result.heirs]
        emit({"added": added, "removed": removed, "taken_over": heirs, "set_aside": [e.slot.id for e in result.lost]})
        return
    write(
        say(
            "evidence.foreseen.head",
            lang,
            added=len(result.added),
            removed=len(result.removed),
            heirs=len(result.heirs),
            lost=len(result.lost),
        )
    )
    for heir in result.heirs:
        state = state_word(heir.source.state.name, lang)
        write(say("evidence.foreseen.heir", lang, before=titled(heir.source.slot, lang), after=titled(heir.slot, lang), state=state))
    for entry in result.lost:
        write(say("evidence.foreseen.lost", lang, slot=titled(entry.slot, lang), state=state_word(entry.state.name, lang)))
    for key, keys in (("added", result.added), ("removed", result.removed)):
        for name in titles([slots[k] for k in keys], lang):
            write(say(f"evidence.foreseen.{key}", lang, slot=name))


@app.command(name="list")
def list_(
    part: str = typer.Option(""),
    item: str = typer.Option(""),
    clause: str = typer.Option(""),
    kind: str = typer.Option(""),
    owner: str = typer.Option(""),
    reviewer: str = typer.Option(""),
    state: str = typer.Option(""),
    period: str = typer.Option(""),
    due_by: str = typer.Option(""),
    overdue: bool = typer.Option(False, "--overdue"),
    applicable: bool = typer.Option(None, "--applicable/--not-applicable"),
    profile: Path = PROFILE_OPTION,
    at: str = AT_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """List every slot and its state."""
    desk = opened(profile, at=at)

    where = Filter(
        part=part,
        item=item,
        clause=slot_id(clause),
        kind=_one_of(kind, ("documents", "situation", "records", "onsite")),
        owner=owner,
        reviewer=reviewer,
        state=_one_of(state, STATES),
        period=period,
        due_by=day(due_by) if due_by else None,
        overdue=overdue,
        applicable=applicable,
    )
    entries = desk.service.entries(desk.now, where, desk.guide, desk.profile)
    if json_:
        emit([document(e, desk.today) for e in entries])
    else:
        _table(desk, entries)


def _one_of(value: str, known: tuple[str, ...]) -> Any:
    """A value from a short list, None for an empty one."""
    if value and value not in known:
        raise UsageError("cli.bad_choice", value=value, known=known)
    return value or None


def _table(desk: Opened, entries: list[Any]) -> None:
    from rich.table import Table

    lang = desk.settings.lang
    if not entries:
        note(say("evidence.none", lang))
        return
    screen = console()
    if not screen.is_terminal:
        screen.width = 200
    wide = screen.width >= 110
    room = max((screen.width - (110 if wide else 70)) // 2, 8)
    columns = ("slot", *(("kind",) if wide else ()), "period", "state", "due", "owner", *(("reviewer",) if wide else ()), "text")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(say(f"evidence.column.{column}", lang), no_wrap=True, overflow="ellipsis")
    colours = {"accepted": "green", "submitted": "cyan", "missing": "yellow", "to_confirm": "magenta", "not_applicable": "dim"}
    colours |= {"returned": "red", "expired": "red"}
    for e in entries:
        shown = e.shown(desk.today)
        late = e.due is not None and e.due < desk.today and e.owed and shown in ("missing", "returned", "to_confirm", "expired")
        due = f"[red]{e.due}[/red]" if late else str(e.due or "")
        colour = colours[shown]
        table.add_row(
            e.slot.id,
            *((kind_word(e.slot.kind, lang),) if wide else ()),
            period_word(e.slot.period, lang),
            f"[{colour}]{state_word(shown, lang)}[/{colour}]",
            due if e.owed else "",
            _plain(e.owner),
            *((_plain(e.reviewer),) if wide else ()),
            _plain(first_line(e.slot.text, min(room, 48))),
        )
    screen.print(table)


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)


@app.command()
def coverage(
    by: str = typer.Option("part"),
    html: Path = typer.Option(None, "--html"),
    profile: Path = PROFILE_OPTION,
    at: str = AT_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Readiness by part, item, kind, owner or due date."""
    desk = opened(profile, at=at)
    dimension = _one_of(by, DIMENSIONS)
    entries = desk.service.entries(desk.now, guide=desk.guide, profile=desk.profile)
    counts = counted(entries, desk.today)
    without = exempt(desk)
    table = with_rest(readiness(counts, dimension), dimension, without, desk.guide)
    if html is not None:
        _report(desk, entries, html)
        if not json_:
            note(say("evidence.report_done", desk.settings.lang, where=str(html)))
    lang = desk.settings.lang
    if json_:
        rows = {k: {**asdict(v), "percent": v.percent} for k, v in table.items()}
        rest = [{"clause": e.clause, "why": exempt_word(e, lang)} for e in without]
        emit({"total": asdict(total(counts)), "by": dimension, "rows": rows, "nothing_to_hand_in": rest})
        return
    from rich.table import Table

    shown = Table(box=None, pad_edge=False, header_style="bold", title=None)
    for column in (dimension, "ready", "share", "overdue", "missing", "pending", "later", "rest"):
        shown.add_column(say(f"evidence.column.{column}", lang), justify="left" if column == dimension else "right")
    for name, r in [*rows_by_name(table, dimension, desk.guide, lang), (desk.profile.enterprise, total(counts))]:
        late = f"[red]{r.overdue}[/red]" if r.overdue else "0"
        share = "—" if r.percent is None else f"{r.percent}%"
        bare = str(r.rest or "")
        shown.add_row(_plain(name), f"{r.ready}/{r.owed}", share, late, str(r.open), str(r.pending), str(r.later), bare)
    console().print(shown)


def _report(desk: Opened, entries: list[Any], out: Path) -> None:
    with desk.register.reading(desk.profile.key) as tx:
        workspace = tx.workspace()
    log = (workspace.head_seq, workspace.head) if workspace else (0, "—")
    page = render(desk.guide, desk.profile.enterprise, entries, exempt(desk), desk.today, log, desk.settings.lang)
    with written(out, True, ".html", ".htm") as target:
        target.write(page.encode())


@app.command()
def history(
    slot: str = typer.Argument(None),
    at: str = typer.Option(None, "--at"),
    profile: Path = PROFILE_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """What happened; with --at, the state at a past date."""
    desk = opened(profile)
    lang = desk.settings.lang
    if at is not None:
        past = moment(at, desk.zone, end_of_day=True)
        entries = [e for e in desk.service.as_of(past) if not slot or e.slot.id == slot_id(slot)]
        desk.at = past
        if json_:
            emit([document(e, past.astimezone(desk.zone).date()) for e in entries])
            return
        write(say("evidence.as_of", lang, at=past.astimezone(desk.zone).strftime("%Y-%m-%d %H:%M")))
        _table(desk, entries)
        return
    events = desk.service.history(slot or "")
    names = {e.slot.key: e.slot.id for e in desk.service.entries(desk.now, Filter(withdrawn=True))}
    rows: list[dict[str, Any]] = [
        {
            "seq": e.seq,
            "at": e.at.astimezone(desk.zone).isoformat(timespec="seconds"),
            "actor": e.actor,
            "origin": e.origin,
            "kind": e.kind,
            "slot": names.get(e.slot, e.slot) or None,
            "payload": e.body,
            "hash": e.hash,
        }
        for e in events
    ]
    if json_:
        emit(rows)
        return
    for row in rows:
        words = {
            "at": local(row["at"], str(desk.zone)),
            "actor": actor_word(row["actor"], lang),
            "kind": say(f"evidence.event.{row['kind']}", lang),
            "slot": row["slot"] or "",
            "detail": _detail(row["payload"], lang),
        }
        write(say("evidence.event_line", lang, **row | words))


def _detail(payload: dict[str, Any], lang: str) -> str:
    """The part of an event that people want to see."""
    if "pieces" in payload:
        fields = ("kind", "text", "name", "size")
        return "；".join(piece_word(Piece(**{k: p[k] for k in fields if k in p}), lang) for p in payload["pieces"])
    shown = ("reason", "until", "owner", "due", "recipient", "target", "person", "from", "to", "drill", "edition", "detail")
    return " ".join(str(payload[name]) for name in shown if payload.get(name))


@app.command()
def verify(
    files: bool = typer.Option(False, "--files"),
    head: str = typer.Option("", "--head"),
    profile: Path = PROFILE_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Check the log, rebuild every table from it and compare. Exit status 1 when it fails."""
    from connectors.cli.doctor.register import times

    desk = opened(profile)
    chain, wrong = desk.service.verify(files, desk.now, desk.stands)
    seen = next((e.seq for e in desk.service.history() if e.hash == head.strip().lower()), None) if head else None
    if json_:
        found: dict[str, Any] = {"intact": chain.intact, "events": chain.events, "head": chain.head, "broken_at": chain.broken_at or None}
        found |= {"differing": [d._asdict() for d in wrong], "backwards": list(chain.backwards), "ahead": list(chain.ahead)}
        emit(found | ({"head_at": seen} if head else {}))
    else:
        lang = desk.settings.lang
        key = "evidence.chain_good" if chain.intact else "evidence.chain_bad"
        write(say(key, lang, events=chain.events, head=chain.head, broken=chain.broken_at))
        if wrong:
            named = tuple(difference_word(d.table, d.where, lang) for d in wrong[:20])
            write(say("evidence.state_bad", lang, slots=named))
        for sentence in times(chain, lang):
            write(sentence)
        if head:
            write(say("evidence.head_found" if seen else "evidence.head_lost", lang, seq=seen, head=head))
    if (head and not seen) or not chain.intact or wrong or chain.backwards or chain.ahead:
        raise typer.Exit(1)
