"""Delivering what an act left to be told: at once in a job of its own, else in the next round."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial

from assistant.adapters.ways import Ways
from assistant.conversation.jobs import Later, Task, worker_name
from assistant.conversation.ports import Job
from assistant.register.acts.delivery import Courier
from connectors.slack.calls.home_tab import publish
from connectors.slack.calls.notifier import SlackNotifier
from connectors.slack.context import Deps
from connectors.slack.wire.errors import Refused

log = logging.getLogger("aeo.slack.evidence")

GATHERED_FOR = timedelta(minutes=2)
"""How long hand-ins wait to be told in one letter to a reviewer whom only mail reaches; chosen, not measured."""
TOLD = "evidence_told"
"""The job that delivers what is waiting to be told."""


def settle(deps: Deps, team: str) -> None:
    """Deliver now what an act left to be told; what cannot be delivered now is left to the rounds."""
    courier = courier_of(deps, team)
    if courier is not None:
        courier.deliver_waiting(deps.now(), deps.desk(team).workspace, nudges=False)


def settle_soon(deps: Deps, team: str, key: str) -> None:
    """The same in a job of its own, after a listener acted; ``key`` is that of the act."""
    deps.work.add(TOLD, team, f"told:{key}", Task())


def settled(deps: Deps, job: Job) -> None:
    """Do such a job."""
    try:
        settle(deps, job.team)
    except (Later, Refused) as error:
        log.info("left to the next round: %s", error)


def courier_of(deps: Deps, team: str) -> Courier | None:
    """The courier of a workspace; None where no register was set up."""
    desk = deps.desk(team)
    if desk.profile is None:
        return None
    notifier = SlackNotifier(
        deps.client(team), partial(deps.desk, team), deps.paces(team), deps.lang, deps.now, partial(publish, deps, team)
    )
    service = desk.service
    ways = notifier if deps.mail is None else Ways(notifier, deps.mail)
    calendar, announce = service.window.calendar, service.rules.announce
    return Courier(service.register, ways, desk.policy, deps.now, worker_name(), calendar, announce, GATHERED_FOR)
