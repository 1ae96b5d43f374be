"""The ``.env`` of the working folder, in any encoding: ours alone, and what cannot be read in it is told by line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from assistant.dot_env import file_values, unread_lines

TEXT = "# 说明\nAEO_LEAD=王芳\nthis is not a setting\nIS_PERSISTENT=junk\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_lines_that_say_nothing_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    """What can be read is, and the line that cannot is named by its number."""
    monkeypatch.chdir(tmp_path)
    Path(".env").write_bytes(TEXT.encode(encoding))
    assert file_values()["AEO_LEAD"] == "王芳"
    assert unread_lines() == [3]


def test_chroma_leaves_it_alone(tmp_path: Path) -> None:
    """Chroma is imported and opened beside a ``.env`` that it could not read."""
    (tmp_path / ".env").write_bytes(TEXT.encode("gb18030"))
    code = "from assistant.adapters.chroma.settings import chroma_settings as s; s(); import chromadb; chromadb.Settings()"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
