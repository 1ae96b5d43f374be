"""What the log of each enterprise tells, kept while the log grows: only what came since is read again."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import chain
from typing import NamedTuple
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from assistant.errors import RegisterError
from assistant.register.facts.events import START, Event
from assistant.register.ports import Register, RegisterReader
from assistant.register.rules.evidence.telling import ToldRegister, tell


class _Read(NamedTuple):
    """What was told up to an event, by its number and hash."""

    seq: int
    head: str
    told: ToldRegister


class Ledger:
    """The logs of one register as they were last told, for several threads; what it gives is to be read only."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, _Read] = {}
        self._looked: dict[str, datetime] = {}

    def told(self, tx: RegisterReader, zone: ZoneInfo) -> ToldRegister:
        """What the log tells at this moment; one that does not go on from what was told before is told anew.

        Raises:
            RegisterError: an event was written by no version of this product.
        """
        workspace = tx.workspace()
        if workspace is None:
            return ToldRegister()
        with self._lock:
            known = self._kept.get(workspace.key, _Read(0, START, ToldRegister()))
            if known.seq > workspace.head_seq:  # a moment that has passed
                return _told(tx.events(), zone, ToldRegister())
            events = tx.events(since=known.seq)
            first = next(events, None)
            self._kept.pop(workspace.key, None)  # not kept, should telling fail halfway
            if (first.prev if first is not None else workspace.head) == known.head:
                told = _told(chain([first] if first is not None else [], events), zone, known.told)
            else:
                told = _told(tx.events(), zone, ToldRegister())
            self._kept[workspace.key] = _Read(workspace.head_seq, workspace.head, told)
            return told

    def turn_of(self, workspace: str, at: datetime, every: timedelta) -> bool:
        """Whether a workspace was not looked at for that long (or the clock went back); then it counts as looked at now."""
        with self._lock:
            before = self._looked.get(workspace)
            turn = before is None or not before <= at < before + every
            if turn:
                self._looked[workspace] = at
            return turn


def _told(events: Iterable[Event], zone: ZoneInfo, told: ToldRegister) -> ToldRegister:
    for event in events:
        try:
            tell([event], zone, told)
        except (KeyError, ValueError):
            raise RegisterError("register.log_broken", broken=event.seq) from None
    return told


_LEDGERS: WeakKeyDictionary[Register, Ledger] = WeakKeyDictionary()


def ledger_of(register: Register) -> Ledger:
    """The one ledger of a register in this process."""
    return _LEDGERS.setdefault(register, Ledger())
