"""Editions on disk: one folder per build, written once; a small pointer file says which one is active.

Layout under ``AEO_HOME``: ``builds/<id>/`` with guide.json, ranker.npz, ranker.json, chroma/ and, written last,
manifest.json; ``active.json`` names the active build and the ones before it. A build without a manifest never served.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic import ValidationError

from assistant.errors import Busy, EditionError, IndexMissing
from assistant.guide import Frozen, Guide


class Manifest(Frozen):
    """What a finished build is: its edition, what it was made from and by which model."""

    build: str
    edition: str
    title: str
    source: str
    source_sha256: str
    embedder: str
    bank: str
    clauses: int
    passages: int
    created: str
    version: str
    format: int = 1


class Active(Frozen):
    """The pointer: the active build, by whom, whether it was gone back to, and the builds active before, newest first.

    ``override`` is the reason given for a build that was put in force against its gates.
    """

    edition: str
    build: str
    activated: str
    by: str = ""
    back: bool = False
    override: str = ""
    before: tuple[dict[str, str], ...] = ()


class Editions:
    """The editions under one ``AEO_HOME``."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.builds = home / "builds"
        self.pointer = home / "active.json"

    def all(self) -> list[Manifest]:
        """Finished builds, oldest first; the newest build of an edition is the one that counts."""
        found = []
        for path in self.builds.glob("*/manifest.json"):
            try:
                found.append(Manifest.model_validate_json(path.read_text(encoding="utf-8")))
            except (OSError, ValueError):
                continue
        return sorted(found, key=lambda m: (m.created, m.build))

    def active(self) -> Active | None:
        """The pointer, or None in an empty home."""
        try:
            return Active.model_validate_json(self.pointer.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise IndexMissing("index.pointer", where=str(self.pointer)) from error

    def pointed(self) -> Active | None:
        """As ``active``, and None too when the pointer is damaged: for those who write it anew."""
        try:
            return self.active()
        except IndexMissing:
            return None

    def stamp(self) -> tuple[int, int]:
        """Changes whenever the pointer is swapped: cheap enough to look at before every answer."""
        try:
            status = self.pointer.stat()
        except OSError:
            return (0, 0)
        return (status.st_mtime_ns, status.st_ino)

    def manifest(self, edition: str | None = None) -> Manifest:
        """The manifest of ``edition``, or of the active one.

        Raises:
            IndexMissing: nothing was ingested, or the active build is gone. EditionError: no such edition.
        """
        manifests = self.all()
        if edition is not None:
            named = [m for m in manifests if m.edition == edition]
            current = self.pointed()
            if current and current.edition == edition:
                named = [m for m in named if m.build == current.build] or named
            if not named:
                known = "、".join(dict.fromkeys(m.edition for m in manifests)) or "—"
                raise EditionError("editions.unknown", edition=edition, known=known)
            return named[-1]
        active = self.active()
        if active is None:
            raise IndexMissing("index.missing", home=str(self.home))
        for manifest in manifests:
            if manifest.build == active.build:
                return manifest
        raise IndexMissing("index.build_gone", edition=active.edition, where=str(self.builds / active.build))

    def guide(self, manifest: Manifest) -> Guide:
        """The parsed guide of a build."""
        path = self.folder(manifest.build) / "guide.json"
        try:
            return Guide.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise IndexMissing("index.build_gone", edition=manifest.edition, where=str(path)) from error

    def folder(self, build: str) -> Path:
        """The folder of a build."""
        return self.builds / build

    def source(self, manifest: Manifest) -> Path | None:
        """The file that a build was made from, as kept in it."""
        return next(self.folder(manifest.build).glob("source*"), None)

    def again(self, manifest: Manifest) -> str:
        """The command that brings an edition in anew, from the file kept in its build."""
        kept = self.source(manifest)
        file = manifest.source if kept is None else str(kept.absolute())
        return f"aeo guide ingest {shlex.quote(file)} --edition {shlex.quote(manifest.edition)}"

    def begin(self, build: str) -> Path:
        """An empty folder for a build; leftovers of killed builds are removed."""
        for path in self.builds.glob("*"):
            if path.is_dir() and not (path / "manifest.json").exists():
                shutil.rmtree(path, ignore_errors=True)
        folder = self.folder(build)
        folder.mkdir(parents=True)
        return folder

    def finish(self, manifest: Manifest) -> None:
        """Make a build count: its manifest is written last, at once and durably."""
        write_durably(self.folder(manifest.build) / "manifest.json", manifest.model_dump_json(indent=2))

    def activate(self, manifest: Manifest, at: datetime, by: str = "", override: str = "") -> Active:
        """Swap the pointer to a build in one atomic step."""
        current = self.pointed()
        before: tuple[dict[str, str], ...] = ()
        if current is not None and current.build != manifest.build:
            was = {"edition": current.edition, "build": current.build, "activated": current.activated}
            reason = {"by": current.by, "override": current.override} if current.override else {}
            before = (was | reason, *current.before)[:20]
        active = Active(edition=manifest.edition, build=manifest.build, activated=at.isoformat(), by=by, override=override, before=before)
        write_durably(self.pointer, active.model_dump_json(indent=2))
        return active

    def rollback(self, at: datetime, by: str = "") -> Active:
        """Point back to the build that was active before.

        Raises:
            EditionError: there is none.
        """
        current = self.active()
        alive = {m.build: m for m in self.all()}
        earlier = [b for b in (current.before if current else ()) if b["build"] in alive]
        if current is None or not earlier:
            raise EditionError("editions.no_earlier")
        manifest = alive[earlier[0]["build"]]
        active = Active(
            edition=manifest.edition, build=manifest.build, activated=at.isoformat(), by=by, back=True, before=tuple(earlier[1:])
        )
        write_durably(self.pointer, active.model_dump_json(indent=2))
        return active

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Only one process ingests or activates at a time; a killed one leaves no lock behind."""
        self.home.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.home / "ingest.lock", blocking=False):
                yield
        except Timeout as error:
            raise Busy("editions.busy", home=str(self.home)) from error


def write_durably(path: Path, text: str) -> None:
    """Write beside, flush to disk, rename over: readers see the old file or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def build_name(edition: str, content: str) -> str:
    """A build id that is also a valid Chroma collection name: the edition's ASCII letters and a content hash."""
    ascii_part = re.sub(r"[^a-z0-9]+", "-", edition.lower()).strip("-")[:40] or "edition"
    return f"aeo-{ascii_part}-{hashlib.sha256(content.encode()).hexdigest()[:10]}"


def fingerprint_of(*parts: Any) -> str:
    """SHA-256 over JSON of the parts, 64 hex digits."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()
