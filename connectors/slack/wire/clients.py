"""The Web API for each workspace: one by its token, or every one that installed the app."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Protocol

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.authorize import Authorize
from slack_sdk import WebClient

from assistant.errors import SettingsError
from assistant.settings import Settings
from connectors.slack.wire.errors import Refused, called


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


class Known(Authorize):
    """Whose request it is, said to Bolt without a call to Slack: with its own way, what comes while Slack is away is lost."""

    def __init__(self, clients: Clients) -> None:
        self.clients = clients

    def __call__(self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None, **_: Any) -> AuthorizeResult | None:
        """The token and user id of the app in that workspace; None where it is not installed."""
        try:
            client, me = self.clients(team_id or ""), self.clients.me(team_id or "")
        except Refused:
            return None
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, user_id=user_id, bot_token=client.token, bot_user_id=me)


def web_client(settings: Settings, token: str) -> WebClient:
    """A client that repeats nothing by itself: what may have been done is looked up first."""
    return WebClient(token=token, base_url=settings.slack_api_url, retry_handlers=[], timeout=15)
