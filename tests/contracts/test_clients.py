"""The port ``Clients``: one body for the workspace of a token and for workspaces that install the app, over the loopback Slack."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from slack_sdk.oauth.installation_store import Installation

from assistant.adapters.sql.register import make_engine
from assistant.settings import Settings
from connectors.slack.manifest import manifest
from connectors.slack.wire.clients import Clients, OneWorkspace
from connectors.slack.wire.errors import Refused
from connectors.slack.wire.installs import Installations
from tests.contracts.conftest import new_file
from tests.slack.loopback import LoopbackSlack

pytestmark = pytest.mark.thorough


class Stage(NamedTuple):
    """Clients, the workspace that they serve, and the app's token and user there."""

    clients: Clients
    team: str
    token: str
    me: str


@pytest.fixture(params=["one", "several"])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """Clients of either kind that know one workspace."""
    with LoopbackSlack(manifest()) as slack:
        settings = Settings(home=tmp_path, slack_bot_token=slack.environment["SLACK_BOT_TOKEN"], slack_api_url=slack.api_url)  # type: ignore[arg-type]
        one = OneWorkspace(settings)
        team, me = one.team, one.me(one.team)
        token = str(one(team).token)
        if request.param == "one":
            yield Stage(one, team, token, me)
            return
        engine = make_engine(new_file(tmp_path))
        several = Installations(settings, engine)
        at = datetime(2026, 11, 24, tzinfo=UTC).timestamp()
        installed = Installation(app_id="A1", user_id="U1", team_id=team, bot_token=token, bot_id="B1", bot_user_id=me, installed_at=at)
        several.store.save_bot(installed.to_bot())
        yield Stage(several, team, token, me)
        engine.dispose()


def test_a_workspace_has_its_client(stage: Stage) -> None:
    """Its token and the app's user id there; the client repeats nothing by itself."""
    client = stage.clients(stage.team)
    assert (client.token, stage.clients.me(stage.team)) == (stage.token, stage.me)
    assert client.retry_handlers == []
    assert stage.clients.teams() == [stage.team]


def test_where_the_app_is_not_installed(stage: Stage) -> None:
    """Refused, and never served with another workspace's token."""
    with pytest.raises(Refused):
        stage.clients("T0ELSEWHERE")
    with pytest.raises(Refused):
        stage.clients.me("T0ELSEWHERE")
