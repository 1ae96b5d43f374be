"""What was done outside and cannot be looked up there: the ids of it, one a line, each on disk before anybody says that it was done."""

from __future__ import annotations

import os
from pathlib import Path


class Journal:
    """A file of ids; any number of processes add to it. It holds nothing but ids, so nobody's name or words."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, mark: str) -> None:
        """Remember one: one write, flushed."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, f"{mark}\n".encode())
            os.fsync(handle)
        finally:
            os.close(handle)

    def has(self, mark: str) -> bool:
        """Whether it was remembered; a line that a killed process left half written counts for nothing."""
        try:
            with self.path.open(encoding="utf-8") as lines:
                return any(line == f"{mark}\n" for line in lines)
        except FileNotFoundError:
            return False
