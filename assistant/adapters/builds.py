"""A build of an edition, and what points at it: the two files that say so, and how a build is named."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from assistant.guide import Frozen


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
    family: str = ""


class Active(Frozen):
    """The pointer: the active build, by whom, whether it was gone back to, and the builds active before, newest first.

    ``override`` is the reason given for a build that was put in force against its gates. ``beside`` are the pointers of the other
    families, ``out`` says that the family was taken out of force. A pointer or manifest that names no family is of the home's first.
    """

    edition: str
    build: str
    activated: str
    by: str = ""
    back: bool = False
    override: str = ""
    before: tuple[dict[str, str], ...] = ()
    family: str = ""
    out: bool = False
    beside: tuple[Active, ...] = ()


def build_name(edition: str, content: str) -> str:
    """A build id that is also a valid Chroma collection name: the edition's ASCII letters and a content hash."""
    ascii_part = re.sub(r"[^a-z0-9]+", "-", edition.lower()).strip("-")[:40] or "edition"
    return f"aeo-{ascii_part}-{hashlib.sha256(content.encode()).hexdigest()[:10]}"


def fingerprint_of(*parts: Any) -> str:
    """SHA-256 over JSON of the parts, 64 hex digits."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()
