"""What an insider with a terminal, a profile of their own, or the database tries: refused, or found by verifying."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.adapters.files import open_files
from assistant.adapters.sql.register import SqlRegister, open_register
from assistant.conversation.enterprise import Desk
from assistant.enterprises import Enterprises
from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.service import RegisterService
from assistant.register.acts.telling.weekly import summarise
from assistant.register.facts.handed_in import WHOLE, Said
from assistant.register.facts.notices.leading import Week
from assistant.register.facts.people import Absence, Assignment, Person
from assistant.register.facts.policy import Policy
from assistant.register.papers.for_customs.binder import bind
from assistant.register.ports import Filter
from assistant.settings import Settings
from tests.connectors.test_cli import aeo
from tests.register.company import LEAD, LINK, RENEWAL, SHANGHAI, START, Clock, Postbox, company, courier, part_of, who

pytestmark = pytest.mark.thorough

SLOT, OTHER = "24(3)/records/1@2024", "24(3)/records/2@2024"
OWNER = "wang@example.cn"
PDF = b"%PDF-1.4\n1"


@pytest.fixture
def small(guide: Guide) -> Guide:
    """One item."""
    return part_of(guide, "24")


@pytest.fixture
def service(small: Guide, tmp_path: Path) -> Iterator[RegisterService]:
    """A register with an accepted file, in SQLite."""
    store = open_register(f"sqlite:///{tmp_path}/register.sqlite3")
    made = company(small, register=store, files=open_files(None, tmp_path), owners=[Assignment("item", "24", OWNER)])
    made.submit(SLOT, [made.take_file(io.BytesIO(PDF), "登记.pdf")], who(OWNER))
    made.accept(SLOT, who(), seen=WHOLE)
    yield made
    store.close()


def by_hand(service: RegisterService, statement: str, **values: object) -> None:
    """A change behind the product's back."""
    assert isinstance(service.register, SqlRegister)
    with service.register.engine.begin() as connection:
        connection.execute(text(statement), values)


TABLES: list[tuple[str, str, str]] = [
    ("a piece is put in another's place", "UPDATE pieces SET sha256 = 'aa', name = 'x.pdf'", "pieces"),
    ("a piece is taken away", "DELETE FROM pieces", "pieces"),
    (
        "an acceptance is invented",
        "UPDATE slots SET state = 'accepted', state_doc = '{\"name\": \"accepted\"}' WHERE id LIKE '%2@2024'",
        "states",
    ),
    ("a slot is set aside", "UPDATE slots SET planned = 0 WHERE id LIKE '%2@2024'", "states"),
    ("a due date is put off", "UPDATE slots SET due = '2039-01-01' WHERE id LIKE '%2@2024'", "due"),
    ("a slot has another owner", "UPDATE slots SET owner = 'mallory' WHERE id LIKE '%2@2024'", "owners"),
    ("a slot has another reviewer", "UPDATE slots SET reviewer = 'mallory' WHERE id LIKE '%2@2024'", "owners"),
    ("a clause is no longer owed", "UPDATE slots SET slot = replace(slot, '\"applicable\": true', '\"applicable\": false')", "plan"),
    ("an assignment is changed", "UPDATE assignments SET reviewer = 'mallory'", "assignments"),
    ("rights are given", "INSERT INTO people VALUES ('某某公司', 'mallory', '', '', 1, '{}', NULL, NULL, '[]')", "people"),
    (
        "an absence is invented",
        "INSERT INTO absences VALUES ('某某公司', 'wang@example.cn', '2026-01-01', '2026-12-31', 'mallory')",
        "absences",
    ),
    ("another leads", "UPDATE workspaces SET lead = 'mallory'", "lead"),
]


@pytest.mark.parametrize(("what", "statement", "table"), TABLES, ids=[t[0] for t in TABLES])
def test_a_changed_table_is_found(service: RegisterService, what: str, statement: str, table: str) -> None:
    """Every table is rebuilt from the log and compared, so that none can be changed behind it."""
    assert service.verify() == (service.verify()[0], [])
    by_hand(service, statement)
    assert table in {d.table for d in service.verify()[1]}, what


def test_changed_bytes_are_found_and_left_out(service: RegisterService, small: Guide, tmp_path: Path) -> None:
    """A file with other bytes under its name is named by ``--files`` and is not put into a binder."""
    [kept] = [p for p in (tmp_path / "files/content").rglob("*") if p.is_file()]
    kept.write_bytes(b"%PDF-1.4\n2")
    assert ("altered", kept.name) in service.verify(files=True)[1]
    bound = bind(tmp_path / "b.zip", small, "甲", service.entries(START), service.pieces(), service.open_file, date(2026, 6, 1), SHANGHAI)
    assert (bound.files, [(line.file, line.status) for line in bound.gone]) == (0, [("登记.pdf", "altered_file")])
    kept.unlink()
    assert ("file", kept.name) in service.verify(files=True)[1]


@pytest.mark.parametrize("what", ["pipe", "link", "folder"])
def test_what_is_no_file_is_reported_at_once(service: RegisterService, tmp_path: Path, what: str) -> None:
    """A pipe, a link or a folder in the place of bytes is named by ``--files``; nothing waits for it or follows it."""
    [kept] = [p for p in (tmp_path / "files/content").rglob("*") if p.is_file()]
    kept.rename(tmp_path / "aside")
    if what == "pipe":
        os.mkfifo(kept)
    elif what == "link":
        kept.symlink_to(tmp_path / "aside")
    else:
        kept.mkdir()
    assert ("altered", kept.name) in service.verify(files=True)[1]


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("profile", "UPDATE workspaces SET profile = json_set(profile, '$.scope.containers', json('true'))"),
        ("edition", "UPDATE workspaces SET edition = 'x'"),
        ("holds_until", "UPDATE workspaces SET holds_until = '2099-01-01'"),
    ],
)
def test_a_changed_setting_is_found(service: RegisterService, name: str, statement: str) -> None:
    """What the register is planned from, and until when, is told by the log too."""
    assert service.verify(now=START)[1] == []
    by_hand(service, statement)
    assert ("workspace", name) in service.verify(now=START)[1]


def test_a_changed_piece_and_file_are_not_delivered(service: RegisterService, small: Guide, tmp_path: Path) -> None:
    """Row and file changed together, so that they fit: the binder holds to the log all the same."""
    forged = service.take_file(io.BytesIO(b"%PDF-1.4\nforged"), "登记.pdf")
    service.files.publish(forged.sha256)
    by_hand(service, "UPDATE pieces SET sha256 = :sha256", sha256=forged.sha256)
    bind(tmp_path / "b.zip", small, "甲", service.entries(START), service.pieces(), service.open_file, date(2026, 6, 1), SHANGHAI)
    assert b"forged" not in (tmp_path / "b.zip").read_bytes()
    assert PDF in (tmp_path / "b.zip").read_bytes()


def test_an_invented_acceptance_is_not_delivered(service: RegisterService, small: Guide, tmp_path: Path) -> None:
    """A state that the log does not tell is doubtful: its slot is a gap in the binder, and cannot be reviewed."""
    service.submit(OTHER, [LINK], who(OWNER))
    by_hand(service, "UPDATE slots SET state_doc = replace(state_doc, '\"submitted\"', '\"accepted\"') WHERE id = :id", id=OTHER)
    assert service.entry(OTHER).slot.key in service.doubtful()
    third = OTHER.replace("2024", "2023")
    service.submit(third, [LINK], who(OWNER))
    by_hand(service, "UPDATE slots SET state_doc = json_set(state_doc, '$.given', 'another') WHERE id = :id", id=third)
    with pytest.raises(RegisterError) as refused:
        service.accept(third, who(), seen=WHOLE)
    assert refused.value.key == "register.not_as_told"


def test_a_changed_row_is_handed_in_by_nobody(guide: Guide, tmp_path: Path) -> None:
    """What stands only in the table is not what a reviewer is shown, nor what a count that goes on takes along."""
    store = open_register(f"sqlite:///{tmp_path}/counted.sqlite3")
    made = company(part_of(guide, "1"), register=store, files=open_files(None, tmp_path), owners=[Assignment("item", "1", OWNER)])
    slot = "1(2)/records/1@2026#关务负责人"
    key = made.submit(slot, [LINK], who(OWNER), said=Said(1)).slot.key
    by_hand(made, "UPDATE pieces SET text = 'https://example.invalid/forged'")
    scene = Desk("T1", made, part_of(guide, "1"), RENEWAL, Policy()).scene([key], START, "zh")
    assert [p.text for p in scene.pieces] == [LINK.text]
    made.accept(slot, who(), seen=WHOLE)
    made.submit(slot, [replace(LINK, text="https://example.invalid/2")], who(OWNER), said=Said(1))
    assert [p.text for p in made.pieces([key])] == [LINK.text, LINK.text, "https://example.invalid/2"]
    store.close()


def test_an_invented_acceptance_is_counted_nowhere(service: RegisterService) -> None:
    """Neither on a card nor in the lead's week: what people are shown follows the log."""
    service.submit(OTHER, [LINK], who(OWNER))
    before = service.standing(START)
    by_hand(
        service,
        "UPDATE slots SET state = 'accepted', state_doc = replace(state_doc, '\"submitted\"', '\"accepted\"') WHERE id = :id",
        id=OTHER,
    )
    assert service.entry(OTHER).state.name == "accepted"
    assert service.standing(START) == before
    assert [e.slot.id for e in service.standing(START, Filter(state="submitted"))] == [OTHER]
    summarise(service.register, service.window, START)
    [week] = [m.says for m in service.messages(kind="week")]
    assert isinstance(week, Week)
    assert (week.accepted, week.waiting) == (1, 1)


def test_what_was_added_is_not_accepted_unseen(service: RegisterService) -> None:
    """An addition during a review changes the digest: whoever saw less is told so, and what there is."""
    entry = service.submit(OTHER, [LINK], who(OWNER))
    service.submit(OTHER, [replace(LINK, text="https://example.invalid/forged")], who(OWNER))
    with pytest.raises(RegisterError, match="forged"):
        service.accept(OTHER, who(), given=entry.state.given[:12], seen=WHOLE)
    assert service.accept(OTHER, who(), given=service.entry(OTHER).state.given, seen=WHOLE).state.name == "accepted"


@pytest.mark.parametrize("spelling", ["Wang@Example.cn", "ｗａｎｇ@example.cn", "王芳<wang@example.cn>", " wang@example.cn", "U0WANG"])
def test_nobody_reviews_themselves_by_another_spelling(service: RegisterService, spelling: str) -> None:
    """One person under any spelling, or their chat id, is one person."""
    owners = Owners(service)
    owners.know(Person(OWNER, "王芳", address={"slack": "U0WANG"}), who())
    owners.rights(OWNER, True, who())
    service.submit(OTHER, [LINK], who(OWNER))
    with pytest.raises(RegisterError) as refused:
        service.accept(OTHER, who(spelling.strip()), seen=WHOLE)
    assert refused.value.key == "register.own"


INSIDE: list[tuple[str, Callable[[RegisterService], object]]] = [
    ("rights to oneself", lambda s: Owners(s).rights("wang@example.cn", True, who("wang@example.cn"))),
    ("rights by way of a record", lambda s: Owners(s).know(Person("wang@example.cn", admin=True), who("wang@example.cn"))),
    ("an owner table", lambda s: Owners(s).assign([Assignment("all", "*", "mallory")], who("wang@example.cn"))),
    ("a transfer", lambda s: Owners(s).transfer(LEAD, "mallory", who("wang@example.cn"))),
    ("an absence", lambda s: Owners(s).away(Absence(LEAD, date(2026, 6, 1), date(2026, 6, 9), "mallory"), who("wang@example.cn"))),
    ("a due date", lambda s: s.set_due(OTHER, date(2039, 1, 1), who("wang@example.cn"))),
    ("a merge with the lead", lambda s: Owners(s).merge("wang@example.cn", LEAD, who("wang@example.cn"))),
    ("the binder", lambda s: s.require("export", who("wang@example.cn"))),
    ("taking back another's acceptance", lambda s: s.reopen(SLOT, "不要了", who("wang@example.cn"))),
]


@pytest.mark.parametrize(("what", "act"), INSIDE, ids=[i[0] for i in INSIDE])
def test_an_act_without_the_right_to_it(service: RegisterService, what: str, act: Callable[[RegisterService], object]) -> None:
    """At the terminal as in Slack: refused in a sentence, nothing logged."""
    Owners(service).know(Person(OWNER, "王芳"), who())
    before = len(service.history())
    with pytest.raises(RegisterError):
        act(service)
    assert len(service.history()) == before, what


def test_another_lead_by_another_profile(service: RegisterService, small: Guide) -> None:
    """A profile of one's own (or ``AEO_LEAD``) makes nobody the lead; the lead themselves can name another, and it is logged."""
    mine = RegisterService(service.workspace, service.register, service.files, service.policy, "mallory", SHANGHAI)
    with pytest.raises(RegisterError) as refused:
        mine.sync(small, RENEWAL, who("mallory"))
    assert refused.value.key == "register.lead_change"
    with pytest.raises(RegisterError):
        mine.require("export", who("mallory"))
    mine.sync(small, RENEWAL, who(LEAD))
    mine.require("export", who("mallory"))
    assert service.verify()[1] == []


def test_a_time_in_the_future_silences_nobody(service: RegisterService, small: Guide) -> None:
    """Asked in 2030: reported, and asked again now all the same."""
    service.register.close()  # type: ignore[attr-defined]
    ahead = START.replace(year=2030, day=3)
    courier(service, Postbox(), Clock(ahead)).run(ahead)
    assert service.verify(now=START)[0].ahead
    later, box = START + timedelta(days=1), Postbox()
    service.sync(small, RENEWAL, who(moment=later))
    courier(service, box, Clock(later)).run(later)
    assert OWNER in {m.recipient for m in box.got}


def test_a_log_whose_time_runs_backwards_is_told(service: RegisterService) -> None:
    """An act dated back is named by its number."""
    service.submit(OTHER, [LINK], who(OWNER, START - timedelta(days=90)))
    chain, wrong = service.verify()
    assert (chain.intact, len(chain.backwards), wrong) == (True, 1, [])


def test_renaming_the_company_keeps_its_register(service: RegisterService, tmp_path: Path) -> None:
    """The id under which it was planned stays, whatever the profile calls it."""
    settings = Settings(home=tmp_path)
    settings.profile_path.write_text("enterprise: 某某公司\ncertification: initial\n", encoding="utf-8")
    root = Enterprises(settings)
    root.remember(settings.profile_path, root.profile(settings.profile_path))
    settings.profile_path.write_text("enterprise: 新名称公司\ncertification: initial\n", encoding="utf-8")
    renamed = root.profile(settings.profile_path)
    assert (renamed.enterprise, renamed.key) == ("新名称公司", service.workspace)
    assert json.loads((tmp_path / "identity.json").read_text(encoding="utf-8")) == {"profile.yaml": "某某公司"}


def test_withdrawn_and_reopened(service: RegisterService) -> None:
    """What is in review goes back to who handed it in, and to nobody else; an acceptance can be taken back, and all of it verifies."""
    service.submit(OTHER, [LINK], who(OWNER))
    with pytest.raises(RegisterError) as refused:
        service.withdraw(OTHER, who(LEAD))
    assert refused.value.key == "register.not_yours"
    assert service.withdraw(OTHER, who(OWNER)).state.name == "missing"
    back = service.reopen(SLOT, "年份不对", who())
    assert (back.state.name, back.state.accepted_version, back.state.reason) == ("returned", 0, "年份不对")
    assert service.verify()[1] == []


def test_one_person_made_of_two(service: RegisterService) -> None:
    """A colleague whom a chat knew by mail, named by the owner table later: one record, and what they did is theirs."""
    owners = Owners(service)
    owners.learn(Person("lilei@example.cn", "李雷", address={"email": "lilei@example.cn", "slack": "U0LI"}), who())
    service.submit(OTHER, [LINK], who("lilei@example.cn"))
    owners.know(Person("小李", "李雷"), who())
    owners.merge("小李", "LiLei@example.cn", who())
    people, _ = owners.people()
    assert people["lilei@example.cn"].known_as == ("小李",)
    assert "小李" not in people
    assert service.verify()[1] == []
    owners.rights("小李", True, who())
    with pytest.raises(RegisterError, match="自己"):
        service.accept(OTHER, who("小李"), seen=WHOLE)
    owners.transfer("lilei@example.cn", OWNER, who())
    assert not owners.people()[0]["lilei@example.cn"].admin
    assert service.verify()[1] == []


def test_a_link_brings_no_foreign_file_in(service: RegisterService, tmp_path: Path) -> None:
    """A symbolic link in place of a file is refused by name: what it points to is nobody's evidence."""
    secret, link = tmp_path / "secret.txt", tmp_path / "登记.txt"
    secret.write_text("工资", encoding="utf-8")
    link.symlink_to(secret)
    (tmp_path / "profile.yaml").write_text("enterprise: 某某公司\ncertification: renewal\ncertified_on: 2022-03-15\n", encoding="utf-8")
    done = aeo("evidence", "submit", OTHER, "--file", str(link), home=tmp_path, actor=LEAD, lead=LEAD)
    assert done.returncode == 2
    assert "链接" in done.stderr
