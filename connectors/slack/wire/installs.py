"""Several workspaces: each installs the app in its browser (OAuth), and its token is kept in the register's database."""

from __future__ import annotations

import threading
from html import escape
from typing import Any

from slack_bolt.oauth.callback_options import CallbackOptions, FailureArgs, SuccessArgs
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk import WebClient
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError

from assistant.settings import Settings
from assistant.texts import say
from connectors.slack.wire.clients import web_client
from connectors.slack.wire.errors import Refused
from connectors.slack.wire.rights import CALLBACK, INSTALL, SCOPES

_STATE_SECONDS = 600  # that an installation may take


class Installations:
    """The workspaces that have the app, and their tokens. What Bolt asks for is asked here too, by workspace alone."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self.settings, self.engine = settings, engine
        writing = engine.execution_options(writes=True)  # they read and then write: SQLite must know at once, or it gives up
        self.store = SQLAlchemyInstallationStore(settings.slack_client_id or "", writing)
        self.states = SQLAlchemyOAuthStateStore(_STATE_SECONDS, writing)
        self._clients: dict[str, WebClient] = {}
        self._lock = threading.Lock()
        for part in (self.store, self.states):
            try:
                part.metadata.create_all(engine)
            except DBAPIError:  # another worker made them at the same moment
                part.metadata.create_all(engine)

    def __call__(self, team: str) -> WebClient:
        """The client with a workspace's newest token."""
        token = self._bot(team).bot_token
        with self._lock:
            known = self._clients.get(team)
            if known is None or known.token != token:
                known = self._clients[team] = web_client(self.settings, token)
            return known

    def me(self, team: str) -> str:
        """The app's user id in a workspace."""
        return str(self._bot(team).bot_user_id)

    def teams(self) -> list[str]:
        """Every workspace with a token."""
        bots = self.store.bots.c
        wanted = select(bots.team_id).where(bots.client_id == self.store.client_id, bots.bot_token.is_not(None)).distinct()
        with self.engine.connect() as connection:
            return [str(row.team_id) for row in connection.execute(wanted) if row.team_id]

    def oauth(self) -> OAuthSettings:
        """How a workspace installs the app: a page that leads to Slack, and the page that Slack leads back to."""
        secret = self.settings.slack_client_secret
        return OAuthSettings(
            client_id=self.store.client_id,
            client_secret=secret.get_secret_value() if secret else "",
            scopes=list(SCOPES),
            installation_store=self.store,
            installation_store_bot_only=True,
            state_store=self.states,
            state_expiration_seconds=_STATE_SECONDS,
            install_path=INSTALL,
            redirect_uri_path=CALLBACK,
            callback_options=CallbackOptions(success=self._installed, failure=self._failed),
        )

    def _bot(self, team: str) -> Any:
        bots = self.store.bots.c
        wanted = select(bots.bot_token, bots.bot_user_id).where(
            bots.client_id == self.store.client_id, bots.team_id == team, bots.bot_token.is_not(None)
        )
        with self.engine.connect() as connection:
            found = connection.execute(wanted.order_by(bots.installed_at.desc(), bots.id.desc()).limit(1)).first()
        if found is None:
            raise Refused("app_uninstalled")
        return found

    def _installed(self, args: SuccessArgs) -> BoltResponse:
        return _page(200, say("slack.install.done", self.settings.lang, team=args.installation.team_name or args.installation.team_id))

    def _failed(self, args: FailureArgs) -> BoltResponse:
        return _page(args.suggested_status_code, say("slack.install.failed", self.settings.lang, reason=args.reason, path=INSTALL))


def _page(status: int, sentence: str) -> BoltResponse:
    body = f"<!doctype html><meta charset=utf-8><title>AEO</title><p>{escape(sentence)}</p>"
    return BoltResponse(status=status, headers={"Content-Type": "text/html; charset=utf-8"}, body=body)
