"""The register's rounds while the app runs: what acts left to be told goes out at once, nudges when they are due."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from assistant.register.planning import refresh
from connectors.activation import follow

if TYPE_CHECKING:
    from connectors.slack.core import Deps

log = logging.getLogger("aeo.slack.rounds")

OFFICE = "connectors.slack.evidence.office"
"""Where ``courier_of(deps, team)`` gives a workspace's courier, None where no register is set up."""
_TELL, _ASK, _PLAN = timedelta(seconds=2), timedelta(minutes=1), timedelta(hours=1)


class Rounds:
    """A thread that looks after every workspace in turn; any number of workers may do so at once."""

    def __init__(self, deps: Deps, teams: Callable[[], list[str]]) -> None:
        self.deps, self.teams = deps, teams
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="slack-rounds", daemon=True)
        self._asked_at = self._planned_at = deps.now() - _PLAN

    def start(self) -> None:
        """Begin."""
        if find_spec(OFFICE.rpartition(".")[0]) and find_spec(OFFICE):
            self._thread.start()

    def close(self) -> None:
        """End after the message under way."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def once(self) -> None:
        """One round in every workspace; what goes wrong in one does not keep the others waiting."""
        now = self.deps.now()
        plan, ask = now - self._planned_at >= _PLAN, now - self._asked_at >= _ASK
        for team in self.teams():
            try:
                self._one(team, plan, ask)
            except Exception:
                log.exception("the round of %s did not end well", team)
        self._planned_at = now if plan else self._planned_at
        self._asked_at = now if ask else self._asked_at

    def _one(self, team: str, plan: bool, ask: bool) -> None:
        courier: Any = import_module(OFFICE).courier_of(self.deps, team)
        if courier is None:
            return
        desk, now = self.deps.desk(team), self.deps.now()
        follow(self.deps.settings, desk.service.register, now)
        if plan:
            refresh(desk.service.register, desk.guide, desk.policy, now)
            desk.service.settle_files(now)
        if ask:
            courier.run(now, desk.workspace)
        else:
            courier.deliver_waiting(now, desk.workspace, nudges=False)

    def _run(self) -> None:
        while not self._stop.wait(_TELL.total_seconds()):
            try:
                self.once()
            except Exception:
                log.exception("a round did not end well")
