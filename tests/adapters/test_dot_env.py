"""The ``.env`` of the working folder, in any encoding: ours alone, and what cannot be read in it is told by line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from assistant.dot_env import file_values, unread_lines
from assistant.errors import SettingsError
from assistant.settings import load_settings

TEXT = "# 说明\nAEO_LEAD=王芳\nthis is not a setting\nIS_PERSISTENT=junk\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_lines_that_say_nothing_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    """What can be read is, and the line that cannot is named by its number."""
    monkeypatch.chdir(tmp_path)
    Path(".env").write_bytes(TEXT.encode(encoding))
    assert file_values()["AEO_LEAD"] == "王芳"
    assert unread_lines() == [3]


@pytest.mark.parametrize(
    "line",
    ['$env:AEO_HOME="x"', "set AEO_HOME=x", "AEO_HOME＝x", "\u200bAEO_HOME=x", "AEO_HOME: x", "AEO_HOME", 'AEO_HOME="x', "AEO_LEAD=王芳"],
)
def test_what_sets_nothing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    """Another shell's way to set, a full-width sign, a name with something unseen before it, a name that is set again below."""
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text(f"OTHER=1\n{line}\nexport AEO_LANG = en\nAEO_LEAD='李雷' # 负责人\n", encoding="utf-8")
    assert unread_lines() == [2]
    assert (file_values()["AEO_LANG"], file_values()["AEO_LEAD"]) == ("en", "李雷")


def test_home_is_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``~`` is the user's own folder; a file is named as such, and a name that is too long breaks nothing here."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AEO_HOME", "~/数据")
    assert load_settings().home == tmp_path / "数据"
    monkeypatch.setenv("AEO_HOME", "数" * 300)
    load_settings()
    (tmp_path / "文件").touch()
    monkeypatch.setenv("AEO_HOME", str(tmp_path / "文件"))
    with pytest.raises(SettingsError) as raised:
        load_settings()
    assert f"AEO_HOME（{tmp_path}/文件）是文件" in raised.value.sentence("zh")


def test_chroma_leaves_it_alone(tmp_path: Path) -> None:
    """Chroma is imported and opened beside a ``.env`` that it could not read."""
    (tmp_path / ".env").write_bytes(TEXT.encode("gb18030"))
    code = "from assistant.adapters.chroma.settings import chroma_settings as s; s(); import chromadb; chromadb.Settings()"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
