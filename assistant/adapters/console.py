"""The notifier that prints: for the command line, and for whoever pipes it elsewhere. It remembers what it printed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from assistant.register.facts.outbox import Message, Receipt
from assistant.register.papers.messages import message_text


class ConsoleNotifier:
    """Prints each message and appends one line to a journal; the journal is what ``find`` looks into after a crash.

    The journal's line is written in one system call and flushed before printing, so a message is either on record or
    was never shown.
    """

    def __init__(self, journal: Path, show: Callable[[str], None], lang: str = "zh") -> None:
        self.journal = journal
        self.show = show
        self.lang = lang

    def deliver(self, message: Message) -> Receipt:
        """Record and print."""
        text = message_text(message, self.lang)
        entry = {"id": message.id, "workspace": message.workspace, "kind": message.kind, "recipient": message.recipient, "text": text}
        self.journal.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, (json.dumps(entry, ensure_ascii=False) + "\n").encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        self.show(text)
        return Receipt("sent", {"journal": str(self.journal)})

    def find(self, message: Message) -> Receipt | None:
        """Whether the journal has it."""
        mark = f'"id": "{message.id}"'
        try:
            with self.journal.open(encoding="utf-8") as lines:
                found = any(mark in line and line.endswith("\n") for line in lines)
        except FileNotFoundError:
            return None
        return Receipt("sent", {"journal": str(self.journal)}) if found else None
