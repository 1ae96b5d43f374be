"""Files of evidence by their SHA-256, in a folder or, by address, in anything fsspec reaches (S3 and its like).

``incoming/<hash>`` is the side, ``content/ab/<hash>`` what is visible. Bytes are copied to the side and flushed before
the event that names them is stored, and moved to their place after it; a worker that dies between leaves a file on the
side that the register's own record brings home (``RegisterService.settle_files``).
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from assistant.errors import AeoError, Reason, RegisterError, SettingsError, Unavailable, reason
from assistant.settings import without_secrets

_BLOCK = 1 << 20  # bytes read at a time


class FileStore:
    """A content store under one folder of a file system."""

    def __init__(self, system: Any, root: str) -> None:
        self.system = system
        self.root = root.rstrip("/")

    def stage(self, source: IO[bytes], limit: int) -> tuple[str, int]:
        """Copy to the side, durably: (SHA-256, size). Content that is there already is not stored again.

        Raises:
            RegisterError: more than ``limit`` bytes. Unavailable: the disk is full, or nothing may be written there.
        """
        beside = f"{self.root}/incoming/.{uuid.uuid4().hex}.part"
        try:
            self.system.makedirs(f"{self.root}/incoming", exist_ok=True)
            sha256, size = self._copy(source, beside, limit)
            if self.has(sha256):
                self.system.rm_file(beside)
            else:
                self._move(beside, self._side(sha256))
        except BaseException as error:
            with suppress(Exception):  # the store may be gone: the first error tells
                self.system.rm_file(beside)
            if isinstance(error, OSError) and self._here:
                raise Unavailable("register.files_write", where=self.root, what=reason(error)) from error
            if isinstance(error, Exception) and not isinstance(error, AeoError):
                raise self._away(error) from error
            raise
        return sha256, size

    def publish(self, sha256: str) -> None:
        """Make a staged file visible; nothing happens when it is already, or is nowhere."""
        target = self._place(sha256)
        with self._answering():
            if self.system.exists(target):
                with suppress(FileNotFoundError):
                    self.system.rm_file(self._side(sha256))
                return
            self.system.makedirs(target.rpartition("/")[0], exist_ok=True)
            with suppress(FileNotFoundError):
                self._move(self._side(sha256), target)

    def open(self, sha256: str) -> IO[bytes]:
        """A visible file's bytes.

        Raises:
            FileNotFoundError: there are none; a pipe, device or link in their place is none of ours.
        """
        with self._answering():
            place = Path(self._place(sha256))
            if self._here and (place.is_symlink() or (place.exists() and not place.is_file())):
                raise FileNotFoundError(sha256)
            opened: IO[bytes] = self.system.open(self._place(sha256), "rb")
            return opened

    def has(self, sha256: str) -> bool:
        """Whether a file is visible."""
        with self._answering():
            return bool(self.system.exists(self._place(sha256)))

    def staged(self) -> Iterator[tuple[str, datetime]]:
        """Files on the side, with the time at which they were copied there; half-copied ones too."""
        with suppress(FileNotFoundError):
            for info in self.system.ls(f"{self.root}/incoming", detail=True):
                yield info["name"].rpartition("/")[2], self.system.modified(info["name"]).astimezone(UTC)

    def discard(self, sha256: str) -> None:
        """Remove a file from the side."""
        with suppress(FileNotFoundError):
            self.system.rm_file(self._side(sha256))

    def visible(self) -> Iterator[str]:
        """All visible files."""
        with suppress(FileNotFoundError):
            for path in self.system.find(f"{self.root}/content"):
                yield str(path).rpartition("/")[2]

    @property
    def _here(self) -> bool:
        """Whether it is a folder of this machine."""
        return "file" in (self.system.protocol if isinstance(self.system.protocol, tuple) else (self.system.protocol,))

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """A store elsewhere that does not answer is one sentence, whatever its driver raises; a file that is not there stays that."""
        try:
            yield
        except (FileNotFoundError, AeoError):
            raise
        except Exception as error:
            if self._here:
                raise
            raise self._away(error) from error

    def _away(self, error: Exception) -> Unavailable:
        protocol = self.system.protocol if isinstance(self.system.protocol, str) else self.system.protocol[0]
        return Unavailable("register.files_down", where=without_secrets(f"{protocol}://{self.root}"), what=type(error).__name__)

    def _copy(self, source: IO[bytes], beside: str, limit: int) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        with self.system.open(beside, "wb") as target:
            while block := source.read(_BLOCK):
                size += len(block)
                if size > limit:
                    raise RegisterError("register.file_large", limit=limit // (1024 * 1024))
                digest.update(block)
                target.write(block)
            target.flush()
            with suppress(AttributeError, OSError):
                os.fsync(target.fileno())
        return digest.hexdigest(), size

    def _move(self, source: str, target: str) -> None:
        """A rename where the system has one (a folder here), else copy and delete."""
        if self._here:
            Path(source).replace(target)
            folder = os.open(target.rpartition("/")[0], os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        else:
            self.system.mv(source, target)

    def _side(self, sha256: str) -> str:
        return f"{self.root}/incoming/{_named(sha256)}"

    def _place(self, sha256: str) -> str:
        return f"{self.root}/content/{_named(sha256)[:2]}/{_named(sha256)}"


def open_files(address: str | None, home: Path) -> FileStore:
    """The store at an fsspec address (``s3://bucket/folder``), or in ``home/files``.

    Raises:
        SettingsError: the address is of no known kind, or its driver is not installed. Unavailable: it does not answer.
    """
    import fsspec

    try:
        if not address:  # a path is no address: #, % and ? are letters in it
            return FileStore(fsspec.filesystem("file"), (home / "files").absolute().as_posix())
        system, root = fsspec.core.url_to_fs(address)
    except (ValueError, ImportError) as error:
        what = Reason("NoDriver" if isinstance(error, ImportError) else "NoScheme")
        raise SettingsError("register.files_url", address=without_secrets(address or ""), what=what) from None
    except Exception as error:  # some drivers connect at once, and raise what they like
        raise Unavailable("register.files_down", where=without_secrets(address or ""), what=type(error).__name__) from error
    return FileStore(system, root)


def _named(sha256: str) -> str:
    """A hash as a file name; anything else never becomes a path."""
    plain = sha256.removeprefix(".").removesuffix(".part")
    if not plain.isalnum() or not plain.isascii():
        raise FileNotFoundError(sha256)
    return sha256
