"""People and slots as people call them: no mail address where a name is known, no id where the guide has a name; JSON keeps ids."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from assistant.errors import RegisterError
from connectors.cli.refusals import by_name
from tests.connectors.test_evidence_cli import AT, SLOT, Aeo, aeo

__all__ = ["aeo"]
pytestmark = pytest.mark.thorough

OTHER = "24(1)/situation"
TABLE = """项目,负责人,审核人,代理人
*,王芳<wang@example.cn>,李四<li@example.cn>,
24,赵六<zhao@example.cn>,李四<li@example.cn>,孙七<sun@example.cn>
"""
COMMAND = re.compile(r"'?24\(\d\)/[^ ']*'?(?= 撤回)|aeo evidence [a-z]+ '[^']*'")
"""Where an id is what is typed."""


@pytest.fixture
def office(aeo: Aeo, tmp_path: Path) -> Aeo:
    """A register whose people all have names and are known by their mail addresses; something is handed in, accepted, said."""
    Path("o.csv").write_text(TABLE, encoding="utf-8")
    Path("a.pdf").write_bytes(b"%PDF-1.4")
    aeo("owners", "import", "o.csv", "--at", AT)
    aeo("owners", "person", "lead", "--name", "陈主管", "--at", AT)
    aeo("owners", "away", "zhao@example.cn", "--from", "2026-08-01", "--until", "2026-08-03", "--deputy", "sun@example.cn", "--at", AT)
    aeo("evidence", "submit", SLOT, "--file", "a.pdf", "--as", "zhao@example.cn", "--at", AT)
    aeo("evidence", "comment", SLOT, "请看", "--as", "li@example.cn", "--at", AT)
    aeo("evidence", "accept", SLOT, "--whole", "--as", "li@example.cn", "--at", AT)
    return aeo


def test_no_address_where_a_name_is_known(office: Aeo) -> None:
    """Every screen of the register names people by name; whom a name stands for is found by it too."""
    screens: list[tuple[str, ...]] = [
        ("evidence", "list"),
        ("evidence", "show", SLOT),
        ("evidence", "history"),
        ("evidence", "history", "--at", AT),
        ("evidence", "coverage", "--by", "owner"),
        ("evidence", "due", "--item", "24", "--on", "2026-09-01"),
        ("evidence", "due", "--item", "24", "--on", "2026-09-01", "--confirm"),
        ("evidence", "due", "--undo"),
        ("evidence", "due", OTHER, "--on", "2026-09-01"),
        ("evidence", "reassign", OTHER, "--to", "wang@example.cn"),
        ("evidence", "assign", "23", "--owner", "zhao@example.cn"),
        ("evidence", "assign", "23", "--owner", "wang@example.cn"),
        ("evidence", "drill", "start", "--size", "1", "--item", "24"),
        ("evidence", "calendar", "--out", "cal"),
        ("evidence", "export", "book.xlsx"),
        ("evidence", "binder", "--out", "binder.zip"),
        ("evidence", "coverage", "--html", "r.html"),
        ("owners", "list"),
        ("owners", "away", "wang@example.cn", "--from", "2026-07-01", "--until", "2026-07-03", "--deputy", "li@example.cn"),
        ("owners", "transfer", "zhao@example.cn", "wang@example.cn"),
        ("nudge", "preview"),
        ("nudge", "run"),
    ]
    for words in screens:
        reads = words[:2] in (("evidence", "history"), ("evidence", "show"), ("owners", "list"))
        text = office(*words, *(() if reads else ("--at", AT)))
        assert "@example.cn" not in text, words
    assert "王芳" in office("evidence", "list", "--owner", "王芳", "--at", AT)
    assert office("evidence", "list", "--item", "24", "--at", AT, "--json")[0]["owner"] == "wang@example.cn"
    for written in (*Path("cal").iterdir(), Path("r.html")):
        assert "example.cn" not in written.read_text(encoding="utf-8"), written
    for archive in ("book.xlsx", "binder.zip"):
        with zipfile.ZipFile(archive) as opened:
            assert not any(b"example.cn" in opened.read(name) for name in opened.namelist()), archive


def test_refusals_name_people_and_slots(office: Aeo) -> None:
    """A refusal says who and what by name, and in which state it is; what was typed and is unknown stays as typed."""
    refusals: list[tuple[tuple[str, ...], str]] = [
        (("evidence", "accept", OTHER, "--as", "wang@example.cn"), "王芳不能审核"),
        (("evidence", "accept", OTHER), "（现在是未提交"),
        (("evidence", "reassign", OTHER, "--to", "赵六"), "已由赵六负责"),
        (("evidence", "due", OTHER, "--on", "2026-09-01", "--as", "孙七"), "孙七没有这项权限"),
        (("evidence", "submit", SLOT, "--note", "x"), "已办结（已通过）"),
        (("evidence", "show", "24(9)/records/1"), "24(9)/records/1"),
    ]
    for words, said in refusals:
        with pytest.raises(RegisterError) as refused:
            office(*words, *(() if words[1] == "show" else ("--at", AT)))
        by_name(refused.value)
        assert said in refused.value.sentence(), words
        assert "@" not in refused.value.sentence(), words
        assert OTHER not in refused.value.sentence(), words


def test_two_of_one_name_are_told_apart(aeo: Aeo) -> None:
    """Where two have one name, each is shown with what tells them apart."""
    Path("o.csv").write_text("项目,负责人\n24,王芳<a@example.cn>\n25,王芳<b@example.cn>\n", encoding="utf-8")
    aeo("owners", "import", "o.csv", "--at", AT)
    said = aeo("owners", "list")
    assert "王芳（a@example.cn）" in said
    assert "王芳（b@example.cn）" in said
    assert "24" in aeo("evidence", "list", "--owner", "王芳（a@example.cn）", "--at", AT)


def test_lines_about_slots_use_the_guides_name(office: Aeo) -> None:
    """Beside the column of numbers that commands take, and the commands that are proposed, slots go by the guide's name."""
    for words in (
        ("evidence", "comment", OTHER, "x"),
        ("evidence", "history"),
        ("evidence", "due", OTHER, "--on", "2026-09-01"),
        ("evidence", "due", "--item", "24", "--on", "2026-09-02"),
        ("evidence", "drill", "start", "--size", "1", "--item", "24"),
    ):
        text = office(*words, *(() if words[1] == "history" else ("--at", AT)))
        assert "/" not in COMMAND.sub("", text).replace("1/1", ""), (words, text)
