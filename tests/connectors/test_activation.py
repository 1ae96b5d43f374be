"""An edition goes live whole or not at all: gates, the swap under readers, kills in between, and the register that follows."""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from assistant.adapters.editions import Editions
from assistant.adapters.models.embeddings import BundledE5
from assistant.adapters.sql.register import open_register
from assistant.answers.ports import Floats
from assistant.app import Assistant
from assistant.enterprises import Enterprises
from assistant.errors import EditionError, RegisterError
from assistant.register.acts.doing.who import Who
from assistant.register.acts.service import RegisterService
from assistant.register.facts.handed_in import WHOLE
from assistant.register.facts.notices.leading import Staged
from assistant.register.facts.notices.screens import CardEdit
from assistant.register.facts.outbox import Message
from assistant.register.facts.profile import Profile
from assistant.register.papers.said.messages import message_text
from assistant.settings import Settings
from connectors.cli.guide.editions import app
from connectors.cli.opened import Opened
from evals.cases import named_sets
from evals.release import activate as activation
from evals.release.examine import examined
from evals.release.registers import Registers
from evals.runs.source import AssistantSource
from ingest.pipeline import ingest
from tests.conftest import NOW
from tests.ingest.small import small_guide
from tests.register.company import LINK

pytestmark = pytest.mark.thorough

PROFILE = Profile(enterprise="某某公司", certification="initial")
LEAD = Who("lead", NOW)
LINE = "（2）企业访客车辆的登记记录。"
QUESTIONS = {"2(2)": "2(2) 要什么记录", "1(1)": "1(1) 的抽查记录", "3": "第3项", "2(1)": "2(1)", "1(2)": "1(2) 要什么"}


POLICY = "invariants: [quotes_not_verbatim]\nfloors: {all: {all: {correct: 0.5}}}\n"
"""The gates of a home whose guide is not the shipped one."""


@pytest.fixture(autouse=True)
def _own_sets_are_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The guide here is a small one, of which the shipped cases know nothing."""
    (tmp_path / "none").mkdir()
    monkeypatch.setattr(named_sets, "SHIPPED_SETS", tmp_path / "none")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with edition ``one`` in force and ``two`` staged, in which one records line is reworded; own cases; a register."""
    folder = tmp_path_factory.mktemp("editions")
    settings = Settings(home=folder / "home")
    first = small_guide(folder)
    ingest(first, settings, NOW, "one")
    second = folder / "next.txt"
    second.write_text(first.read_text(encoding="utf-8").replace(LINE, LINE.replace("登记", "登记、停放")), encoding="utf-8")
    ingest(second, settings, NOW, "two")
    write_cases(settings.home, QUESTIONS)
    (settings.home / "evals" / "policy.yaml").write_text(POLICY, encoding="utf-8")
    desk = opened(settings)
    desk.sync(Editions(settings.home).guide(Editions(settings.home).manifest("one")), PROFILE, LEAD)
    for slot in ("2(2)/records/1", "2(2)/records/2"):
        desk.submit(slot, [LINK], Who("wang", NOW))
        desk.accept(slot, LEAD, seen=WHOLE)
    return settings.home


@pytest.fixture
def settings(prepared: Path, tmp_path: Path) -> Settings:
    """A copy of that home."""
    shutil.copytree(prepared, tmp_path / "home")
    return Settings(home=tmp_path / "home")


def registers(settings: Settings) -> Registers:
    """The registers of the home."""
    return Registers(Enterprises(settings))


def activate(settings: Settings, edition: str, who: Who, override: str = "") -> activation.Activated:
    """Put an edition in force."""
    return activation.activate(registers(settings), edition, who, examine=examined, override=override)


def write_cases(home: Path, questions: dict[str, str]) -> None:
    """Own cases under the name ``own``: by number, one clause each."""
    path = home / "evals" / "sets" / "own.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        {"id": f"own-{n}", "type": "by_number", "lang": "zh", "edition": "one", "question": q, "clauses": [c]}
        | ({"lines": ["2(2)/records/2"]} if c == "2(2)" else {})
        for n, (c, q) in enumerate(questions.items())
    ]
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")


def opened(settings: Settings) -> RegisterService:
    """The register of the home."""
    desk = Opened(settings, at=NOW)
    desk.__dict__["profile"] = PROFILE
    return desk.service


def states(settings: Settings) -> dict[str, str]:
    """Slot -> state, as stored."""
    register = open_register(settings.database)
    with register.reading(PROFILE.key) as tx:
        return {e.slot.id: e.state.name for e in tx.entries(NOW.date())}


def test_gates_hold_an_edition_back(settings: Settings) -> None:
    """Cases that fail keep the edition from going live; status 1, and what serves is untouched."""
    write_cases(settings.home, {"2(2)": "1(1)", "1(1)": "2(2)", "3": "1(2)", "1(2)": "3", "2(1)": "3"})
    before = Editions(settings.home).stamp()
    done = activate(settings, "two", LEAD)
    assert done.active is None
    assert done.verdict is not None
    assert done.verdict.failures
    assert Editions(settings.home).stamp() == before
    assert states(settings)["2(2)/records/2"] == "accepted"
    environment = {"AEO_HOME": str(settings.home)}
    result = CliRunner().invoke(app, ["activate", "two", "--json"], env=environment)
    assert result.exit_code == 1, result.output
    document = json.loads(result.stdout)
    assert (document["active"], document["edition"], document["registers"]) == (False, "two", {})
    assert all(f["sentence"] for f in document["failures"])
    assert document["untested"] == []
    proposed = CliRunner().invoke(app, ["propose", "two", "--json"], env=environment)
    assert proposed.exit_code == 1, proposed.output
    told = json.loads(proposed.stdout)
    assert (told["passed"], told["failures"]) == (False, document["failures"])
    assert told["changes"]["lines"]["reworded"] == 1
    assert {"relabel", "renumbered", "retitled", "as_in_force", "figures"} <= set(told)


def test_an_override_takes_a_reason_and_keeps_it(settings: Settings) -> None:
    """Against the gates only with a reason, which stands beside who gave it, also after a later swap."""
    write_cases(settings.home, {"2(2)": "1(1)", "1(1)": "2(2)", "3": "1(2)", "1(2)": "3", "2(1)": "3"})
    assert activate(settings, "two", LEAD, override=" \u3000").active is None  # blanks are no reason
    done = activate(settings, "two", LEAD, override="海关已当面说明")
    assert done.active is not None
    assert (done.active.by, done.active.override) == ("lead", "海关已当面说明")
    assert done.verdict is not None
    assert not done.verdict.passed
    store = Editions(settings.home)
    later = store.activate(store.manifest("one"), NOW + timedelta(days=1), "lead")
    assert later.override == ""
    assert later.before[0]["override"] == "海关已当面说明"


def test_the_edition_in_force_is_measured_when_nobody_did(settings: Settings) -> None:
    """The base run is made, so that there is always something to compare with; its figures come with the verdict."""
    verdict = examined(settings, "two", NOW)
    assert verdict.comparison is not None
    assert verdict.comparison.base.header.identity.edition == "one"
    assert verdict.figures is not None
    assert {m.name for m in verdict.figures.measures} >= {"items_lost", "swapped", "archived"}
    assert examined(settings, "two", NOW).comparison is not None


def test_a_run_of_other_cases_is_no_base(settings: Settings) -> None:
    """The run of the edition in force is taken as it is only if it asked the very same; a case that was corrected since is asked anew."""
    first = examined(settings, "two", NOW).comparison
    assert first is not None
    write_cases(settings.home, QUESTIONS | {"3": "第3项写了什么"})
    again = examined(settings, "two", NOW + timedelta(minutes=1)).comparison
    assert again is not None
    assert again.base.id != first.base.id
    assert {r.turns[0].question for r in again.base.results} == {r.turns[0].question for r in again.new.results}


def test_a_question_is_embedded_once_for_all_editions(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was asked of one edition is known when another process asks the next one the same."""
    question, asked, real = "访客要登记吗", [], BundledE5.queries
    AssistantSource(Assistant(settings), "one").warm([question])

    def queries(self: BundledE5, texts: Sequence[str]) -> Floats:
        asked.extend(texts)
        return real(self, texts)

    monkeypatch.setattr(BundledE5, "queries", queries)
    source = AssistantSource(Assistant(settings), "two")
    source.warm([question])
    assert source.ask(question, ()).edition == "two"
    assert question not in asked


def test_the_pieces_of_a_message_are_embedded_once_too(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run of another day embeds nothing anew, and its answers are the very same; where nothing can be kept they are too."""
    message, asked, real = "访客要登记吗？另外，人员和车辆出入要什么书面文件？还有培训要留什么记录？", [], BundledE5.queries

    def queries(self: BundledE5, texts: Sequence[str]) -> Floats:
        asked.extend(texts)
        return real(self, texts)

    def told() -> dict[str, Any]:
        source = AssistantSource(Assistant(settings), "one")
        source.warm([message])
        asked.clear()
        return source.ask(message, ()).model_dump(exclude={"timings_ms"})

    monkeypatch.setattr(BundledE5, "queries", queries)
    without = Assistant(settings).ask(message, edition="one").model_dump(exclude={"timings_ms"})
    assert told() == without
    assert asked
    assert told() == without
    assert not asked
    (settings.home / "vectors.sqlite3").unlink()
    (settings.home / "vectors.sqlite3").mkdir()
    assert told() == without


def test_activation_and_rollback_from_the_command_line(settings: Settings, tmp_path: Path) -> None:
    """Preview, activate, rollback: the register is shown before, follows, and is restored; a second activation changes nothing."""
    environment = {"AEO_HOME": str(settings.home)}

    def call(*arguments: str) -> Any:
        result = CliRunner().invoke(app, [*arguments, "--json"], env=environment)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    (shown,) = call("activate", "two", "--preview").values()
    assert (shown["confirm"], shown["archived"], shown["added"]) == (1, 0, 0)
    assert states(settings)["2(2)/records/2"] == "accepted"
    done = call("activate", "two", "--html", str(tmp_path / "report.html"))
    assert done["active"]
    assert done["relabel"] == ["own-0"]  # the case that rests on the line that changed leaves the gate
    assert done["registers"]["某某公司"]["slots"] == shown["slots"]
    assert states(settings)["2(2)/records/1"] == "accepted"
    assert states(settings)["2(2)/records/2"] == "to_confirm"
    assert "<html" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert call("activate", "two")["registers"] == {}
    back = call("rollback")
    assert (back["edition"], back["active"]) == ("one", True)
    assert states(settings)["2(2)/records/2"] == "accepted"


def test_what_owners_hear_is_listed_by_name(settings: Settings) -> None:
    """After an activation and a rollback the terminal names what changed as people do, and shows no id."""
    for command in (["activate", "two"], ["rollback"]):
        result = CliRunner().invoke(app, command, env={"AEO_HOME": str(settings.home)})
        assert result.exit_code == 0, result.output
        assert "2(2) 抽查记录（2）" in result.stdout
        assert "2(2)/" not in result.stdout


def test_only_leads_and_admins_may(settings: Settings) -> None:
    """Anybody else is refused, and nothing changes."""
    before = Editions(settings.home).stamp()
    for act in (
        lambda: activate(settings, "two", Who("wang", NOW)),
        lambda: activation.rollback(registers(settings), Who("wang", NOW)),
    ):
        with pytest.raises(RegisterError, match="wang"):
            act()
    with pytest.raises(EditionError):
        activate(settings, "three", LEAD)
    assert Editions(settings.home).stamp() == before


def test_readers_go_on_and_no_answer_mixes_editions(settings: Settings) -> None:
    """While editions are swapped to and fro, every answer is whole, from one edition, and later ones from the newer."""
    reader = Assistant(settings)
    words = {"one": "访客车辆的登记记录", "two": "访客车辆的登记、停放记录"}
    seen: list[str] = []
    mixed: list[str] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            answer = reader.ask("2(2) 抽查记录")
            quotes = "".join(c.quote for c in answer.citations)
            if words[answer.edition] not in quotes:
                mixed.append(answer.edition)
            seen.append(answer.edition)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    store = Editions(settings.home)
    for turn in range(6):
        asked = len(seen)
        while len(seen) < asked + 10:
            pass
        store.activate(store.manifest("two" if turn % 2 == 0 else "one"), NOW + timedelta(seconds=turn))
    stop.set()
    for thread in threads:
        thread.join()
    assert mixed == []
    assert set(seen) == {"one", "two"}
    assert reader.ask("2(2)").edition == "one"


def test_leads_are_told_of_a_staged_edition(settings: Settings) -> None:
    """One message per run with verdict, changes and the report's place; a second proposal runs nothing again and tells nobody."""
    environment = {"AEO_HOME": str(settings.home)}

    def propose() -> Any:
        result = CliRunner().invoke(app, ["propose", "two", "--json"], env=environment)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    first, second = propose(), propose()
    assert first["told"] == [{"workspace": "某某公司", "lead": "lead"}]
    assert (second["told"], second["run"]) == ([], first["run"])
    assert "<html" in Path(first["report"]).read_text(encoding="utf-8")
    (message,) = opened(settings).messages(kind="staged")
    text = message_text(message, "zh")
    assert "two" in text
    assert "改写 1" in text
    assert "待确认 1" in text
    assert Editions(settings.home).manifest().edition == "one"
    done = activate(settings, "two", LEAD)
    assert done.verdict is not None
    assert done.verdict.run.id == first["run"]  # nothing is computed twice
    assert opened(settings).messages(kind="edit") == []


def test_cards_in_slack_follow_the_terminal(settings: Settings) -> None:
    """Where Slack is set up, an activation from anywhere has the lead's card of the staged edition brought up to date."""
    with opened(settings).register.writing("某某公司") as tx:
        staged = Message("某某公司", Staged(edition="two", active="one"), "lead", "staged:1", state="sent", created_at=NOW)
        tx.enqueue(staged)
    in_slack = settings.model_copy(update={"slack_bot_token": SecretStr("xoxb-1")})
    assert activate(in_slack, "two", LEAD).active is not None
    assert {m.says for m in opened(settings).messages(kind="edit")} == {CardEdit(target=staged.id)}


def _dies() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _killed_in(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have this process die before or after a step."""
    if name == "before the swap":
        monkeypatch.setattr(Editions, "activate", lambda *a, **k: _dies())
    elif name == "after the swap":
        monkeypatch.setattr(Registers, "follow", lambda *a, **k: _dies())
    elif name == "inside the register's transaction":
        monkeypatch.setattr("assistant.register.acts.service.notices", lambda *a, **k: _dies())
    elif name == "while the pointer is written":
        monkeypatch.setattr(Path, "replace", lambda *a, **k: _dies())
    else:
        adopt = RegisterService.adopt

        def adopted(*a: Any, **k: Any) -> None:
            adopt(*a, **k)
            _dies()

        monkeypatch.setattr(RegisterService, "adopt", adopted)


@pytest.mark.parametrize(
    ("point", "serves"),
    [
        ("before the swap", "one"),
        ("while the pointer is written", "one"),
        ("after the swap", "two"),
        ("inside the register's transaction", "two"),
        ("after the register followed", "two"),
    ],
)
def test_killed_at_a_step(settings: Settings, monkeypatch: pytest.MonkeyPatch, point: str, serves: str) -> None:
    """One whole edition serves; whoever opens the register next has it follow; its owners hear exactly once."""

    def act() -> None:
        _killed_in(point, monkeypatch)
        activation.activate(registers(settings), "two", LEAD, examine=lambda *_: SimpleNamespace(passed=True))  # models survive no fork

    assert _forked(act) == -signal.SIGKILL
    assert Assistant(settings).ask("2(2)").edition == serves
    for _ in range(2):
        service = opened(settings)
        assert service.entry("2(2)/records/2").state.name == ("accepted" if serves == "one" else "to_confirm")
        assert len(service.messages(kind="edition")) == (serves == "two")
        assert service.verify()[0].intact
        assert service.verify()[1] == []
    if serves == "one":
        assert activate(settings, "two", LEAD).active is not None
        assert states(settings)["2(2)/records/2"] == "to_confirm"


def _forked(act: Callable[[], None]) -> int:
    """Do it in a process of its own; how that ended."""
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
