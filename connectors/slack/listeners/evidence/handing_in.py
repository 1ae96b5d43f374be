"""Handing in by a form, as a job: fetch the files, hand everything in once, say in the thread what arrived and what did not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.conversation.handing_in import handed_in, received, taken
from assistant.conversation.ports import Job
from assistant.conversation.post import Place, Post
from assistant.conversation.told import told
from assistant.errors import AeoError
from assistant.register.acts.allowed import allowed
from assistant.register.facts.slots import Entry, Piece, PieceKind, Said
from assistant.register.rules.figures import figures
from assistant.register.rules.life import clean
from connectors.slack.calls.chat import talk_of
from connectors.slack.cards.carried import Click
from connectors.slack.context import desk_of

if TYPE_CHECKING:
    from connectors.slack.context import Deps

KIND = "evidence_hand_in"
_KEPT = ("id", "name", "title", "size", "mimetype", "mode", "is_external", "file_access", "url_private", "url_private_download")


def given(click: Click, files: Sequence[dict[str, Any]], slots: Sequence[str] = ()) -> dict[str, Any]:
    """What a job has to know of what was handed in, where, and for which slots."""
    kept = [{k: f[k] for k in _KEPT if k in f} for f in files]
    return {"user": click.user, "slots": list(slots) or [click.slot], "channel": click.channel, "thread": click.thread, "files": kept}


def hand_in(deps: Deps, job: Job) -> None:
    """Do such a job; done again after a crash it changes nothing and says the same.

    Raises:
        Later: Slack or the database is not to be had now.
    """
    p, ctx = job.payload, talk_of(deps).ctx
    slots = p.get("slots") or [p["slot"]]
    refused: list[str] = []
    pieces: list[Piece] = []
    entries: list[Entry] = []
    try:
        desk = desk_of(deps, job.team)
        who = ctx.who(job.team, p["user"], job.key)
        for slot in slots:
            allowed(desk.service, slot, "submit", who)
        first = desk.service.entry(slots[0]).slot
        pieces, refused = _pieces(deps, job)
        if pieces or not refused:
            pieces += figures(first, p.get("figures") or {})
        if pieces:
            elements = first.elements
            covers = tuple(elements[n] for n in p.get("covers") or () if n < len(elements))
            entries = handed_in(desk, slots, pieces, who, Said(int(p.get("count") or 0), covers))
    except AeoError as error:
        refused.append(told(ctx, job.team, error))
        pieces = []
    place = Place(job.team, p["user"], p["channel"], p["thread"], str(p["channel"]).startswith("D"))
    here = place if place.direct or place.channel in deps.settings.evidence_channels else place.own
    ctx.chat.say(here, f"handed:{job.key}", received(ctx.names(job.team), entries, pieces, refused, ctx.lang))
    ctx.chat.settle(job.team)


def _pieces(deps: Deps, job: Job) -> tuple[list[Piece], list[str]]:
    """What was filled in, as pieces, and why some of it was refused."""
    p, ctx = job.payload, talk_of(deps).ctx
    post = Post(job.team, p["channel"], p["user"], "", "", "", "direct", files=tuple(p["files"]))
    pieces, refused = taken(ctx, post, desk_of(deps, job.team))
    kinds: tuple[PieceKind, ...] = ("link", "note", "paper")
    pieces += [Piece(kind, text=clean(p[kind])) for kind in kinds if clean(p.get(kind) or "")]
    if p.get("nil"):  # one statement; what was written beside it is its reason
        pieces = [Piece("nil", text=clean(p.get("note") or "") or "—")]
    period, valid = p.get("period") or "", p.get("valid") or ""
    until = date.fromisoformat(valid) if valid else None
    return [replace(piece, period=period, valid_until=until) for piece in pieces], refused
