"""The Web API for each workspace: one by its token, or every one that installed the app."""

from __future__ import annotations

from functools import cached_property
from typing import Protocol

from slack_sdk import WebClient

from assistant.errors import SettingsError
from assistant.settings import Settings
from connectors.slack.failures import Refused
from connectors.slack.speak import called


class Clients(Protocol):
    """Where tokens come from."""

    def __call__(self, team: str) -> WebClient:
        """The client of a workspace, which repeats nothing by itself.

        Raises:
            Refused: the app is not installed there.
        """
        ...

    def me(self, team: str) -> str:
        """The app's user id in a workspace."""
        ...

    def teams(self) -> list[str]:
        """Every workspace that has the app."""
        ...


class OneWorkspace:
    """The workspace of ``SLACK_BOT_TOKEN``; which one that is, Slack says when it is first asked for."""

    def __init__(self, settings: Settings) -> None:
        if settings.slack_bot_token is None:
            raise SettingsError("slack.no_tokens")
        self._client = web_client(settings, settings.slack_bot_token.get_secret_value())

    def __call__(self, team: str) -> WebClient:
        """The client, for that workspace only."""
        if team != self.team:
            raise Refused("team_not_found")
        return self._client

    @property
    def team(self) -> str:
        """The workspace's id.

        Raises:
            Later: Slack does not answer. Refused: the token is no good.
        """
        return self._known[0]

    def me(self, team: str) -> str:
        """The app's user id."""
        self(team)
        return self._known[1]

    def teams(self) -> list[str]:
        """The one."""
        return [self.team]

    @cached_property
    def _known(self) -> tuple[str, str]:
        answer = called(self._client.auth_test)
        return str(answer["team_id"]), str(answer["user_id"])


def web_client(settings: Settings, token: str) -> WebClient:
    """A client that repeats nothing by itself: what may have been done is looked up first."""
    return WebClient(token=token, base_url=settings.slack_api_url, retry_handlers=[], timeout=15)
