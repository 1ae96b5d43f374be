"""Every command and parameter has its help in every language, in texts and not in code; the reference says what the code has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.texts import LANGUAGES, texts
from connectors.cli.help_texts import keys, walked
from connectors.cli.main import COMMANDS, command
from tests.connectors.test_cli import aeo
from tests.house.reference import PAGE, reference

ROOT = Path(__file__).parents[2]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_command_and_parameter_has_its_help(lang: str) -> None:
    """In each language, and no text stands there for what is gone."""
    known = {k for k in texts("help", lang) if "." in k and not k.startswith(("root.", "completion."))}
    assert {k for name in COMMANDS for k in keys(command(name), name)} == known


def test_the_code_holds_no_help() -> None:
    """No ``help=`` with words in it: they stand in ``assistant/texts``."""
    found = [str(p) for p in (ROOT / "connectors" / "cli").rglob("*.py") if re.search(r"\bhelp=[\"']", p.read_text("utf-8"))]
    assert found == []


def test_the_command_reference_is_what_the_code_has() -> None:
    """``docs/命令参考.md`` is written by ``python -m tests.house.reference``."""
    assert PAGE.read_text(encoding="utf-8") == reference()


@pytest.mark.parametrize("words", [("ask", "--help"), ("evidence", "accept", "--help"), ("guide", "--help"), ("-h",)])
def test_help_speaks_one_language(tmp_path: Path, words: tuple[str, ...]) -> None:
    """English has no Chinese in it, Chinese no sentence of a library."""
    english = aeo(*words, home=tmp_path, lang="en").stdout
    chinese = aeo(*words, home=tmp_path).stdout
    assert not CHINESE.search(english.replace("命令参考", ""))
    assert CHINESE.search(chinese)
    assert not re.search(r"Usage|Options|Show this|Arguments|Commands", chinese)


def test_every_command_that_ends_by_itself_has_json() -> None:
    """What README promises to programs; a conversation and what serves until it is stopped have no document to give."""
    ends = {p for name in COMMANDS for p, each in walked(command(name), name) if not getattr(each, "commands", None)}
    given = {p for name in COMMANDS for p, each in walked(command(name), name) if any("--json" in o.opts for o in each.params)}
    assert ends - given == {"chat", "slack.run", "mcp"}


def test_no_help_of_any_command_has_a_word_of_a_library(tmp_path: Path) -> None:
    """What a parameter takes is said in words too, and no line is cut for being long."""
    pages = {path: aeo(*path.split("."), "-h", home=tmp_path).stdout for name in COMMANDS for path, _ in walked(command(name), name)}
    wrong = re.compile(r"<\w|\{\w|OPTIONS|ARGS|COMMAND|Usage|\brequired|\bdefault|… *│\n|\.\.\.\]?\.\.\.")
    assert {path: found.group() for path, page in pages.items() if (found := wrong.search(page))} == {}
    assert "文字" in pages["ask"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("evidence", "submit"), "缺少 slot（材料编号"),
        (("evidence", "submit", "x", "--count", "abc"), "--count 的值不对。用 aeo evidence submit --help"),
        (("ask", "--edition"), "选项 --edition 后面要跟一个值。用 aeo ask --help"),
        (("evidence", "list", "--state", "gone"), "没有“gone”这个值，可用的有：missing、"),
        (("evidence", "gone"), "没有命令“gone”。用 aeo evidence --help"),
        (("evidence", "plann"), "没有命令“plann”，是不是 plan？"),
        (("eval", "run", "--workers", "abc"), "--workers 的值不对，应为 0 到 64 之间的数"),
        (("gone",), "没有命令“gone”。用 aeo --help"),
        (("ask", "--editon", "1", "x"), "没有选项 --editon，是不是 --edition？"),
    ],
)
def test_wrong_use_is_one_chinese_sentence(words: tuple[str, ...], said: str, ingested: Path) -> None:
    """What was wrong by its name and meaning, and where help is; never a library's English."""
    done = aeo(*words, home=ingested)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert done.stderr.startswith(said)
