"""For every input: what ``parse`` accepts holds each source character once and invents none; what readers trip over is one sentence."""

from __future__ import annotations

import contextlib
import io
import random
import zipfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import SourceError
from assistant.guide import Guide, Paragraph
from assistant.guide_told import finding_sentence, guide_document
from assistant.texts import LANGUAGES
from ingest.parse.builder import Builder
from ingest.parse.check import check
from ingest.parse.frozen_guide import freeze
from ingest.parse.guide import parse
from ingest.parse.lines import parse_lines
from ingest.parse.tables import parse_tables
from ingest.read.format import format_of
from ingest.read.inside import rows_of
from ingest.read.text import decoded, rows_of_text
from ingest.source import Cell, Numbering, Row, Source
from tests.ingest import made
from tests.ingest.printed import printed_lines
from tests.ingest.test_parse import held

pytestmark = pytest.mark.thorough

PIECES = [
    "一、", "（一）", "(二)", "1．", "2.", "3、", "（1）", "(2)", "①", "1)", "第1条 ", "第二章 ", "1.2 ", "12", "0", "-1", "海关", "认证企业",
    "培训制度", "情况：", "书面文件：", "抽查记录：", "实地查看：", "由海关认定。", "否则不适用本项标准。", "指南", "认证标准", "达标", "备注", "序号", "。",
    "；", "：", "\t", " ", "a b", "【", "】", "　", "要求同本条分项标准（1）。", "第（1）、（2）分项标准", "（续）", "\u200b", "财务状况类指标", "\n",
]  # fmt: skip
line = st.one_of(st.lists(st.sampled_from(PIECES), max_size=7).map("".join), st.text(max_size=12))
row = st.lists(st.lists(line, max_size=3), min_size=1, max_size=6)


@st.composite
def tables(draw: st.DrawFn) -> Source:
    """Tables of any cells with loose lines between them."""
    numbering = Numbering()
    rows: list[Row] = []
    for table in range(draw(st.integers(1, 3))):
        for text in draw(st.lists(line, max_size=2)):
            rows += numbering.loose(text)
        rows += [Row(cells=tuple(numbering.cell(c, merged=not c) for c in cells), table=table) for cells in draw(st.lists(row, max_size=7))]
    return Source(name="x", format="html", rows=tuple(rows), fingerprint="")


@st.composite
def dumps(draw: st.DrawFn) -> Source:
    """Plain texts of any lines."""
    return Source(name="x", format="text", rows=rows_of_text("\n".join(draw(st.lists(line, max_size=25)))), fingerprint="")


@st.composite
def crowded(draw: st.DrawFn) -> Source:
    """Rows of which several cells stand on one line, in any order, as in TAB-separated text."""
    cells = st.lists(st.tuples(line, st.integers(1, 9)), max_size=3)
    rows = [
        Row(cells=tuple(Cell(paragraphs=(Paragraph(text=text, line=number),)) for text, number in found), loose=len(found) < 2)
        for found in draw(st.lists(cells, max_size=8))
    ]
    return Source(name="x", format="text", rows=tuple(rows), fingerprint="")


def built(source: Source, driver: str) -> Guide:
    """The guide that one of the two layouts makes of any source, even of one that ``parse`` would refuse."""
    builder = Builder()
    rows = tuple(Row(cells=tuple(_single_lines(c) for c in r.cells), loose=r.loose, table=r.table) for r in source.rows)
    if driver == "tables":
        parse_tables(rows, builder)
    else:
        parse_lines([p for r in rows for c in r.cells for p in c.paragraphs], builder)
    return freeze(builder, "any", source)


def _single_lines(cell: Cell) -> Cell:
    return cell.model_copy(
        update={"paragraphs": tuple(Paragraph(text=t, line=p.line) for p in cell.paragraphs for t in p.text.split("\n"))}
    )


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(source=st.one_of(tables(), dumps(), crowded()), driver=st.sampled_from(["tables", "lines"]))
def test_nothing_is_lost_and_nothing_invented(source: Source, driver: str) -> None:
    """Per source line, the guide holds exactly the line's non-blank characters; ids are unique; findings are sentences."""
    guide = built(source, driver)
    assert held(printed_lines(guide)) == held(source.lines)
    assert len(guide.clauses) == sum(len(i.clauses) for p in guide.parts for c in p.categories for i in c.items)
    assert len(guide.items) == sum(len(c.items) for p in guide.parts for c in p.categories)
    assert len(guide.requirements) == sum(len(s.requirements) for c in guide.clauses.values() for s in c.sections)
    for finding in check(guide):
        assert finding.line >= 1
        assert all("{" not in finding_sentence(finding, lang) or "{" in str(finding.values) for lang in LANGUAGES)
    guide_document(guide)


@settings(max_examples=40, deadline=None)
@given(source=st.one_of(tables(), dumps()))
def test_any_source_is_a_guide_or_refused(source: Source) -> None:
    """``parse`` ends in a Guide or in its one error."""
    with contextlib.suppress(SourceError):
        assert any(i.clauses for i in parse(source, "any").items.values())


@cache
def originals(folder: Path) -> dict[str, bytes]:
    """A short guide in each format."""
    from ingest.read.file import read
    from tests.ingest.conftest import WORD

    rows = read(WORD).rows[:7]
    files = {
        "docx": made.numbered_docx(rows, folder / "a.docx"),
        "xlsx": made.xlsx_file(rows, folder / "a.xlsx"),
        "html": made.html_file(rows, folder / "a.html"),
        "pdf": made.pdf_file(rows, folder / "a.pdf"),
        "tsv": made.tab_file(rows, folder / "a.tsv"),
    }
    return {form: path.read_bytes() for form, path in files.items()}


def damaged(data: bytes, chance: random.Random) -> bytes:
    """``data`` with bytes changed, cut out, repeated or put in."""
    result = bytearray(data)
    for _ in range(chance.choice([1, 2, 5, 20])):
        at, other = chance.randrange(len(result) + 1), chance.randrange(len(result) + 1)
        result[at : at + chance.choice([0, 1, 4, 200])] = chance.choice(
            [b"", b"\0", chance.randbytes(4), bytes(result[other : other + 40])]
        )
    return bytes(result)


def damaged_inside(data: bytes, chance: random.Random) -> bytes:
    """An office package with damage in its parts rather than in its zip."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as package:
        for name in source.namelist():
            part = source.read(name)
            package.writestr(name, _damaged_markup(part, chance) if chance.random() < 0.5 else part)
    return target.getvalue()


def _damaged_markup(part: bytes, chance: random.Random) -> bytes:
    """XML that stays well-formed but says something else: numbers changed, elements renamed."""
    words = [b"w:val", b"w:tc", b"w:tr", b"w:p", b'"1"', b'"0"', b'"restart"', b"w:numId", b"<c ", b"<row ", b"ref=", b"decimal", b's="1"']
    old, new = chance.choice(words), chance.choice([b"w:x", b'"-9"', b'"999999999"', b'"x"', b"w:tbl", b"w:t"])
    return part.replace(old, new, chance.choice([1, 3, -1]))


@pytest.mark.parametrize("form", ["docx", "xlsx", "html", "pdf", "tsv"])
def test_damaged_files_are_read_or_refused(form: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever happened to a file, it is read or refused with a sentence."""
    chance = random.Random(form)
    data = originals(tmp_path_factory.getbasetemp())[form]
    for _ in range(6):
        bad = damaged_inside(data, chance) if form in ("docx", "xlsx") and chance.random() < 0.7 else damaged(data, chance)
        with contextlib.suppress(SourceError):
            found = format_of(bad, Path(f"a.{form}"))
            rows = rows_of(found, bad, "a")[0] if found in ("docx", "xlsx", "html", "pdf") else rows_of_text(decoded(bad, "a"))
            parse(Source(name="a", format=found, rows=rows, fingerprint=""), "any")
