"""The evidence register as the commands open it: the profile's enterprise, who acts, and the moment."""

from __future__ import annotations

import getpass
import os
import pwd
import re
import shlex
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import typer

from assistant import numerals
from assistant.adapters.editions import Editions
from assistant.adapters.standing import standing
from assistant.conversation.meaning.dates import day_in
from assistant.enterprises import Enterprises
from assistant.errors import IndexMissing, RegisterError, UsageError
from assistant.guide import Guide
from assistant.register.acts.doing.who import Who
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.people.terminals import Terminals
from assistant.register.acts.plans.planning import vacant
from assistant.register.acts.standing import noticed
from assistant.register.facts.naming import Names, Roster
from assistant.register.facts.policy import Policy
from assistant.register.facts.profile import UNNAMED, Profile
from assistant.register.rules.demands.plan import Plan, plan
from assistant.settings import Settings, load_settings
from assistant.texts import say
from connectors.cli.clock import now
from connectors.cli.output import note
from evals.release.registers import follow

if TYPE_CHECKING:
    from assistant.adapters.sql.register import SqlRegister
    from assistant.register.acts.plans.planning import MergedPlan
    from assistant.register.acts.service import RegisterService
    from assistant.register.facts.slots import Entry

PROFILE_OPTION = typer.Option(None, "--profile")
ACTOR_OPTION = typer.Option(None, "--actor", "--as")
AT_OPTION = typer.Option(None, "--at")
_MONTH_ONLY = re.compile(r"月\s*$")  # 一月 is January here, not a month from now
USED: ContextVar[Opened | None] = ContextVar("desk", default=None)
"""What the command that runs has opened: a refusal names people and slots from there."""


def load_guide(settings: Settings) -> Guide:
    """The active edition; before anything was ingested, the guide that comes with the product."""
    store = Editions(settings.home)
    try:
        return store.guide_of()
    except IndexMissing:
        if store.active() is not None:
            raise
    from ingest.shipped import shipped_guide

    return shipped_guide()


@dataclass
class Opened:
    """Everything that a command on the register needs, each part built at its first use."""

    settings: Settings
    profile_path: Path | None = None
    actor: str | None = None
    at: datetime | None = None

    @cached_property
    def enterprises(self) -> Enterprises:
        """The root that opens registers."""
        return Enterprises(self.settings)

    @property
    def zone(self) -> ZoneInfo:
        """The register's own time zone."""
        return self.enterprises.zone

    @cached_property
    def profile(self) -> Profile:
        """The enterprise."""
        return self.enterprises.profile(self.profile_path or self.settings.profile_path)

    @cached_property
    def owed(self) -> Plan:
        """What the enterprise owes by its profile at this moment, and what it does not."""
        return plan(self.guide, self.profile, self.now.astimezone(self.zone))

    @property
    def has_profile(self) -> bool:
        """Whether there is a profile file."""
        return (self.profile_path or self.settings.profile_path).exists()

    @property
    def policy(self) -> Policy:
        """The rules of asking."""
        return self.enterprises.policy

    @cached_property
    def guide(self) -> Guide:
        """The guide in force."""
        return load_guide(self.settings)

    @cached_property
    def register(self) -> SqlRegister:
        """The store; one that was left behind when an edition went live follows it first."""
        follow(self.enterprises, self.now)
        return self.enterprises.sql

    @cached_property
    def service(self) -> RegisterService:
        """The register of the profile's enterprise."""
        assert self.register is not None, "opened, and brought to the edition in force"
        self.same_register()
        return self.enterprises.of_profile(self.profile)

    def same_register(self) -> None:
        """See to it that the profile's id is that of the register which was planned from it.

        Raises:
            RegisterError: the file was given another id; names the register that there is.
        """
        path = self.profile_path or self.settings.profile_path
        there = self.enterprises.unlike(path, self.profile)
        if there:
            raise RegisterError("register.other_id", file=path.name, id=self.profile.key, there=there)

    @cached_property
    def now(self) -> datetime:
        """The moment of this command; ``--at`` exists for reading and previews only, what is recorded has the clock's time."""
        return self.at or now()

    @cached_property
    def who(self) -> Who:
        """Who acts now; the system's user is recorded with them.

        Raises:
            RegisterError: nobody said whose terminal this is, or somebody without the right to it acts for another.
        """
        user = system_user()
        owners, origin = Terminals(self.service), f"cli:{user}"[:24]
        mine, claimed = owners.at_terminal(user), self.actor or self.settings.actor
        if not mine:
            said = self.settings.actor or claimed
            if not said:
                raise RegisterError("register.who_acts", user=user)
            if not self._begun_by_another(owners, said):
                owners.claim_terminal(user, said, Who(said, now(), origin))
            mine = self.person(said)
        me = Who(mine, now(), origin)
        if claimed and not owners.same(claimed, mine):
            try:
                self.service.require("assign", me)
            except RegisterError:
                raise RegisterError("register.not_your_terminal", user=user, mine=self.called(mine), claimed=self.called(claimed)) from None
            return replace(me, actor=claimed, by=mine)
        return me

    def _begun_by_another(self, owners: Owners, said: str) -> bool:
        """Whether the register is not begun yet and its profile names another lead: then the name may be a slip of the pen."""
        with self.register.reading(self.profile.key) as tx:
            begun = tx.workspace() is not None
        return not begun and self.named_lead != UNNAMED and not owners.same(said, self.named_lead)

    @property
    def named_lead(self) -> str:
        """Whom the profile, else the settings, name as the compliance lead."""
        return self.profile.lead or self.settings.lead

    @cached_property
    def called(self) -> Names:
        """How the people of the register are called on a screen."""
        return Names(Owners(self.service).people()[0])

    def by_log(self, entries: list[Entry]) -> list[Entry]:
        """The entries with the states that the log tells; what a table says otherwise is named on stderr and not shown."""
        try:
            told, wrong = self.service.by_log(entries)
        except RegisterError as broken:
            note(broken.sentence(self.settings.lang))
            return entries
        if wrong:
            note(say("evidence.by_log", self.settings.lang, count=wrong))
        return told

    def person(self, said: str) -> str:
        """The id of whoever is named, by any name of theirs; of nobody known, what was said."""
        return Roster(Owners(self.service).people()[0]).id_of(said) if said else ""

    @property
    def today(self) -> date:
        """Today in the register's zone."""
        return self.now.astimezone(self.zone).date()

    def synced(self) -> RegisterService:
        """The service, its plan brought up to date."""
        self.sync()
        return self.service

    def sync(self) -> MergedPlan:
        """Bring the plan up to date, and remember whose register it is; says what that changed."""
        merged = self.service.sync(self.guide, self.profile, self.who)
        self.enterprises.remember(self.profile_path or self.settings.profile_path, self.profile)
        self.noticed()
        for said in self.other_lead():
            note(said)
        return merged

    def other_lead(self) -> list[str]:
        """What is said while a file or setting names another lead than the register has: nobody leads by that."""
        named = self.named_lead
        with self.register.reading(self.profile.key) as tx:
            workspace = tx.workspace()
            lead = workspace.lead if workspace is not None else ""
            if named == UNNAMED and vacant(tx, lead):
                return [say("evidence.no_lead", self.settings.lang, file=(self.profile_path or self.settings.profile_path).name)]
        if not lead or Owners(self.service).same(lead, named):
            return []
        words = {"lead": self.called(lead), "wanted": self.called(named), "typed": shlex.quote(named)}
        return [say("evidence.other_lead", self.settings.lang, **words)]

    def noticed(self) -> None:
        """Write down what the lead changed in the files that are typed, and say so."""
        changed = noticed(self.service, self.stands, self.who)
        if changed:
            note(say("evidence.noticed", self.settings.lang, names=changed))

    @property
    def stands(self) -> dict[str, str]:
        """What the register rests on outside of itself, by hash."""
        return standing(self.settings, self.profile_path or self.settings.profile_path)


def whoever(settings: Settings, actor: str | None) -> Who:
    """Who acts on editions: as on the register once an enterprise is planned, before that whom the settings name.

    Raises:
        RegisterError: as ``Opened.who``.
    """
    desk = Opened(settings, actor=actor)
    if desk.has_profile and desk.enterprises.planned():
        return desk.who
    return Who(actor or settings.actor or settings.lead, now())


def opened(profile: Path | None = None, actor: str | None = None, at: str | None = None) -> Opened:
    """What a command needs, from the settings and its options."""
    settings = load_settings()
    desk = Opened(settings, profile, actor)
    desk.at = moment(at, desk.zone) if at else None
    USED.set(desk)
    return desk


def system_user() -> str:
    """The system's name of whoever runs this process, not what the environment says."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return getpass.getuser()


def moment(text: str, zone: ZoneInfo, end_of_day: bool = False) -> datetime:
    """A moment in ISO 8601 or a day as people write it; without a zone it is the register's.

    Raises:
        UsageError: it is neither.
    """
    whole = numerals.day(text)
    if whole is not None:
        return datetime.combine(whole, time.max if end_of_day else time(), zone)
    first, _, clock = text.strip().partition(" ")
    on = numerals.day(first)
    try:
        parsed = datetime.fromisoformat(f"{on} {clock.zfill(5)}" if on is not None else text)
    except ValueError:
        raise UsageError("cli.bad_moment", text=text) from None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)


def day(text: str, today: date | None = None) -> date:
    """A day as people write it; with ``today`` also as they say it (明天, 下周三, 12月1日).

    Raises:
        UsageError: it is none.
    """
    found = numerals.day(text)
    if found is None and today is not None and not _MONTH_ONLY.search(text):
        found = day_in(text, today)
    if found is None:
        raise UsageError("cli.bad_day", text=text)
    return found


def document(entry: Entry, today: date) -> dict[str, Any]:
    """A slot as the command line's contract has it."""
    return {
        "slot": entry.slot.id,
        "clause": entry.slot.clause,
        "kind": entry.slot.kind,
        "text": entry.slot.text,
        "period": entry.slot.period or None,
        "owner": entry.owner,
        "reviewer": entry.reviewer,
        "state": entry.shown(today),
        "due": entry.due.isoformat() if entry.due else None,
        "applicable": entry.applies,
    }
