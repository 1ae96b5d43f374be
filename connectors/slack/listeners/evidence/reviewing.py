"""Reviewers' buttons: accept at a click, return with a reason, a line or all of a card. Who may is asked of the register at the click."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App

from assistant.conversation.jobs import OwnTask
from assistant.conversation.meaning.naming import line_name
from assistant.conversation.ports import Job
from assistant.errors import AeoError, RegisterError
from assistant.register.acts.doing.who import Repeated
from assistant.register.acts.people.allowed import allowed
from assistant.register.acts.telling.announce import to_reader
from assistant.register.facts.slots import Entry
from connectors.slack.calls.settling import settle, settle_soon
from connectors.slack.cards.carried import Click, Json
from connectors.slack.cards.evidence.forms import return_form
from connectors.slack.cards.review.accept_form import accept_form
from connectors.slack.cards.review.pieces import PIECES, pieces_view
from connectors.slack.cards.review.review_card import ACCEPT, RETURN
from connectors.slack.context import desk_of
from connectors.slack.listeners.click import click_of, sentence, tell, who_of
from connectors.slack.listeners.evidence.opening import opens
from connectors.slack.listeners.evidence.shown_slots import along_with, asked_of, shown_to
from connectors.slack.listeners.unexpected import lost

if TYPE_CHECKING:
    from connectors.slack.context import Deps

_KIND = "evidence_accept"


class Acceptance(OwnTask):
    """A reviewer accepts what a card showed."""

    click: Click


def listen(app: App, deps: Deps) -> None:
    """Register the buttons."""
    deps.work.handles(_KIND, Acceptance, partial(_accept, deps), lost(deps))

    def accepted(ack: Ack, body: Json, action: Json) -> None:
        click = click_of(body, str(action.get("value") or ""))
        if form := _asking(deps, click):
            ack()
            opens(deps, click, lambda: form)
            return
        deps.work.add(_KIND, click.team, f"accept:{click.trigger}", Acceptance(user=click.user, click=click))
        ack()

    def returned(ack: Ack, body: Json, action: Json) -> None:
        ack()
        click = click_of(body, str(action.get("value") or ""))
        opens(deps, click, lambda: _form(deps, click))

    def looked(ack: Ack, body: Json, action: Json) -> None:
        ack()
        click = click_of(body, str(action.get("value") or ""))
        opens(deps, click, lambda: _pieces(deps, click))

    app.action(ACCEPT)(accepted)
    app.action(RETURN)(returned)
    app.action(PIECES)(looked)


def _form(deps: Deps, click: Click) -> dict[str, Any]:
    desk = desk_of(deps, click.team)
    who = who_of(deps, desk, click.user)
    entries: list[Entry] = []
    waiting = shown_to(desk, click)
    for shown in waiting:
        entry = allowed(desk.service, shown.slot, "review", who)
        if shown.version not in (None, entry.state.version):
            raise RegisterError("register.other_version", slot=entry.slot.id, seen=shown.version, version=entry.state.version)
        entries.append(entry)
    if not entries:
        raise RegisterError("evidence_slack.nothing_waits")
    return return_form(click, entries, deps.lang, along_with(desk, waiting, who.at))


def _asking(deps: Deps, click: Click) -> dict[str, Any] | None:
    """The form that asks what the reviewer saw, where what they accept does not say it itself; None: it can be accepted as it is."""
    try:
        desk = desk_of(deps, click.team)
        who = who_of(deps, desk, click.user)
        shown = shown_to(desk, click)
        asked = asked_of(desk, shown, who.at)
        for one in shown if asked else ():
            allowed(desk.service, one.slot, "review", who)
    except AeoError:  # said where it is accepted
        return None
    return accept_form(click, asked, deps.lang) if asked else None


def _accept(deps: Deps, job: Job, task: Acceptance) -> None:
    click = task.click
    try:
        desk = desk_of(deps, job.team)
        shown = shown_to(desk, click)
        if not shown:
            raise RegisterError("evidence_slack.nothing_waits")
        _, refused = desk.service.review_all(shown, "accepted", who_of(deps, desk, click.user, job.key))
        for error in refused:
            tell(deps, click, sentence(deps, job.team, error))
    except Repeated:
        pass
    except AeoError as error:
        tell(deps, click, sentence(deps, job.team, error))
    settle(deps, job.team)


def _pieces(deps: Deps, click: Click) -> dict[str, Any]:
    """What was handed in for a slot; files that the reader has not in their direct messages are put there."""
    desk = desk_of(deps, click.team)
    who = who_of(deps, desk, click.user)
    entry = allowed(desk.service, click.slot, "see", who)
    at = desk.scene([entry.slot.key], who.at, deps.lang, who.actor)
    given = [p for p in at.pieces if p.version == entry.state.version]
    absent = any(p.kind == "file" and not at.links.get(p.sha256) for p in given)
    sent = absent and to_reader(desk.service, entry, given, who)
    if sent:
        settle_soon(deps, click.team, click.trigger)
    return pieces_view(line_name([entry], deps.lang), given, at, sent)
