"""Reviewers' buttons: accept at a click, return with a reason. Who may is asked of the register at that moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App

from assistant.conversation.ports import Job
from assistant.errors import AeoError, RegisterError
from assistant.register.acts.allowed import allowed
from assistant.register.acts.service import Repeated
from connectors.slack.calls.courier import settle
from connectors.slack.cards.carried import Click, Json
from connectors.slack.cards.evidence.forms import return_form
from connectors.slack.cards.review.review_card import ACCEPT, RETURN
from connectors.slack.context import desk_of
from connectors.slack.listeners.click import click_of, sentence, tell, who_of
from connectors.slack.listeners.evidence.slot_buttons import opens
from connectors.slack.listeners.unexpected import lost

if TYPE_CHECKING:
    from connectors.slack.context import Deps

_KIND = "evidence_accept"


def listen(app: App, deps: Deps) -> None:
    """Register the buttons."""
    deps.work.handles(_KIND, lambda job: _accept(deps, job), lost(deps))

    def accepted(ack: Ack, body: Json, action: Json) -> None:
        click = click_of(body, str(action.get("value") or ""))
        payload = {"user": click.user, "slot": click.slot, "version": click.version, "given": click.given}
        payload |= {"c": click.channel, "t": click.thread}
        deps.work.add(_KIND, click.team, f"accept:{click.trigger}", payload)
        ack()

    def returned(ack: Ack, body: Json, action: Json) -> None:
        ack()
        click = click_of(body, str(action.get("value") or ""))
        opens(deps, click, lambda: _form(deps, click))

    app.action(ACCEPT)(accepted)
    app.action(RETURN)(returned)


def _form(deps: Deps, click: Click) -> dict[str, Any]:
    desk = desk_of(deps, click.team)
    entry = allowed(desk.service, click.slot, "review", who_of(deps, desk, click.user))
    if click.version != entry.state.version:
        raise RegisterError("register.other_version", slot=entry.slot.id, seen=click.version, version=entry.state.version)
    return return_form(click, entry, deps.lang)


def _accept(deps: Deps, job: Job) -> None:
    p = job.payload
    click = Click(job.team, p["user"], job.key, p["c"], p["t"], p["slot"], version=p["version"], given=p.get("given", ""))
    try:
        desk = desk_of(deps, job.team)
        desk.service.accept(click.slot, who_of(deps, desk, click.user, job.key), click.version or None, given=click.given)
    except Repeated:
        pass
    except AeoError as error:
        tell(deps, click, sentence(deps, job.team, error))
    settle(deps, job.team)
