"""The Home tab: published when it is opened, turned by its buttons, and brought up to date when the register changes."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from pydantic import Field
from slack_bolt import Ack, App, BoltContext

from assistant.conversation.jobs import OwnTask
from assistant.conversation.ports import Job
from assistant.errors import AeoError
from connectors.slack.calls.home_tab import Place, view_of
from connectors.slack.cards.carried import Json, unpacked
from connectors.slack.cards.home.owner_home import PAGE, TAB, plain_home
from connectors.slack.context import desk_of
from connectors.slack.listeners.click import sentence, who_of
from connectors.slack.wire.errors import Refused, called

if TYPE_CHECKING:
    from connectors.slack.context import Deps

_KIND = "evidence_home"


class HomeOpened(OwnTask):
    """Somebody opened their Home tab; what they looked at last, and which page of it."""

    tab: str = Field(alias="t")
    page: int = Field(alias="p")


def listen(app: App, deps: Deps) -> None:
    """Register the tab and its buttons."""
    deps.work.handles(_KIND, HomeOpened, partial(_show, deps))
    deps.intake.keeps("app_home_opened", lambda body, context: _opened(deps, body, context))

    def turned(ack: Ack, body: Json, action: Json) -> None:
        ack()
        to = unpacked(str(action.get("value") or ""))
        team, user = str(body["team"]["id"]), str(body["user"]["id"])
        _show_to(deps, team, user, (str(to.get("t") or ""), int(to.get("p") or 0)))

    for name in (TAB, PAGE):
        app.action(re.compile(f"^{name}:"))(turned)


def _opened(deps: Deps, body: Json, context: BoltContext) -> None:
    event = body["event"]
    if event.get("tab") == "home":
        kept = unpacked(str((event.get("view") or {}).get("private_metadata") or ""))
        task = HomeOpened(user=event["user"], tab=str(kept.get("t") or ""), page=int(kept.get("p") or 0))
        deps.work.add(_KIND, context.team_id or "", f"home:{body['event_id']}", task)


def _show(deps: Deps, job: Job, task: HomeOpened) -> None:
    try:
        _show_to(deps, job.team, task.user, (task.tab, task.page))
    except Refused:
        return


def _show_to(deps: Deps, team: str, user: str, place: Place) -> None:
    try:
        desk = desk_of(deps, team)
        view = view_of(deps, team, user, who_of(deps, desk, user).actor, place)
    except AeoError as error:
        if isinstance(error, Refused):
            raise
        view = plain_home(sentence(deps, team, error))
    called(lambda: deps.client(team).views_publish(user_id=user, view=view))
