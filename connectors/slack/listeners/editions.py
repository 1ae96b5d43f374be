"""The buttons under a staged edition; who may is asked at the click, before anything is begun.

启用 runs the sets again, which takes minutes: the card says so at once and counts along. 回退 stands where 启用 stood.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field
from slack_bolt import Ack, App

from assistant.adapters.editions import Editions
from assistant.conversation.jobs import Later, OwnTask
from assistant.conversation.ports import Job
from assistant.enterprises import Enterprises
from assistant.errors import AeoError, RegisterError
from assistant.register.facts.notices.leading import Staged
from assistant.texts import say, texts
from connectors.slack.calls.posting import change
from connectors.slack.cards.blocks.parts import paragraph
from connectors.slack.cards.carried import Click, Json, unpacked
from connectors.slack.cards.editions.edition_card import ACTIVATE, DECLINE, REPORT, ROLLBACK, edition_card, staged_card
from connectors.slack.context import desk_of
from connectors.slack.listeners.click import click_of, names, reply, sentence, tell, who_of
from connectors.slack.listeners.unexpected import lost
from connectors.slack.wire.errors import Refused, called
from evals.release import activate as activation
from evals.release.registers import Registers

if TYPE_CHECKING:
    from assistant.conversation.enterprise import Desk
    from assistant.register.acts.doing.who import Who
    from connectors.slack.context import Deps
    from evals.release.activate import Examine

log = logging.getLogger("aeo.slack.editions")
_ACT = "edition_act"
_EVERY = timedelta(seconds=3)
"""Between two words on how far the sets are."""


class Clicked(OwnTask):
    """A button on an edition's card, whose message is ``staged``; ``ts`` is where it stands, empty on Home."""

    act: str
    channel: str
    thread: str
    ts: str
    staged: str = Field(alias="m")


def listen(app: App, deps: Deps, examine: Examine) -> None:
    """Register the buttons."""
    deps.work.handles(_ACT, Clicked, partial(_act, deps, examine), lost(deps))
    for name in (ACTIVATE, DECLINE, ROLLBACK, REPORT):
        app.action(name)(_clicked(deps, name))


def _clicked(deps: Deps, name: str) -> Any:
    def clicked(ack: Ack, body: Json, action: Json) -> None:
        value = str(action.get("value") or "")
        if action.get("url"):  # Slack opens it by itself
            ack()
            return
        click = click_of(body, value)
        ts, staged = str((body.get("container") or {}).get("message_ts") or ""), str(unpacked(value).get("m") or "")
        task = Clicked(user=click.user, act=name, channel=click.channel, thread=click.thread, ts=ts, staged=staged)
        deps.work.add(_ACT, click.team, f"edition:{click.trigger}", task, lane="edition")
        ack()

    return clicked


def _act(deps: Deps, examine: Examine, job: Job, task: Clicked) -> None:
    """Check who it is and what is in force, do it, and say on the card what happened; refused acts are told to the clicker alone."""
    click = Click(job.team, task.user, job.key, task.channel, task.thread)
    try:
        desk = desk_of(deps, job.team)
        who = who_of(deps, desk, click.user)
        if deps.settings.several_workspaces:  # an edition is in force for all of them: no one company's lead decides that
            raise RegisterError("slack.edition_by_operator")
        desk.service.require("activate", who)
        with desk.service.register.reading(desk.workspace) as tx:
            staged = tx.message(task.staged)
        if staged is None or not isinstance(staged.says, Staged):
            return
        if task.act == REPORT:
            _report(deps, click, staged.says)
            return
        outcome = _outcome(deps, examine, job, task, desk, who, staged.id, staged.says)
    except AeoError as error:
        tell(deps, click, sentence(deps, job.team, error))
        if task.act in (ACTIVATE, ROLLBACK):
            _shown_as_it_stands(deps, job, task)
        return
    _shown_as_it_stands(deps, job, task, outcome)
    reply(deps, click, f"edition:{job.key}", outcome, [paragraph(outcome)])


def _outcome(deps: Deps, examine: Examine, job: Job, task: Clicked, desk: Desk, who: Who, message: str, staged: Staged) -> str:
    """Do what was clicked; what came of it, in a sentence."""
    lang, edition, act = deps.lang, staged.edition, task.act
    active = Editions(deps.settings.home).active()
    stands = active is not None and active.build == staged.build
    by = names(deps, job.team).get(who.actor, who.actor)
    if act == ROLLBACK:
        if not stands:
            raise RegisterError("evidence_slack.staged.not_in_force", edition=edition)
        back = activation.rollback(_registers(deps, desk), who)
        return say("evidence_slack.staged.went_back", lang, edition=back.edition, before=edition, who=by)
    if stands and active is not None:
        return say("evidence_slack.staged.already", lang, edition=edition, who=names(deps, job.team).get(active.by, active.by) or "—")
    if act == DECLINE:
        with desk.service.register.writing(desk.workspace) as tx:
            now = tx.message(message)
            if now is not None:
                tx.mark(replace(now, says=now.says.model_copy(update={"declined_by": who.actor})))
        return say("evidence_slack.staged.declined", lang, who=by)
    step = _progress(deps, job, task, message, staged, by)
    done = activation.activate(_registers(deps, desk), edition, who, examine=examine, step=step)
    if done.active is None:
        failures = len(done.verdict.failures) if done.verdict else 0
        return say("evidence_slack.staged.held_back", lang, edition=edition, failures=failures)
    return say("evidence_slack.staged.in_force", lang, edition=edition, who=names(deps, job.team).get(done.active.by, done.active.by) or by)


def _registers(deps: Deps, desk: Desk) -> Registers:
    return Registers(Enterprises(deps.settings, desk.service.register))


def _progress(deps: Deps, job: Job, task: Clicked, message: str, staged: Staged, by: str) -> Callable[[str, int, int], None]:
    """Says on the card that it is under way, at once, and then how far the sets are; that it cannot be said stops nothing."""
    last: list[datetime] = []

    def step(stage: str, done: int, total: int) -> None:
        now = deps.now()
        if last and now - last[-1] < _EVERY:
            return
        last[:] = [now]
        known = texts("cli", deps.lang)
        far = say("evidence_slack.staged.far", deps.lang, stage=known.get(f"stage.{stage}", stage), done=done, total=total) if total else ""
        _show(deps, job, task, message, staged, say("evidence_slack.staged.running", deps.lang, who=by, edition=staged.edition) + far)

    step("eval", 0, 0)
    return step


def _show(deps: Deps, job: Job, task: Clicked, message: str, staged: Staged, outcome: str) -> None:
    shown = edition_card(staged, message, deps.lang, outcome)
    try:
        change(deps, job.team, task.channel, task.ts, shown.text, shown.blocks, message)
    except (Later, Refused) as refused:  # the card is gone or busy: what was decided is still said
        log.info("the card of an edition was not changed: %s", refused)


def _shown_as_it_stands(deps: Deps, job: Job, task: Clicked, outcome: str = "") -> None:
    """The card with what came of a click, and the buttons that still do something."""
    desk = desk_of(deps, job.team)
    with desk.service.register.reading(desk.workspace) as tx:
        staged = tx.message(task.staged)
    if staged is None or not isinstance(staged.says, Staged):
        return
    shown = staged_card(staged.id, staged.says, desk.scene((), deps.now(), deps.lang), outcome)
    channel, ts = (task.channel, task.ts) if task.ts else (staged.receipt.channel, staged.receipt.ts)  # from Home: the card
    if not channel or not ts:
        return
    try:
        change(deps, job.team, channel, ts, shown.text, shown.blocks, staged.id)
    except (Later, Refused) as refused:
        log.info("the card of an edition was not changed: %s", refused)


def _report(deps: Deps, click: Click, staged: Staged) -> None:
    """The report as a file under the card, where no address is known at which it can be opened.

    Raises:
        RegisterError: the report is gone.
    """
    path = Path(staged.report)
    if path.suffix != ".html" or not path.is_file():
        raise RegisterError("evidence_slack.staged.no_report")
    title = say("evidence_slack.staged.report_name", deps.lang, edition=staged.edition)
    send = deps.client(click.team).files_upload_v2
    called(lambda: send(channel=click.channel, thread_ts=click.thread or None, file=str(path), filename=path.name, title=title))
