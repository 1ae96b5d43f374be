"""The register of one enterprise: every act on it and every question to it. Surfaces translate and call this.

Acts take the acting person, the moment and where they come from; each is one transaction. ``at`` is always passed in.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import IO, Literal
from zoneinfo import ZoneInfo

from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.acts.adopt import carried, move_places, notices
from assistant.register.acts.desks import desk_of
from assistant.register.acts.fates import Adopted, Carries, fates
from assistant.register.acts.history import Difference, alike, differences, disagreeing, life_of, standing
from assistant.register.acts.planning import WITH_WITHDRAWN, Merged, bring_in, foreseen, overlaid, same_edition
from assistant.register.acts.recording import Announce, Rules, record
from assistant.register.acts.review_notes import Shown
from assistant.register.acts.together import handed_in_with, kept, reviewed_with
from assistant.register.facts.events import Chain, Draft, Event, check
from assistant.register.facts.happened import Carried, Exported, Reopened, Returned, Submitted
from assistant.register.facts.moves import Moves
from assistant.register.facts.naming import Roster
from assistant.register.facts.outbox import Message
from assistant.register.facts.people import by_person
from assistant.register.facts.policy import Policy
from assistant.register.facts.profile import Profile
from assistant.register.facts.slots import NOTHING, Entry, Piece, Said, State
from assistant.register.ports import ALL, Files, Filter, Reading, Register, Workspace, Writing
from assistant.register.rules import life
from assistant.register.rules.accepted_files import examine, plain_name
from assistant.register.rules.nudges import Decision, decide, due_of
from assistant.register.rules.plan import plan
from assistant.register.rules.roles import Action, require, roles
from assistant.register.rules.telling import tell
from assistant.register.rules.workdays import Window, WorkCalendar

STAGED_FOR = timedelta(hours=24)
LONGEST_NAME = 120


class Repeated(RegisterError):
    """The same click or post came twice; the first one was acted on."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts, when, and where the act comes from.

    ``event_id`` is what the origin calls this very act (a click, an envelope): the same one is never acted on twice. ``by`` is who really
    acts, where somebody acts in the name of another: they review nothing that they brought in.
    """

    actor: str
    at: datetime
    origin: str = "cli"
    event_id: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Adoption:
    """How an adopted edition is told: the kind of notice (``edition``, ``edition_back``).

    ``mark`` identifies the activation: nobody hears of the same one twice.
    """

    mark: str
    notice: Literal["edition", "edition_back"] = "edition"


class RegisterService:
    """The register of one workspace over its ports."""

    def __init__(
        self,
        workspace: str,
        register: Register,
        files: Files,
        policy: Policy,
        lead: str,
        zone: ZoneInfo,
        calendar: WorkCalendar | None = None,
        announce: Announce | None = None,
    ) -> None:
        self.workspace = workspace
        self.register = register
        self.files = files
        self.policy = policy
        self.rules = Rules(policy, lead, zone, announce)
        self.window = Window(policy, calendar or WorkCalendar())

    # -- planning ------------------------------------------------------------------------------------------------

    def sync(self, guide: Guide, profile: Profile, who: Who) -> Merged:
        """Bring the plan of this moment into the register; nothing handed in is lost, unchanged plans change nothing.

        Raises:
            RegisterError: the register follows another edition, and must adopt this one.
        """
        with self.register.writing(self.workspace) as tx:
            same_edition(tx.workspace(), guide)
            return bring_in(tx, self.workspace, guide, profile, self.rules, who.at, who.actor, who.origin)

    def planned(self, guide: Guide, profile: Profile, at: datetime) -> Merged:
        """What ``sync`` would make of the register; nothing is changed."""
        with self.register.reading(self.workspace) as tx:
            same_edition(tx.workspace(), guide)
            return foreseen(tx, guide, profile, self.rules, at)

    def weigh(self, guide: Guide, profile: Profile, moves: Moves, at: datetime) -> Adopted:
        """What adopting an edition would mean for every slot; nothing is changed."""
        with self.register.reading(self.workspace) as tx:
            return self._weighed(tx, guide, profile, moves, at)[0]

    def adopt(self, guide: Guide, profile: Profile, moves: Moves, who: Who, words: Adoption) -> Adopted:
        """Put another edition in force for the register, in one transaction: plan, carry over, tell the owners of changed lines.

        A register that follows this edition already is left as it is.
        """
        with self.register.writing(self.workspace) as tx:
            adopted, known = self._weighed(tx, guide, profile, moves, who.at)
            if adopted.old in ("", guide.edition):
                return adopted
            places = move_places(tx, moves, who.actor, who.at, who.origin)
            drafts = carried(adopted.fates, known, (adopted.old, guide.edition), who.actor, who.at, self.policy)
            bring_in(tx, self.workspace, guide, profile, self.rules, who.at, who.actor, who.origin)
            record(tx, drafts, self.rules)
            today = self.day(who.at)
            entries = {e.slot.key: e for e in tx.entries(today, WITH_WITHDRAWN)}
            adopted = replace(adopted, lost=tuple(places))
            back = words.notice == "edition_back"
            for message in notices(self.workspace, adopted, entries, words.mark, today, who.at, back, profile.enterprise):
                tx.enqueue(message)
            return adopted

    def require(self, action: Action, who: Who) -> None:
        """Refuse an act on the register as a whole to those who may not.

        Raises:
            RegisterError: says whose it is.
        """
        with self.register.reading(self.workspace) as tx:
            held = roles(who.actor, None, self.lead_of(tx), tx.people(), by_person(tx.absences()), self.day(who.at))
        require(action, held, who.actor, who.origin)

    def _weighed(self, tx: Reading, guide: Guide, profile: Profile, moves: Moves, at: datetime) -> tuple[Adopted, Carries]:
        before = tx.workspace()
        stored = tx.entries(self.day(at), WITH_WITHDRAWN)
        planned = plan(guide, profile, at.astimezone(self.rules.zone)).slots

        @cache
        def known(slot: str) -> Carried | None:
            carried = (e.says for e in reversed(list(tx.events(slot))) if isinstance(e.says, Carried))
            return next((says for says in carried if len(set(says.editions)) > 1), None)

        found = fates(stored, planned, moves.lines, known, guide.edition)
        lost = tuple(moves.assignments(tx.assignments())[1])
        return Adopted(before.edition if before else "", guide.edition, found, lost), known

    def entries(self, at: datetime, where: Filter = ALL, guide: Guide | None = None, profile: Profile | None = None) -> list[Entry]:
        """The slots as they stand. With guide and profile, as a plan of this moment leaves them, without changing anything."""
        with self.register.reading(self.workspace) as tx:
            if guide is None or profile is None:
                return tx.entries(self.day(at), where)
            return [e for e in overlaid(tx, guide, profile, self.rules, at) if where.fits(e, self.day(at))]

    def entry(self, slot: str) -> Entry:
        """One slot by its visible id or its key.

        Raises:
            RegisterError: there is none.
        """
        with self.register.reading(self.workspace) as tx:
            return self._known(tx, slot)

    # -- the life of a slot --------------------------------------------------------------------------------------

    def take_file(self, content: IO[bytes], name: str) -> Piece:
        """Examine a file and copy it to the side; it becomes visible with the submission that names it.

        Raises:
            RegisterError: too large, or of a kind that is not accepted.
        """
        kind = examine(name, content)
        content.seek(0)
        sha256, size = self.files.stage(content, self.policy.largest_file_mb * 1024 * 1024)
        return Piece("file", sha256=sha256, name=plain_name(name), size=size, type=kind)

    def submit(
        self, slot: str, pieces: Sequence[Piece], who: Who, again: bool = False, said: Said = NOTHING, brought_by: str = ""
    ) -> Entry:
        """Hand in files, links, notes or places of paper originals for a slot, and for what the same paper serves with it.

        A count that was accepted in part goes on: what was accepted stays in the new version. ``brought_by`` is who collected it and
        hands it in in the actor's name: they review it as little as the actor does.

        Raises:
            RegisterError: see ``assistant.register.rules.life.submit``; or the actor may not.
        """
        return self.submit_all([slot], pieces, who, again, said, brought_by)[0]

    def submit_all(
        self, slots: Sequence[str], pieces: Sequence[Piece], who: Who, again: bool = False, said: Said = NOTHING, brought_by: str = ""
    ) -> list[Entry]:
        """Hand the same things in for several slots, all of them or none: one hand-in, which is reviewed as one.

        Raises:
            RegisterError: see ``assistant.register.rules.life.submit``; or the actor may not for one of them.
        """
        first, *others = dict.fromkeys(slots)
        with self._acting(first, "submit", who) as (tx, entry, me):
            entries = [entry, *(self._allowed(tx, slot, "submit", who)[0] for slot in others)]
            drafts = [life.submit(e, [*kept(tx, e), *pieces], me.actor, me.at, again, me.origin, said, by=brought_by) for e in entries]
            along = {o.slot.key: (o, e) for e in entries for o in handed_in_with(tx, e, pieces, self.day(me.at)) if o not in entries}
            drafts += [life.submit(o, pieces, me.actor, me.at, False, me.origin, said, e.slot.key, brought_by) for o, e in along.values()]
            changed = {e.slot.key: e for e in record(tx, drafts, self.rules)}
        for piece in pieces:
            if piece.kind == "file":
                with suppress(OSError):  # it is handed in and its bytes are safe: ``settle_files`` brings them to their place
                    self.files.publish(piece.sha256)
        return [changed[e.slot.key] for e in entries]

    def confirm(self, slot: str, who: Who) -> Entry:
        """Say that what was handed in before still serves, after the guide's words changed; it is reviewed again.

        Raises:
            RegisterError: no edition asked for it (a reviewer returned it, say), there is nothing from before, or the actor may not.
        """
        with self._acting(slot, "submit", who) as (tx, entry, me):
            held = [p for p in tx.pieces([entry.slot.key]) if p.version == entry.state.version]
            if not (entry.state.name == "to_confirm" or returned_by_edition(tx, entry)) or not held:
                raise RegisterError("register.nothing_to_confirm", slot=entry.slot.id)
            pieces = [replace(p, version=0, by="", at=None, slot="") for p in held]
            draft = life.submit(entry, pieces, me.actor, me.at, False, me.origin)
            assert isinstance(draft.says, Submitted), "handing in says that something was submitted"
            return self._one(tx, replace(draft, says=draft.says.model_copy(update={"confirms": entry.state.version})), entry)

    def claim_na(self, slot: str, reason: str, who: Who) -> Entry:
        """Say why a slot does not apply; a reviewer decides."""
        with self._acting(slot, "na", who) as (tx, entry, me):
            return self._one(tx, life.claim_na(entry, reason, me.actor, me.at, me.origin), entry)

    def accept(self, slot: str, who: Who, version: int | None = None, reason: str = "", given: str = "") -> Entry:
        """Accept what is pending: only if it is still this ``version``, and exactly what was shown (``given``, see ``State.given``)."""
        return self._review(slot, "accepted", who, version, reason, given)

    def give_back(
        self, slot: str, reason: str, who: Who, version: int | None = None, given: str = "", lacking: Sequence[str] = ()
    ) -> Entry:
        """Return what is pending, with a reason and the elements of its line that it lacks."""
        return self._review(slot, "returned", who, version, reason, given, lacking)

    def _review(
        self,
        slot: str,
        verdict: Literal["accepted", "returned"],
        who: Who,
        version: int | None,
        reason: str,
        given: str,
        lacking: Sequence[str] = (),
    ) -> Entry:
        with self._acting(slot, "review", who) as (tx, entry, me):
            drafts = self._verdict(tx, entry, me, verdict, Shown(slot, version, given), reason, lacking)
            changed = record(tx, drafts, self.rules)
            return next(e for e in changed if e.slot.key == entry.slot.key)

    def review_all(
        self, shown: Sequence[Shown], verdict: Literal["accepted", "returned"], who: Who, reason: str = ""
    ) -> tuple[list[Entry], list[RegisterError]]:
        """Decide on several at once, as one act: what was decided, and why the others were not.

        Raises:
            RegisterError: none of them could be decided. Repeated: it was done already.
        """
        seen = {slot_id(one.slot): one for one in shown}
        return self._each(list(seen), "review", who, lambda tx, e, me, slot: self._verdict(tx, e, me, verdict, seen[slot], reason))

    def _verdict(
        self,
        tx: Reading,
        entry: Entry,
        me: Who,
        verdict: Literal["accepted", "returned"],
        shown: Shown,
        reason: str = "",
        lacking: Sequence[str] = (),
    ) -> list[Draft]:
        """The decision on one slot and on what was handed in along with it: only on exactly what was shown."""
        told = tell(tx.events(entry.slot.key), self.rules.zone)
        if not alike(entry.state, told.states.get(entry.slot.key, State())):
            raise RegisterError("register.not_as_told", slot=entry.slot.id)
        try:
            drafts = [life.review(entry, verdict, me.actor, me.at, reason, shown.version, me.origin, shown.given, lacking, me.by)]
        except life.AddedSince:
            pieces = [p.name or p.text for p in told.pieces.get(entry.slot.key, ()) if p.version == entry.state.version]
            raise life.AddedSince("register.added_since", slot=entry.slot.id, pieces=tuple(pieces)) from None
        for other in reviewed_with(tx, entry, self.day(me.at)):
            drafts.append(life.review(other, verdict, me.actor, me.at, reason or "、".join(lacking), None, me.origin, by=me.by))
        return drafts

    def withdraw(self, slot: str, who: Who) -> Entry:
        """Take back what one handed in oneself and is in review (undone by handing it in again)."""
        with self._acting(slot, "submit", who) as (tx, entry, me):
            return self._one(tx, life.withdraw(entry, tx.pieces([entry.slot.key]), me.actor, me.at, me.origin), entry)

    def reopen(self, slot: str, reason: str, who: Who) -> Entry:
        """Take an acceptance back, with a reason (undone by confirming or handing in again, and accepting)."""
        with self._acting(slot, "review", who) as (tx, entry, me):
            return self._one(tx, life.reopen(entry, reason, me.actor, me.at, me.origin), entry)

    def comment(self, slot: str, text: str, who: Who) -> Entry:
        """Say something of a slot; it stands in its history."""
        with self._acting(slot, "see", who) as (tx, entry, me):
            return self._one(tx, life.comment(entry, text, me.actor, me.at, me.origin), entry)

    def exported(self, what: str, who: Who, sha256: str = "") -> None:
        """Log that something left the house."""
        self.note([Draft(Exported(what=what, sha256=sha256 or None), who.actor, who.at, who.origin)])

    def snooze(self, slot: str, until: date, who: Who, reason: str = "") -> Entry:
        """Ask for this slot again only from a date on."""
        with self._acting(slot, "snooze", who) as (tx, entry, me):
            draft = life.snooze(entry, until, me.actor, me.at, self.policy.longest_snooze_days, reason, me.origin)
            return self._one(tx, draft, entry)

    def reassign(self, slot: str, to: str, who: Who) -> Entry:
        """Give one slot to somebody else."""
        with self._acting(slot, "reassign", who) as (tx, entry, me):
            return self._one(tx, life.reassign(entry, Roster(tx.people()).id_of(to), me.actor, me.at, me.origin), entry)

    def set_due(self, slot: str, due: date | None, who: Who) -> Entry:
        """Set a slot's due date; None: the one that follows from the rules."""
        with self._acting(slot, "set_due", who) as (tx, entry, me):
            return self._one(tx, life.set_due(entry, due, me.actor, me.at, me.origin), entry)

    def reassign_all(self, slots: Sequence[str], to: str, who: Who) -> tuple[list[Entry], list[RegisterError]]:
        """Give several slots to somebody else as one act: what was given, and why the others were not.

        Raises:
            RegisterError: none of them could be given. Repeated: it was done already.
        """

        def given(tx: Reading, entry: Entry, me: Who, _: str) -> list[Draft]:
            return [life.reassign(entry, Roster(tx.people()).id_of(to), me.actor, me.at, me.origin)]

        return self._each(slots, "reassign", who, given)

    def set_due_all(self, slots: Sequence[str], due: date, who: Who) -> tuple[list[Entry], list[RegisterError]]:
        """Set the due date of several slots as one act: what was set, and why the others were not.

        Raises:
            RegisterError: none of them could be set. Repeated: it was done already.
        """
        return self._each(slots, "set_due", who, lambda tx, e, me, _: [life.set_due(e, due, me.actor, me.at, me.origin)])

    # -- the past ------------------------------------------------------------------------------------------------

    def history(self, slot: str = "", until: datetime | None = None, kinds: Sequence[str] = ()) -> list[Event]:
        """What happened to a slot (by id or key), or to everything (of some kinds), up to a moment."""
        with self.register.reading(self.workspace) as tx:
            key = self._known(tx, slot).slot.key if slot else ""
            return life_of(tx.events, key, until) if key else list(tx.events(until=until, kinds=kinds))

    def as_of(self, moment: datetime) -> list[Entry]:
        """The register as it stood at a moment, from the log alone."""
        with self.register.reading(self.workspace) as tx:
            return standing(tx.entries(self.day(moment), WITH_WITHDRAWN), tell(tx.events(until=moment), self.rules.zone))

    def verify(
        self, files: bool = False, now: datetime | None = None, stands: Mapping[str, str] | None = None
    ) -> tuple[Chain, list[Difference]]:
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
            found = differences(tx, tx.entries(date.max, WITH_WITHDRAWN), told, self.rules.zone)
        if stands is not None and told.stood is not None:
            names = sorted({n for n in {*told.stood, *stands} if n != "profile.yaml" or (n in told.stood and n in stands)})
            found += [Difference("bytes", name) for name in names if told.stood.get(name) != stands.get(name)]
        if files:
            given = {p.sha256: p.name for pieces in told.pieces.values() for p in pieces if p.kind == "file"}
            found += [Difference("file", name) for sha256, name in sorted(given.items()) if not self.holds(sha256)]
        return chain, found

    def holds(self, sha256: str) -> bool:
        """Whether the file store still holds exactly the bytes that were handed in."""
        try:
            digest = hashlib.sha256()
            with self.open_file(sha256) as content:
                while block := content.read(1 << 20):
                    digest.update(block)
            return digest.hexdigest() == sha256
        except OSError:
            return False

    # -- what is handed in ---------------------------------------------------------------------------------------

    def pieces(self, slots: Sequence[str] = ()) -> list[Piece]:
        """What was handed in, slot by slot and oldest first, as the log tells it; of some slot keys or of all."""
        with self.register.reading(self.workspace) as tx:
            told = tell(tx.events(kinds=("submitted", "carried")), self.rules.zone)
        return told.pieces_in(slots or list(told.pieces))

    def doubtful(self) -> set[str]:
        """Keys of the slots whose state is not what the log tells: no paper may call them accepted.

        Raises:
            RegisterError: the log itself does not verify.
        """
        with self.register.reading(self.workspace) as tx:
            workspace = tx.workspace()
            chain = check(tx.events(), workspace.head_seq if workspace else 0, workspace.head if workspace else None)
            if not chain.intact:
                raise RegisterError("register.log_broken", broken=chain.broken_at)
            return disagreeing(tx.entries(date.max, WITH_WITHDRAWN), tell(tx.events(), self.rules.zone))

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

    # -- asking --------------------------------------------------------------------------------------------------

    def preview(self, at: datetime, guide: Guide | None = None, profile: Profile | None = None) -> Decision:
        """Who would be asked at a moment, and who is held back; nothing is changed."""
        today = self.day(at)
        entries = self.entries(at, ALL, guide, profile)
        with self.register.reading(self.workspace) as tx:
            workspace = tx.workspace() or Workspace(self.workspace, self.rules.lead, str(self.rules.zone))
            desk = replace(desk_of(tx, workspace), lead=self.rules.lead)
        due = [d for e in entries for d in due_of(e, self.workspace, at, today)]
        return decide(due, desk, self.window, at)

    def messages(self, slot: str = "", recipient: str = "", kind: str = "", limit: int = 100) -> list[Message]:
        """What people were told, newest first: about a slot key, to a person, of a kind; with state, receipt and detail."""
        with self.register.reading(self.workspace) as tx:
            return tx.messages(slot, recipient, kind, limit)

    # -- parts ---------------------------------------------------------------------------------------------------

    def day(self, at: datetime) -> date:
        """The date of a moment in the enterprise's zone."""
        return at.astimezone(self.rules.zone).date()

    def note(self, drafts: Iterable[Draft]) -> None:
        """Log events that concern the register and not one slot."""
        with self.register.writing(self.workspace) as tx:
            record(tx, drafts, self.rules)

    @contextmanager
    def _acting(self, slot: str, action: Action, who: Who) -> Iterator[tuple[Writing, Entry, Who]]:
        """A transaction on one slot by somebody who may; who they are, and the moment in the enterprise's zone."""
        if not who.actor or life.clean(who.actor, LONGEST_NAME) != who.actor:
            raise RegisterError("register.no_actor")
        with self.register.writing(self.workspace) as tx:
            once(tx, who)
            yield tx, *self._allowed(tx, slot, action, who)

    def _allowed(self, tx: Reading, slot: str, action: Action, who: Who) -> tuple[Entry, Who]:
        """One slot, for somebody who may act on it so; who they are, and the moment in the enterprise's zone."""
        people = tx.people()
        roster = Roster(people)
        entry = canonical(self._known(tx, slot), roster)
        by = roster.id_of(who.by) if who.by else ""
        me = replace(who, actor=roster.id_of(who.actor), at=who.at.astimezone(self.rules.zone), by=by)
        held = roles(me.actor, entry, self.lead_of(tx), people, by_person(tx.absences()), self.day(who.at))
        require(action, held, who.actor, who.origin, entry.slot.id, entry.owner, entry.reviewer)
        return entry, me

    def lead_of(self, tx: Reading) -> str:
        """The compliance lead: whom the register was planned with, before that whom the profile names."""
        workspace = tx.workspace()
        return workspace.lead if workspace is not None and workspace.lead else self.rules.lead

    def _each(
        self, slots: Sequence[str], action: Action, who: Who, make: Callable[[Reading, Entry, Who, str], list[Draft]]
    ) -> tuple[list[Entry], list[RegisterError]]:
        """One act on several slots, in one transaction: those that allow it, and the refusals of the others."""
        drafts: dict[str, Draft] = {}
        refused: list[RegisterError] = []
        with self.register.writing(self.workspace) as tx:
            once(tx, who)
            for slot in dict.fromkeys(slots):
                try:
                    entry, me = self._allowed(tx, slot, action, who)
                    if entry.slot.key not in drafts:
                        drafts |= {d.slot: d for d in make(tx, entry, me, slot) if d.slot not in drafts}
                except RegisterError as error:
                    refused.append(error)
            if refused and not drafts:
                raise refused[0]
            changed = {e.slot.key: e for e in record(tx, drafts.values(), self.rules)} if drafts else {}
        return [changed[key] for key in drafts], refused

    def _one(self, tx: Writing, draft: Draft, entry: Entry) -> Entry:
        changed = record(tx, [draft], self.rules)
        return next(e for e in changed if e.slot.key == entry.slot.key)

    def _known(self, tx: Reading, slot: str) -> Entry:
        entry = tx.entry(slot_id(slot))
        if entry is None:
            raise RegisterError("register.no_slot", slot=slot)
        return entry


def canonical(entry: Entry, roster: Roster) -> Entry:
    """The entry with everybody in it by their id, so that two spellings are one person."""
    state, held = entry.state, entry.held
    people = replace(held, owner=roster.id_of(held.owner), deputy=roster.id_of(held.deputy), reviewer=roster.id_of(held.reviewer))
    submitters = tuple(dict.fromkeys(roster.id_of(s) for s in state.submitters))
    return replace(
        entry,
        state=replace(state, submitters=submitters),
        held=people,
        owner=roster.id_of(entry.owner),
        reviewer=roster.id_of(entry.reviewer),
    )


def returned_by_edition(tx: Reading, entry: Entry) -> bool:
    """Whether it was an edition that returned it: so an earlier version's log says what is called to confirm now."""
    if entry.state.name != "returned":
        return False
    last = next((e.says for e in reversed(list(tx.events(entry.slot.key))) if isinstance(e.says, Carried | Returned | Reopened)), None)
    return isinstance(last, Carried) and last.was.name != "returned"


def once(tx: Writing, who: Who) -> None:
    """Remember an act by its origin's id, in the transaction of the act itself.

    Raises:
        Repeated: it was done already.
    """
    if who.event_id and not tx.first_time(who.origin, who.event_id, who.at):
        raise Repeated("register.repeated")


def slot_id(text: str) -> str:
    """A slot id as people type it, with half-width brackets and without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split())
