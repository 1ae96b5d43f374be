"""The Home tab: published when it is opened, turned by its buttons, and brought up to date when the register changes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast, get_args

from slack_bolt import Ack, App, BoltContext

from assistant.conversation.ports import Job
from assistant.conversation.scene import Scene
from assistant.errors import AeoError
from connectors.slack.calls.posting import called
from connectors.slack.cards.lead_home import overview
from connectors.slack.cards.owner_home import PAGE, TAB, Tab, View, desktop, first_tab, home_view, plain_home
from connectors.slack.cards.parts import unpacked
from connectors.slack.listeners.click import Json, desk_of, sentence, who_of
from connectors.slack.listeners.enquiries import unanswered
from connectors.slack.wire.errors import Refused

if TYPE_CHECKING:
    from connectors.slack.context import Deps

_KIND = "evidence_home"
Place = tuple[str, int]
"""What somebody looks at on their Home tab, and which page of it."""


def listen(app: App, deps: Deps) -> None:
    """Register the tab and its buttons."""
    deps.work.handles(_KIND, lambda job: _show(deps, job))
    deps.intake.keeps("app_home_opened", lambda body, context: _opened(deps, body, context))

    def turned(ack: Ack, body: Json, action: Json) -> None:
        ack()
        to = unpacked(str(action.get("value") or ""))
        team, user = str(body["team"]["id"]), str(body["user"]["id"])
        _show_to(deps, team, user, (str(to.get("t") or ""), int(to.get("p") or 0)))

    for name in (TAB, PAGE):
        app.action(re.compile(f"^{name}:"))(turned)


def publish(deps: Deps, team: str, person: str, user: str) -> None:
    """Bring a person's tab up to date, if they have opened it.

    Raises:
        Later, Refused: see ``called``.
    """
    seen = deps.store.kept(team, _key(user))
    if seen is not None:
        view = _view(deps, team, user, person, (str(seen["t"]), int(seen["p"])))
        called(lambda: deps.client(team).views_publish(user_id=user, view=view))


def _opened(deps: Deps, body: Json, context: BoltContext) -> None:
    event = body["event"]
    if event.get("tab") == "home":
        kept = unpacked(str((event.get("view") or {}).get("private_metadata") or ""))
        payload = {"user": event["user"], "t": str(kept.get("t") or ""), "p": int(kept.get("p") or 0)}
        deps.work.add(_KIND, context.team_id or "", f"home:{body['event_id']}", payload)


def _show(deps: Deps, job: Job) -> None:
    try:
        _show_to(deps, job.team, job.payload["user"], (job.payload["t"], job.payload["p"]))
    except Refused:
        return


def _show_to(deps: Deps, team: str, user: str, place: Place) -> None:
    try:
        desk = desk_of(deps, team)
        view = _view(deps, team, user, who_of(deps, desk, user).actor, place)
    except AeoError as error:
        if isinstance(error, Refused):
            raise
        view = plain_home(sentence(deps, team, error))
    called(lambda: deps.client(team).views_publish(user_id=user, view=view))


def _view(deps: Deps, team: str, user: str, person: str, place: Place) -> View:
    desk, now = desk_of(deps, team), deps.now()
    service, today = desk.service, desk.service.day(now)
    with service.register.reading(desk.workspace) as tx:
        entries, people = tx.entries(today), tx.people()
        mine = desktop(entries, person, desk.lead, today)
        pieces = tuple(tx.pieces([e.slot.key for e in mine.reviews])) if mine.reviews else ()
    at = Scene(deps.lang, str(service.rules.zone), today, desk.lead, {e.slot.key: e for e in entries}, people, pieces)
    tab = cast(Tab, place[0]) if place[0] in get_args(Tab) and (place[0] != "lead" or mine.lead) else first_tab(mine)
    deps.store.keep(team, _key(user), user, {"t": tab, "p": place[1]})
    lead = overview(desk, entries, at, now, deps.settings.home, unanswered(deps, team)) if tab == "lead" else ()
    return home_view(mine, tab, place[1], at, lead)


def _key(user: str) -> str:
    """Where the app keeps what somebody looks at, so that any worker brings it up to date."""
    return f"home:{user}"
