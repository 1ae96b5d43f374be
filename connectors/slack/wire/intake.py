"""The door: each thing that Slack sends is let in once, and what must not be lost is stored before Slack hears that it arrived."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from slack_bolt import BoltContext, BoltRequest, BoltResponse

from assistant.conversation.ports import Store

log = logging.getLogger("aeo.slack.intake")

Json = Mapping[str, Any]
Keep = Callable[[Json, BoltContext], None]
"""Stores what an event asks for; ``body`` is Slack's envelope. Raises when it could not be stored."""


LAST_RETRY = 3
"""Slack sends an event that was not acknowledged again at once, after a minute and after five; then never."""


class Intake:
    """Which events are kept, by type, and the middleware that sees to it."""

    def __init__(self) -> None:
        self._keepers: dict[str, list[Keep]] = {}
        self.lost: Keep = lambda body, context: None
        """Told of an event that could not be stored although Slack will not send it again."""

    def keeps(self, event: str, keep: Keep) -> None:
        """Events of this type are handed to ``keep`` before they are acknowledged; they reach no listener."""
        self._keepers.setdefault(event, []).append(keep)

    def middleware(self, store: Store, now: Callable[[], datetime]) -> Callable[..., Any]:
        """The Bolt middleware."""

        def enter(body: Json, context: BoltContext, request: BoltRequest, next: Callable[[], Any]) -> BoltResponse | None:
            if body.get("type") == "event_callback":
                keepers = self._keepers.get(body.get("event", {}).get("type", ""))
                if keepers is not None:
                    return self._keep(keepers, body, context, "".join(request.headers.get("x-slack-retry-num", [])))
            key = interaction_key(body)
            if key and not _first_time(store, context.team_id or "", key, now()):
                return BoltResponse(status=200, body="")
            next()
            return None

        return enter

    def _keep(self, keepers: list[Keep], body: Json, context: BoltContext, retry: str) -> BoltResponse:
        try:
            for keep in keepers:
                keep(body, context)
        except Exception:
            log.exception("an event could not be stored; Slack will send it again")
            if retry != str(LAST_RETRY):
                return BoltResponse(status=503, body="")
            try:
                self.lost(body, context)
            except Exception:
                log.exception("an event is lost, and nobody could be told")
        return BoltResponse(status=200, body="")


def interaction_key(body: Json) -> str:
    """Slack's id of a click, submission, shortcut or command: every one has a trigger id of its own; empty for anything else."""
    trigger = body.get("trigger_id")
    if trigger:
        return f"trigger:{trigger}"
    if body.get("type") == "view_closed":
        return f"closed:{body['view']['id']}"
    return ""


def _first_time(store: Store, team: str, key: str, at: datetime) -> bool:
    try:
        return store.first_time(team, key, at)
    except Exception:  # better acted on than lost: what it does is guarded again where it is stored
        log.exception("whether %s was seen before cannot be known now", key)
        return True
