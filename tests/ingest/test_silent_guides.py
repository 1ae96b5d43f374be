"""Guides that print no list of evidence: clauses owe by their own sentence, by a column of materials, and by what a lead writes."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from assistant.enterprises import Enterprises
from assistant.guide import Guide
from assistant.register.acts.doing.who import Who
from assistant.register.facts.profile import Profile
from assistant.register.facts.slots import Slot
from assistant.register.papers.tables import owner_proposal
from assistant.register.rules.demands.plan import plan
from assistant.register.rules.people.owner_table import parse_table
from assistant.settings import Settings
from evals.release.registers import Registers, may
from ingest.compare.lineage import parse_after
from ingest.compare.moves import moves
from ingest.examine import examined
from ingest.parse.guide import parse
from ingest.proofs import LinesError, header, rows, taken
from ingest.read.file import read
from ingest.shipped import shipped_guide
from tests.conftest import NOW
from tests.connectors.test_cli import aeo

RENEWAL = Profile(enterprise="某某公司", certification="renewal", certified_on=date(2024, 3, 1))
CLAUSES = (
    "（1）指定海关业务联系人，通过信用平台等方式与海关开展沟通与合作。",
    "（2）法定代表人应当掌握企业涉及海关业务的总体情况，包括进出口业务和信用状况。",
)
HEAD = ("类别", "项目", "认证标准")


def file_of(folder: Path, head: tuple[str, ...], *columns: tuple[str, str], name: str = "guide.csv") -> Path:
    """A guide of one item with two clauses, and further columns beside them."""
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow((*HEAD, *head))
        for n, clause in enumerate(CLAUSES):
            place = ("一、内部控制标准", "1．关企合作") if n == 0 else ("", "")
            table.writerow((*place, clause, *(column[n] for column in columns)))
    return path


def slots(guide: Guide) -> tuple[Slot, ...]:
    """What an enterprise that renews owes."""
    return plan(guide, RENEWAL, NOW).slots


def looked(path: Path) -> tuple[Guide, dict[str, int]]:
    """The guide of a file and what each reading gives."""
    done = examined(path, shipped_guide())
    return done.guide, done.readings


def test_a_clause_without_a_list_owes_one_evidence_that_it_holds(tmp_path: Path) -> None:
    """One slot a clause, of no kind until the lead says."""
    guide, readings = looked(file_of(tmp_path, ()))
    assert readings["sentences"] == 2
    assert [(s.id, s.kind, s.owing, s.why) for s in slots(guide)] == [
        ("1(1)/clause", "note", "paper", "sentence"),
        ("1(2)/clause", "note", "paper", "sentence"),
    ]


@pytest.mark.parametrize("heading", ["所需材料", "交付物", "要准备什么", ""])
def test_a_column_of_materials_is_one_however_it_is_headed(tmp_path: Path, heading: str) -> None:
    """Short names of papers make lines: records by their words, papers else."""
    path = file_of(tmp_path, (heading,), ("联系人任命书\n沟通记录", "会议记录\n管理制度文件"))
    guide, readings = looked(path)
    assert (readings["materials"], readings["sentences"]) == (4, 0)
    assert list(guide.requirements) == ["1(1)/documents/1", "1(1)/records/1", "1(2)/records/1", "1(2)/documents/1"]


def test_two_columns_of_materials_are_both_read(tmp_path: Path) -> None:
    """What stands in a second column of papers is no less owed."""
    guide, readings = looked(file_of(tmp_path, ("书面材料", "记录"), ("联系人任命书", "管理制度文件"), ("沟通记录", "会议记录")))
    assert readings["materials"] == len(slots(guide)) == 4


def test_departments_and_frequencies_are_proposed(tmp_path: Path) -> None:
    """A column of departments proposes who, one of frequencies how often; neither is a line of the guide."""
    path = file_of(tmp_path, ("交付物", "牵头部门", "频率"), ("沟通记录", "会议记录"), ("关务部", "总经办"), ("每半年一次", "每季度"))
    guide, readings = looked(path)
    assert (readings["owner"], readings["period"]) == (2, 2)
    assert [c.owner for c in guide.clauses.values()] == ["关务部", "总经办"]
    assert Counter((s.clause, s.count) for s in slots(guide)) == {("1(1)", 2): 3, ("1(2)", 4): 3}
    without = file_of(tmp_path, ("责任部门", "频次"), ("关务部", ""), ("每年", "实时"))
    assert [(s.id, s.count) for s in slots(looked(without)[0])][-2:] == [("1(1)/clause@2026", 1), ("1(2)/clause", 0)]


def test_a_lead_writes_the_lines(tmp_path: Path) -> None:
    """Rows changed, added and deleted are what is owed; mistakes are all named, and then nothing is taken."""
    guide, _ = looked(file_of(tmp_path, ()))
    first, second = rows(guide, "zh")
    changed = [first[0], first[1], "联系人任命书", "书面文件", "", "关务部"]
    more = [first[0], "", "与海关沟通的记录", "抽查记录", "每年2次", ""]
    table = [(n, row) for n, row in enumerate([header("zh"), changed, more], 1)]
    edited = taken(guide, table, "表.xlsx")
    found = slots(edited)
    assert [(s.id, s.kind, s.count) for s in found if s.period in ("", "2026")] == [
        ("1(1)/clause", "documents", 0),
        ("1(1)/clause/2@2026", "records", 2),
    ]
    assert not edited.clauses["1(2)"].proofs
    wrong = [*table, (4, ["9(9)", "", "甲", "", "", ""]), (5, [*second[:3], "照片", "", ""]), (6, [*second[:2], "", "", "", ""])]
    with pytest.raises(LinesError) as caught:
        taken(guide, wrong, "表.xlsx")
    said = caught.value.sentence()
    assert all(w in said for w in ("第 4 行", "9(9)", "第 5 行", "照片", "第 6 行"))
    with pytest.raises(LinesError, match="材料"):
        taken(guide, [(1, ["条款"])], "表.xlsx")


def test_what_a_lead_wrote_lives_on(tmp_path: Path) -> None:
    """A later edition that still prints no list owes what the lead wrote; a changed sentence is told around it."""
    guide, _ = looked(file_of(tmp_path, ()))
    row = [*next(rows(guide, "zh"))[:2], "联系人任命书", "书面文件", "", ""]
    edited = taken(guide, [(1, header("zh")), (2, row)], "表")
    path = tmp_path / "next.csv"
    path.write_text((tmp_path / "guide.csv").read_text(encoding="utf-8").replace("开展沟通与合作", "开展日常沟通与合作"), encoding="utf-8")
    later = parse_after(read(path), "next", edited)
    assert [p.text for p in later.clauses["1(1)"].proofs] == ["联系人任命书"]
    old, new = edited.clauses["1(1)"].proofs[0].key, later.clauses["1(1)"].proofs[0].key
    move = next(m for m in moves(edited, later).lines if m.old == old)
    assert (move.new, move.same, [t.what for t in move.touched]) == (new, True, ["sentence"])


@pytest.mark.thorough
def test_lines_as_a_table_and_back(tmp_path: Path) -> None:
    """``aeo guide lines`` writes the table and takes it back; who may not is told so."""
    home = tmp_path / "home"
    assert aeo("guide", "ingest", str(file_of(tmp_path, ())), "--edition", "raw", home=home).returncode == 0
    out = tmp_path / "lines.xlsx"
    assert json.loads(aeo("guide", "lines", "raw", "--xlsx", str(out), "--json", home=home).stdout)["lines"][0]["clause"] == "1(1)"
    done = aeo("guide", "lines", "raw", "--take", str(out), "--as", "stranger", home=home)
    assert (done.returncode, "\n" in done.stderr.strip()) == (2, False)
    may(Registers(Enterprises(Settings(home=home, lead="lead"))), Who("lead", NOW))
    done = aeo("guide", "lines", "raw", "--take", str(out), "--as", Settings(home=home).lead, "--json", home=home)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["lines"]) == 2


def test_departments_propose_the_owner_table(tmp_path: Path) -> None:
    """The column of departments becomes an owner table that is read back as it is: an item at once where all its clauses name one."""
    found = parse(read(file_of(tmp_path, ("责任部门",), ("关务部", "关务部"))), "e")
    table = [owner_proposal.header("zh"), *owner_proposal.rows(found)]
    assert table[1:] == [["1", "关务部", "", ""]]
    rows_, _ = parse_table(list(enumerate(table, 1)), found, "表.xlsx")
    assert [(a.level, a.target, a.owner) for a in rows_] == [("item", "1", "关务部")]
    apart = parse(read(file_of(tmp_path, ("责任部门",), ("关务部", "人事部"))), "e")
    assert [row[:2] for row in owner_proposal.rows(apart)] == [["1(1)", "关务部"], ["1(2)", "人事部"]]
    assert list(owner_proposal.rows(shipped_guide())) == []
