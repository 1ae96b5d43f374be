"""Filing what exists: what names say of places and years, the proposal, the table that a person corrects, and handing it in once."""

from __future__ import annotations

import io
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from datetime import timedelta

import pytest

from assistant.adapters.sheet import cells_of
from assistant.app import Assistant
from assistant.conversation.guide_asked.filing import reading
from assistant.errors import RegisterError, UsageError
from assistant.guide import Guide
from assistant.register.acts.in_bulk.importing import Source, bring
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.telling.announce import announce
from assistant.register.facts.handed_in import WHOLE
from assistant.register.facts.people import Assignment
from assistant.register.facts.profile import FLAGS, Scope
from assistant.register.papers.tables.filing_table import label, read_table, table
from assistant.register.rules.filing.lines import FilingLine, lines_of
from assistant.register.rules.filing.places import Places, fold
from assistant.register.rules.filing.proposing import Filed, Filing, Likely
from assistant.register.rules.filing.years import whens
from assistant.register.rules.people.owner_table import TableError
from tests.register.company import RENEWAL, START, company, part_of, who

ALL_OF_IT = RENEWAL.model_copy(update={"scope": Scope(**dict.fromkeys(FLAGS, True))})


def pdf(text: str) -> Source:
    return lambda: io.BytesIO(b"%PDF-1.4 " + text.encode())


@pytest.mark.parametrize(
    ("name", "years"),
    [
        ("访客登记2023", [2023]),
        ("2023年度总结", [2023]),
        ("23年登记", [2023]),
        ("FY2023", [2023]),
        ("2022-2024年访客登记", [2022, 2023, 2024]),
        ("22至24年", [2022, 2023, 2024]),
        ("登记_20230512", [2023]),
        ("2023.05 登记", [2023]),
        ("登记202305", [2023]),
        ("二〇二三年 登記", [2023]),
        ("海关公告2018年第177号", []),
        ("报关单 530120231012345678", []),
        ("近3年", []),
    ],
)
def test_years(name: str, years: list[int]) -> None:
    """A year in any of its spellings; numbers of notices and declarations are none."""
    assert [w.year for w in whens(fold(name))] == years


@pytest.mark.parametrize(
    ("path", "clauses"),
    [
        ("24(3)/登记", {"24(3)"}),
        ("24-3 访客/登记", {"24(3)"}),
        ("24.3访客/24.3.1 登记制度", {"24(3)"}),
        ("二十四（三）訪客/登記", {"24(3)"}),
        ("24③/登记", {"24(3)"}),
        ("第24项/第3分项/登记", {"24(3)"}),
        ("第二十四项/第（三）分项/登记", {"24(3)"}),
        ("贰拾肆（叁）/登记", {"24(3)"}),
        ("24 进入安全/（3）访客/登记", {"24(3)"}),
        ("進入安全/3/登记", {"24(3)"}),
        ("item 24/(3) visitors", {"24(3)"}),
        ("Item 24.3 visitors/log", {"24(3)"}),
        ("24(1)-(3) 制度", {"24(1)", "24(2)", "24(3)"}),
        ("24(2)、(3) 制度", {"24(2)", "24(3)"}),
        ("单证控制/复核", {"3"}),
        ("访客登记(2)", set()),
        ("培训记录2(1)", set()),
        ("2024-3 月报", set()),
        ("99 其他/说明", set()),
    ],
)
def test_places(guide: Guide, path: str, clauses: set[str]) -> None:
    """A place by number or title, in 简 or 繁, in one name or from folder to folder; copies and months are none."""
    found = Places(guide).named([fold(name) for name in path.split("/")])
    strict = [p for p in found if p.how in ("clause", "sub")] or [p for p in found if p.how == "title"]
    assert {c for p in strict for c in p.clauses} == clauses


def test_another_numbering_is_doubted(guide: Guide) -> None:
    """A folder whose number and title name different items goes by the title, and says so."""
    lines = company(guide, ALL_OF_IT).entries(START)
    filed = Filing(guide, lines, None).propose("14 人员安全/2023/名单.pdf")
    assert {line.clause[:2] for line in filed.lines} == {"25"}
    assert any("请核对" in r.sentence("zh") for r in filed.reasons)
    assert filed.sure in ("low", "middle")


@pytest.mark.thorough
def test_by_the_words(guide: Guide, assistant: Assistant) -> None:
    """Names without any number find their line by the guide's words; what fits nothing is left, whatever its folder is called."""
    filing = Filing(guide, company(guide, ALL_OF_IT).entries(START), reading(assistant.edition().searcher))
    wanted = {
        "保安部/来访人员登记簿2023.pdf": "24(3)/records/1@2023",
        "人事/员工花名册2023年底.xlsx": "25(2)/records/1@2023-12-31",
        "采购/供应商安全评估表 二〇二五年.xlsx": "26/records/1@2025",
        "组织架构/公司组织架构及部门职责.docx": "2(1)/documents/1",
        "财务/2023年度審計報告.pdf": "12/clause@2023",
        "2024年/海关业务培训/关务负责人 培训签到.pdf": "1(2)/records/1@2024#关务负责人",
        "安全培訓/危机演练照片2024.jpg": "31(3)/records/2@2024",
    }
    found = {path: filing.propose(path) for path in [*wanted, "食堂菜单.docx", "IMG_0001.jpg"]}
    slots = {path: [e.slot.id for line in f.lines for e in line.of(f.periods)] for path, f in found.items()}
    assert {path: slots[path] for path in wanted} == {path: [slot] for path, slot in wanted.items()}
    assert found["IMG_0001.jpg"].sure == "none"
    assert found["食堂菜单.docx"].sure in ("none", "low")


@pytest.mark.thorough
def test_a_folder_alone_makes_nothing_sure(guide: Guide, assistant: Assistant) -> None:
    """What only its folder speaks for, a dated file for a line without years, and a folder that is merely counted are asked, never ticked."""
    filing = Filing(guide, company(guide, ALL_OF_IT).entries(START), reading(assistant.edition().searcher))
    told = {
        "危机管理/应急演练记录2024.pdf": "只因在“危机管理”文件夹里",
        "信息系统/权限审批表 2024-06.pdf": "只因在“信息系统”文件夹里",
        "运输/司机身份核查记录 2024.pdf": "不分年份",
        "01组织架构/关务部门职责分工表2023.pdf": "请核对",
    }
    for path, said in told.items():
        found = filing.propose(path)
        assert (bool(found.lines), found.sure in ("low", "middle")) == (True, True), path
        assert said in "；".join(r.sentence("zh") for r in found.reasons), path
    assert {line.clause for line in filing.propose("01组织架构/部门职责分工表.pdf").lines} == {"2(1)"}


def test_labels_say_what_is_asked(guide: Guide) -> None:
    """A line's label is a whole statement, without the case in which it is asked; none breaks off after “企业申请认证的”."""
    labels = {label(line, "zh") for line in lines_of(company(guide, ALL_OF_IT).entries(START))}
    assert {"12 条款正文 提交当年度会计师事务所审计报告", "2(1) 书面文件（1） 企业组织架构图以及各部门职责分工的书面文件"} <= labels
    assert "1(2) 书面文件（1） 应有企业法定代表人签署的书面授权文件" in labels
    assert not [one for one in labels if one.endswith(("的", "后", "时", "以及"))]


def _filing(guide: Guide) -> tuple[Sequence[FilingLine], Filing]:
    entries = company(part_of(guide, "24", "25"), ALL_OF_IT).entries(START)
    words = Likely({"24(3)": 0.9}, lambda clause: {"24(3)/records/1": 0.9, "24(3)/documents/1": 0.1})
    return lines_of(entries), Filing(part_of(guide, "24", "25"), entries, lambda text: words)


def test_several_periods_and_none(guide: Guide) -> None:
    """A span of years is every slot of them; a year that is not owed, and none at all, are asked for."""
    lines, filing = _filing(guide)
    span = filing.propose("24(3)/访客登记2022-2024.pdf")
    assert (span.periods, span.sure) == (("2022", "2023", "2024"), "high")
    for path, said in (("24(3)/访客登记2019.pdf", "2019"), ("24(3)/访客登记.pdf", "没有写年份")):
        other = filing.propose(path)
        assert (other.periods, other.sure in ("low", "middle")) == ((), True)
        assert any(said in r.sentence("zh") for r in other.reasons)
    assert len({label(line, "zh") for line in lines if line.owed}) == len([line for line in lines if line.owed])


def test_a_year_is_for_a_line_with_years(guide: Guide) -> None:
    """A file of a year is a record before it is a paper that is written once; where words alone make it a little like such a paper, it is none."""
    small = part_of(guide, "1", "25")
    means = {
        "工资表": Likely({"25(1)": 0.4}, lambda clause: {"25(1)/documents/1": 0.9}),
        "法人培训": Likely({"1(2)": 0.8}, lambda clause: {"1(2)/documents/1": 0.5, "1(2)/records/1": 0.3}),
    }
    filing = Filing(small, company(small, ALL_OF_IT).entries(START), lambda text: means.get(text, means["工资表"]))
    assert filing.propose("2025年工资表.xlsx").sure == "none"
    assert filing.propose("工资表.xlsx").lines[0].base == "25(1)/documents/1"
    assert {line.base for line in filing.propose("2025/法人培训.pdf").lines} == {"1(2)/records/1"}


def test_the_table_comes_back(guide: Guide) -> None:
    """What the table says is what is read back; a formula in a name stays a name; a person's corrections count, mistakes are all named."""
    lines, filing = _filing(guide)
    paths = ["24(3)/访客登记2023.pdf", "=1+1.pdf", "其他.txt"]
    filed = [filing.propose(paths[0]), Filed(paths[1]), Filed(paths[2])]
    cells = cells_of(table(filed, lines, "zh"), "t.xlsx")
    confirmed, left = read_table(cells, lines, paths, "t.xlsx")
    assert [(c.path, [e.slot.id for e in c.slots]) for c in confirmed] == [(paths[0], ["24(3)/records/1@2023"])]
    assert left == paths[1:]
    corrected = [
        *cells[:2],
        (3, [cells[2][1][0], "24(3) 抽查记录（2）", "全部", "是"]),
        (4, ["其他.txt", "24(3)/records/1；24(1) 书面文件", "2024", "y"]),
    ]
    again, _ = read_table(corrected, lines, paths, "t.xlsx")
    assert [e.slot.id for e in again[1].slots] == [f"24(3)/records/2@{y}" for y in range(2022, 2027)]
    assert [e.slot.id for e in again[2].slots] == ["24(3)/records/1@2024", "24(1)/documents/1"]
    wrong = [
        cells[0],
        (2, ["没有.pdf", "99(9)", "", "是"]),
        (3, [paths[0], "24(3) 抽查记录（1）", "2019", "是"]),
        (4, [paths[0], "", "", "好"]),
    ]
    with pytest.raises(TableError) as error:
        read_table(wrong, lines, paths, "t.xlsx")
    assert all(word in error.value.sentence("zh") for word in ("没有.pdf", "99(9)", "2022、2023", "“好”", "第 2 行", "第 4 行"))
    with pytest.raises(UsageError, match="不是归类建议表"):
        read_table([(1, ["a", "b"])], lines, paths, "t.xlsx")


def test_nothing_comes_twice(guide: Guide) -> None:
    """One submission a slot; the same content for the same slot is there already, whatever it is called; one file serves several slots."""
    service = company(part_of(guide, "24"), ALL_OF_IT, owners=[Assignment("all", "*", owner="wang", reviewer="li")])
    slots = {e.slot.id: e for e in service.entries(START)}
    one, two, rule = (slots[s] for s in ("24(3)/records/1@2023", "24(3)/records/1@2024", "24(3)/documents/1"))
    sources: dict[str, Source] = {"a.pdf": pdf("a"), "b.pdf": pdf("b"), "copy of a.pdf": pdf("a")}
    wanted = [("a.pdf", [one, two]), ("b.pdf", [one]), ("copy of a.pdf", [one, rule])]
    done = bring(service, wanted, sources, who("wang"))
    assert done.submitted == {
        "24(3)/records/1@2023": ["a.pdf", "b.pdf"],
        "24(3)/records/1@2024": ["a.pdf"],
        "24(3)/documents/1": ["copy of a.pdf"],
    }
    assert (done.already, done.failed, done.own) == ({"24(3)/records/1@2023": ["copy of a.pdf"]}, [], [])
    later = bring(service, wanted, sources, who("wang", START + timedelta(days=1)))
    assert (later.submitted, sum(map(len, later.already.values()))) == ({}, 5)
    service.give_back(one.slot.key, "缺页", who("li"))
    assert bring(service, wanted, sources, who("wang")).submitted == {}
    service.withdraw(two.slot.key, who("wang"))
    assert list(bring(service, wanted, sources, who("wang")).submitted) == ["24(3)/records/1@2024"]
    assert not service.verify(files=True)[1]


def test_in_the_owners_names(guide: Guide) -> None:
    """A lead may hand in for each owner, which is recorded; nobody else may. Who brought it in reviews none of it, under no name."""
    owners = [Assignment("clause", "24(3)", owner="wang", reviewer="lead"), Assignment("clause", "24(2)", owner="zhao", reviewer="lead")]
    service = company(part_of(guide, "24"), ALL_OF_IT, owners=owners)
    entries = [e for e in service.entries(START) if e.slot.id in ("24(3)/documents/1", "24(2)/documents/1", "24(1)/documents/1")]
    with pytest.raises(RegisterError, match="只有合规负责人"):
        bring(service, [("a.pdf", entries)], {"a.pdf": pdf("a")}, who("wang"), for_owners=True)
    done = bring(service, [("a.pdf", entries)], {"a.pdf": pdf("a")}, who(origin="cli:root"), for_owners=True)
    events = [e for e in service.history() if e.kind == "submitted"]
    assert {(e.actor, e.origin) for e in events} == {("wang", "cli:root"), ("zhao", "cli:root"), ("lead", "cli:root")}
    assert done.own == ["24(1)/documents/1", "24(2)/documents/1", "24(3)/documents/1"]
    Owners(service).assign([Assignment("clause", "24(3)", owner="wang", reviewer="rui")], who())
    for reviewer in (who(), replace(who("rui"), by="lead")):
        with pytest.raises(RegisterError, match="lead 自己提交"):
            service.accept("24(3)/documents/1", reviewer, seen=WHOLE)
    assert service.accept("24(3)/documents/1", who("rui"), seen=WHOLE).state.name == "accepted"
    assert service.verify()[1] == []


def test_two_at_once(guide: Guide) -> None:
    """Two who import the same at the same moment, each not seeing the other yet, hand it in once."""
    service = company(part_of(guide, "24"), ALL_OF_IT, owners=[Assignment("all", "*", owner="wang", reviewer="li")])
    [entry] = [e for e in service.entries(START) if e.slot.id == "24(3)/records/1@2023"]
    other = copy(service)
    other.pieces = lambda slots=(): bring(service, [("a.pdf", [entry])], {"a.pdf": pdf("a")}, who("wang")) and []  # type: ignore[method-assign]
    done = bring(other, [("a.pdf", [entry])], {"a.pdf": pdf("a")}, who("wang"))
    assert (done.submitted, done.already) == ({}, {entry.slot.id: ["a.pdf"]})
    assert len(service.pieces()) == 1


def test_killed_halfway(guide: Guide) -> None:
    """An import that dies between two slots is completed by the same one; no file counts twice."""
    service = company(part_of(guide, "24"), ALL_OF_IT)
    entries = [e for e in service.entries(START) if e.slot.kind == "records" and e.owed]
    sources: dict[str, Source] = {f"{n}.pdf": pdf(str(n)) for n in range(len(entries))}
    wanted = [(f"{n}.pdf", [e]) for n, e in enumerate(entries)]

    class Killed(BaseException):
        pass

    def dies(done: int, total: int) -> None:
        if done == 3:
            raise Killed

    with pytest.raises(Killed):
        bring(service, wanted, sources, who(), dies)
    done = bring(service, wanted, sources, who())
    assert (len(done.already), len(done.submitted)) == (3, len(entries) - 3)
    assert len(service.pieces()) == len(entries)
    assert len(done.own) == len(entries) - 3, "the lead reviews these, and handed them in"


def test_what_cannot_be_handed_in_is_named(guide: Guide) -> None:
    """A program among the files, one that is gone, and one for a slot that is settled: each named, the rest comes in."""
    service = company(part_of(guide, "24"), ALL_OF_IT, owners=[Assignment("all", "*", owner="wang", reviewer="li")])
    slots = {e.slot.id: e for e in service.entries(START)}
    one, rule = slots["24(3)/records/1@2023"], slots["24(3)/documents/1"]
    service.submit(rule.slot.key, [service.take_file(io.BytesIO(b"%PDF-1"), "old.pdf")], who("wang"))
    rule = service.accept(rule.slot.key, who("li"), seen=WHOLE)

    def gone() -> io.BytesIO:
        raise FileNotFoundError(2, "gone")

    sources: dict[str, Source] = {"a.pdf": pdf("a"), "x.pdf": lambda: io.BytesIO(b"MZ"), "gone.pdf": gone, "new.pdf": pdf("n")}
    done = bring(service, [("a.pdf", [one]), ("x.pdf", [one]), ("gone.pdf", [one]), ("new.pdf", [rule])], sources, who("wang"))
    assert list(done.submitted.values()) == [["a.pdf"]]
    assert {f.path: f.slot for f in done.failed} == {"x.pdf": one.slot.id, "gone.pdf": one.slot.id}
    assert done.settled == {rule.slot.id: ["new.pdf"]}
    assert list(service.files.staged()) == []
    assert all(f.error.sentence("zh") for f in done.failed)


def test_a_reviewer_hears_once(guide: Guide) -> None:
    """Many slots at once are one message to each reviewer, who finds them on Home; a few have a card each, and who imports hears nothing."""
    service = company(part_of(guide, "24"), ALL_OF_IT, owners=[Assignment("all", "*", owner="wang", reviewer="li")])
    service.rules = replace(service.rules, announce=announce)
    entries = [e for e in service.entries(START) if e.slot.kind == "records" and e.owed]
    sources: dict[str, Source] = {"a.pdf": pdf("a")}
    bring(service, [("a.pdf", entries[:2])], sources, who("wang"))
    told = [m.kind for m in service.messages(recipient="li") if m.kind not in ("home", "edit")]
    assert sorted(told) == ["file", "file", "review", "review"]
    bring(service, [("a.pdf", entries)], sources, who("wang", START + timedelta(hours=1)))
    more = [m for m in service.messages(recipient="li") if m.kind not in ("home", "edit", "file", "review")]
    assert [m.kind for m in more] == ["comment"]
    assert str(len(entries) - 2) in getattr(more[0].says, "text", "")
    assert len([m for m in service.messages(recipient="li") if m.kind == "review"]) == 2
    assert not [m for m in service.messages(recipient="wang") if m.kind == "comment"]


def test_a_reviewer_by_mail_gets_one_letter(guide: Guide) -> None:
    """Where each card would be a letter of its own, two slots of one import are one message already."""
    service = company(part_of(guide, "24"), ALL_OF_IT, owners=[Assignment("all", "*", owner="wang", reviewer="li")])
    service.rules = replace(service.rules, announce=announce)
    entries = [e for e in service.entries(START) if e.slot.kind == "records" and e.owed][:2]
    bring(service, [("a.pdf", entries)], {"a.pdf": pdf("a")}, who("wang"), home=False)
    assert [m.kind for m in service.messages(recipient="li") if m.kind not in ("home", "edit")] == ["comment"]
