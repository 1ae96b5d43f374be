"""A form on the lead's Home tab whose answers go into the profile: opened, checked, recorded, and the plan follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App

from assistant.conversation.chat import words
from assistant.conversation.jobs import OwnTask
from assistant.conversation.ports import Job
from assistant.conversation.post import Place
from assistant.errors import AeoError, RegisterError
from assistant.texts import say
from connectors.slack.calls.posting import show_view
from connectors.slack.calls.settling import settle
from connectors.slack.cards.carried import Json
from connectors.slack.context import desk_of
from connectors.slack.listeners.click import click_of, sentence, tell, who_of
from connectors.slack.listeners.unexpected import lost

if TYPE_CHECKING:
    from assistant.conversation.enterprise import Desk
    from assistant.register.acts.doing.who import Who
    from connectors.slack.context import Deps

Publish = Callable[["Deps", str, str, str], None]
"""``calls.home_tab.publish``: of a workspace, for a person of the register and their user in Slack."""


class ProfileAnswers(OwnTask):
    """The job of a form that was sent: key -> what was said."""

    said: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ProfileForm:
    """What one form asks and what becomes of it.

    Attributes:
        kind, task: the job's kind, and its model.
        button, form: callback ids of the button that opens it and of the form.
        all_said, nothing_said: texts where nothing is left to ask, and where a form came back empty.
        waiting: what is left to ask, at a time, in a language; empty for nothing.
        view: the form for that.
        read: what was filled in, key -> what was said.
        wrong: block id -> why what was filled in will not do.
        recorded: writes it (profile and plan) and tells in sentences what came of it.
    """

    kind: str
    task: type[ProfileAnswers]
    button: str
    form: str
    all_said: str
    nothing_said: str
    waiting: Callable[[Desk, datetime, str], Any]
    view: Callable[[Any, str], dict[str, Any]]
    read: Callable[[Json, Desk], Mapping[str, Any]]
    wrong: Callable[[Desk, Mapping[str, Any], str], dict[str, str]]
    recorded: Callable[[Desk, Who, Any, str], list[str]]


def listen(app: App, deps: Deps, asks: ProfileForm, publish: Publish) -> None:
    """Register the button, the form and what is done with it; ``publish`` brings the tab of whoever sent it up to date."""
    deps.work.handles(asks.kind, asks.task, partial(_record, deps, asks, publish), lost(deps))

    def opened(ack: Ack, body: Json) -> None:
        ack()
        click = click_of(body, "")
        try:
            desk = desk_of(deps, click.team)
            _may(desk, who_of(deps, desk, click.user))
            waiting = asks.waiting(desk, deps.now(), deps.lang)
            if not waiting:
                raise RegisterError(asks.all_said)
        except AeoError as error:
            tell(deps, click, sentence(deps, click.team, error))
            return
        show_view(deps, body, asks.view(waiting, deps.lang))

    def sent(ack: Ack, body: Json, view: Json) -> None:
        team, user = str(body["team"]["id"]), str(body["user"]["id"])
        said: Mapping[str, Any] = {}
        try:
            desk = desk_of(deps, team)
            said = asks.read(view, desk)
            wrong = asks.wrong(desk, said, deps.lang)
        except AeoError as error:
            wrong = dict.fromkeys(list(view["state"]["values"])[:1], sentence(deps, team, error))
        if wrong:
            ack(response_action="errors", errors=wrong)
            return
        deps.work.add(asks.kind, team, f"view:{view['id']}", asks.task(user=user, said=dict(said)))
        ack(response_action="clear")

    app.action(asks.button)(opened)
    app.view(asks.form)(sent)


def _may(desk: Desk, who: Who) -> None:
    """See to it that a lead asks, and that what is said can be written down.

    Raises:
        RegisterError: it is somebody else, or nothing can be written.
    """
    desk.service.require("assign", who)
    if desk.keep is None:
        raise RegisterError("evidence_slack.lead.declare_closed")


def _record(deps: Deps, asks: ProfileForm, publish: Publish, job: Job, task: ProfileAnswers) -> None:
    """Record what was filled in; the lead hears what follows from it, in a direct message."""
    try:
        desk = desk_of(deps, job.team)
        who = who_of(deps, desk, task.user, job.key)
        _may(desk, who)
        told = asks.recorded(desk, who, task.said, deps.lang) if task.said else [say(asks.nothing_said, deps.lang)]
    except AeoError as error:
        told = [sentence(deps, job.team, error)]
    deps.talk.ctx.chat.say(Place(job.team, task.user), f"{asks.kind}:{job.key}", words(*told))
    publish(deps, job.team, who_of(deps, desk_of(deps, job.team), task.user).actor, task.user)
    settle(deps, job.team)
