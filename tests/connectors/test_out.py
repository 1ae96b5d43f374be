"""What commands write, where, and what is said when it cannot be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.adapters.lead_files import read_profile
from connectors.cli.output import lines
from tests.connectors.test_cli import aeo


def test_a_profile_that_lacks_something_says_what(tmp_path: Path) -> None:
    """Nothing is written without what every profile needs, and the sentence says how it is given; what an initial application lacks too."""
    for given in (["--no-ask", "--set", "enterprise=甲"], []):
        lacking = aeo("profile", "init", *given, home=tmp_path, stdin="甲\n")
        assert (lacking.returncode, "certification" in lacking.stderr, "--set" in lacking.stderr) == (2, True, True)
    words = ("--set", "enterprise=甲", "--set", "certification=initial", "--set", "certified_on=2020-01-01")
    assert "首次申请" in aeo("profile", "init", "--no-ask", *words, home=tmp_path).stderr
    assert not (tmp_path / "profile.yaml").exists()
    written = aeo("profile", "init", "--no-ask", "--set", "enterprise=甲", "--set", "certification=initial", "--json", home=tmp_path)
    assert (json.loads(written.stdout)["enterprise"], (tmp_path / "profile.yaml").exists()) == ("甲", True)


def test_what_is_set_by_a_program_is_all(tmp_path: Path) -> None:
    """Where nobody can answer nothing is asked: what ``--set`` says is saved, and that is the end."""
    words = ("--set", "enterprise=甲", "--set", "certification=initial")
    done = aeo("profile", "init", *words, home=tmp_path, stdin="")
    assert (done.returncode, "结束" in done.stderr, "？" in done.stdout) == (0, False, False), done.stderr
    assert read_profile(tmp_path / "profile.yaml").enterprise == "甲"


def test_what_a_profile_needs_is_asked_until_it_is_there(tmp_path: Path) -> None:
    """Enter at a required question asks it again; declarations that do not go together are asked back, and what came last stands."""
    answers = ["", "甲公司", "王芳", "", "首次申请", "", *["n"] * 9, "y", "n", "n", "n", *[""] * 7, *["n"] * 8, "y", "", ""]
    done = aeo("profile", "init", home=tmp_path, stdin="\n".join(answers) + "\n")
    assert (done.returncode, done.stderr.count("必须填写"), done.stderr.count("前后不一致")) == (0, 2, 1), done.stderr
    written = read_profile(tmp_path / "profile.yaml")
    assert (written.enterprise, written.certification, written.scope.containers) == ("甲公司", "initial", True)
    assert (written.scope.logistics_partners, written.scope.transport, len(written.own_papers)) == (True, False, 8)


def test_nobody_is_asked_without_end(tmp_path: Path) -> None:
    """Where answers come from a file and do not do, a question is asked three times; what follows is no answer to it."""
    done = aeo("profile", "init", home=tmp_path, stdin="\n" * 50)
    assert (done.returncode, done.stderr.count("必须填写"), "enterprise" in done.stderr) == (2, 3, True), done.stderr


def test_where_files_may_go(tmp_path: Path) -> None:
    """A file goes into a folder that is there, under a name that says its kind; anything else is one sentence, and nothing is made."""
    (tmp_path / "profile.yaml").write_text("enterprise: 甲\ncertification: initial\nlead: zhao\n", encoding="utf-8")
    base: dict[str, Any] = {"home": tmp_path, "actor": "zhao"}
    aeo("evidence", "plan", **base)
    aeo("evidence", "assign", "24", "--owner", "王芳", **base)
    (tmp_path / "材料").mkdir()
    commands = (("export", "{}.xlsx"), ("binder", "--out", "{}.zip"), ("import", str(tmp_path / "材料"), "--out", "{}.xlsx"),
                ("plan", "--html", "{}.html"), ("coverage", "--html", "{}.html"), ("calendar", "--out", "{}"))  # fmt: skip
    for words in commands:
        nowhere = aeo("evidence", *(w.format(tmp_path / "没有" / "x") for w in words), **base)
        assert (nowhere.returncode, "没有" in nowhere.stderr, (tmp_path / "没有").exists()) == (2, True, False), words
        kind = [str(tmp_path / "x.doc") if "{}." in word else word for word in words]
        if kind != list(words):
            wrong = aeo("evidence", *kind, **base)
            assert (wrong.returncode, "文件" in wrong.stderr, (tmp_path / "x.doc").exists()) == (2, True, False), words


def test_a_backup_writes_over_nothing_unasked(tmp_path: Path) -> None:
    """Like every other command that writes a file: refused before any work begins."""
    (tmp_path / "b.zip").write_bytes(b"mine")
    refused = aeo("backup", str(tmp_path / "b.zip"), home=tmp_path)
    assert (refused.returncode, "--force" in refused.stderr) == (2, True)
    assert (tmp_path / "b.zip").read_bytes() == b"mine"


def test_long_work_says_where_it_is_in_a_log_too(capsys: pytest.CaptureFixture[str]) -> None:
    """A line where a stage begins, another now and then while it lasts; nothing of what is over at once, and no flood."""
    moments = iter([0.0, 0.5, 3.0, *(4.0 + n / 100 for n in range(1000)), 30.0, 31.0, 90.0])
    step = lines("zh", lambda: next(moments))
    step("read", 0, 1)
    for done in range(1001):
        step("embed", done, 2000)
    step("embed", 1500, 2000)
    step("rank", 0, 6)
    step("rank", 6, 6)
    assert capsys.readouterr().err.splitlines() == ["向量化……", "向量化……1500/2000", "训练排序……"]
