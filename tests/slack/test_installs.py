"""Several workspaces: each installs the app in its browser, is served with its own token, and never sees another one's data."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from assistant.app import Assistant
from assistant.conversation.profile.declaring import declared
from assistant.enterprises import Desks, Enterprises
from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.settings import Settings
from connectors.slack.checkup import slack as look
from connectors.slack.manifest import manifest
from connectors.slack.run import Service
from connectors.slack.wire.errors import Refused
from connectors.slack.wire.installs import Installations
from tests.slack.loopback import LoopbackSlack, Person
from tests.slack.loopback.faults import api_error
from tests.slack.loopback.workspace import Workspace
from tests.slack.stage import Told

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def slack() -> Iterator[LoopbackSlack]:
    with LoopbackSlack(manifest(address="https://aeo.example.cn")) as slack:
        yield slack
        assert slack.problems == []


@pytest.fixture(scope="module")
def service(slack: LoopbackSlack, ingested: Path, guide: Guide, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """An app that workspaces install."""
    folder = tmp_path_factory.mktemp("several")
    settings = Settings(
        home=ingested, database_url=f"sqlite:///{folder}/slack.sqlite3", slack_client_id=slack.setup.client_id,
        slack_client_secret=slack.setup.client_secret, slack_signing_secret=slack.setup.signing_secret, slack_api_url=slack.api_url,
        lead="lead@example.cn",
    )  # type: ignore[arg-type]  # fmt: skip
    service = Service(settings, Told(guide, Assistant(Settings(home=ingested))))
    service.start(http=True, port=0)
    assert service.port
    slack.deliver_to(f"http://127.0.0.1:{service.port}/slack/events")
    yield service
    service.stop()


def installed(slack: LoopbackSlack, service: Service, name: str) -> tuple[Workspace, Person]:
    """A workspace whose admin has installed the app, and one who works there."""
    workspace = slack.add_workspace(name, install=False)
    admin = slack.person("admin", workspace=workspace)
    assert service.port
    status, page = admin.installs(f"http://127.0.0.1:{service.port}/slack/install")
    assert (status, name in page) == (200, True)
    return workspace, slack.person("wang", workspace=workspace)


def test_two_workspaces(slack: LoopbackSlack, service: Service) -> None:
    """Each is answered with its own token; threads, exchanges, enquiries and keys of one are not found through the other."""
    one, wang = installed(slack, service, "甲公司")
    two, li = installed(slack, service, "乙公司")
    assert set(service.clients.teams()) >= {one.id, two.id}
    asked = wang.dms("24(3)")
    answer = slack.wait_for_post(wang.dm, asked.ts)
    slack.wait_for_post(li.dm, li.dms("围墙要多高？").ts)
    sent = slack.calls("chat.postMessage")
    assert {(call.team, call.args["channel"]) for call in sent} == {(one.id, wang.dm), (two.id, li.dm)}
    store = service.deps.store
    exchange = answer.blocks[-1]["elements"][0]["positive_button"]["value"].split(":")[1]
    slack.wait(lambda: store.thread(one.id, wang.dm, asked.ts))
    assert store.exchange(one.id, exchange) is not None
    assert store.exchange(two.id, exchange) is None
    assert store.thread(two.id, wang.dm, asked.ts) is None
    assert store.exchanges(two.id, wang.dm, asked.ts) == []
    assert wang.dm not in store.direct_messages(two.id)
    key = f"post:{wang.dm}:{asked.ts}"
    assert (store.known(one.id, key), store.known(two.id, key)) == (True, False)


def test_registers_are_apart(slack: LoopbackSlack, service: Service, tmp_path: Path) -> None:
    """Each workspace has a register of its own name, and a profile that names another one's is refused."""
    desks: Any = service.deps.desk
    path = desks.profile_path("T1")
    assert path != desks.profile_path("T2")
    assert desks.profile_path("../../etc/passwd").name == "unknown.yaml"
    assert service.deps.desk("T1").workspace == "slack:T1"
    path.parent.mkdir(exist_ok=True)
    try:
        path.write_text("enterprise: 甲\ncertification: initial\nworkspace: 'slack:T2'\n")
        with pytest.raises(RegisterError):
            service.deps.desk("T1")
        path.write_text("enterprise: 甲\ncertification: initial\n")
        assert service.deps.desk("T1").workspace == "slack:T1"
    finally:
        path.unlink()


def test_what_is_declared_in_slack_is_kept_in_the_file(service: Service) -> None:
    """Each company's answers go to its own file; what only the installation knows does not stand there, what was written stays."""
    desks: Any = service.deps.desk
    path = desks.profile_path("T3")
    path.parent.mkdir(exist_ok=True)
    path.write_text("enterprise: 丙\ncertification: initial\nlead: boss@example.cn\n", encoding="utf-8")
    try:
        desk = desks("T3")
        desk.keep(declared(desk.profile, desk.guide, {"scope.seal": "y", "goods": "食品、化妆品"}, "zh"))
        again = desks("T3")
        scope = again.profile.scope
        assert (again.workspace, again.lead, scope.seal, scope.transport) == ("slack:T3", "boss@example.cn", True, None)
        assert again.profile.goods == ("食品", "化妆品")
        assert "slack:T3" not in path.read_text(encoding="utf-8")
    finally:
        path.unlink()


def test_the_rules_of_asking_are_read_again(service: Service, tmp_path: Path) -> None:
    """A changed policy.yaml counts at the next click; one with mistakes leaves the rules as they were."""
    path = tmp_path / "policy.yaml"
    known: Any = service.deps.desk
    settings = service.settings.model_copy(update={"policy": path})
    desks = Desks(Enterprises(settings, known.enterprises.sql), known.guide, several=True)
    rules = lambda: desks("T1").service.policy.first_ask_days  # noqa: E731
    assert rules() == 30
    path.write_text("first_ask_days: 12\n", encoding="utf-8")
    assert rules() == 12
    path.write_text("first_ask_days: many\n", encoding="utf-8")
    assert rules() == 12


def test_each_workspace_has_its_own_lead(slack: LoopbackSlack, service: Service) -> None:
    """The lead stands in the workspace's profile; the mail address of the setting makes nobody a lead of a company that did not name them."""
    one, wang = installed(slack, service, "戊公司")
    boss = slack.person("boss", workspace=one, email="boss@example.cn")
    slack.person("lead", workspace=one, email="lead@example.cn")
    assert service.deps.desk(one.id).lead == ""
    refusal = slack.wait_for_post(wang.dm, wang.dms("围墙要多高？").ts)
    wang.clicks(refusal, "ask_lead")
    slack.wait(lambda: any("还没有设置合规负责人" in str(call.args) for call in slack.calls()), "it is said that nobody is lead")
    desks: Any = service.deps.desk
    path = desks.profile_path(one.id)
    path.parent.mkdir(exist_ok=True)
    path.write_text("enterprise: 戊\ncertification: initial\nlead: boss@example.cn\n", encoding="utf-8")
    try:
        assert service.deps.desk(one.id).lead == "boss@example.cn"
        refusal = slack.wait_for_post(wang.dm, wang.dms("围墙谁来修？").ts)
        wang.clicks(refusal, "ask_lead")
        slack.wait(lambda: any("围墙谁来修" in m.text for m in slack.posts(boss.dm)), "the question reaches the lead of this company")
    finally:
        path.unlink()


def test_the_doctor_looks_at_every_workspace(slack: LoopbackSlack, service: Service) -> None:
    """A token that works no more, and a profile without a lead, are named with their workspace."""
    one, _ = installed(slack, service, "己公司")
    ok, sentence = look(service.settings)
    assert (ok, "OAuth" in sentence) == (True, True)
    desks: Any = service.deps.desk
    path = desks.profile_path(one.id)
    path.parent.mkdir(exist_ok=True)
    path.write_text("enterprise: 己\ncertification: initial\n", encoding="utf-8")
    try:
        ok, sentence = look(service.settings)
        assert (ok, str(path) in sentence) == (False, True)
    finally:
        path.unlink()
    slack.faults.add("auth.test", api_error("token_revoked"))
    ok, sentence = look(service.settings)
    assert (ok, "token_revoked" in sentence) == (False, True)


def test_uninstalled(slack: LoopbackSlack, service: Service) -> None:
    """A workspace that takes the app out is served no more, and its token is gone; installed anew, it is served again."""
    gone, wang = installed(slack, service, "丙公司")
    client = service.clients(gone.id)
    slack.uninstall(gone)
    slack.wait(lambda: gone.id not in service.clients.teams())
    with pytest.raises(Refused):
        service.clients(gone.id)
    admin = slack.person("admin2", workspace=gone)
    assert service.port
    admin.installs(f"http://127.0.0.1:{service.port}/slack/install")
    assert service.clients(gone.id).token != client.token
    slack.wait_for_post(wang.dm, wang.dms("24(3)").ts)


def test_a_forged_return_is_refused(slack: LoopbackSlack, service: Service) -> None:
    """A return from Slack without the state of this browser installs nothing, and says where to begin."""
    import urllib.error
    import urllib.request

    assert service.port
    before = service.clients.teams()
    url = f"http://127.0.0.1:{service.port}/slack/oauth_redirect?code=x&state=forged"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(url)
    assert "/slack/install" in refused.value.read().decode()
    assert service.clients.teams() == before


def test_two_workers_make_their_tables(service: Service) -> None:
    """Opening the installations again changes nothing."""
    other = Installations(service.settings, service.register.engine)
    assert set(other.teams()) == set(service.clients.teams())


def test_an_installation_while_others_write(service: Service) -> None:
    """A state is used up although somebody writes to the database between its reading and its deletion."""
    states: Any = service.clients.states  # type: ignore[attr-defined]

    def writes() -> list[int]:
        for number in range(60):
            service.deps.store.keep("T9", f"k{number}", "U9", {"n": number}, service.deps.now())
        return []

    def installs() -> list[int]:
        return [n for n in range(30) if not states.consume(states.issue())]

    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(act) for act in (writes, installs, writes, installs)]
    assert [n for d in done for n in d.result()] == []
