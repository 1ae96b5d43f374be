"""``aeo evidence show`` and ``open``: one slot as its reviewer needs it, and what was handed in for it, to look at."""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Container, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer

from assistant.errors import RegisterError
from assistant.register.acts.doing.who import slot_id
from assistant.register.facts.events import Event
from assistant.register.facts.handed_in import Piece
from assistant.register.facts.happened import Commented, Withdrawn
from assistant.register.facts.slots import Entry
from assistant.register.papers.for_customs.binder import safe
from assistant.register.papers.said.described import described, titled
from assistant.register.papers.said.words import (
    actor_word,
    happened_word,
    period_word,
    piece_word,
    shortfall_word,
    standing_word,
)
from assistant.register.ports import Filter
from assistant.register.rules.evidence.shortfall import Shortfall
from assistant.register.rules.filing.lines import line_id
from assistant.texts import say
from connectors.cli.evidence.looking.slot_table import ids
from connectors.cli.opened import PROFILE_OPTION, Opened, document, opened
from connectors.cli.out import FORCE_OPTION, folder_for, may_write, written
from connectors.cli.output import JSON_OPTION, emit, note, write

_WHY = ("reason", "until", "owner", "due")
"""What of an event is told beside its kind."""


def add(app: typer.Typer) -> None:
    """Put both into the group."""
    app.command(name="show")(show)
    app.command(name="open")(open_)


def show(slot: str = typer.Argument(...), profile: Path = PROFILE_OPTION, json_: bool = JSON_OPTION) -> None:
    """Everything about one slot: what is asked, what was handed in, what happened, what was said."""
    desk = opened(profile)
    [entry], lang = desk.by_log([_entry(desk, slot)]), desk.settings.lang
    told, pieces = described(entry.slot, lang, entry.state), desk.service.pieces([entry.slot.key])
    events, others = desk.service.history(entry.slot.key), _others(desk, entry)
    if json_:
        found: dict[str, Any] = {**document(entry, desk.today), **asdict(told), "given": entry.state.given or None}
        found |= {"pieces": [_piece(desk, p, entry) for p in pieces], "history": [_event(desk, e) for e in events]}
        emit(found | {"periods": {e.slot.period or "-": e.shown(desk.today) for e in others}})
        return
    write(told.title)
    due = entry.due if entry.owed else None
    standing = (told.owing, standing_word(entry, desk.today, lang), str(due or ""), desk.called(entry.owner))
    write("　".join(word for word in standing if word))
    write(say("evidence.look.reviewer", lang, reviewer=desk.called(entry.reviewer)))
    write(told.bring)
    figures = list(_figures(desk, entry))
    given = {*entry.state.covers, *_in_all(figures)}
    for part in told.parts:
        mark = part.ticks
        alone = part.texts[0] if len(part.texts) == 1 and not mark else ""
        write(say("slot.labelled", lang, label=part.label, text=alone).rstrip())
        if len(part.texts) > 1 or mark:
            for text in part.texts:
                done = "☒ " if text in entry.state.lacking else "☑ " if text in given else "☐ "
                write(f"  {done if mark else ''}{text}")
    _section("years", [f"{period_word(e.slot.spoken, lang)}　{standing_word(e, desk.today, lang)}" for e in others], lang)
    back = {e.says.version for e in events if isinstance(e.says, Withdrawn)}
    _section("pieces", [_piece_line(desk, p, entry, back) for p in pieces], lang)
    if entry.state.name == "accepted" and entry.expires_on:
        write(say("evidence.look.expires", lang, until=entry.expires_on.isoformat()))
    told_figures = [(titled(source.slot, lang), tuple(p.shown for p in said)) for source, said in figures if said]
    _section("figures", [say("slot.labelled", lang, label=label, text=said) for label, said in told_figures], lang)
    _section("short", [shortfall_word(s, lang) for s in _short(desk, entry)], lang)
    _section("said", [_said(desk, e) for e in events if isinstance(e.says, Commented)], lang)
    _section("history", [_happened(desk, e) for e in events if not isinstance(e.says, Commented)], lang)
    if pieces:
        write(say("evidence.look.open", lang, slot=entry.slot.id))


def _entry(desk: Opened, slot: str) -> Entry:
    """The one slot that is meant; else it is asked back: of a clause with each line and its periods, of a line with all its periods.

    Raises:
        RegisterError: it is not one slot.
    """
    try:
        return desk.service.entry(slot)
    except RegisterError:
        typed, everything = slot_id(slot), desk.service.entries(desk.now)
        lines: dict[tuple[str, str], list[Entry]] = {}
        for e in everything:
            if e.slot.clause == typed:
                lines.setdefault((e.slot.line_key, e.slot.subject), []).append(e)
        found = tuple(map(ids, lines.values())) or tuple(e.slot.id for e in everything if line_id(e.slot.id) == typed)
        if not found:
            raise
        raise RegisterError("register.which", typed=slot, slots=found) from None


def open_(
    slot: str = typer.Argument(...),
    out: Path = typer.Option(None, "--out"),
    force: bool = FORCE_OPTION,
    profile: Path = PROFILE_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Copies of what was handed in, to read only; links and places are named."""
    desk = opened(profile)
    entry, lang = desk.service.entry(slot), desk.settings.lang
    pieces = _latest(entry, desk.service.pieces([entry.slot.key]))
    if not pieces:
        raise RegisterError("register.nothing_given", slot=entry.slot.id)
    folder = folder_for(out) if out else Path(tempfile.mkdtemp(prefix="aeo-"))
    found: list[dict[str, Any]] = []
    for p in pieces:
        copy, fault = _copied(desk, p, folder, force) if p.kind == "file" else (None, None)
        found.append({"kind": p.kind, "name": p.shown, "path": str(copy) if copy else None} | ({"fault": fault} if fault else {}))
    faults = list(dict.fromkeys(f["fault"] for f in found if "fault" in f))
    if json_:
        emit({"slot": entry.slot.id, "pieces": found})
    else:
        for one in found:
            path = one["path"] or (say(f"evidence.opened.was_{one['fault']}", lang) if "fault" in one else "")
            write(say(f"evidence.opened.{one['kind']}", lang, name=one["name"], path=path))
        files = [str(f["path"]) for f in found if f["path"]]
        if sys.stdout.isatty() and files:
            typer.launch(files[0] if len(files) == 1 else str(folder))
    for fault in faults:
        note(say(f"evidence.opened.{fault}", lang))
    if faults:
        raise typer.Exit(1)


def _copied(desk: Opened, piece: Piece, folder: Path, force: bool) -> tuple[Path | None, str | None]:
    """A copy of a file that nobody changes by mistake; else what is wrong: its bytes are ``missing``, or they were ``altered``."""
    path = _free(folder, safe(piece.name), piece.sha256)
    may_write(path, force)
    try:
        with desk.service.open_file(piece.sha256) as source:
            content = source.read()
    except OSError:
        return None, "missing"
    if hashlib.sha256(content).hexdigest() != piece.sha256:
        return None, "altered"
    with written(path, force) as target:
        target.write(content)
    path.chmod(0o400)
    return path, None


def _free(folder: Path, name: str, sha256: str) -> Path:
    """A place for a file; one of the same name with other content in this very hand-in gets its hash into the name."""
    path = folder / name
    if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() != sha256 and path.stat().st_mode & 0o777 == 0o400:
        return folder / f"{path.stem} ({sha256[:6]}){path.suffix}"
    return path


def _latest(entry: Entry, pieces: Sequence[Piece]) -> list[Piece]:
    """What is in review, else what was accepted, else the last that was handed in; each content once."""
    state = entry.state
    version = state.version if state.name != "accepted" else state.accepted_version
    shown = [p for p in pieces if p.version == version] or [p for p in pieces if p.version == max(q.version for q in pieces)]
    return list({(p.kind, p.sha256 or p.text, p.name): p for p in shown}.values())


def _others(desk: Opened, entry: Entry) -> list[Entry]:
    """All periods of the slot's line, if it has several."""
    group = desk.service.entries(desk.now, Filter(clause=entry.slot.clause))
    found = [e for e in group if line_id(e.slot.id) == line_id(entry.slot.id)]
    return found if len(found) > 1 else []


def _figures(desk: Opened, entry: Entry) -> Iterator[tuple[Entry, tuple[Piece, ...]]]:
    """The accepted papers that a line which follows from another is decided by, each with its figures."""
    for source in desk.service.entries(desk.now, Filter(clause=entry.slot.follows)) if entry.slot.follows else ():
        if version := source.state.accepted_version:
            given = desk.service.pieces([source.slot.key])
            yield source, tuple({p.name: p for p in given if p.kind == "figure" and p.version == version}.values())


def _in_all(figures: Sequence[tuple[Entry, tuple[Piece, ...]]]) -> set[str]:
    """The figures that stand in every one of the papers."""
    return set.intersection(*({p.name for p in said} for _, said in figures)) if figures else set()


def _short(desk: Opened, entry: Entry) -> tuple[Shortfall, ...]:
    return desk.service.short_of(entry) if entry.state.name == "submitted" else ()


def _section(key: str, lines: Sequence[str], lang: str) -> None:
    if lines:
        write(say(f"evidence.look.{key}", lang))
        for line in lines:
            write(f"  {line}")


def _moment(desk: Opened, at: Any) -> str:
    return at.astimezone(desk.zone).strftime("%Y-%m-%d %H:%M") if at else ""


def _piece_line(desk: Opened, piece: Piece, entry: Entry, back: Container[int]) -> str:
    """``back``: the versions that were taken back."""
    lang, state = desk.settings.lang, entry.state
    latest = "now" if piece.version == state.version else "before"
    standing = "accepted" if piece.version == state.accepted_version else "withdrawn" if piece.version in back else latest
    words = {"version": piece.version, "piece": piece_word(piece, lang), "by": desk.called(piece.by), "at": _moment(desk, piece.at)}
    line = say("evidence.look.piece", lang, standing=say(f"evidence.look.standing.{standing}", lang), **words)
    return f"{line}　{say('evidence.look.valid', lang, until=piece.valid_until)}" if piece.valid_until else line


def _piece(desk: Opened, piece: Piece, entry: Entry) -> dict[str, Any]:
    found = {k: v for k, v in asdict(piece).items() if k not in ("slot", "at") and v not in ("", None, 0)}
    at = piece.at.astimezone(desk.zone).isoformat() if piece.at else None
    return found | {"at": at, "accepted": piece.version == entry.state.accepted_version}


def _event(desk: Opened, event: Event) -> dict[str, Any]:
    at = event.at.astimezone(desk.zone).isoformat(timespec="seconds")
    return {"at": at, "actor": event.actor, "kind": event.kind, "payload": event.body}


def _said(desk: Opened, event: Event) -> str:
    return f"{_moment(desk, event.at)}　" + say(
        "slot.labelled", desk.settings.lang, label=desk.called(event.actor), text=event.body.get("text", "")
    )


def _happened(desk: Opened, event: Event) -> str:
    lang = desk.settings.lang
    told = (desk.called(str(event.body[n])) if n == "owner" else str(event.body[n]) for n in _WHY if event.body.get(n))
    what = happened_word(event, lang)
    words = (_moment(desk, event.at), actor_word(event.actor, lang, desk.called, event.body.get("by")), what, " ".join(told))
    return "　".join(word for word in words if word)
