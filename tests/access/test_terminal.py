"""Who acts at the terminal, who is who, and whose the files are: asked once, recorded, made one, kept to oneself."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.acts.doing.who import Who
from assistant.register.acts.in_bulk.dues import set_dues
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.telling.announce import announce
from assistant.register.facts.handed_in import WHOLE, Piece
from assistant.register.facts.notices.reviewing import Decided
from assistant.register.facts.people import Absence, Assignment, Person
from assistant.register.rules.people.owner_table import parse_row
from connectors.cli.opened import system_user
from tests.connectors.test_cli import Done, aeo
from tests.register.company import LEAD, START, company, part_of, who

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
    told = aeo("evidence", "history", "24(1)/situation", home=home).stdout.splitlines()
    assert ["wang（chen 代为操作）" in line for line in told] == [False, True], told


def test_whoever_acts_for_another_stands_in_every_event(guide: Guide) -> None:
    """Each kind of act in another's name says who really did it; a decision says so to those who hear of it; nobody decides on their own."""
    service = company(part_of(guide, "24"), owners=[Assignment("all", "*", owner="wang", reviewer="li")])
    service.rules = replace(service.rules, announce=announce)
    owners, slot, link = Owners(service), "24(1)/situation", Piece("link", text="https://a.example/b")
    day = START.date()

    def as_(name: str, hours: int = 1) -> Who:
        return Who(name, START + timedelta(hours=hours), "cli:u", by=LEAD)

    service.submit(slot, [link], as_("wang"))
    service.withdraw(slot, as_("wang"))
    service.claim_na(slot, "没有", as_("wang"))
    for mine in (Who(LEAD, START + timedelta(hours=1)), as_("li")):
        with pytest.raises(RegisterError, match="要由别人审核"):
            service.accept(slot, mine)
    service.withdraw(slot, as_("wang"))
    service.submit(slot, [link], Who("wang", START + timedelta(hours=2)))
    service.give_back(slot, "缺页", as_("li", 2))
    service.submit(slot, [link], Who("wang", START + timedelta(hours=3)))
    service.accept(slot, as_("li", 3), seen=WHOLE)
    assert (service.entry(slot).state.reviewed_by, service.entry(slot).state.reviewed_through) == ("li", LEAD)
    told = [m.says for m in service.messages(recipient="wang", kind="verdict")]
    assert {(s.verdict, s.by, s.through) for s in told if isinstance(s, Decided)} == {("returned", "li", LEAD), ("accepted", "li", LEAD)}
    service.reopen(slot, "看错了", as_("li", 4))
    service.comment(slot, "请看", as_("li", 4))
    service.snooze(slot, day + timedelta(days=2), as_("wang", 4))
    owners.know(Person("ma", admin=True), who(LEAD))
    service.set_due(slot, day + timedelta(days=9), as_("ma", 4))
    set_dues(service, {service.entry(slot).slot.key: None}, as_("ma", 4))
    service.reassign(slot, "zhou", as_("wang", 5))
    owners.assign([Assignment("all", "*", owner="wang", reviewer="sun")], as_("ma", 5))
    owners.away(Absence("wang", day + timedelta(days=30), day + timedelta(days=40)), as_("ma", 5))
    owners.know(Person("qi", "齐"), as_("ma", 5))
    owners.rights("qi", True, as_("ma", 5))
    owners.transfer("zhou", "wang", as_("ma", 6))
    owners.merge("qi", "ma", as_("ma", 6))
    service.exported("binder", as_("ma", 6))
    acted = [e for e in service.history() if e.origin == "cli:u"]
    assert [e.kind for e in acted if e.body.get("by") != LEAD] == []
    assert {e.kind for e in acted} == {
        *("submitted", "withdrawn", "claimed_na", "returned", "accepted", "reopened", "commented", "snoozed", "due_set", "reassigned"),
        *("assigned", "away_set", "person_set", "transferred", "merged", "exported"),
    }
    assert service.verify()[1] == []


def test_nobody_becomes_the_lead_an_admin_or_a_colleague_by_saying_so(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system's user nobody knows takes neither a terminal that is another's nor an admin's rights; the lead says whose it is."""

    def at(user: str, *words: str) -> Done:
        monkeypatch.setattr("connectors.cli.opened.system_user", lambda: user)
        return aeo(*words, home=home)

    assert at("chen", "evidence", "plan", "--as", "chen").returncode == 0
    assert at("li", "evidence", "comment", "24(1)/situation", "x", "--as", "li@a.cn").returncode == 0
    assert at("chen", "people", "rights", "li@a.cn", "--admin").returncode == 0
    assert at("chen", "owners", "person", "zhao@a.cn", "--admin").returncode == 0
    for claimed, there in (("chen", "系统用户 chen"), ("ｌｉ＠Ａ．cn", "li@a.cn 的终端登记为系统用户 li"), ("zhao@a.cn", "管理员权限")):
        refused = at("mallory", "people", "rights", "m@a.cn", "--admin", "--as", claimed)
        assert (refused.returncode, there in refused.stderr, "aeo people terminal" in refused.stderr) == (2, True, True), refused.stderr
    assert at("chen", "evidence", "assign", "24(1)", "--owner", "王芳<wang@a.cn>").returncode == 0
    before = at("chen", "evidence", "history", "--json").stdout
    for claimed in ("wang@a.cn", "王芳", "someone.new@a.cn"):
        refused = at("mallory", "evidence", "comment", "24(1)/situation", "x", "--as", claimed)
        assert (refused.returncode, "系统用户 mallory 还没有登记是谁的终端" in refused.stderr) == (2, True), refused.stderr
    assert at("chen", "evidence", "history", "--json").stdout == before
    assert at("wang", "evidence", "comment", "24(1)/situation", "x", "--as", "王芳").returncode == 0
    assert at("chen", "owners", "person", "wang@b.cn", "--name", "王芳芳").returncode == 0
    assert at("chen", "people", "terminal", "wang@a.cn").returncode == 0
    assert at("wang", "evidence", "comment", "24(1)/situation", "x", "--as", "wang@b.cn").returncode == 2, "whose mail it is, is open"
    assert at("li", "people", "terminal", "zhao@a.cn", "zhao").returncode == 0
    assert at("zhao", "evidence", "comment", "24(1)/situation", "y").returncode == 0
    assert at("chen", "people", "terminal", "li@a.cn", "zhao").returncode == 0
    [*_, last] = json.loads(
        at("zhao", "evidence", "comment", "24(1)/situation", "z", "--json").stdout and at("chen", "evidence", "history", "--json").stdout
    )
    assert (last["actor"], last["origin"], last["kind"]) == ("li@a.cn", "cli:zhao", "commented")
    assert at("chen", "evidence", "verify").returncode == 0


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
