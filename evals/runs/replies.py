"""Recorded replies of a chat model: the chat path is measured without a service, and nothing is invented.

A request is known by a fingerprint of its messages, so that a reply goes stale, visibly, when a prompt, the guide, a turn or the
question changes. The hints of the search do not count: they change with the ranker, and a good reply does not rest on them.
Replies are JSON lines ``{"key", "reply"}``. What nobody recorded is named and counted, and written down for a model elsewhere:
a line ``{"prefix", "text"}`` for each system message, then lines ``{"key", "prefix", "messages"}`` with what follows it.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from assistant.errors import CaseError
from evals.cases.files import text_of

_HINTS = re.compile(r"<hints>.*?</hints>", re.S)


class RequestMessage(NamedTuple):
    """One message of a request: who says it (``system``, ``user``, ``assistant``) and its words."""

    role: str
    text: str


def fingerprint(messages: Sequence[RequestMessage]) -> str:
    """What a request is known by: 16 hex digits over roles and texts without the hints."""
    plain = [[m.role, _HINTS.sub("", m.text, count=1)] for m in messages]
    return _digest(json.dumps(plain, ensure_ascii=False))


class Replies:
    """Replies by fingerprint from a file, or from every ``*.jsonl`` of a folder; ``missing`` are requests that none is for.

    Raises:
        CaseError: the file cannot be read, or a line is no reply; names the line.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.known: dict[str, str] = {}
        self.missing: dict[str, tuple[RequestMessage, ...]] = {}
        self.asked: set[str] = set()
        self._lock = threading.Lock()
        for file in sorted(path.glob("*.jsonl")) if path is not None and path.is_dir() else [path] if path is not None else []:
            self._read(file)

    @property
    def name(self) -> str:
        """What to call the model that gave these replies: other replies, another name."""
        return f"recorded-{_digest(json.dumps(self.known, sort_keys=True))[:8]}"

    def reply(self, messages: Sequence[RequestMessage]) -> str | None:
        """The recorded reply, or None; either way it is counted."""
        key = fingerprint(messages)
        with self._lock:
            self.asked.add(key)
            if key not in self.known:
                self.missing[key] = tuple(messages)
        return self.known.get(key)

    def pending(self) -> str:
        """What is missing, as JSON lines: what many requests begin with once, then every request."""
        prefixes = {_digest(first.text): first.text for first, *_ in self.missing.values()}
        lines: list[dict[str, object]] = [{"prefix": name, "text": text} for name, text in prefixes.items()]
        for key, (first, *rest) in self.missing.items():
            told = [{"role": m.role, "content": m.text} for m in rest]
            lines.append({"key": key, "prefix": _digest(first.text), "messages": told})
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)

    def _read(self, path: Path) -> None:
        for number, line in enumerate(text_of(path).splitlines(), 1):
            try:
                one = json.loads(line)
                self.known[str(one["key"])] = str(one["reply"])
            except (ValueError, KeyError, TypeError) as error:
                raise CaseError("evals.no_reply", name=path.name, line=number) from error


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
