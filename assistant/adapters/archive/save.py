"""A backup: one ZIP file that holds everything, written while others write, and checked against itself.

``tables/<name>.jsonl`` are the rows of one moment (``sql_copy``), ``files/<sha256>`` the evidence that those rows name,
``home/…`` what else stands under ``AEO_HOME`` (editions, profile, policy, eval runs), ``index/<build>.npz`` the search index of each
edition. ``manifest.json`` comes last, with the hash of everything: an archive without it is none. Left out is what can be made again:
embedded Chroma's folders, the cache of vectors, locks, half-made builds.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

import numpy as np
from sqlalchemy import Connection, Engine

from assistant import typed_file
from assistant.adapters.chroma.index import ChromaIndex, Records
from assistant.adapters.editions import Editions
from assistant.adapters.sql.copying import Copied, chains, files, hashed, heads, line, read, snapshot, tables
from assistant.adapters.sql.describe import described
from assistant.adapters.sql.tables import Base
from assistant.errors import AeoError, Reason, UsageError, reason
from assistant.register.ports import Files
from assistant.settings import Settings

FORMAT = 1  # the archive's layout; another one is refused
_BLOCK = 1 << 20  # bytes read at a time
OURS = ("active.json", "identity.json", "builds", "evals", "profile.yaml", "profiles", "policy.yaml", "nudges.jsonl", "mailed.txt")
"""What the product writes or reads under a home, beside the register, the evidence and what is made again: no log, no earlier backup."""


class Writer:
    """Writes one archive; nothing of it counts before ``finish``."""

    def __init__(self, out: Path, at: datetime, version: str) -> None:
        self.out = out
        self._beside = out.with_name(f".{out.name}.{os.getpid()}.tmp")
        self._file = os.fdopen(os.open(self._beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=3)
        self.manifest: dict[str, Any] = {"format": FORMAT, "version": version, "at": at.isoformat(), "missing": [], "altered": []}
        self.manifest |= {"tables": {}, "heads": {}, "members": {}, "made": {}}

    def rows(self, connection: Connection) -> None:
        """Every table of a snapshot."""
        for table in tables(connection):
            if table.name not in Base.metadata.tables:
                self.manifest["made"][table.name] = described(table)
            seen: list[Copied] = []
            with self._zip.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as member:
                for row in hashed(read(connection, table), seen):
                    member.write(line(row))
            self.manifest["tables"][table.name] = seen[0]._asdict()

    def evidence(self, wanted: Mapping[str, int], store: Files) -> None:
        """The bytes of evidence; what is nowhere is named in the manifest."""
        for sha256 in sorted(wanted):
            store.publish(sha256)  # one that was handed in a moment ago may still be on the side
            try:
                with store.open(sha256) as source:
                    found = self._add(f"files/{sha256}", source)
            except FileNotFoundError:
                self.manifest["missing"].append(sha256)
                continue
            if found != sha256:  # other bytes than were handed in: said now, and not restored as if they were
                self.manifest["altered"].append(sha256)

    def home(self, settings: Settings) -> None:
        """What stands under ``AEO_HOME``, and a profile or policy that stands elsewhere."""
        others = {"profile.yaml": settings.profile_path, "policy.yaml": settings.policy_path}
        for name, path in {**dict(_standing(settings.home)), **{n: p for n, p in others.items() if p.is_file()}}.items():
            if path.suffix == ".sqlite3":
                with tempfile.NamedTemporaryFile(suffix=".sqlite3") as copied:
                    with closing(sqlite3.connect(path)) as live, closing(sqlite3.connect(copied.name)) as still:
                        live.backup(still)
                    self._add(f"home/{name}", copied)
            else:
                with path.open("rb") as source:
                    self._add(f"home/{name}", source)

    def index(self, build: str, records: Records) -> None:
        """One edition's search index."""
        words = json.dumps([records.ids, records.documents, records.metadatas], ensure_ascii=False)
        packed = io.BytesIO()
        np.savez(packed, vectors=records.vectors, words=np.frombuffer(words.encode(), dtype=np.uint8))
        packed.seek(0)
        self._add(f"index/{build}.npz", packed)

    def finish(self) -> None:
        """Make the archive count: manifest last, flushed, renamed to its name."""
        self._zip.writestr("manifest.json", json.dumps(self.manifest, ensure_ascii=False, indent=1))
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._beside.replace(self.out)

    def abandon(self) -> None:
        """Leave nothing behind, also on a full disk, where closing writes in vain."""
        self._zip.fp = None  # else its destructor writes the table of contents, and complains on the terminal
        with suppress(OSError):
            self._file.close()
        self._beside.unlink(missing_ok=True)

    def _add(self, name: str, source: IO[bytes]) -> str:
        """A member of the archive; its hash."""
        digest, size = hashlib.sha256(), 0
        source.seek(0)
        with self._zip.open(name, "w", force_zip64=True) as member:
            while block := source.read(_BLOCK):
                digest.update(block)
                size += len(block)
                member.write(block)
        self.manifest["members"][name] = {"sha256": digest.hexdigest(), "size": size}
        return digest.hexdigest()


def save(
    settings: Settings, engine: Engine, store: Files, out: Path, at: datetime, version: str, beside: Sequence[Engine] = ()
) -> dict[str, Any]:
    """Write a backup of everything; returns its manifest. Others may read and write meanwhile.

    ``beside`` are databases whose tables belong to the register's where that is no file under ``AEO_HOME``.

    Raises:
        Unavailable: the database or the search index does not answer. UsageError: the file cannot be written.
    """
    try:
        writer = Writer(out, at, version)
    except OSError as error:
        raise UsageError("ops.backup_write", where=str(out), what=reason(error)) from error
    try:
        with snapshot(engine) as connection:
            writer.rows(connection)
            writer.manifest["heads"] = {key: list(end) for key, end in heads(connection).items()}
            wanted = files(connection)
        for other in beside:
            with other.connect() as connection:
                writer.rows(connection)
            other.dispose()
        writer.evidence(wanted, store)
        writer.home(settings)
        editions = Editions(settings.home)
        for manifest in editions.all():
            if manifest.embedder != "none":
                writer.index(
                    manifest.build, ChromaIndex(manifest.build, editions.folder(manifest.build) / "chroma", settings.chroma_url).read()
                )
        writer.finish()
    except OSError as error:
        writer.abandon()
        raise UsageError("ops.backup_write", where=str(out), what=reason(error)) from error
    except BaseException:
        writer.abandon()
        raise
    return writer.manifest


def _standing(home: Path) -> Iterator[tuple[str, Path]]:
    """Files under a home that belong into a backup, by their path there."""
    finished = {m.build for m in Editions(home).all()}
    for path in sorted(home.rglob("*")):
        parts = path.relative_to(home).parts
        if parts[0] not in OURS or not path.is_file() or path.name.startswith(".") or path.name.endswith(("-wal", "-shm", ".tmp")):
            continue
        if parts[0] == "builds" and (parts[1] not in finished or "chroma" in parts[2:3]):
            continue
        yield "/".join(parts), path


def manifest_digest(manifest: Mapping[str, Any]) -> str:
    """The SHA-256 of a manifest, which names the hash of everything in its archive and the ends of all logs."""
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()


class Archive:
    """An archive that is read.

    Raises:
        UsageError: it is no backup, or one of a newer version.
    """

    def __init__(self, path: Path) -> None:
        try:
            typed_file.opened(path).close()
            self._zip = zipfile.ZipFile(path)
            self.manifest: dict[str, Any] = json.loads(self._zip.read("manifest.json"))
        except OSError as error:
            raise UsageError("ops.no_backup", where=str(path), what=reason(error)) from error
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
            raise UsageError("ops.no_backup", where=str(path), what=Reason("NOT_ZIP")) from error
        except (KeyError, ValueError) as error:
            raise UsageError("ops.no_backup", where=str(path), what=Reason("NO_MANIFEST")) from error
        if not isinstance(self.manifest, dict):
            raise UsageError("ops.no_backup", where=str(path), what=Reason("NO_MANIFEST"))
        self.path = path
        if self.manifest.get("format") != FORMAT:
            raise UsageError("ops.backup_newer", where=str(path))

    @property
    def digest(self) -> str:
        """What the register's log says of this archive, when it was written from there (``manifest_digest``)."""
        return manifest_digest(self.manifest)

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def problems(self) -> list[tuple[str, str]]:
        """What does not add up, as (what, where): damaged members, rows that differ, logs that do not chain, files that are not there."""
        found = [("missing", sha256) for sha256 in self.manifest["missing"]]
        try:
            for name, wanted in self.manifest["members"].items():
                if self._hash(name) != wanted["sha256"]:
                    found.append(("damaged", name))
            for name, wanted in self.manifest["tables"].items():
                seen: list[Copied] = []
                for _ in hashed(self.rows(name), seen):
                    pass
                if seen[0]._asdict() != wanted:
                    found.append(("damaged", f"tables/{name}.jsonl"))
            ends = {key: (end[0], end[1]) for key, end in self.manifest["heads"].items()}
            found += [("chain", key) for key, chain in chains(self.rows("events"), ends).items() if not chain.intact]
            there = self.evidence()
            handed_in = {row["sha256"] for row in self.rows("pieces") if row["kind"] == "file"}
            found += [("missing", sha256) for sha256 in sorted(handed_in - there) if sha256 not in self.manifest["missing"]]
            found += [("damaged", f"files/{sha256}") for sha256 in there if self.manifest["members"][f"files/{sha256}"]["sha256"] != sha256]
        except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, AeoError) as error:
            found.append(("damaged", " ".join(str(error).split())[:120]))
        return found

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table, in order."""
        with self._zip.open(f"tables/{table}.jsonl") as member:
            for text in member:
                yield json.loads(text)

    def evidence(self) -> set[str]:
        """Hashes of the files that it holds."""
        return {name.removeprefix("files/") for name in self.manifest["members"] if name.startswith("files/")}

    def home(self) -> list[str]:
        """Paths under ``AEO_HOME``, none of which leads out of it."""
        names = [name.removeprefix("home/") for name in self.manifest["members"] if name.startswith("home/")]
        return [n for n in names if not PurePosixPath(n).is_absolute() and ".." not in PurePosixPath(n).parts]

    def open(self, name: str) -> IO[bytes]:
        """A member's bytes."""
        return self._zip.open(name)

    def index(self, build: str) -> Records | None:
        """One edition's search index, if it holds one."""
        if f"index/{build}.npz" not in self.manifest["members"]:
            return None
        packed = np.load(io.BytesIO(self._zip.read(f"index/{build}.npz")), allow_pickle=False)
        ids, documents, metadatas = json.loads(packed["words"].tobytes())
        return Records(ids, packed["vectors"], documents, metadatas)

    def _hash(self, name: str) -> str:
        digest = hashlib.sha256()
        with self._zip.open(name) as member:
            while block := member.read(_BLOCK):
                digest.update(block)
        return digest.hexdigest()
