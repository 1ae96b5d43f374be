"""The lead's week: once, to be kept, and it finds out who rewrites the log."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from assistant.adapters.sql.register import open_register
from assistant.guide import Guide
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.telling.weekly import summarise
from assistant.register.facts.events import START as BEGIN
from assistant.register.facts.events import Event, body_digest
from assistant.register.facts.notices.leading import Week
from assistant.register.facts.people import Absence
from assistant.register.papers.reports.letter import Addressees, letter
from tests.connectors.test_cli import aeo
from tests.mail.office import mail_office
from tests.register.company import START, company, part_of, who


def test_once_a_week_in_working_hours(guide: Guide) -> None:
    """At the first working moment of a week, once however many run; not while the lead is away, nor at night."""
    service = company(part_of(guide, "24"))
    for moment, wanted in ((START.replace(hour=3), 0), (START, 1), (START + timedelta(days=2), 0), (START + timedelta(days=7), 1)):
        assert summarise(service.register, service.window, moment) == wanted
    Owners(service).away(Absence("lead", START.date() + timedelta(days=14), START.date() + timedelta(days=15)), who())
    assert summarise(service.register, service.window, START + timedelta(days=14)) == 0
    assert summarise(service.register, service.window, START + timedelta(days=16)) == 1
    with service.register.reading(service.workspace) as tx:
        first = tx.messages(recipient="lead", kind="week")[-1]
        events = list(tx.events())
    assert isinstance(first.says, Week)
    assert first.says.head in {e.hash for e in events}
    said = letter(first, Addressees({}, "lead", "某某公司"), "zh").text
    assert isinstance(first.says, Week)
    assert first.says.head in said
    assert f"应交 {first.says.owed} 项" in said


def forged(event: Event, before: str) -> Event:
    """An event of a log that somebody wrote anew from there on."""
    from dataclasses import replace

    from assistant.register.facts.events import _link

    body = event.body | ({"owner": "mallory"} if event.kind == "assigned" else {})
    fresh = replace(event, body=body, prev=before)
    fresh = replace(fresh, digest=body_digest(fresh))
    return replace(fresh, hash=_link(fresh.workspace, fresh.seq, fresh.at, fresh.kind, fresh.slot, fresh.digest, before))


@pytest.mark.thorough
def test_whoever_rewrites_everything_is_found_out(tmp_path: Path) -> None:
    """A whole log with new hashes verifies by itself; against the head that the lead was sent it does not."""
    (tmp_path / "profile.yaml").write_text("enterprise: 某某公司\ncertification: initial\nlead: zhao@example.cn\n", encoding="utf-8")
    base: dict[str, Any] = {"home": tmp_path, "actor": "zhao@example.cn", "clock": lambda: START}
    aeo("evidence", "plan", **base)
    aeo("evidence", "assign", "24", "--owner", "wang@example.cn", **base)
    with mail_office() as mail:
        aeo("nudge", "run", smtp_url=f"smtp://127.0.0.1:{mail.port}?from=aeo@example.cn", **base)
        [told] = [m for m in mail.arrived.values() if "一周情况" in str(m["Subject"])]
    body = told.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    head = next(word for line in body.splitlines() for word in line.replace("。", " ").split() if len(word) == 64)
    short = aeo("evidence", "verify", "--head", head[:20], **base)
    assert (short.returncode, "整个复制" in short.stderr) == (2, True)
    good = aeo("evidence", "verify", "--head", head, **base)
    assert (good.returncode, "没有被改写" in good.stdout) == (0, True)
    store = open_register(f"sqlite:///{tmp_path}/register.sqlite3")
    with store.reading("某某公司") as tx:
        events = list(tx.events())
    with store.engine.begin() as connection:
        for name in [r[0] for r in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))]:
            connection.execute(text(f"DROP TRIGGER {name}"))
        before = BEGIN
        for event in events:
            fresh = forged(event, before)
            before = fresh.hash
            import json

            values = {"p": json.dumps(fresh.body), "d": fresh.digest, "b": fresh.prev, "h": fresh.hash, "n": fresh.seq}
            connection.execute(text("UPDATE events SET payload = :p, digest = :d, prev = :b, hash = :h WHERE seq = :n"), values)
        connection.execute(text("UPDATE workspaces SET head = :h"), {"h": before})
        connection.execute(text("UPDATE assignments SET owner = 'mallory'"))
        connection.execute(text("UPDATE slots SET owner = 'mallory', held_owner = 'mallory' WHERE held_owner = 'wang@example.cn'"))
    store.close()
    assert aeo("evidence", "verify", **base).returncode == 0
    caught = aeo("evidence", "verify", "--head", head, **base)
    assert (caught.returncode, "改写" in caught.stdout) == (1, True)
