"""A person's data on request: no table names them any more, the log verifies, and nobody can hide a change behind it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr

from assistant.adapters.sql.erase import erase, forget
from assistant.adapters.sql.inbox import inbox_of
from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.acts.log.erasure import Eraser
from assistant.register.acts.people.owning import Owners
from assistant.register.facts.events import START as ORIGIN
from assistant.register.facts.events import Draft, Event, body_digest, check, seal
from assistant.register.facts.happened import Snoozed
from assistant.settings import Settings
from tests.connectors.test_cli import aeo
from tests.contracts.conftest import new_database
from tests.ops.made import LEAVER, OWNER, everything, working
from tests.register.company import START, who

pytestmark = pytest.mark.thorough

LATER = START + timedelta(days=40)


@pytest.fixture(params=["sqlite", "postgres"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """A home with a database of either kind."""
    if request.param == "sqlite":
        return Settings(home=tmp_path)
    return Settings(home=tmp_path, database_url=SecretStr(new_database(request.getfixturevalue("postgres"))))


def test_nothing_names_an_erased_person(guide: Guide, settings: Settings) -> None:
    """Their name, id and address stand nowhere; what they handed in does; log and states verify; the log's guard is back."""
    service = working(guide, settings)
    register = service.register
    with pytest.raises(RegisterError, match="移交"):
        erase(register, service.workspace, LEAVER, "lead", LATER)  # type: ignore[arg-type]
    Owners(service).transfer(LEAVER, OWNER, who(moment=LATER))
    before = everything(register)  # type: ignore[arg-type]
    counted = erase(register, service.workspace, LEAVER, "lead", LATER, dry=True)  # type: ignore[arg-type]
    assert everything(register) == before  # type: ignore[arg-type]
    assert erase(register, service.workspace, LEAVER, "lead", LATER) == counted  # type: ignore[arg-type]
    after = everything(register)  # type: ignore[arg-type]
    for table, rows in after.items():
        assert not [r for r in rows if LEAVER in json.dumps(r, ensure_ascii=False) or "U0HANMEI" in json.dumps(r)], table
    assert after["slack_kept"] == []
    assert [row["person"] for row in after["slack_left"]] == [OWNER]
    chain, differing = service.verify()
    assert chain.intact
    assert differing == []
    assert chain.events == len(before["events"]) + 1
    assert [e["hash"] for e in after["events"][:-1]] == [e["hash"] for e in before["events"]]
    assert [p["sha256"] for p in after["pieces"]] == [p["sha256"] for p in before["pieces"]]
    assert [s["slot"] for s in after["slots"]] == [s["slot"] for s in before["slots"]]
    with pytest.raises(RegisterError, match="没有"):
        erase(register, service.workspace, LEAVER, "lead", LATER)  # type: ignore[arg-type]
    with pytest.raises(Exception, match="append-only"), register.engine.begin() as connection:  # type: ignore[attr-defined]
        connection.exec_driver_sql("DELETE FROM events")
    register.close()  # type: ignore[attr-defined]


def log_of(*drafts: Draft) -> list[Event]:
    """A sealed log."""
    events: list[Event] = []
    for n, draft in enumerate(drafts, 1):
        events.append(seal(draft, "w", n, events[-1].hash if events else ORIGIN))
    return events


def test_only_a_recorded_erasure_may_change_a_body() -> None:
    """A body may stand in another's place only if a sealed or vouched-for ``erased`` event names its digest; nothing else passes."""
    plain = [Draft(Snoozed(until=START.date(), reason=f"{a} 请假"), a, START, slot="k") for a in ("han", "li", "han")]
    events = log_of(*plain)
    eraser = Eraser({"han"})
    changed = {e.seq: e for e in map(eraser.event, events) if e is not None}
    assert set(changed) == {1, 3}
    erased = [changed.get(e.seq, e) for e in events]
    assert check(erased).broken_at == 1
    whole = [*erased, seal(Draft(eraser.record(changed.values()), "li", START), "w", 4, erased[-1].hash)]
    assert check(whole, 4, whole[-1].hash).intact
    assert "han" not in json.dumps([e.body for e in whole]) + "".join(e.actor for e in whole)
    for at, forged in ((2, replace(whole[2], actor="mallory")), (1, replace(whole[1], body={})), (0, replace(whole[0], salt="0"))):
        assert check([*whole[:at], forged, *whole[at + 1 :]]).broken_at == at + 1
    lying = replace(whole[3], body={"token": "", "bodies": {**whole[3].body["bodies"], "2": body_digest(replace(whole[1], actor="x"))}})
    assert check([whole[0], replace(whole[1], actor="x"), whole[2], lying]).broken_at == 1
    second = Eraser({"li"})
    again = {e.seq: e for e in map(second.event, whole) if e is not None}
    assert set(again) == {2, 4}
    twice = [again.get(e.seq, e) for e in whole]
    twice.append(seal(Draft(second.record(again.values()), "lead", START), "w", 5, whole[-1].hash))
    assert check(twice).intact
    assert not check(twice[:-1]).intact


def test_what_is_kept_for_a_while_is_forgotten(guide: Guide, settings: Settings) -> None:
    """Conversations and delivered words go after their term; the register and its log stay as they are."""
    service = working(guide, settings)
    before = everything(service.register)  # type: ignore[arg-type]
    forget(service.register, START - timedelta(days=1))  # type: ignore[arg-type]
    assert everything(service.register) == before  # type: ignore[arg-type]
    done = forget(service.register, LATER)  # type: ignore[arg-type]
    after = everything(service.register)  # type: ignore[arg-type]
    assert (done["slack_exchanges"], done["slack_left"]) == (1, 2)
    assert after["slack_exchanges"] == []
    assert len(after["slack_jobs"]) == 1
    assert {json.dumps(m["payload"]) for m in after["outbox"] if m["state"] == "sent"} == {"{}"}
    assert [m["id"] for m in after["outbox"]] == [m["id"] for m in before["outbox"]]
    for table in ("events", "slots", "pieces", "people", "assignments"):
        assert after[table] == before[table]
    service.register.close()  # type: ignore[attr-defined]


def test_the_command_counts_first_and_then_erases(guide: Guide, tmp_path: Path) -> None:
    """Without --confirm nothing changes; with it the inbox of the evals and the console's journal follow; only a lead may."""
    settings = Settings(home=tmp_path)
    service = working(guide, settings)
    Owners(service).transfer(LEAVER, OWNER, who(moment=LATER))
    (tmp_path / "profile.yaml").write_text("enterprise: 某某公司\ncertification: renewal\ncertified_on: 2022-03-15\n", encoding="utf-8")
    (tmp_path / "nudges.jsonl").write_text(json.dumps({"id": "m", "text": f"{LEAVER}，您好"}, ensure_ascii=False) + "\n", encoding="utf-8")
    later = partial(aeo, home=tmp_path, clock=lambda: LATER, actor="lead")
    asked = json.loads(later("person", "erase", LEAVER, "--json").stdout)
    assert asked["erased"] is False
    assert LEAVER in (tmp_path / "nudges.jsonl").read_text(encoding="utf-8")
    assert later("person", "erase", LEAVER, "--confirm", "--as", OWNER, "--json").returncode == 2
    done = json.loads(later("person", "erase", LEAVER, "--confirm", "--json").stdout)
    assert done["rows"]["events"] == asked["rows"]["events"] > 10
    assert done["token"] in (tmp_path / "nudges.jsonl").read_text(encoding="utf-8")
    assert "U0HANMEI" not in inbox_of(settings).entries()[0].ref
    assert service.verify()[0].intact
    service.register.close()  # type: ignore[attr-defined]
