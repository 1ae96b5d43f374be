"""The binder and the report: what a lead and a customs officer see."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import time
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from assistant.adapters.files import open_files
from assistant.guide import Guide
from assistant.register.acts.service import RegisterService
from assistant.register.facts.handed_in import WHOLE, Piece, Seen
from assistant.register.facts.people import Assignment
from assistant.register.papers.for_customs.binder import MadeBinder, bind, safe
from assistant.register.papers.for_customs.binder_in import listed
from assistant.register.papers.for_customs.catalogue import harmless
from assistant.register.papers.for_customs.register_book import register_book
from assistant.register.papers.reports.report import render
from assistant.register.rules.demands.plan import plan
from tests.register.company import LINK, RENEWAL, SHANGHAI, START, company, part_of, who

PDF = b"%PDF-1.4\n%%EOF"
TODAY = START.date()
FOLDER = "AEO 认证档案/四、贸易安全标准/（十一）进入安全控制措施/24．进入安全/24(3) 抽查记录"


@pytest.fixture
def service(guide: Guide, tmp_path: Path) -> RegisterService:
    """A company that handed in this and that, with names that make trouble."""
    made = company(
        part_of(guide, "4", "24"), files=open_files(None, tmp_path), owners=[Assignment("item", "24", owner="=cmd|'/c calc'!A1")]
    )
    names = ("访客:登记?.pdf", "访客:登记?.PDF", "访客：登记？.pdf", "../../x.pdf", "con.pdf")
    pieces = [made.take_file(io.BytesIO(PDF + bytes([n])), name) for n, name in enumerate(names)]
    made.submit("24(3)/records/1@2024", pieces, who("wang"))
    made.accept("24(3)/records/1@2024", who(), seen=WHOLE)
    made.submit(
        "24(3)/records/2@2024",
        [Piece("paper", text="档案室3柜"), Piece("note", text="=HYPERLINK(1)"), Piece("note", text="+1")],
        who("wang"),
    )
    made.claim_na("24(3)/records/3@2024", "没有访客车辆", who("wang"))
    made.accept("24(3)/records/3@2024", who(), seen=WHOLE)
    return made


def make(service: RegisterService, guide: Guide, out: Path, day: date = TODAY, waiting: bool = True) -> MadeBinder:
    small = part_of(guide, "4", "24")
    return bind(out, small, "某某公司", service.entries(START), service.pieces(), service.open_file, day, SHANGHAI, waiting=waiting)


def test_only_what_was_accepted_goes_in_unasked(service: RegisterService, guide: Guide, tmp_path: Path) -> None:
    """What waits for a review is named as waiting and left out; with ``waiting`` it is taken in, and marked."""
    told = {}
    for waiting in (False, True):
        bound = make(service, guide, tmp_path / "b.zip", waiting=waiting)
        assert bound.waiting == ("24(3)/records/2@2024",)
        with zipfile.ZipFile(tmp_path / "b.zip") as archive:
            told[waiting] = archive.read("AEO 认证档案/目录清单.html").decode()
    assert ["档案室3柜" in told[w] for w in (False, True)] == [False, True]
    assert all("待审核" in text for text in told.values())


def test_folders_and_names(service: RegisterService, guide: Guide, tmp_path: Path) -> None:
    """Folders follow the guide with Chinese names; reserved characters become full-width, duplicates are numbered, paths stay inside."""
    bound = make(service, guide, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        names = archive.namelist()
        assert archive.testzip() is None
        assert all(i.flag_bits & 0x800 for i in archive.infolist())
    assert sorted(n for n in names if n.startswith(FOLDER)) == sorted(
        f"{FOLDER}/1 2024 年 {n}" for n in ("访客：登记？.pdf", "访客：登记？ (2).PDF", "访客：登记？ (3).pdf", "x.pdf", "con.pdf")
    )
    assert (bound.files, bound.gone) == (5, ())
    assert not any(".." in n.split("/") or n.startswith("/") for n in names)


def test_unzip_reads_the_names(service: RegisterService, guide: Guide, tmp_path: Path) -> None:
    """``unzip`` shows the Chinese names."""
    if shutil.which("unzip") is None:
        pytest.skip("unzip is not installed")
    make(service, guide, tmp_path / "b.zip")
    done = subprocess.run(
        ["unzip", "-q", "b.zip"], cwd=tmp_path, env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}, check=True, capture_output=True
    )
    assert done.returncode == 0
    assert (tmp_path / FOLDER / "1 2024 年 x.pdf").read_bytes() == PDF + b"\x03"
    assert (tmp_path / "AEO 认证档案/目录清单.xlsx").exists()


@pytest.mark.thorough
def test_byte_identical(service: RegisterService, guide: Guide, tmp_path: Path) -> None:
    """Nothing changed: the same bytes, whenever it is made; something changed: others."""
    first = make(service, guide, tmp_path / "a.zip")
    time.sleep(1.1)
    assert make(service, guide, tmp_path / "b.zip") == first
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    service.snooze("24(1)/situation", TODAY + timedelta(days=3), who("wang"))
    assert make(service, guide, tmp_path / "b.zip").sha256 == first.sha256
    service.submit("24(1)/situation", [LINK], who("wang"))
    assert make(service, guide, tmp_path / "b.zip").sha256 != first.sha256


def test_catalogue(service: RegisterService, guide: Guide, tmp_path: Path) -> None:
    """The catalogue lists every requirement in order with file, version, owner, date, hash, paper place; gaps are gaps."""
    bound = make(service, guide, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        sheet = load_workbook(io.BytesIO(archive.read("AEO 认证档案/目录清单.xlsx"))).active
        page = archive.read("AEO 认证档案/目录清单.html").decode()
    assert sheet is not None
    rows = [[c.value for c in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "某某公司企业认证档案目录清单"
    assert "2018-177" in str(rows[1][0])
    rows = rows[2:]
    assert rows[0][:5] == ["序号", "材料编号", "条款", "类别", "指南要求"]
    assert rows[0][8:12] == ["状态", "审核人", "通过日期", "文件"]
    by_slot = {row[1]: row for row in rows[1:]}
    assert [row[0] for row in rows[1:]] == sorted(row[0] for row in rows[1:])
    file_row = next(r for r in rows if r[1] == "24(3)/records/1@2024")
    assert (file_row[6], *file_row[8:11], *file_row[12:14]) == ("2024 年", "已通过", "lead", "2026-06-01", 1, "2026-06-01")
    assert len(str(file_row[14])) == 64
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        names = archive.namelist()
    targets = [c.hyperlink.target for row in sheet.iter_rows() for c in row if c.hyperlink]
    assert len(targets) == 5
    assert all(f"AEO 认证档案/{unquote(str(t))}" in names for t in targets)
    assert (sheet.freeze_panes, sheet.auto_filter.ref.split(":")[0]) == ("A4", "A3")
    assert [r[15] for r in rows if r[1] == "24(3)/records/2@2024"] == ["档案室3柜", None, None]
    assert by_slot["24(3)/records/3@2024"][8] == "不适用"
    assert by_slot["24(3)/records/3@2024"][16] == "没有访客车辆"
    assert by_slot["24(3)/records/1@2023"][8] == "缺项"
    assert by_slot["24(3)/records/1@2026"][8] == "缺项"
    assert "24(3)/records/1@2023" in bound.gaps
    assert "24(3)/records/1@2024" not in bound.gaps
    links = re.findall(r'href="([^"]+)"', page)
    assert len(links) == 5
    assert all("%" in link and ":" not in link for link in links)


def test_what_is_accepted_in_part(service: RegisterService, guide: Guide, tmp_path: Path) -> None:
    """A part that was accepted stands in the binder, as a part and still a gap, with what is missing; it is read back."""
    slot = "24(3)/records/1@2023"
    entry = service.submit(slot, [service.take_file(io.BytesIO(PDF + b"part"), "上半年.pdf")], who("wang"))
    service.accept(slot, who(), seen=Seen(covers=entry.slot.elements[:2]))
    bound = make(service, guide, tmp_path / "b.zip")
    assert slot in bound.gaps
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert any(n.endswith("1 2023 年 上半年.pdf") for n in archive.namelist())
        sheet = load_workbook(io.BytesIO(archive.read("AEO 认证档案/目录清单.xlsx"))).active
        assert sheet is not None
        rows = [["" if v is None else str(v) for v in row] for row in sheet.iter_rows(values_only=True)]
    [row] = [r for r in rows if slot in r]
    assert ("部分通过" in row, any("还缺" in cell and entry.slot.elements[2] in cell for cell in row)) == (True, True)
    assert slot in [line.slot for line in listed(list(enumerate(rows)))]


def test_the_page_for_the_visit(service: RegisterService, guide: Guide, tmp_path: Path) -> None:
    """The page stands alone (no script, nothing from outside), says who accepted what and when, and each of its files opens beside it."""
    make(service, guide, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        names = archive.namelist()
        html = archive.read("AEO 认证档案/认证档案.html").decode()
    page = Page()
    page.feed(html)
    assert not [t for t, a in page.tags if t in ("script", "link", "img", "iframe") or "src" in a]
    files = [str(a["href"]) for t, a in page.tags if t == "a" and not str(a["href"]).startswith("#")]
    assert len(files) == 5
    assert all(f"AEO 认证档案/{unquote(f)}" in names for f in files)
    anchors = {a.get("id") for t, a in page.tags if t == "section"}
    assert {str(a["href"])[1:] for t, a in page.tags if t == "a" and str(a["href"]).startswith("#")} == anchors == {"i4", "i24"}
    for words in ("lead 于 2026-06-01 审核通过", "档案室3柜", "没有访客车辆", "缺项", "实行访客登记管理", "@page"):
        assert words in html, words


def test_nothing_is_left_by_a_kill(service: RegisterService, guide: Guide, tmp_path: Path) -> None:
    """A binder that breaks off leaves nothing, and what was there stays."""
    out = tmp_path / "out" / "b.zip"
    make(service, guide, out)
    before = out.read_bytes()

    def broken(sha256: str) -> io.BytesIO:
        raise MemoryError

    small = part_of(guide, "4", "24")
    with pytest.raises(MemoryError):
        bind(out, small, "某某公司", service.entries(START), service.pieces(), broken, TODAY, SHANGHAI)
    assert [p.name for p in out.parent.iterdir()] == ["b.zip"]
    assert out.read_bytes() == before


def test_the_register_as_a_workbook(service: RegisterService, guide: Guide) -> None:
    """A sheet of slots with filters, who reviews and what there is; a sheet of lines with a column a year, each cell leading to its slot."""
    small = part_of(guide, "4", "24")
    raw = register_book(small, "某某公司", service.entries(START), service.pieces(), TODAY, START, "zh")
    book = load_workbook(io.BytesIO(raw))
    page, years = book.worksheets
    rows = [[c.value for c in row] for row in page.iter_rows()]
    head = rows[1]
    assert "某某公司" in str(rows[0][0])
    assert page.auto_filter.ref.startswith("A2:")
    by_slot = {row[0]: dict(zip(head, row, strict=True)) for row in rows[2:]}
    assert len(by_slot) == len(service.entries(START))
    row = by_slot["24(3)/records/1@2024"]
    assert (row["状态"], row["材料数"], row["通过日期"]) == ("已通过", 5, "2026-06-01")
    assert (row["性质"], row["次数或期限"], row["条款正文"]) == ("日常记录", None, by_slot["24(3)/situation"]["条款正文"])
    assert len(row["条款正文"]) > 10
    assert {r["性质"] for r in by_slot.values()} >= {"日常记录", "书面材料", "逐条准备", "抽样备查"}
    assert not any(c.data_type == "f" for sheet in book.worksheets for r in sheet.iter_rows() for c in r)
    table = [[c.value for c in r] for r in years.iter_rows(min_row=2)]
    line = dict(zip(table[0], next(r for r in table if r[0] == "24(3) 抽查记录（1）"), strict=True))
    assert (line["2023"], line["2024"]) == ("未提交", "已通过")
    target = next(c for r in years.iter_rows() for c in r if c.value == "已通过").hyperlink.location
    assert page[str(target).rpartition("!")[2]].value == "24(3)/records/1@2024"


def test_days_are_those_of_the_register(service: RegisterService, guide: Guide, tmp_path: Path) -> None:
    """What is handed in and passed at seven in the morning in Shanghai has that day, in the workbook and in the binder, not the one before."""
    early = datetime(2026, 6, 2, 7, tzinfo=SHANGHAI).astimezone(UTC)
    small, slot = part_of(guide, "4", "24"), "24(3)/records/1@2023"
    service.submit(slot, [Piece("note", text="x")], replace(who("wang"), at=early))
    service.accept(slot, replace(who(), at=early), seen=WHOLE)
    make(service, guide, tmp_path / "b.zip", date(2026, 6, 2))
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        binder = io.BytesIO(archive.read("AEO 认证档案/目录清单.xlsx"))
    made = register_book(small, "某某公司", service.entries(early), service.pieces(), date(2026, 6, 2), early.astimezone(SHANGHAI), "zh")
    for book in (load_workbook(io.BytesIO(made)), load_workbook(binder)):
        row = next(r for r in book.worksheets[0].iter_rows(values_only=True) if slot in r)
        assert [cell for cell in row if str(cell).startswith("2026-06")] == ["2026-06-02"] * 2


def test_no_formula(service: RegisterService, guide: Guide, tmp_path: Path) -> None:
    """No cell is a formula, whatever people wrote; the HTML escapes it."""
    make(service, guide, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        sheet = load_workbook(io.BytesIO(archive.read("AEO 认证档案/目录清单.xlsx"))).active
        page = archive.read("AEO 认证档案/目录清单.html").decode()
    assert sheet is not None
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.data_type != "f"
            assert not str(cell.value or "").startswith(("=", "+", "-", "@"))
    assert "'=HYPERLINK(1)" in page.replace("&#39;", "'")
    assert harmless("@x") == "'@x"
    assert harmless("24(3)") == "24(3)"


def test_missing_file(service: RegisterService, guide: Guide, tmp_path: Path) -> None:
    """A file that is gone, or was changed on disk, is reported and does not stop the rest."""
    first, second, *_ = (p for p in service.pieces() if p.kind == "file")
    (tmp_path / "files/content" / first.sha256[:2] / first.sha256).unlink()
    (tmp_path / "files/content" / second.sha256[:2] / second.sha256).write_bytes(b"other")
    bound = make(service, guide, tmp_path / "b.zip")
    assert [line.sha256 for line in bound.gone] == [first.sha256, second.sha256]
    assert bound.files == 3
    assert "24(3)/records/1@2024" in bound.gaps


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("a/b\\c:*?", "a／b＼c：＊？"),
        ("CON.txt", "_CON.txt"),
        (" . ", "_"),
        ("x" * 300 + ".pdf", "x" * 80 + ".pdf"),
        ("a\x00b", "a_b"),
        ("lpt1", "_lpt1"),
    ],
)
def test_safe_names(name: str, wanted: str) -> None:
    """A name that every system takes."""
    assert safe(name) == wanted


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.words.append(data)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_report(guide: Guide, lang: str) -> None:
    """The report stands alone (nothing from outside, no script), has all 31 items, escapes names, and adds up."""
    service = company(guide, owners=[Assignment("all", "*", owner="<b>wang</b>")])
    service.submit("24(1)/situation", [LINK], who("wang"))
    service.accept("24(1)/situation", who(), seen=WHOLE)
    day = TODAY + timedelta(days=90)
    page = Page()
    html = render(guide, "<script>", service.entries(START), plan(guide, RENEWAL, START).exempt, day, (3, "ab"), lang)
    page.feed(html)
    assert not [t for t, a in page.tags if t in ("script", "link", "img", "iframe") or "src" in a or "href" in a]
    assert "<b>wang" not in html
    items = [a["title"] for t, a in page.tags if t == "td" and a.get("class") == "name"]
    assert [i.split(" ")[0] for i in items if i] == [str(n) for n in range(1, 32)]
    assert "1/4" in page.words
    assert len(html) < 100_000


def test_readiness_adds_up(guide: Guide) -> None:
    """By part, item, kind, owner and due date the same slots add up to the same total; the running year counts, its end and its report later."""
    from assistant.register.papers.reports.coverage import DIMENSIONS, Ready, counted, readiness, total

    service = company(guide, owners=[Assignment("part", "一", owner="zhang")])
    service.submit("24(1)/situation", [LINK], who("wang"))
    entries = service.entries(START)
    counts = counted(entries, TODAY)
    whole = total(counts)
    for by in DIMENSIONS:
        assert sum(readiness(counts, by).values(), Ready()) == whole
    assert whole.pending == 1
    assert [e.slot.id for e in entries if e.owed and not e.open(TODAY)] == ["12/clause@2026"]  # its report is of next year
    assert whole.later == 1
    assert whole.owed + whole.later == sum(e.owed for e in entries)
    assert replace(whole, ready=whole.owed).share == 1.0
