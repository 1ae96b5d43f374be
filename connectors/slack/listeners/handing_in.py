"""Handing in from Slack, as a job: fetch the files, hand everything in once, say in the thread what arrived and what did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.conversation.enterprise import Desk
from assistant.conversation.ports import Job
from assistant.conversation.scene import full_name
from assistant.errors import AeoError, RegisterError
from assistant.register.acts.allowed import allowed
from assistant.register.acts.service import Repeated, Who
from assistant.register.facts.slots import Entry, Piece, PieceKind
from assistant.register.rules.accepted_files import plain_name
from assistant.register.rules.life import clean
from assistant.texts import say
from connectors.slack.calls.courier import settle
from connectors.slack.calls.download import described, download, name_of
from connectors.slack.cards.carried import Click
from connectors.slack.cards.cutting import head
from connectors.slack.cards.parts import bullets, line, rich, words
from connectors.slack.cards.review_card import piece_words
from connectors.slack.cards.rich_text import Block
from connectors.slack.cards.text import Element, web_address
from connectors.slack.context import desk_of
from connectors.slack.listeners.click import names, reply, sentence, who_of

if TYPE_CHECKING:
    from connectors.slack.context import Deps

KIND = "evidence_hand_in"
_KEPT = ("id", "name", "title", "size", "mimetype", "mode", "is_external", "file_access", "url_private", "url_private_download")
_LINK_MODES = ("external",)


def given(click: Click, files: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What a job has to know of what was handed in, and where."""
    kept = [{k: f[k] for k in _KEPT if k in f} for f in files]
    return {"user": click.user, "slot": click.slot, "channel": click.channel, "thread": click.thread, "files": kept}


def hand_in(deps: Deps, job: Job) -> None:
    """Do such a job; done again after a crash it changes nothing and says the same.

    Raises:
        Later: Slack or the database is not to be had now.
    """
    p = job.payload
    click = Click(job.team, p["user"], job.key, p["channel"], p["thread"], p["slot"])
    refused: list[str] = []
    pieces: list[Piece] = []
    entry: Entry | None = None
    try:
        desk = desk_of(deps, job.team)
        who = who_of(deps, desk, click.user, job.key)
        entry = allowed(desk.service, click.slot, "submit", who)
        pieces, refused = _pieces(deps, desk, job)
        if pieces:
            entry = _submit(desk, click, pieces, who)
    except AeoError as error:
        refused.append(sentence(deps, job.team, error))
        pieces = []
    text, blocks = said(names(deps, job.team), entry, pieces, refused, deps.lang)
    reply(deps, click, f"handed:{job.key}", text, blocks)
    settle(deps, job.team)


def _submit(desk: Desk, click: Click, pieces: Sequence[Piece], who: Who) -> Entry:
    try:
        return desk.service.submit(click.slot, pieces, who)
    except Repeated:
        return desk.service.entry(click.slot)


def _pieces(deps: Deps, desk: Desk, job: Job) -> tuple[list[Piece], list[str]]:
    """Everything that was given, files fetched; and a sentence for each file that cannot be taken."""
    p = job.payload
    pieces, refused = [], []
    for file in p["files"]:
        try:
            pieces.append(_file(deps, desk, job.team, file))
        except AeoError as error:
            refused.append(sentence(deps, job.team, error))
    kinds: tuple[PieceKind, ...] = ("link", "note", "paper")
    pieces += [Piece(kind, text=clean(p[kind])) for kind in kinds if clean(p.get(kind) or "")]
    period, valid = p.get("period") or "", p.get("valid") or ""
    until = date.fromisoformat(valid) if valid else None
    return [replace(piece, period=period, valid_until=until) for piece in pieces], refused


def _file(deps: Deps, desk: Desk, team: str, file: dict[str, Any]) -> Piece:
    """A file as a piece: its bytes, or, of one that Slack only points to, its address."""
    client = deps.client(team)
    known = described(client, file)
    if known.get("mode") in _LINK_MODES or known.get("is_external"):
        address = web_address(str(known.get("url_private") or ""))
        if address is None:
            raise RegisterError("evidence_slack.file.elsewhere", name=name_of(known))
        return Piece("link", text=address)
    with download(client, known, desk.policy.largest_file_mb * 1024 * 1024) as content:
        return desk.service.take_file(content, name_of(known))


def said(
    called_as: Mapping[str, str], entry: Entry | None, pieces: Sequence[Piece], refused: Sequence[str], lang: str
) -> tuple[str, list[Block]]:
    """What is said of a hand-in: what arrived, for which line, who looks at it, and what could not be taken."""
    elements: list[Element] = []
    told: list[str] = []
    if pieces and entry is not None:
        reviewer = called_as.get(entry.reviewer, entry.reviewer)
        told.append(
            say("evidence_slack.received", lang, slot=full_name(entry.slot.id, entry.slot.kind, entry.slot.period, lang), reviewer=reviewer)
        )
        elements += [line(words("✓ " + told[0], bold=True)), bullets(list(piece_words(piece, lang)) for piece in pieces)]
    if refused:
        not_received = say("evidence_slack.not_received", lang)
        told += [not_received, *refused]
        elements.append(line(words(("\n" if elements else "") + not_received, bold=True)))
        elements.append(bullets([words(why, 600)] for why in refused))
    files = [plain_name(p.name) for p in pieces if p.kind == "file"]
    text = " ".join([*told[:1], *files, *told[1:]])
    return head(text, 1_500), [rich("said", *elements)]
