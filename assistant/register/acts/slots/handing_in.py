"""What owners do with a slot: hand in, take back, say that it still serves or does not apply."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from typing import IO, TYPE_CHECKING

from assistant.errors import RegisterError
from assistant.register.acts.doing.acting import Acting, returned_by_edition
from assistant.register.acts.doing.recording import record
from assistant.register.acts.log.rights import told_rights
from assistant.register.acts.slots.together import as_one, handed_in_with, kept
from assistant.register.facts.events import Draft
from assistant.register.facts.handed_in import NOTHING, Piece, Said
from assistant.register.facts.happened import Submitted
from assistant.register.facts.slots import Entry
from assistant.register.ports import Filter, RegisterReader
from assistant.register.rules.evidence import life
from assistant.register.rules.evidence.accepted_files import examine, plain_name
from assistant.register.rules.evidence.links import check_link

if TYPE_CHECKING:
    from assistant.register.acts.doing.who import Who


class HandsIn(Acting):
    """Handing in."""

    def take_file(self, content: IO[bytes], name: str) -> Piece:
        """Examine a file and copy it to the side; it becomes visible with the submission that names it.

        Raises:
            RegisterError: too large, or of a kind that is not accepted.
        """
        kind = examine(name, content)
        content.seek(0)
        sha256, size = self.files.stage(content, self.policy.largest_file_mb * 1024 * 1024)
        return Piece("file", sha256=sha256, name=plain_name(name), size=size, type=kind)

    def submit(self, slot: str, pieces: Sequence[Piece], who: Who, again: bool = False, said: Said = NOTHING) -> Entry:
        """Hand in files, links, notes or places of paper originals for a slot, and for what the same paper serves with it.

        A count that was accepted in part goes on: what was accepted stays in the new version. Whoever hands it in in the
        actor's name (``Who.by``) reviews it as little as the actor does.

        Raises:
            RegisterError: see ``assistant.register.rules.evidence.life.submit``; or the actor may not.
        """
        return self.submit_all([slot], pieces, who, again, said)[0]

    def submit_all(self, slots: Sequence[str], pieces: Sequence[Piece], who: Who, again: bool = False, said: Said = NOTHING) -> list[Entry]:
        """Hand the same things in for several slots, all of them or none: one hand-in, which is reviewed as one.

        Raises:
            RegisterError: see ``assistant.register.rules.evidence.life.submit``; or the actor may not for one of them.
        """
        for piece in pieces:
            if piece.kind == "link":
                check_link(piece.text)
        first, *others = dict.fromkeys(slots)
        with self._acting(first, "submit", who) as (tx, entry, me):
            told = told_rights(tx) if others else None
            entries = [entry, *(self._allowed(tx, slot, "submit", who, told)[0] for slot in others)]
            pieces = self._fresh(tx, entries, pieces, said)
            for one in () if again else entries:
                _not_counted_twice(one, pieces, partial(self._there, tx, one))
            drafts = [
                life.submit(
                    e,
                    [*kept(e, pieces, partial(self._there, tx, e)), *pieces],
                    me.actor,
                    me.at,
                    again or life.completes(e, pieces) or self._renews(e, me),
                    me.origin,
                    said,
                )
                for e in entries
            ]
            along = {o.slot.key: (o, e) for e in entries for o in handed_in_with(tx, e, pieces, self.day(me.at)) if o not in entries}
            drafts += [life.submit(o, pieces, me.actor, me.at, False, me.origin, said, e.slot.key) for o, e in along.values()]
            changed = {e.slot.key: e for e in record(tx, drafts, self.rules)}
        for piece in pieces:
            if piece.kind == "file":
                with suppress(OSError):  # it is handed in and its bytes are safe: ``settle_files`` brings them to their place
                    self.files.publish(piece.sha256)
        return [changed[e.slot.key] for e in entries]

    def served_with(self, entry: Entry, today: date) -> list[Entry]:
        """The other slots that a paper for this one is handed in for, too."""
        with self.register.reading(self.workspace) as tx:
            return list(handed_in_with(tx, entry, (), today))

    def confirm(self, slot: str, who: Who, whole_line: bool = False) -> Entry:
        """Say that what was handed in before still serves, after the guide's words changed or its time is up; it is reviewed again.

        ``whole_line``: it is said of all its owner's periods of this line that wait for that word.

        Raises:
            RegisterError: nobody asked for it (a reviewer returned it, say), there is nothing from before, or the actor may not.
        """
        with self._acting(slot, "submit", who) as (tx, entry, me):
            waiting = tx.entries(self.day(me.at), Filter(clause=entry.slot.clause, state="to_confirm")) if whole_line else ()
            others = [e for e in waiting if e.slot.key != entry.slot.key and _of_line(e) == _of_line(entry)]
            changed = record(tx, [self._still_serves(tx, e, me) for e in (entry, *others)], self.rules)
            return next(e for e in changed if e.slot.key == entry.slot.key)

    def _still_serves(self, tx: RegisterReader, entry: Entry, me: Who) -> Draft:
        """It says of itself what it said before, so that what the line demands anew is seen to be missing."""
        state, renews = entry.state, entry.slot.renewable and self._renews(entry, me)
        held = [p for p in self._there(tx, entry) if p.version == state.version]
        if not (state.name == "to_confirm" or renews or returned_by_edition(tx, entry)) or not held:
            raise RegisterError("register.nothing_to_confirm", slot=entry.slot.id)
        pieces = [replace(p, version=0, by="", at=None, slot="") for p in held]
        said = Said(state.counted - state.kept, state.covers)
        draft = life.submit(entry, pieces, me.actor, me.at, renews, me.origin, said)
        assert isinstance(draft.says, Submitted), "handing in says that something was submitted"
        return replace(draft, says=draft.says.model_copy(update={"confirms": state.version}))

    def _renews(self, entry: Entry, me: Who) -> bool:
        return entry.renews(self.day(me.at), self.rules.policy.renew_days)

    def claim_na(self, slot: str, reason: str, who: Who) -> Entry:
        """Say why a slot does not apply; a reviewer decides."""
        with self._acting(slot, "na", who) as (tx, entry, me):
            return self._one(tx, life.claim_na(entry, reason, me.actor, me.at, me.origin), entry)

    def withdraw(self, slot: str, who: Who) -> Entry:
        """Take back what one handed in oneself and is in review, with all that it was handed in for (undone by handing it in again)."""
        with self._acting(slot, "submit", who) as (tx, entry, me):
            both = [entry, *(e for e in tx.entries(self.day(me.at), Filter(state="submitted")) if as_one(e, entry))]
            changed = record(tx, [life.withdraw(e, self._there(tx, e), me.actor, me.at, me.origin) for e in both], self.rules)
            return next(e for e in changed if e.slot.key == entry.slot.key)

    def _fresh(self, tx: RegisterReader, entries: Sequence[Entry], pieces: Sequence[Piece], said: Said) -> list[Piece]:
        """The pieces, each once, without the files that wait for their review in every one of the slots already.

        Raises:
            RegisterError: nothing new is left, and nothing else is said of what waits.
        """
        once: dict[tuple[object, ...], Piece] = {}
        for piece in pieces:
            once.setdefault(_what(piece), piece)
        given = list(once.values())
        waits = [e for e in entries if e.state.name == "submitted" and e.state.claim == "evidence"]
        if len(waits) < len(entries) or said != NOTHING:
            return given
        held = [{_what(p) for p in self._there(tx, e) if p.version == e.state.version} for e in waits]
        fresh = [p for p in given if p.kind != "file" or not all(_what(p) in there for there in held)]
        if given and not fresh:
            raise RegisterError("register.given_already", slot=entries[0].slot.id, name=tuple(p.shown for p in given))
        return fresh

    def _there(self, tx: RegisterReader, entry: Entry) -> list[Piece]:
        """What was handed in for a slot, as the log tells it: what stands only in a table is never handed in again."""
        return self.told(tx).pieces_in([entry.slot.key])


def _of_line(entry: Entry) -> tuple[str, ...]:
    """What periods of one line and row have in common while one person is asked for them."""
    return entry.slot.line_key, entry.slot.subject, entry.slot.person, entry.owner


def _what(piece: Piece) -> tuple[object, ...]:
    """What makes a piece another one: a file's bytes, else its words, and what it is said to be for."""
    return piece.kind, piece.sha256 or piece.text, piece.name if piece.kind == "figure" else "", piece.period, piece.valid_until


def _not_counted_twice(entry: Entry, pieces: Sequence[Piece], there: Callable[[], Iterable[Piece]]) -> None:
    """A duty that is counted is not met by the file that stands there already.

    Raises:
        RegisterError: every piece is such a file.
    """
    if entry.slot.count <= 1 or not pieces or any(p.kind != "file" for p in pieces):
        return
    state = entry.state
    standing = {state.version if state.name == "submitted" else -1, state.accepted_version if state.kept else -1}
    known = {p.sha256 for p in there() if p.kind == "file" and p.version in standing}
    if all(p.sha256 in known for p in pieces):
        raise RegisterError("register.same_again", name=tuple(p.name for p in pieces))
