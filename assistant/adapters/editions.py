"""Editions on disk: one folder per build, written once; a small pointer file says which one is active.

Layout under ``AEO_HOME``: ``builds/<id>/`` with guide.json, ranker.npz, ranker.json, chroma/ and, written last,
manifest.json; ``active.json`` names the active build of each family and the ones before it. A build without a manifest never served.
"""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import ValidationError

from assistant.adapters.builds import Active, Manifest
from assistant.adapters.durable import write_durably
from assistant.errors import Busy, EditionError, IndexMissing
from assistant.families import combined, family_of, label_of, labels_of, ordered, short
from assistant.guide import Guide


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
        if not all(m.family for m in found):
            first = self._first_family(found)
            found = [m if m.family else m.model_copy(update={"family": first}) for m in found]
        return sorted(found, key=lambda m: (m.created, m.build))

    def _first_family(self, found: Sequence[Manifest]) -> str:
        """The family of a home that was begun before there were several: that of what is in force there."""
        pointer = self.pointed()
        if pointer is not None and pointer.family:
            return pointer.family
        title = next((m.title for m in found if pointer is not None and m.build == pointer.build and m.title != m.source), "")
        return family_of(title)

    def active(self, family: str | None = None) -> Active | None:
        """The pointer of a family, by default of the first; None where nothing of it is in force.

        Raises:
            IndexMissing: the pointer's file is damaged.
        """
        try:
            pointer = Active.model_validate_json(self.pointer.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise IndexMissing("index.pointer", where=str(self.pointer)) from error
        if family is None:
            return pointer
        named = (pointer if pointer.family else pointer.model_copy(update={"family": self.manifest().family}), *pointer.beside)
        return next((p for p in named if p.family == family and not p.out), None)

    def pointed(self, family: str | None = None) -> Active | None:
        """As ``active``, and None too when the pointer is damaged: for those who write it anew."""
        try:
            return self.active(family)
        except IndexMissing:
            return None

    def in_force(self) -> list[Manifest]:
        """What is in force, one build a family, the first family first.

        Raises:
            IndexMissing: nothing was ingested, or a build in force is gone.
        """
        pointer = self.active()
        first = self.manifest()
        known = {m.build: m for m in self.all()}
        found = [first]
        for other in (p for p in (pointer.beside if pointer else ()) if not p.out):
            if other.build not in known:
                raise IndexMissing("index.build_gone", edition=other.edition, where=str(self.builds / other.build))
            found.append(known[other.build])
        return found

    def label_in_force(self) -> str:
        """The label of what is in force, of all families."""
        return label_of(m.edition for m in self.in_force())

    def latest(self) -> Active | None:
        """The pointer that was swapped last, of whatever family; None in an empty home."""
        pointer = self.active()
        return None if pointer is None else max((pointer, *pointer.beside), key=lambda p: p.activated)

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
            pointer = self.pointed()
            standing = {p.build for p in (pointer, *pointer.beside)} if pointer else set()
            named = [m for m in named if m.build in standing] or named
            if not named:
                known = tuple(dict.fromkeys(m.edition for m in manifests)) or "—"
                raise EditionError("editions.unknown", edition=edition, known=known)
            return named[-1]
        active = self.active()
        if active is None:
            raise IndexMissing("index.missing", home=str(self.home.absolute()))
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

    def guide_stamp(self, manifest: Manifest) -> int:
        """Changes when the lines of a build are corrected."""
        try:
            return (self.folder(manifest.build) / "guide.json").stat().st_mtime_ns
        except OSError:
            return 0

    def guides(self, label: str | None = None) -> dict[str, Guide]:
        """Family -> guide of all that is in force, or of the editions that a joint label names."""
        if label is None:
            named = self.in_force()
        elif any(m.edition == label for m in self.all()):
            named = [self.manifest(label)]
        else:
            named = [self.manifest(one) for one in labels_of(label)]
        return {m.family: self.guide(m) for m in named}

    def guide_of(self, label: str | None = None) -> Guide:
        """All that is in force (or what a label names) as one guide: with one family its guide, else those of all, combined.

        Raises:
            IndexMissing, EditionError: see ``manifest``.
        """
        return combined(self.guides(label))

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
        said = "" if manifest.family == family_of(manifest.title) else f" --family {shlex.quote(manifest.family)}"
        return f"aeo guide ingest {shlex.quote(file)} --edition {shlex.quote(manifest.edition)}{said}"

    def keep_map(self, manifest: Manifest, old: str, clauses: Mapping[str, Sequence[str]]) -> None:
        """Keep where the clauses of an older edition went in this one, as a lead confirmed it."""
        kept = self.maps(manifest) | {old: {a: tuple(b) for a, b in clauses.items()}}
        write_durably(self.folder(manifest.build) / "map.json", json.dumps(kept, ensure_ascii=False, indent=1))

    def maps(self, manifest: Manifest) -> dict[str, dict[str, tuple[str, ...]]]:
        """Older edition -> its clauses -> the clauses of this one that take their place; nothing where no lead said so."""
        try:
            found = json.loads((self.folder(manifest.build) / "map.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {old: {a: tuple(b) for a, b in clauses.items()} for old, clauses in found.items()}

    def went(self) -> dict[str, tuple[str, ...]]:
        """Where the clauses of older editions went, of all families in force, in the ids that they have there.

        Raises:
            IndexMissing: nothing was ingested, or a build in force is gone.
        """
        found: dict[str, tuple[str, ...]] = {}
        for n, manifest in enumerate(self.in_force()):
            front = f"{short(manifest.family)}:" if n else ""
            for clauses in self.maps(manifest).values():
                for old, news in clauses.items():
                    found[f"{front}{old}"] = (*found.get(f"{front}{old}", ()), *(f"{front}{c}" for c in news))
        return found

    def touch(self, manifest: Manifest) -> None:
        """Have readers look again at a build that was corrected; nothing but the pointer's time changes."""
        pointer = self.active()
        if pointer is not None and manifest.build in {p.build for p in (pointer, *pointer.beside)}:
            write_durably(self.pointer, pointer.model_dump_json(indent=2))

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
        """Swap the pointer of a build's family in one atomic step; those of other families stay."""
        current = self.pointed(manifest.family)
        before: tuple[dict[str, str], ...] = ()
        if current is not None and current.build != manifest.build:
            was = {"edition": current.edition, "build": current.build, "activated": current.activated}
            reason = {"by": current.by, "override": current.override} if current.override else {}
            before = (was | reason, *current.before)[:20]
        return self._point(
            Active(
                edition=manifest.edition,
                build=manifest.build,
                activated=at.isoformat(),
                by=by,
                override=override,
                before=before,
                family=manifest.family,
            )
        )

    def rollback(self, at: datetime, by: str = "", family: str | None = None) -> Active:
        """Point back to the build of a family that was active before; one that stood beside others and had none leaves force.

        Args:
            at: the moment.
            by: who does it.
            family: whose; needless where one is in force.

        Raises:
            EditionError: there is none, or it is not said which of several.
        """
        families = [m.family for m in self.in_force()]
        if family not in (*families, None):
            raise EditionError("editions.family_not_in_force", family=family, known=tuple(families))
        if family is None and len(families) > 1:
            raise EditionError("editions.which_family", known=tuple(families))
        current = self.active(family or families[0])
        alive = {m.build: m for m in self.all()}
        earlier = [b for b in (current.before if current else ()) if b["build"] in alive]
        if current is None or (not earlier and len(families) == 1):
            raise EditionError("editions.no_earlier")
        gone = current.model_copy(update={"activated": at.isoformat(), "by": by, "back": True, "override": "", "beside": ()})
        if not earlier:
            return self._point(gone.model_copy(update={"out": True}))
        manifest = alive[earlier[0]["build"]]
        to = {"edition": manifest.edition, "build": manifest.build, "before": tuple(earlier[1:])}
        return self._point(gone.model_copy(update=to))

    def _point(self, active: Active) -> Active:
        """Write the pointer with ``active`` for its family: the general one first, then the others, each in the place that it had."""
        pointer = self.pointed()
        standing = {p.family: p for p in ((pointer, *pointer.beside) if pointer else ())}
        if "" in standing:
            first = standing.pop("")
            known = next((m.family for m in self.all() if m.build == first.build), active.family)
            standing = {known: first.model_copy(update={"family": known}), **standing}
        standing[active.family] = active
        places = ordered(list(standing))
        first_inside = next(f for f in places if not standing[f].out)
        order = [first_inside, *(f for f in places if f != first_inside)]
        head, *others = (standing[f].model_copy(update={"beside": ()}) for f in order)
        whole = head.model_copy(update={"beside": tuple(others)})
        write_durably(self.pointer, whole.model_dump_json(indent=2))
        return whole if head.family == active.family else active

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Only one process ingests or activates at a time; a killed one leaves no lock behind."""
        self.home.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.home / "ingest.lock", blocking=False):
                yield
        except Timeout as error:
            raise Busy("editions.busy", home=str(self.home)) from error
