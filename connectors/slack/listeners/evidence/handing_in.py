"""Handing in by a form, as a job: fetch the files, hand everything in once, say in the thread what arrived and what did not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import Field, model_validator

from assistant.conversation.in_words.handing_in import handed_in, received, short_of, taken
from assistant.conversation.in_words.told import told
from assistant.conversation.jobs import OwnTask
from assistant.conversation.ports import Job
from assistant.conversation.post import Place, Post
from assistant.errors import AeoError
from assistant.register.acts.people.allowed import allowed
from assistant.register.facts.handed_in import Piece, PieceKind, Said
from assistant.register.facts.slots import Entry
from assistant.register.rules.evidence.figures import figures
from assistant.register.rules.evidence.life import clean
from assistant.register.rules.evidence.shortfall import Shortfall
from connectors.slack.cards.carried import Click
from connectors.slack.context import desk_of

if TYPE_CHECKING:
    from connectors.slack.context import Deps

KIND = "evidence_hand_in"
_KEPT = ("id", "name", "title", "size", "mimetype", "mode", "is_external", "file_access", "url_private", "url_private_download")


class HandInForm(OwnTask):
    """A form with which something is handed in: where, for which slots, Slack's files, and what was written and ticked in it."""

    slots: tuple[str, ...]
    channel: str
    thread: str
    files: tuple[dict[str, Any], ...] = ()
    link: str = ""
    note: str = ""
    paper: str = ""
    staff: str = ""
    period: str = ""
    valid: str = ""
    count: str = ""
    covers: tuple[int, ...] = ()
    lines: dict[str, tuple[int, ...]] = Field(default_factory=dict)
    nil: bool = False
    figures: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _one_slot(cls, said: Any) -> Any:
        """An earlier version handed in for one slot at a time."""
        return {**said, "slots": [said["slot"]]} if isinstance(said, dict) and "slot" in said and not said.get("slots") else said

    @classmethod
    def of(cls, click: Click, files: Sequence[dict[str, Any]], slots: Sequence[str] = (), **filled: Any) -> HandInForm:
        """What the job has to know of a form; of the files only what is needed to fetch them."""
        kept = tuple({k: f[k] for k in _KEPT if k in f} for f in files)
        return cls(user=click.user, slots=tuple(slots) or (click.slot,), channel=click.channel, thread=click.thread, files=kept, **filled)


def hand_in(deps: Deps, job: Job, form: HandInForm) -> None:
    """Do such a job; done again after a crash it changes nothing and says the same.

    Raises:
        Later: Slack or the database is not to be had now.
    """
    ctx, slots = deps.talk.ctx, form.slots
    refused: list[str] = []
    pieces: list[Piece] = []
    entries: list[Entry] = []
    short: list[Shortfall] = []
    try:
        desk = desk_of(deps, job.team)
        who = ctx.who(job.team, form.user, job.key)
        asked = [allowed(desk.service, slot, "submit", who).slot for slot in slots]
        pieces, refused = _pieces(deps, job, form)
        if pieces or not refused:
            pieces += figures(asked, form.figures)
        if pieces:
            elements = asked[0].ticks
            covers = tuple(elements[n] for n in form.covers if n < len(elements))
            others = [(desk.service.entry(key).slot, places) for key, places in form.lines.items()]
            lines = {slot.line_key: tuple(slot.ticks[n] for n in places if n < len(slot.ticks)) for slot, places in others}
            entries = handed_in(desk, slots, pieces, who, Said(int(form.count or 0), covers, lines))
            short = short_of(desk, entries)
    except AeoError as error:
        refused.append(told(ctx, job.team, error))
        pieces = []
    place = Place(job.team, form.user, form.channel, form.thread, form.channel.startswith("D"))
    here = place if place.direct or place.channel in deps.settings.evidence_channels else place.own
    ctx.chat.say(here, f"handed:{job.key}", received(ctx.names(job.team), entries, pieces, refused, ctx.lang, short))
    ctx.chat.settle(job.team)


def _pieces(deps: Deps, job: Job, form: HandInForm) -> tuple[list[Piece], list[str]]:
    """What was filled in, as pieces, and why some of it was refused."""
    ctx = deps.talk.ctx
    post = Post(job.team, form.channel, form.user, "", "", "", "direct", files=form.files)
    pieces, refused = taken(ctx, post, desk_of(deps, job.team))
    written: dict[PieceKind, str] = {"link": form.link, "note": form.note, "paper": form.paper, "staff": form.staff}
    pieces += [Piece(kind, text=clean(text)) for kind, text in written.items() if clean(text)]
    if form.nil:  # one statement; what was written beside it is its reason
        pieces = [Piece("nil", text=clean(form.note) or "—")]
    until = date.fromisoformat(form.valid) if form.valid else None
    return [replace(piece, period=form.period, valid_until=until) for piece in pieces], refused
