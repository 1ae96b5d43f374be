"""Any sequence of acts, by anybody, in any order: the register's promises hold after each."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from assistant.adapters.sql.erase import erase
from assistant.adapters.sql.register import SqlRegister, open_register
from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.acts.in_bulk.drill import Drill, Drills
from assistant.register.acts.in_bulk.dues import set_dues, undo_dues
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.plans.fates import Adoption
from assistant.register.facts.handed_in import WHOLE
from assistant.register.facts.people import Absence, Assignment
from assistant.register.facts.profile import Scope
from assistant.register.ports import Register
from ingest.compare.moves import moves
from ingest.parse.guide import parse
from ingest.read.file import read
from ingest.shipped import SHIPPED
from tests.contracts.conftest import new_database
from tests.register.company import LINK, RENEWAL, START, Clock, Postbox, company, courier, part_of, who
from tests.twins.register import MemoryRegister

pytestmark = pytest.mark.thorough

PEOPLE = st.sampled_from(["wang", "li", "zhao", "lead"])
SLOTS = st.sampled_from(
    ["14/documents/1", "24(1)/situation", "24(3)/records/1@2024", "28/documents/1", "28/records/1", "4(4)/records/1@3y"]
)
HOURS = st.integers(0, 24 * 20)


def reworded() -> Guide:
    """The shipped guide with a line of 24(3) in other words."""
    text = SHIPPED.read_text(encoding="utf-8")
    before = "企业访客出入登记记录。"
    assert before in text
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "next.txt"
        path.write_text(text.replace(before, "企业访客出入登记记录（含车辆）。"), encoding="utf-8")
        return parse(read(path), "next")


def machine(guide: Guide, make: type[Register] | object) -> type[RuleBasedStateMachine]:
    """The machine over one kind of store."""
    small = part_of(guide, "4", "14", "24", "28")
    other = part_of(reworded(), "4", "14", "24", "28")
    moved = {"next": moves(small, other), small.edition: moves(other, small)}

    class Acts(RuleBasedStateMachine):
        @initialize()
        def begin(self) -> None:
            self.service = company(small, register=make())  # type: ignore[operator]
            self.owners = Owners(self.service)
            self.now = START
            self.postbox = Postbox()
            self.handed_in = 0
            self.drills: list[Drill] = []
            self.editions = (small, other)
            self.planned = RENEWAL

        def act(self, what: object) -> None:
            refusal: RegisterError | None = None
            try:
                what()  # type: ignore[operator]
            except RegisterError as refused:
                refusal = refused
            assert refusal is None or refusal.sentence("zh") != refusal.sentence("en")

        @rule(hours=HOURS)
        def wait(self, hours: int) -> None:
            self.now += timedelta(hours=hours)

        @rule(slot=SLOTS, actor=PEOPLE, again=st.booleans(), valid=st.none() | st.integers(-5, 90))
        def submit(self, slot: str, actor: str, again: bool, valid: int | None) -> None:
            from dataclasses import replace

            ends = self.now.date() + timedelta(days=valid) if valid is not None else None
            before = len(self.service.pieces())
            self.act(lambda: self.service.submit(slot, [replace(LINK, valid_until=ends)], who(actor, self.now), again))
            self.handed_in += len(self.service.pieces()) - before

        @rule(slot=SLOTS, actor=PEOPLE, good=st.booleans())
        def review(self, slot: str, actor: str, good: bool) -> None:
            entry = self.service.entry(slot)
            if good:
                self.act(lambda: self.service.accept(slot, who(actor, self.now), seen=WHOLE))
            else:
                self.act(lambda: self.service.give_back(slot, "缺", who(actor, self.now)))
            if actor in entry.state.submitters and entry.state.name == "submitted":
                assert self.service.entry(slot).state == entry.state

        @rule(slot=SLOTS, actor=PEOPLE)
        def claim(self, slot: str, actor: str) -> None:
            self.act(lambda: self.service.claim_na(slot, "没有", who(actor, self.now)))

        @rule(slot=SLOTS, actor=PEOPLE, days=st.integers(-3, 70))
        def snooze(self, slot: str, actor: str, days: int) -> None:
            self.act(lambda: self.service.snooze(slot, self.now.date() + timedelta(days=days), who(actor, self.now)))

        @rule(slot=SLOTS, actor=PEOPLE)
        def confirm(self, slot: str, actor: str) -> None:
            before = self.service.pieces()
            self.act(lambda: self.service.confirm(slot, who(actor, self.now)))
            after = self.service.pieces()
            assert [p for p in before if p not in after] == []
            self.handed_in += len(after) - len(before)  # what is confirmed is handed in anew

        @rule(slot=SLOTS, actor=PEOPLE, days=st.integers(-40, 400))
        def set_due(self, slot: str, actor: str, days: int) -> None:
            self.act(lambda: self.service.set_due(slot, (self.now + timedelta(days=days)).date(), who(actor, self.now)))

        @rule(slot=SLOTS, actor=PEOPLE)
        def withdraw(self, slot: str, actor: str) -> None:
            self.act(lambda: self.service.withdraw(slot, who(actor, self.now)))

        @rule(slot=SLOTS, actor=PEOPLE)
        def reopen(self, slot: str, actor: str) -> None:
            self.act(lambda: self.service.reopen(slot, "年份不对", who(actor, self.now)))

        @rule(slots=st.lists(SLOTS, unique=True, max_size=4), days=st.none() | st.integers(-2, 60), undo=st.booleans())
        def dues(self, slots: list[str], days: int | None, undo: bool) -> None:
            on = None if days is None else (self.now + timedelta(days=days)).date()
            keys = [self.service.entry(s).slot.key for s in slots]
            me = who("lead", self.now)
            self.act(lambda: undo_dues(self.service, me) if undo else set_dues(self.service, dict.fromkeys(keys, on), me))

        @rule(person=PEOPLE, into=PEOPLE)
        def merge(self, person: str, into: str) -> None:
            """Two records that turn out to be one; a lead is merged with nobody here."""
            if person != "lead":
                self.act(lambda: self.owners.merge(person, into, who("lead", self.now)))

        @rule(slot=SLOTS, to=PEOPLE)
        def reassign(self, slot: str, to: str) -> None:
            self.act(lambda: self.service.reassign(slot, to, who("lead", self.now)))

        @rule(owner=PEOPLE, reviewer=PEOPLE, item=st.sampled_from(["14", "24", "28"]))
        def assign(self, owner: str, reviewer: str, item: str) -> None:
            self.act(lambda: self.owners.assign([Assignment("item", item, owner, reviewer=reviewer)], who("lead", self.now)))

        @rule(leaver=PEOPLE, to=PEOPLE)
        def transfer(self, leaver: str, to: str) -> None:
            self.act(lambda: self.owners.transfer(leaver, to, who("lead", self.now)))

        @rule(person=PEOPLE, days=st.integers(0, 9))
        def away(self, person: str, days: int) -> None:
            day = self.now.date()
            self.act(lambda: self.owners.away(Absence(person, day, day + timedelta(days=days)), who("lead", self.now)))

        @rule(containers=st.booleans(), year=st.sampled_from([2022, 2025]))
        def profile(self, containers: bool, year: int) -> None:
            certified = RENEWAL.certified_on.replace(year=year) if RENEWAL.certified_on else None
            profile = RENEWAL.model_copy(update={"scope": Scope(containers=containers), "certified_on": certified})
            self.planned = profile
            self.service.sync(self.editions[0], profile, who(moment=self.now))

        @rule(size=st.integers(0, 6), hours=st.integers(1, 48), actor=PEOPLE)
        def drill(self, size: int, hours: int, actor: str) -> None:
            self.act(lambda: self.drills.append(Drills(self.service).start(size, hours, f"{self.now}", who(actor, self.now))))

        @precondition(lambda self: self.drills)
        @rule(actor=PEOPLE, nth=st.integers(0, 5))
        def answer(self, actor: str, nth: int) -> None:
            drill = self.drills[-1]
            slot = drill.drawn[nth % len(drill.drawn)].slot
            self.act(lambda: Drills(self.service).answer(drill.id, slot, who(actor, self.now)))

        @rule()
        def adopt(self) -> None:
            """The other edition, in which a line was reworded, is put in force."""
            old, new = self.editions
            notice: Literal["edition", "edition_back"] = "edition" if new is other else "edition_back"
            words = Adoption(f"{self.now}", notice)
            pieces = self.service.pieces()
            weighed = self.service.weigh(new, self.planned, moved[new.edition], self.now)
            adopted = self.service.adopt(new, self.planned, moved[new.edition], who("lead", self.now), words)
            assert weighed.counts() == adopted.counts()
            assert [p for p in pieces if p not in self.service.pieces()] == []
            self.handed_in = len(self.service.pieces())  # what was handed in for a reworded line stands by its new words too
            self.editions = (new, old)

        @rule(person=PEOPLE, dry=st.booleans())
        def erase(self, person: str, dry: bool) -> None:
            """Whoever is in charge of nothing can be taken out; a dry run changes nothing. In SQL only."""
            register = self.service.register
            if not isinstance(register, SqlRegister):
                return
            before = self.service.history()
            self.act(lambda: erase(register, self.service.workspace, person, "lead", self.now, dry))
            gone = len(self.service.history()) > len(before)
            assert not (dry and gone)
            if gone and person != "lead":
                assert person not in {e.actor for e in self.service.history()}

        @rule(fate=st.sampled_from(["sent", "lost", "unsure"]))
        def nudge(self, fate: str) -> None:
            self.postbox.lost = fate == "lost"
            self.postbox.outcomes = [] if fate == "sent" else [ConnectionResetError()]
            wanted = {d.recipient for d in self.service.preview(self.now).digests}
            told = courier(self.service, self.postbox, Clock(self.now)).run(self.now)
            assert wanted <= {t.recipient for t in told} or fate != "sent" or len(told) >= len(wanted)
            self.postbox.lost = False

        @invariant()
        def log_is_intact(self) -> None:
            chain, wrong = self.service.verify()
            assert chain.intact
            assert wrong == []

        @invariant()
        def nothing_is_lost(self) -> None:
            assert len(self.service.pieces()) == self.handed_in

        @invariant()
        def one_message_a_day(self) -> None:
            ids = [m.id for m in self.postbox.got]
            assert len(ids) == len(set(ids))

        @invariant()
        def asked_only_for_what_is_open(self) -> None:
            for e in self.service.entries(self.now):
                if e.next_ask is not None:
                    assert e.owed
                    assert e.state.name in ("missing", "returned", "accepted", "to_confirm")

    return Acts


QUICK = settings(max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


def test_in_memory(guide: Guide) -> None:
    """In memory."""
    run_state_machine_as_test(machine(guide, MemoryRegister), settings=QUICK)


@pytest.mark.slow
def test_in_sqlite(guide: Guide, tmp_path: Path) -> None:
    """In SQLite, more and longer."""
    numbers = iter(range(10**6))

    def make() -> Register:
        return open_register(f"sqlite:///{tmp_path}/{next(numbers)}.sqlite3")

    run_state_machine_as_test(machine(guide, make), settings=settings(QUICK, max_examples=60, stateful_step_count=40))


@pytest.mark.slow
def test_in_postgres(guide: Guide, postgres: str) -> None:
    """On a real PostgreSQL, an example a database."""
    opened: list[Register] = []

    def make() -> Register:
        while opened:
            opened.pop().close()  # type: ignore[attr-defined]
        opened.append(open_register(new_database(postgres)))
        return opened[-1]

    run_state_machine_as_test(machine(guide, make), settings=settings(QUICK, max_examples=15, stateful_step_count=30))


@pytest.mark.slow
def test_in_memory_long(guide: Guide) -> None:
    """In memory, more and longer."""
    run_state_machine_as_test(
        machine(guide, MemoryRegister), settings=settings(QUICK, max_examples=1000, stateful_step_count=50, derandomize=False)
    )
