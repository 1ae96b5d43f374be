"""What README and the guides show of the command line is what it does: every command with its options, and the sessions line by line."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from assistant.texts import say
from connectors.cli.help_texts import walked
from connectors.cli.main import COMMANDS, command
from tests.connectors.test_cli import aeo

ROOT = Path(__file__).parents[2]
PAGES = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")))
BLOCK = re.compile(r"```(?:sh|console|ini)\n(.*?)```", re.S)
INLINE = re.compile(r"`(aeo [^`\n]+)`")
_MORE = re.compile(r"\s+#\s.*$|[…\\]\s*$|\s[|>&].*$")
HISTORY = {"CHANGELOG.md", "DECISIONS.md"}
"""Pages about what was: their commands may be gone."""


class Shown(NamedTuple):
    """A command of a session and the lines shown under it."""

    words: tuple[str, ...]
    lines: tuple[str, ...]


def commands(text: str) -> Iterator[str]:
    """The commands of a page: those of its blocks, and those it names in a sentence."""
    for block in BLOCK.findall(text):
        for line in block.splitlines():
            bare = re.sub(r"^(\$ |ExecStart=\S*/)", "", line.strip())
            if bare.startswith("aeo "):
                yield bare
    yield from INLINE.findall(BLOCK.sub("", text))


def sessions(text: str) -> Iterator[Shown]:
    """What is run and shown in the console blocks of a page."""
    for block in re.findall(r"```console\n(.*?)```", text, re.S):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            said, *lines = part.splitlines()
            words = shlex.split(re.sub(r"\s+#\s.*$", "", said))
            yield Shown(tuple(words), tuple(line.strip() for line in lines if line.strip(" …")))


@pytest.mark.parametrize("page", [p for p in PAGES if p.name not in HISTORY], ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_that_pages_name_exist(page: Path) -> None:
    """Each with the options that are written behind it; a placeholder in the place of a word may stand for anything."""
    known = {path: each for name in COMMANDS for path, each in walked(command(name), name)}
    wrong = []
    for said in commands(page.read_text(encoding="utf-8")):
        words = _MORE.sub("", said).replace("'", "").replace('"', "").split()[1:]
        path = ""
        for word in words:
            deeper = f"{path}.{word}".lstrip(".")
            if deeper not in known:
                break
            path = deeper
        group = known.get(path)
        rest = words[len(path.split(".")) if path else 0 :]
        options = (
            {o for p in group.params for o in (*p.opts, *p.secondary_opts)} | {"--help", "-h"}
            if group
            else {"--help", "-h", "--version", "--install-completion"}
        )
        gone = [
            w for w in (w.strip("[]") for w in rest) if w.startswith("-") and w.partition("=")[0].split("/")[0] not in options and w != "-"
        ]
        under = getattr(group, "commands", None)
        if gone or (group is None and words and re.fullmatch(r"[a-z]+", words[0])) or (under and rest and re.fullmatch(r"[a-z]+", rest[0])):
            wrong.append(said)
    assert wrong == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_sessions_of_readme_are_what_the_product_says(name: str, ingested: Path) -> None:
    """The lines shown under a question are printed for it, in that order; … stands for what is left out."""
    asked = [
        s for s in sessions((ROOT / name).read_text(encoding="utf-8")) if s.words[:2] == ("aeo", "ask") or s.words[0] == "./quickstart"
    ]
    assert asked
    for words, lines in asked:
        question = words[2] if words[0] == "aeo" else "门卫登记外来人员要留哪些记录？"
        done = aeo("ask", question, home=ingested)
        assert done.returncode == 0
        shown = lines
        if words[0] == "./quickstart":  # which ingests first
            edition = json.loads(aeo("guide", "list", "--json", home=ingested).stdout)[0]
            assert lines[:2] == (say("cli.ingested", **edition), say("cli.is_active", **edition))
            shown = lines[2:]
        at = 0
        for line in shown:
            pattern = ".*".join(re.escape(part) for part in line.split("…"))
            found = re.compile(pattern).search(done.stdout, at)
            assert found, f"{line!r} is not in what `{' '.join(words)}` prints"
            at = found.end()
