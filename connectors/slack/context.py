"""What listeners and calls are handed (``Deps``): the assistant, the registers, Slack's clients, memory, work and the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from slack_sdk import WebClient

from assistant.conversation.context import Asking
from assistant.conversation.jobs import WorkQueue
from assistant.conversation.ports import Store
from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.facts.outbox import Notifier
from assistant.settings import Settings
from connectors.slack.wire.intake import Intake
from connectors.slack.wire.pace import Paces

if TYPE_CHECKING:
    from assistant.conversation.enterprise import Desk
    from assistant.conversation.inbox import Inbox
    from assistant.conversation.talk import Talk
    from assistant.register.acts.telling.delivery import Courier


@dataclass(frozen=True)
class Deps:
    """Everything that listeners need.

    ``team`` is Slack's id of a workspace; nothing of one team may be reached with the id of another. ``client(team)`` never
    repeats a call by itself (``retry_handlers=[]``), for a post whose fate is unknown must be looked up first. ``guide(edition)``
    is the active guide without an argument. ``desk(team)`` opens the register of that team's enterprise. ``paces(team)`` is how
    fast the app may write there. ``now`` is aware. ``mail`` is the way to those whom Slack does not reach. ``talks`` and ``couriers``
    put together what speaks and what delivers.
    """

    settings: Settings
    assistant: Asking
    guide: Callable[[str | None], Guide]
    desk: Callable[[str], Desk]
    client: Callable[[str], WebClient]
    store: Store
    inbox: Inbox
    work: WorkQueue
    now: Callable[[], datetime]
    talks: Callable[[Deps], Talk]
    couriers: Callable[[Deps, str], Courier | None]
    intake: Intake = field(default_factory=Intake)
    paces: Paces = field(default_factory=Paces)
    mail: Notifier | None = None

    @property
    def lang(self) -> str:
        """The language of the app's own words."""
        return self.settings.lang

    @property
    def talk(self) -> Talk:
        """The conversation over Slack."""
        return self.talks(self)

    def courier(self, team: str) -> Courier | None:
        """Who delivers what a workspace is to be told; None where no register was set up."""
        return self.couriers(self, team)


def desk_of(deps: Deps, team: str) -> Desk:
    """The register of a workspace.

    Raises:
        RegisterError: nobody has set it up.
    """
    desk = deps.desk(team)
    if desk.profile is None:
        raise RegisterError("evidence_slack.not_set_up")
    return desk
