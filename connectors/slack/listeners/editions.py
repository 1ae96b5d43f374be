"""The two buttons under a staged edition; who may is asked at the click."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App

from assistant.adapters.editions import Editions
from assistant.conversation.ports import Job
from assistant.errors import AeoError, RegisterError
from assistant.texts import say
from connectors.slack.calls.posting import change
from connectors.slack.cards.blocks.parts import paragraph
from connectors.slack.cards.carried import Click, Json, unpacked
from connectors.slack.cards.editions.edition_card import ACTIVATE, DECLINE, REPORT, edition_card
from connectors.slack.context import desk_of
from connectors.slack.listeners.click import click_of, reply, sentence, tell, who_of
from connectors.slack.listeners.unexpected import lost
from connectors.slack.wire.errors import Refused
from evals.release import activate as activation

if TYPE_CHECKING:
    from connectors.slack.context import Deps

log = logging.getLogger("aeo.slack.editions")
_ACT = "edition_act"


def listen(app: App, deps: Deps) -> None:
    """Register the two buttons."""
    deps.work.handles(_ACT, lambda job: _act(deps, job), lost(deps))
    for name in (ACTIVATE, DECLINE):
        app.action(name)(_clicked(deps, name))
    app.action(REPORT)(lambda ack: ack())


def _clicked(deps: Deps, name: str) -> Any:
    def clicked(ack: Ack, body: Json, action: Json) -> None:
        value = str(action.get("value") or "")
        click = click_of(body, value)
        ts = str((body.get("container") or {}).get("message_ts") or "")
        payload = {
            "act": name,
            "user": click.user,
            "channel": click.channel,
            "thread": click.thread,
            "ts": ts,
            "m": unpacked(value).get("m", ""),
        }
        deps.work.add(_ACT, click.team, f"edition:{click.trigger}", payload, lane="edition")
        ack()

    return clicked


def _act(deps: Deps, job: Job) -> None:
    """Check who it is and what is in force, do it, and say on the card what happened; refused acts are told to the clicker alone."""
    p, lang = job.payload, deps.lang
    click = Click(job.team, p["user"], job.key, p["channel"], p["thread"])
    try:
        desk = desk_of(deps, job.team)
        who = who_of(deps, desk, click.user)
        if deps.settings.several_workspaces:  # an edition is in force for all of them: no one company's lead decides that
            raise RegisterError("slack.edition_by_operator")
        desk.service.require("activate", who)
        with desk.service.register.reading(desk.workspace) as tx:
            staged = tx.message(p["m"])
        if staged is None:
            return
        edition = staged.payload["edition"]
        active = Editions(deps.settings.home).active()
        if active is not None and active.build == staged.payload["build"]:
            outcome = say("evidence_slack.staged.already", lang, edition=edition, who=_name(deps, job.team, active.by) or "—")
        elif p["act"] == DECLINE:
            with desk.service.register.writing(desk.workspace) as tx:
                now = tx.message(staged.id) or staged
                tx.mark(replace(now, payload={**now.payload, "declined_by": who.actor}))
            outcome = say("evidence_slack.staged.declined", lang, who=_name(deps, job.team, who.actor))
        else:
            outcome = _activated(deps, edition, who, desk)
    except AeoError as error:
        tell(deps, click, sentence(deps, job.team, error))
        return
    shown = edition_card(staged.payload, staged.id, lang, outcome)
    try:
        change(deps, job.team, p["channel"], p["ts"], shown.text, shown.blocks, staged.id)
    except Refused as refused:  # the card is gone: what was decided is still said
        log.info("the card of an edition was not changed: %s", refused.code)
    reply(deps, click, f"edition:{staged.id}:{job.key}", outcome, [paragraph(outcome)])


def _activated(deps: Deps, edition: str, who: Any, desk: Any) -> str:
    done = activation.activate(deps.settings, edition, who, register=desk.service.register)
    if done.active is None:
        failures = len(done.verdict.failures) if done.verdict else 0
        return say("evidence_slack.staged.held_back", deps.lang, edition=edition, failures=failures)
    return say("evidence_slack.staged.in_force", deps.lang, edition=edition, who=_name(deps, desk.team, done.active.by or who.actor))


def _name(deps: Deps, team: str, person: str) -> str:
    from connectors.slack.listeners.click import names

    return names(deps, team).get(person, person)
