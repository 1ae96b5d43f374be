"""Every command and parameter has its help in every language, in texts and not in code; the reference says what the code has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.texts import LANGUAGES, texts
from connectors.cli.commands import COMMANDS, command
from connectors.cli.help_texts import keys
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
