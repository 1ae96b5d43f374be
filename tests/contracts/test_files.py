"""What every file store promises."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime

import pytest

from assistant.adapters.files import FileStore
from assistant.errors import RegisterError


def test_side_then_place(files: FileStore) -> None:
    """A staged file is not visible; published it is, under its hash, once, however often it is staged."""
    content = "证据".encode() * 1000
    sha256, size = files.stage(io.BytesIO(content), 1 << 20)
    assert (sha256, size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert not files.has(sha256)
    assert list(files.visible()) == []
    with pytest.raises(FileNotFoundError):
        files.open(sha256)
    [(name, since)] = list(files.staged())
    assert name == sha256
    assert abs((datetime.now(UTC) - since).total_seconds()) < 60
    files.publish(sha256)
    files.publish(sha256)
    with files.open(sha256) as opened:
        assert opened.read() == content
    assert files.stage(io.BytesIO(content), 1 << 20)[0] == sha256
    assert list(files.visible()) == [sha256]
    assert list(files.staged()) == []


def test_too_large(files: FileStore) -> None:
    """A file over the limit is refused, and nothing of it stays."""
    with pytest.raises(RegisterError):
        files.stage(io.BytesIO(b"x" * 3_000_000), 1 << 20)
    assert list(files.staged()) == []


def test_discard(files: FileStore) -> None:
    """What was staged and never published can be discarded; a visible file cannot."""
    sha256, _ = files.stage(io.BytesIO(b"a"), 10)
    files.discard(sha256)
    assert list(files.staged()) == []
    sha256, _ = files.stage(io.BytesIO(b"a"), 10)
    files.publish(sha256)
    files.discard(sha256)
    assert files.has(sha256)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "", "..", "証", "a.b"])
def test_names_never_become_paths(files: FileStore, name: str) -> None:
    """Only a hash finds a file; anything else is simply not there."""
    for act in (files.open, files.publish, files.has):
        with pytest.raises(FileNotFoundError):
            act(name)
