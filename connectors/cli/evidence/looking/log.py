"""``aeo evidence history`` and ``verify``: what happened, and whether the log still says it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from assistant.errors import UsageError
from assistant.register.acts.doing.who import slot_id
from assistant.register.facts.handed_in import Piece
from assistant.register.papers.said.described import titled
from assistant.register.papers.said.words import actor_word, difference_word, happened_word, piece_word
from assistant.register.ports import WITH_WITHDRAWN
from assistant.texts import say, strung
from connectors.cli.clock import local
from connectors.cli.evidence.looking.slot_table import draw
from connectors.cli.opened import PROFILE_OPTION, document, moment, opened
from connectors.cli.output import JSON_OPTION, emit, write


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
        draw(desk, entries)
        return
    events = desk.service.history(slot or "")
    slots = {e.slot.key: e.slot for e in desk.service.entries(desk.now, WITH_WITHDRAWN)}
    rows: list[dict[str, Any]] = [
        {
            "seq": e.seq,
            "at": e.at.astimezone(desk.zone).isoformat(timespec="seconds"),
            "actor": e.actor,
            "origin": e.origin,
            "kind": e.kind,
            "slot": slots[e.slot].id if e.slot in slots else e.slot or None,
            "payload": e.body,
            "hash": e.hash,
        }
        for e in events
    ]
    if json_:
        emit(rows)
        return
    for e, row in zip(events, rows, strict=True):
        words = {
            "at": local(row["at"], str(desk.zone)),
            "actor": actor_word(e.actor, lang, desk.called, e.body.get("by")),
            "kind": happened_word(e, lang),
            "slot": titled(slots[e.slot], lang) if e.slot in slots else e.slot,
            "detail": _detail(e.body, lang, desk.called),
        }
        write(say("evidence.event_line", lang, **row | words))


def _detail(payload: dict[str, Any], lang: str, called: Callable[[str], str]) -> str:
    """The part of an event that people want to see."""
    if "pieces" in payload:
        fields = ("kind", "text", "name", "size")
        return strung((piece_word(Piece(**{k: p[k] for k in fields if k in p}), lang) for p in payload["pieces"]), lang)
    shown = ("text", "reason", "until", "owner", "due", "recipient", "target", "person", "from", "to", "drill", "edition", "detail")
    people = ("owner", "recipient", "person", "from", "to")
    return " ".join(called(str(payload[n])) if n in people else str(payload[n]) for n in shown if payload.get(n))


def verify(
    files: bool = typer.Option(False, "--files"),
    head: str = typer.Option("", "--head"),
    profile: Path = PROFILE_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Check the log, rebuild every table from it and compare. Exit status 1 when it fails."""
    from connectors.cli.doctor.register import files_called, times

    desk = opened(profile)
    wanted = head.strip().lower()
    if head and not re.fullmatch(r"[0-9a-f]{64}", wanted):
        raise UsageError("cli.bad_head", text=head)
    chain, wrong = desk.service.verify(files, desk.now, desk.stands)
    if files:
        called = files_called(desk.service, desk.now, desk.settings.lang)
        wrong = [d._replace(where=called.get(d.where, d.where)) for d in wrong]
    seen = next((e.seq for e in desk.service.history() if e.hash == wanted), None) if head else None
    if json_:
        found: dict[str, Any] = {"intact": chain.intact, "events": chain.events, "head": chain.head, "broken_at": chain.broken_at or None}
        found |= {"differing": [d._asdict() for d in wrong], "backwards": list(chain.backwards), "ahead": list(chain.ahead)}
        emit(found | ({"head_at": seen} if head else {}))
    else:
        lang = desk.settings.lang
        key = "evidence.chain_good" if chain.intact else "evidence.chain_bad"
        write(say(key, lang, events=chain.events, head=chain.head, broken=chain.broken_at))
        if files:
            count = len({p.sha256 for p in desk.service.pieces() if p.kind == "file"})
            write(say("evidence.files_read", lang, count=count))
        if wrong:
            named = tuple(difference_word(d.table, d.where, lang) for d in wrong[:20])
            write(say("evidence.state_bad", lang, slots=named))
        for sentence in (*times(chain, lang), *desk.other_lead()):
            write(sentence)
        if head:
            write(say("evidence.head_found" if seen else "evidence.head_lost", lang, seq=seen, head=head))
    if (head and not seen) or not chain.intact or wrong or chain.backwards or chain.ahead:
        raise typer.Exit(1)
