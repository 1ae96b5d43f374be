"""The Home tab: published when it is opened, turned by its buttons, and brought up to date when the register changes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast, get_args
from weakref import WeakKeyDictionary

from slack_bolt import Ack, App, BoltContext

from assistant.errors import AeoError
from connectors.slack.evidence.blocks import unpacked
from connectors.slack.evidence.home_lead import overview
from connectors.slack.evidence.home_view import PAGE, TAB, Tab, View, desktop, first_tab, home_view, plain_home
from connectors.slack.evidence.office import Json, desk_of, sentence, who_of
from connectors.slack.evidence.scene import Scene
from connectors.slack.failures import Refused
from connectors.slack.ports import Job
from connectors.slack.speak import called

if TYPE_CHECKING:
    from connectors.slack.core import Deps
    from connectors.slack.work import WorkQueue

_KIND = "evidence_home"
Place = tuple[str, int]
_OPENED: WeakKeyDictionary[WorkQueue, dict[tuple[str, str], Place]] = WeakKeyDictionary()
"""What each person looks at on their Home tab, as far as this worker showed it to them."""
_MOST = 5_000


def register(app: App, deps: Deps) -> None:
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
    if (team, user) in _places(deps):
        view = _view(deps, team, user, person, _places(deps)[team, user])
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
    places = _places(deps)
    if len(places) > _MOST:
        places.clear()
    places[team, user] = (tab, place[1])
    lead = overview(desk, entries, at, now, deps.settings.home) if tab == "lead" else ()
    return home_view(mine, tab, place[1], at, lead)


def _places(deps: Deps) -> dict[tuple[str, str], Place]:
    return _OPENED.setdefault(deps.work, {})
