"""Delivering what an act left to be told: at once, in a job of its own, else in the next round."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from assistant.conversation.jobs import Later, Task
from connectors.slack.wire.errors import Refused

if TYPE_CHECKING:
    from assistant.conversation.ports import Job
    from connectors.slack.context import Deps

log = logging.getLogger("aeo.slack.evidence")

TOLD = "evidence_told"
"""The job that delivers what is waiting to be told."""


def settle(deps: Deps, team: str) -> None:
    """Deliver now what an act left to be told; what cannot be delivered now is left to the rounds."""
    courier = deps.courier(team)
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
