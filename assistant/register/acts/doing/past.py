"""What happened, as the log tells it; whether everything else agrees with it; and the bytes that were handed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import IO, Literal

from assistant.errors import RegisterError
from assistant.register.acts.doing.acting import Acting
from assistant.register.acts.log.history import Divergence, as_told, differences, disagreeing, life_of, readably_told, standing
from assistant.register.facts.events import Chain, Event, check
from assistant.register.facts.handed_in import Piece, hash_of
from assistant.register.facts.slots import Entry
from assistant.register.ports import ALL, WITH_WITHDRAWN, Filter, RegisterReader
from assistant.register.rules.evidence.shortfall import Shortfall, elsewhere, shortfalls
from assistant.register.rules.evidence.telling import ToldRegister, tell

STAGED_FOR = timedelta(hours=24)
"""How long a file may wait on the side for the submission that names it."""


class Past(Acting):
    """The log and the files of a workspace."""

    def history(self, slot: str = "", until: datetime | None = None, kinds: Sequence[str] = ()) -> list[Event]:
        """What happened to a slot (by id or key), or to everything (of some kinds), up to a moment."""
        with self.register.reading(self.workspace) as tx:
            key = self._known(tx, slot).slot.key if slot else ""
            return life_of(tx.events, key, until) if key else list(tx.events(until=until, kinds=kinds))

    def as_of(self, moment: datetime) -> list[Entry]:
        """The register as it stood at a moment, from the log alone."""
        with self.register.reading(self.workspace) as tx:
            return standing(tx.entries(self.day(moment), WITH_WITHDRAWN), tell(tx.events(until=moment), self.rules.zone))

    def standing(self, at: datetime, where: Filter = ALL) -> list[Entry]:
        """The slots as the log tells them now (states, people in charge, due dates), whatever a table says; the plan from its table."""
        today = self.day(at)
        with self.register.reading(self.workspace) as tx:
            found = self.as_told(tx, tx.entries(today, replace(where, owner="", reviewer="", state=None, due_by=None, overdue=False)))
        return [e for e in found if where.fits(e, today)]

    def as_told(self, tx: RegisterReader, entries: Iterable[Entry]) -> list[Entry]:
        """Entries as the log tells them; as they are stored where it cannot be read (``verify`` says so)."""
        return readably_told(self.register, tx, entries, self.rules.zone)

    def given(self, tx: RegisterReader, slots: Iterable[str]) -> list[Piece]:
        """What was handed in for some slot keys, as the log tells it; as it is stored where it cannot be read."""
        try:
            return self.told(tx).pieces_in(list(slots))
        except RegisterError:
            return tx.pieces(list(slots))

    def verify(
        self, files: bool = False, now: datetime | None = None, stands: Mapping[str, str] | None = None
    ) -> tuple[Chain, list[Divergence]]:
        """Check the log's chain, rebuild every table from it and compare; with ``files`` every file that was handed in is hashed again.

        ``stands`` (name -> SHA-256) is what the register rests on as it is now; a name that it leaves out of a profile is not compared.

        A log that says what no version of this product writes is told by its chain; nothing is compared then.
        """
        with self.register.reading(self.workspace) as tx:
            workspace = tx.workspace()
            chain = check(tx.events(), workspace.head_seq if workspace else 0, workspace.head if workspace else None, now)
            try:
                told = tell(tx.events(), self.rules.zone)
            except (KeyError, ValueError):
                return chain, []
            found = differences(tx, tx.entries(date.max, WITH_WITHDRAWN), told, self.rules.zone, now)
        if stands is not None and told.stood is not None:
            names = sorted({n for n in {*told.stood, *stands} if n != "profile.yaml" or (n in told.stood and n in stands)})
            found += [Divergence("bytes", name) for name in names if told.stood.get(name) != stands.get(name)]
        if files:
            given = {p.sha256 for pieces in told.pieces.values() for p in pieces if p.kind == "file"}
            found += [Divergence(fate, sha256) for sha256 in sorted(given) if (fate := self.fate(sha256)) is not None]
        return chain, found

    def fate(self, sha256: str) -> Literal["file", "altered"] | None:
        """What became of bytes that were handed in: lost (``file``), others in their place (``altered``), or None: they are there."""
        try:
            with self.open_file(sha256) as content:
                return None if hash_of(content) == sha256 else "altered"
        except OSError:
            return "altered" if self.files.has(sha256) else "file"

    def pieces(self, slots: Sequence[str] = ()) -> list[Piece]:
        """What was handed in, slot by slot and oldest first, as the log tells it; of some slot keys or of all."""
        with self.register.reading(self.workspace) as tx:
            told = tell(tx.events(kinds=("submitted", "carried")), self.rules.zone)
        return told.pieces_in(slots or list(told.pieces))

    def short_of(self, entry: Entry) -> tuple[Shortfall, ...]:
        """What the submission that an entry holds, with everything that was added to it, is short of."""
        slot, others = entry.slot, dict[str, list[Piece]]()
        with self.register.reading(self.workspace) as tx:
            given = [p for p in self.given(tx, [slot.key]) if p.version == entry.state.version]
            if slot.period and any(p.kind == "file" for p in given):
                line = [e.slot for e in tx.entries(date.max, Filter(clause=slot.clause)) if e.slot.line_key == slot.line_key]
                same = [s for s in line if s.subject == slot.subject and s.key != slot.key]
                held = self.given(tx, [s.key for s in same])
                others = {s.spoken: [p for p in held if p.slot == s.key] for s in same}
        return (*shortfalls(slot, entry.state, given), *elsewhere(slot, given, others))

    def doubtful(self) -> set[str]:
        """Keys of the slots whose state is not what the log tells: no paper may call them accepted.

        Raises:
            RegisterError: the log itself does not verify.
        """
        with self.register.reading(self.workspace) as tx:
            return disagreeing(tx.entries(date.max, WITH_WITHDRAWN), self._intact(tx))

    def by_log(self, entries: Sequence[Entry]) -> tuple[list[Entry], int]:
        """The entries as the log tells them, and of how many of them the tables say otherwise.

        Raises:
            RegisterError: the log itself does not verify.
        """
        with self.register.reading(self.workspace) as tx:
            told, stored = self._intact(tx), tx.entries(date.max, WITH_WITHDRAWN)
        other = {e.slot.key for e, rightly in zip(stored, as_told(stored, told, self.rules.zone), strict=True) if e != rightly}
        wrong = {e.slot.key for e in entries} & (other | set(told.unseen))
        rightly = {e.slot.key: e for e in as_told([e for e in entries if e.slot.key in wrong], told, self.rules.zone)}
        return [rightly.get(e.slot.key, e) for e in entries], len(wrong)

    def _intact(self, tx: RegisterReader) -> ToldRegister:
        """What a log tells whose chain holds."""
        workspace = tx.workspace()
        chain = check(tx.events(), workspace.head_seq if workspace else 0, workspace.head if workspace else None)
        if not chain.intact:
            raise RegisterError("register.log_broken", broken=chain.broken_at)
        return tell(tx.events(), self.rules.zone)

    def open_file(self, sha256: str) -> IO[bytes]:
        """The bytes of something handed in; one whose worker died between event and publishing is published now.

        Raises:
            FileNotFoundError: the bytes are gone.
        """
        if not self.files.has(sha256):
            self.files.publish(sha256)
        return self.files.open(sha256)

    def settle_files(self, at: datetime) -> tuple[int, int]:
        """Publish what was handed in and is still on the side; discard what nobody handed in for a day.

        Returns how many were published, and how many discarded.
        """
        published = discarded = 0
        for sha256, since in list(self.files.staged()):
            if self.register.knows_file(sha256):
                self.files.publish(sha256)
                published += 1
            elif at - since > STAGED_FOR:
                self.files.discard(sha256)
                discarded += 1
        return published, discarded
