"""A guide file that is brought in: what it is called, whether it is the shipped one, and what a build of it is made of."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

from assistant.adapters.builds import fingerprint_of
from assistant.adapters.editions import Editions
from assistant.guide import Guide, folded
from assistant.settings import Settings
from ingest.shipped import shipped_guide


def label_before(path: Path, fingerprint: str, store: Editions) -> str:
    """The label under which the very same file was ingested before, or nothing."""
    name = origin(path, store)
    return next((m.edition for m in reversed(store.all()) if m.source_sha256 == fingerprint and m.source == name), "")


def origin(path: Path, store: Editions) -> str:
    """The name of a guide file; one that lies in a build is known by the name it came with."""
    lies = path.resolve()
    return next((m.source for m in store.all() if (kept := store.source(m)) and kept.resolve() == lies), path.name)


def slug(path: Path) -> str:
    """The label of a file that says none: its name."""
    return re.sub(r"\s+", "-", path.stem.strip())[:60] or "edition"


def same_words(guide: Guide) -> bool:
    """Whether a guide has the shipped guide's words, its titles included, in whatever format."""
    return _words(guide) == _words(shipped_guide())


def _words(guide: Guide) -> list[str]:
    """What a guide says, in its order: titles, clauses and lines."""
    placed = ((c, guide.places[c.id]) for c in guide.clauses.values())
    said = [(c.id, c.text, p.item.title, p.category.title, p.part.title) for c, p in placed]
    return [*(folded(text) for texts in said for text in texts), *(folded(r.text) for r in guide.requirements.values())]


def all_of(source: str, label: str, embedder_: str, bank_fingerprint: str, settings: Settings, family: str) -> str:
    """What a build is made of, as one fingerprint."""
    return fingerprint_of(source, label, embedder_, bank_fingerprint, settings.chroma_url, version(), _maker(), family)


def _maker() -> str:
    """A hash of the code that reads, cuts and ranks: a build that other code made is made again."""
    here = Path(__file__).parent
    code = [*here.rglob("*.py"), *(here.parent / "assistant" / "answers").rglob("*.py")]
    return fingerprint_of([path.read_text(encoding="utf-8") for path in sorted(code)])


def version() -> str:
    """That of the installed package."""
    try:
        return metadata.version("aeo-assistant")
    except metadata.PackageNotFoundError:
        return "0"
