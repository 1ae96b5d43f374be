"""Who acts at the terminal, who is who, and whose the files are: asked once, recorded, made one, kept to oneself."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.acts.people.owning import Owners
from assistant.register.facts.people import Assignment, Person
from assistant.register.rules.people.owner_table import parse_row
from connectors.cli.opened import system_user
from tests.connectors.test_cli import aeo
from tests.register.company import LEAD, company, part_of, who

pytestmark = pytest.mark.thorough


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a profile and nothing planned."""
    (tmp_path / "profile.yaml").write_text("id: demo\nenterprise: 某某公司\ncertification: initial\nlead: chen\n", encoding="utf-8")
    return tmp_path


def test_who_acts_is_asked_once_and_recorded(home: Path) -> None:
    """Nobody acts as the lead unasked; once said it is remembered, acting for another is recorded with who really did."""
    asked = aeo("evidence", "plan", home=home)
    assert (asked.returncode, "AEO_ACTOR" in asked.stderr or "--as" in asked.stderr) == (2, True), asked.stderr
    assert aeo("evidence", "plan", home=home, actor="chen").returncode == 0
    assert aeo("evidence", "comment", "24(1)/situation", "x", home=home).returncode == 0
    assert aeo("evidence", "comment", "24(1)/situation", "y", "--as", "wang", home=home).returncode == 0
    said = json.loads(aeo("evidence", "history", "24(1)/situation", "--json", home=home).stdout)
    assert [(e["actor"], e["origin"]) for e in said] == [("chen", f"cli:{system_user()}"), ("wang", f"cli:{system_user()}")]


def test_what_is_written_is_its_owners_alone(home: Path) -> None:
    """The home is 0700 and what is in it 0600, whatever the mask was; doctor names what others could read."""
    before = os.umask(0o022)
    try:
        aeo("evidence", "plan", home=home, actor="chen")
    finally:
        os.umask(before)
    written = [p for p in home.rglob("*") if p.name != "profile.yaml"]
    assert written
    assert {p.stat().st_mode & 0o077 for p in written} == {0}
    (home / "register.sqlite3").chmod(0o644)
    assert "register.sqlite3" in aeo("doctor", home=home).stdout


def test_a_name_alone_becomes_the_person_of_that_name(guide: Guide) -> None:
    """Who was named without an address is the one whom an owner table names with it later: one person, one pile; not where two have the name."""
    service = company(part_of(guide, "24"))
    service.reassign("24(1)/situation", "王五", who(LEAD))
    owners = Owners(service)
    rows, people = parse_row({"target": "24(2)", "owner": "王五<w5@example.cn>"}, part_of(guide, "24"))
    owners.assign(rows, who(), people)
    assert service.entry("24(1)/situation").owner == "w5@example.cn"
    assert [p.known_as for p in owners.everybody() if p.id == "w5@example.cn"] == [("王五",)]
    assert service.verify()[1] == []
    service.reassign("24(1)/situation", "赵六", who(LEAD))
    owners.know(Person("a@example.cn", "赵六", address={"email": "a@example.cn"}), who())
    owners.know(Person("b@example.cn", "赵六", address={"email": "b@example.cn"}), who())
    assert service.entry("24(1)/situation").owner == "a@example.cn"
    service.reassign("24(3)/situation", "孙七", who(LEAD))
    for mail in ("c@example.cn", "d@example.cn"):
        owners.learn(Person(mail, "孙七", address={"email": mail}), who())
    assert service.entry("24(3)/situation").owner == "孙七"
    assert service.verify()[1] == []


def test_rights_go_with_a_leaver(guide: Guide) -> None:
    """An admin whose work is handed over is none any more; rights are given and taken by the lead."""
    service = company(part_of(guide, "24"), owners=[Assignment("all", "*", owner="wang")])
    owners = Owners(service)
    owners.know(Person("zhao", admin=True), who())
    service.require("export", who("zhao"))
    owners.transfer("zhao", "wang", who())
    with pytest.raises(RegisterError):
        service.require("export", who("zhao"))
    assert owners.rights("wang", True, who()).admin
    assert not owners.rights("wang", False, who()).admin
    assert service.verify()[1] == []
