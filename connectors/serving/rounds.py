"""The register's rounds while the app runs: what acts left to be told goes out at once, nudges when they are due."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from assistant.enterprises import Enterprises
from assistant.register.acts.in_bulk.drill import Drills
from assistant.register.acts.plans.planning import refresh
from assistant.register.acts.telling.delivery import Courier
from assistant.register.acts.telling.weekly import summarise
from assistant.settings import Settings
from evals.release.registers import follow

if TYPE_CHECKING:
    from assistant.conversation.enterprise import Desk

log = logging.getLogger("aeo.rounds")

# Between two rounds that deliver, that ask, that plan; chosen, not measured.
_TELL, _ASK, _PLAN = timedelta(seconds=2), timedelta(minutes=1), timedelta(hours=1)


class Rounds:
    """A thread that looks after every workspace in turn; any number of workers may do so at once."""

    def __init__(
        self,
        settings: Settings,
        teams: Callable[[], list[str]],
        desk: Callable[[str], Desk],
        courier: Callable[[str], Courier | None],
        now: Callable[[], datetime],
    ) -> None:
        """``courier(team)`` delivers for a workspace; None where no register is set up."""
        self.settings, self.teams, self.desk, self.courier, self.now = settings, teams, desk, courier, now
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rounds", daemon=True)
        self._asked_at = self._planned_at = now() - _PLAN

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End after the message under way."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def once(self) -> None:
        """One round in every workspace; what goes wrong in one does not keep the others waiting."""
        now = self.now()
        plan, ask = now - self._planned_at >= _PLAN, now - self._asked_at >= _ASK
        for team in self.teams():
            try:
                self._one(team, plan, ask)
            except Exception:
                log.exception("the round of %s did not end well", team)
        self._planned_at = now if plan else self._planned_at
        self._asked_at = now if ask else self._asked_at

    def _one(self, team: str, plan: bool, ask: bool) -> None:
        courier = self.courier(team)
        if courier is None:
            return
        desk, now = self.desk(team), self.now()
        follow(Enterprises(self.settings, desk.service.register), now)
        if plan:
            refresh(desk.service.register, desk.guide, desk.policy, now)
            desk.service.settle_files(now)
        if ask:
            Drills(desk.service).conclude(now)
            summarise(desk.service.register, desk.service.window, now, desk.workspace)
            courier.run(now, desk.workspace)
        else:
            courier.deliver_waiting(now, desk.workspace, nudges=False)

    def _run(self) -> None:
        while not self._stop.wait(_TELL.total_seconds()):
            try:
                self.once()
            except Exception:
                log.exception("a round did not end well")
