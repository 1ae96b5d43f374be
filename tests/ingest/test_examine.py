"""A file is looked at without storing anything: what it owes, what a lead should know, what changed."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from time import process_time

import pytest

from assistant.errors import SourceError
from assistant.guide import Guide
from assistant.guide_told import finding_sentence
from ingest.examine import examined
from ingest.shipped import SHIPPED
from tests.ingest.conftest import WORD

PLACE = "企业内部培训的历史记录。".encode()


def word(tmp_path: Path, before: bytes, after: bytes) -> Path:
    """The guide's Word file with the run that holds some words put into another form."""
    target = io.BytesIO()
    with zipfile.ZipFile(WORD) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                at = data.index(PLACE)
                start, end = data.rindex(b"<w:r>", 0, at), data.index(b"</w:r>", at) + 6
                data = data[:start] + before + data[start:end] + after + data[end:]
            new.writestr(name, data)
    path = tmp_path / "guide.docx"
    path.write_bytes(target.getvalue())
    return path


def test_the_shipped_guide_owes_what_it_owes(guide: Guide) -> None:
    """Lines by kind, nothing changed against itself."""
    found = examined(SHIPPED, guide, guide)
    assert found.owed["documents"] > 40
    assert "sentences" not in found.owed
    assert found.changes is not None
    assert set(found.changes.counts()["clauses"]) == {"unchanged"}


def test_a_short_guide_of_another_family_is_not_called_cut(guide: Guide, tmp_path: Path) -> None:
    """A single standard has six clauses and is whole; the general one with as few lacks its end."""
    beginning = "\n".join(SHIPPED.read_text(encoding="utf-8").splitlines()[:60])
    for title, told in (("通用标准", ["few_clauses"]), ("报关企业单项标准", [])):
        path = tmp_path / f"{title}.txt"
        path.write_text(beginning.replace("通用标准", title, 1), encoding="utf-8")
        assert [f.code for f in examined(path, guide).findings if f.code == "few_clauses"] == told


def test_tracked_changes_are_told(guide: Guide, tmp_path: Path) -> None:
    """An insertion that nobody accepted is read, and said so with its words."""
    found = examined(word(tmp_path, b'<w:ins w:id="1" w:author="x">', b"</w:ins>"), guide)
    [told] = [f for f in found.findings if f.code == "tracked"]
    assert str(told.values["text"]).startswith("1．建立以下书面文件")
    assert "修订" in finding_sentence(told, "zh")
    assert len(found.guide.clauses) == 64


def test_a_word_file_is_looked_at_in_seconds(guide: Guide) -> None:
    """Five seconds of processor time at most, the comparison with the edition in force among them."""
    start = process_time()
    assert examined(WORD, guide, guide).changes is not None
    assert process_time() - start < 5


def test_what_holds_no_guide_is_refused(guide: Guide, tmp_path: Path) -> None:
    """A file that is no guide is refused in a sentence."""
    (tmp_path / "a.txt").write_text("今天开会。", encoding="utf-8")
    with pytest.raises(SourceError):
        examined(tmp_path / "a.txt", guide)
