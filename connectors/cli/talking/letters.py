"""What was said to somebody who is not at this terminal: kept in a file of theirs until they talk themselves."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from filelock import FileLock

from assistant.conversation.chat import Button, ChatItem, ChatQuote, Choice, Line, Member, Option, Saying


class Letters:
    """One folder, a file a person, readable by its owner only."""

    def __init__(self, folder: Path | None) -> None:
        """Without a folder nothing is kept beyond this process."""
        self.folder = folder
        self._here: dict[str, list[dict[str, Any]]] = {}

    def put(self, person: str, key: str, what: Saying) -> None:
        """Keep it, once per key."""
        letter = {"key": key, "saying": _document(what)}
        if self.folder is None:
            self._here.setdefault(person, []).append(letter)
            return
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._of(person)
        with FileLock(path.with_suffix(".lock")):
            known = _read(path)
            if all(one["key"] != key for one in known):
                path.touch(0o600)
                path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in [*known, letter]), encoding="utf-8")

    def take(self, person: str) -> list[tuple[str, Saying]]:
        """Everything that waits for somebody; it waits no more."""
        if self.folder is None:
            found = self._here.pop(person, [])
        else:
            path = self._of(person)
            if not path.exists():
                return []
            with FileLock(path.with_suffix(".lock")):
                found = _read(path)
                path.unlink(missing_ok=True)
        return [(one["key"], _saying(one["saying"])) for one in found]

    def _of(self, person: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{hashlib.sha256(person.encode()).hexdigest()[:16]}.jsonl"


def _read(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def _document(what: Saying) -> dict[str, Any]:
    def line(of: Line) -> list[Any]:
        return [{"user": p.user} if isinstance(p, Member) else p for p in of]

    def part(of: Line | ChatQuote | ChatItem) -> dict[str, Any]:
        if isinstance(of, ChatQuote):
            return {"quote": of.text}
        return {"item": line(of.line)} if isinstance(of, ChatItem) else {"line": line(of)}

    return {**asdict(what), "head": line(what.head), "parts": [part(p) for p in what.parts]}


def _saying(document: dict[str, Any]) -> Saying:
    def line(of: list[Any]) -> Line:
        return tuple(Member(p["user"]) if isinstance(p, dict) else str(p) for p in of)

    parts = tuple(
        ChatQuote(p["quote"]) if "quote" in p else ChatItem(line(p["item"])) if "item" in p else line(p["line"]) for p in document["parts"]
    )
    asked = document["choice"]
    options = tuple(Option(*o) for o in asked["options"]) if asked else ()
    return Saying(
        head=line(document["head"]),
        parts=parts,
        title=document["title"],
        clauses=tuple(document["clauses"]),
        edition=document["edition"],
        choice=Choice(asked["name"], asked["label"], options, tuple(asked["chosen"])) if asked else None,
        buttons=tuple(Button(**b) for b in document["buttons"]),
        note=document["note"],
        bare=document["bare"],
    )
