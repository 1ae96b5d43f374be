"""The courier of a workspace, put together: what is waiting in its outbox goes by Slack, and by mail to whom Slack does not reach."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from assistant.adapters.ways import Ways
from assistant.conversation.jobs import worker_name
from assistant.register.acts.telling.delivery import Courier
from connectors.slack.calls.home_tab import publish
from connectors.slack.calls.notifier import SlackNotifier
from connectors.slack.cards.shown import show
from connectors.slack.context import Deps

GATHERED_FOR = timedelta(minutes=2)
"""How long hand-ins wait to be told in one letter to a reviewer whom only mail reaches; chosen, not measured."""


def courier_of(deps: Deps, team: str) -> Courier | None:
    """The courier of a workspace; None where no register was set up."""
    desk = deps.desk(team)
    if desk.profile is None:
        return None
    notifier = SlackNotifier(
        deps.client(team), partial(deps.desk, team), deps.paces(team), deps.lang, deps.now, show, partial(publish, deps, team)
    )
    service = desk.service
    ways = notifier if deps.mail is None else Ways(notifier, deps.mail)
    calendar, announce = service.window.calendar, service.rules.announce
    return Courier(service.register, ways, desk.policy, deps.now, worker_name(), calendar, announce, GATHERED_FOR)
