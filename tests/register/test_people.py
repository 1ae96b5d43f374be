"""Who is in charge: the most specific assignment, deputies, leavers, tables of owners."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from assistant.adapters.sheet import read_cells
from assistant.errors import CaseError, RegisterError
from assistant.guide import Guide
from assistant.register.acts.people.owning import Owners
from assistant.register.facts.handed_in import WHOLE
from assistant.register.facts.naming import named
from assistant.register.facts.people import Absence, Assignment, Person
from assistant.register.facts.slots import Held
from assistant.register.rules.people.in_charge import acting
from assistant.register.rules.people.named_places import target_of
from assistant.register.rules.people.owner_table import TableError, parse_table
from assistant.register.rules.people.roles import PERMITTED, TERMINAL, require
from tests.register.company import LINK, company, part_of, who


@pytest.mark.parametrize(
    ("text", "name", "mail"),
    [
        ("王芳 wang@example.cn", "王芳", "wang@example.cn"),
        ("wang@example.cn 王 芳", "王芳", "wang@example.cn"),
        ("王芳（Wang@Example.cn）", "王芳", "wang@example.cn"),
        ("Tom Li tom@example.cn", "Tom Li", "tom@example.cn"),
        ("ｗａｎｇ @ example .cn", "", "wang@example.cn"),
        ("王芳@例子.公司", "", "王芳@例子.公司"),
        ("王 芳", "王芳", ""),
    ],
)
def test_a_blank_parts_a_name_from_an_address(text: str, name: str, mail: str) -> None:
    """As offices write people into a cell; only blanks around @ and the dots behind it strayed into the address."""
    assert (named(text).name, named(text).mail) == (name, mail)


def test_most_specific_wins(guide: Guide) -> None:
    """Clause before item before category before part before everything; owner and reviewer each on their own; else the lead."""
    rows = [
        Assignment("all", "*", reviewer="r0"),
        Assignment("part", "四", owner="p"),
        Assignment("category", "（十一）", owner="c"),
        Assignment("item", "24", owner="i", reviewer="r1"),
        Assignment("clause", "24(3)", owner="l"),
    ]
    service = company(guide, owners=rows)
    got = {
        s: (service.entry(s).owner, service.entry(s).reviewer)
        for s in ("24(3)/situation", "24(2)/situation", "26/situation", "1(1)/situation")
    }
    assert got == {
        "24(3)/situation": ("l", "r1"),
        "24(2)/situation": ("i", "r1"),
        "26/situation": ("p", "r0"),
        "1(1)/situation": ("lead", "r0"),
    }


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("一", ("part", "一")),
        ("第四部分", ("part", "四")),
        ("（十一）", ("category", "（十一）")),
        ("(十一)", ("category", "（十一）")),
        ("24", ("item", "24")),
        ("第24项", ("item", "24")),
        ("24（3）", ("clause", "24(3)")),
        ("26", ("item", "26")),
        ("*", ("all", "*")),
        ("全部", ("all", "*")),
    ],
)
def test_targets(guide: Guide, text: str, target: tuple[str, str]) -> None:
    """A part, category, item or clause as people write it."""
    assert target_of(text, guide) == target


@pytest.mark.parametrize("text", ["五", "32", "24(9)", "（二十）", "", "x"])
def test_no_target(guide: Guide, text: str) -> None:
    """What the guide does not have is refused."""
    with pytest.raises(RegisterError):
        target_of(text, guide)


def test_who_acts() -> None:
    """A dated deputy acts in their days, an undated one in absences, an absence's own deputy first; nobody when all are away."""
    dated = Held(deputy="d", deputy_from=date(2026, 6, 1), deputy_until=date(2026, 6, 5))
    assert [acting("o", dated, {}, date(2026, 6, n)) for n in (1, 5, 6)] == ["d", "d", "o"]
    away = {"o": [Absence("o", date(2026, 6, 1), date(2026, 6, 10))]}
    assert acting("o", Held(deputy="d"), away, date(2026, 6, 3)) == "d"
    assert acting("o", Held(deputy="d"), away, date(2026, 6, 11)) == "o"
    assert acting("o", Held(), away, date(2026, 6, 3)) is None
    away["o"] = [Absence("o", date(2026, 6, 1), date(2026, 6, 10), "x")]
    assert acting("o", Held(deputy="d"), away, date(2026, 6, 3)) == "x"
    away["x"] = [Absence("x", date(2026, 6, 1), date(2026, 6, 10))]
    assert acting("o", Held(deputy="d"), away, date(2026, 6, 3)) == "d"


def test_transfer(guide: Guide) -> None:
    """A leaver's slots, single slots, reviews and deputyships all go to the heir in one act, and the log says so."""
    rows = [Assignment("item", "24", owner="wang", reviewer="li"), Assignment("item", "26", owner="li", deputy="wang")]
    service = company(part_of(guide, "24", "26", "31"), owners=rows)
    service.reassign("31(1)/situation", "wang", who())
    owners = Owners(service)
    moved = owners.transfer("wang", "zhao", who())
    assert moved == sum(e.owner == "zhao" for e in service.entries(who().at))
    assert service.entry("31(1)/situation").owner == "zhao"
    assert {a.deputy for a in owners.assignments()} == {"", "zhao"}
    assert not any("wang" in (e.owner, e.reviewer) for e in service.entries(who().at))
    assert "transferred" in [e.kind for e in service.history()]
    assert service.verify()[1] == []
    with pytest.raises(RegisterError):
        owners.transfer("zhao", "zhao", who())


def test_reviews_follow_assignments(guide: Guide) -> None:
    """A changed reviewer holds from then on."""
    service = company(part_of(guide, "24"), owners=[Assignment("item", "24", owner="wang", reviewer="li")])
    service.submit("24(1)/situation", [LINK], who("wang"))
    Owners(service).assign([Assignment("item", "24", owner="wang", reviewer="sun")], who())
    with pytest.raises(RegisterError):
        service.accept("24(1)/situation", who("li"), seen=WHOLE)
    assert service.accept("24(1)/situation", who("sun"), seen=WHOLE).state.name == "accepted"


def test_permissions_table() -> None:
    """Outside the terminal a stranger may do nothing; reviewing is for reviewers, leads and admins on every surface."""
    for action, roles in PERMITTED.items():
        assert "stranger" not in roles
        with pytest.raises(RegisterError):
            require(action, {"stranger"}, "x", "slack", "s", "o", "r")
        for role in roles:
            require(action, {role}, "x", "slack")
    assert TERMINAL["review"] == PERMITTED["review"] == {"reviewer", "lead", "admin"}


def test_slack_strangers(guide: Guide) -> None:
    """In Slack only the people in charge of a slot may act on it; a dated deputy may too."""
    row = Assignment("item", "24", owner="wang", deputy="deng", deputy_from=date(2026, 6, 1), deputy_until=date(2026, 6, 3))
    service = company(part_of(guide, "24"), owners=[row])
    with pytest.raises(RegisterError, match="wang"):
        service.submit("24(1)/situation", [LINK], who("mallory", origin="slack"))
    service.submit("24(1)/situation", [LINK], who("deng", origin="slack"))
    with pytest.raises(RegisterError):
        Owners(service).assign([Assignment("item", "24", owner="mallory")], who("mallory", origin="slack"))
    Owners(service).know(Person("anna", admin=True), who())
    Owners(service).assign([Assignment("item", "24", owner="zhao")], who("anna", origin="slack"))


def write_xlsx(path: Path, rows: list[list[object]]) -> None:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(path)


def test_table(guide: Guide, tmp_path: Path) -> None:
    """CSV (UTF-8, UTF-8 with a mark, GB18030, semicolons) and XLSX give the same assignments."""
    text = "范围,负责人,审核人,代理人,代理开始,代理结束,时区,姓名\n24(3),王五,李四,赵六,2026-03-01,2026-03-31,Europe/Berlin,王小五\n一,张三,,,,,,\n"
    found = []
    for name, raw in (
        ("a", text.encode()),
        ("b", text.encode("utf-8-sig")),
        ("c", text.encode("gb18030")),
        ("d", text.replace(",", ";").encode()),
    ):
        (tmp_path / f"{name}.csv").write_bytes(raw)
        found.append(parse_table(read_cells(tmp_path / f"{name}.csv"), guide, name))
    header = ["target", "owner", "reviewer", "deputy", "deputy_from", "deputy_until", "timezone", "name"]
    write_xlsx(
        tmp_path / "e.xlsx",
        [header, ["24(3)", "王五", "李四", "赵六", date(2026, 3, 1), date(2026, 3, 31), "Europe/Berlin", "王小五"], ["一", "张三"]],
    )
    found.append(parse_table(read_cells(tmp_path / "e.xlsx"), guide, "e"))
    first = Assignment("clause", "24(3)", "王五", "赵六", date(2026, 3, 1), date(2026, 3, 31), "李四")
    assert all(f == ([first, Assignment("part", "一", "张三")], [Person("王五", "王小五", "Europe/Berlin")]) for f in found)


def test_all_mistakes_at_once(guide: Guide, tmp_path: Path) -> None:
    """Every mistake is named with row, column and what to do; nothing is imported; both languages."""
    path = tmp_path / "bad.csv"
    path.write_text(
        "范围,负责人,审核人,代理人,代理开始,代理结束,时区\n99,张三,张三,,2026-13-01,,Mars/X\n,李四,,,,,\n24,王五,,赵六,2026-05-02,2026-05-01,\n24,,,,,,\n",
        encoding="utf-8",
    )
    with pytest.raises(TableError) as wrong:
        parse_table(read_cells(path), guide, "bad.csv")
    sentence = wrong.value.sentence("zh")
    assert [sentence.count(f"第 {row} 行“") for row in (2, 3, 4, 5)] == [4, 1, 1, 2]
    assert all(word in sentence for word in ("范围", "审核人", "代理开始", "时区", "代理结束", "99", "Mars/X", "8 处"))
    assert "row 2, Scope" in wrong.value.sentence("en")
    with pytest.raises(TableError, match="负责人"):
        parse_table([(1, ["范围", "谁"])], guide, "x.csv")


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04rubbish", b"\xff\xff\xff", b"\x00\x01\x02", b"a" * 10])
def test_unreadable_tables(guide: Guide, tmp_path: Path, raw: bytes) -> None:
    """A file that is no table is one sentence."""
    path = tmp_path / "x.csv"
    path.write_bytes(raw)
    with pytest.raises(CaseError):
        parse_table(read_cells(path), guide, "x.csv")
    with pytest.raises(CaseError):
        read_cells(tmp_path / "absent.csv")


@given(st.lists(st.lists(st.text(max_size=12), max_size=9), max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_cells(guide: Guide, rows: list[list[str]]) -> None:
    """Whatever stands in the cells, the answer is assignments or a table error."""
    cells = [(1, ["范围", "负责人", "审核人", "代理人", "代理开始", "代理结束", "时区"]), *enumerate(rows, 2)]
    wrong: TableError | None = None
    try:
        parse_table(cells, guide, "x")
    except TableError as found:
        wrong = found
    assert wrong is None or wrong.sentence("zh") != wrong.sentence("en")


def test_addresses_in_the_table(guide: Guide) -> None:
    """A mail address or a Slack member id lets a surface reach an owner; several rows of one person are joined."""
    header = ("范围", "负责人", "邮箱", "Slack 成员 ID", "姓名")
    rows = [("24", "wang", "wang@example.cn", "", ""), ("25", "wang", "", "U012AB3CD", "王芳")]
    _, [person] = parse_table([(1, header), (2, rows[0]), (3, rows[1])], guide, "owners.csv")
    assert (person.name, person.address) == ("王芳", {"email": "wang@example.cn", "slack": "U012AB3CD"})
    with pytest.raises(CaseError) as wrong:
        parse_table([(1, header), (2, ("24", "wang", "王芳", "@wang", ""))], guide, "owners.csv")
    assert "不是邮箱" in str(wrong.value)
    assert "不是 Slack 成员 ID" in str(wrong.value)


@pytest.mark.parametrize("longer", ["王芳", "李强"])
def test_merged_people_who_are_away_at_once(guide: Guide, longer: str) -> None:
    """Two absences from one day on are the longer one, in the log as in the tables; nobody is their own deputy."""
    service = company(part_of(guide, "24"), owners=[Assignment("all", "*", owner="王芳", reviewer="李强")])
    owners = Owners(service)
    start = date(2026, 12, 1)
    for person, other in (("王芳", "李强"), ("李强", "王芳")):
        owners.away(Absence(person, start, date(2026, 12, 20 if person == longer else 10), other), who())
    owners.merge("李强", "王芳", who())
    assert service.verify()[0].intact
    assert service.verify()[1] == []
    assert owners.people()[1] == [Absence("王芳", start, date(2026, 12, 20), "")]


def test_what_a_merge_would_mean(guide: Guide) -> None:
    """One who owns what the other reviews, or a lead with another address than the other, look like two people."""
    rows = [Assignment("all", "*", owner="王芳", reviewer="李强")]
    owners = Owners(company(part_of(guide, "24"), owners=rows))
    owners.know(Person("王芳", name="王芳", address={"email": "w@example.cn"}), who())
    owners.know(Person("lead", name="陈主管", address={"email": "c@example.cn"}), who())
    today = date(2026, 6, 1)
    assert owners.would_merge("李强", "王芳", today)[2] > 0
    assert owners.would_merge("lead", "王芳", today)[2:] == (0, True)
    owners.know(Person("芳姐", name="芳姐"), who())
    assert owners.would_merge("芳姐", "王芳", today)[2:] == (0, False)
