"""The evidence register as the commands open it: settings and profile in, a service out; the one place that builds it."""

from __future__ import annotations

import os
import socket
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import typer

from assistant.errors import IndexMissing, UsageError
from assistant.guide import Guide
from assistant.register.acts.service import RegisterService, Who
from assistant.register.facts.policy import Policy, read_policy
from assistant.register.facts.profile import Profile, read_profile
from assistant.settings import Settings, load_settings

if TYPE_CHECKING:
    from assistant.adapters.sql.register import SqlRegister
    from assistant.register.acts.recording import Announce
    from assistant.register.facts.slots import Entry

PROFILE_OPTION = typer.Option(None, "--profile", help="企业档案 YAML 文件 / enterprise profile.")
ACTOR_OPTION = typer.Option(
    None, "--actor", "--as", help="操作人；缺省为 AEO_ACTOR 或合规负责人 / who acts; AEO_ACTOR or the lead by default."
)
AT_OPTION = typer.Option(None, "--at", help="以这一时刻为准，ISO 8601 / as of this moment.")


def load_guide(settings: Settings) -> Guide:
    """The active edition; before anything was ingested, the guide that comes with the product."""
    from assistant.adapters.editions import Editions

    store = Editions(settings.home)
    try:
        return store.guide(store.manifest())
    except IndexMissing:
        if store.active() is not None:
            raise
    import ingest
    from ingest.parse.guide import parse
    from ingest.read.file import read

    shipped = Path(str(ingest.__file__)).parent / "guides" / "aeo-advanced-general-2018.txt"
    return parse(read(shipped), "2018-177")


@dataclass
class Opened:
    """Everything that a command on the register needs, each part built at its first use."""

    settings: Settings
    profile_path: Path | None = None
    actor: str | None = None
    at: datetime | None = None

    @cached_property
    def zone(self) -> ZoneInfo:
        """The register's own time zone."""
        from assistant.register.facts.people import zone_of

        return zone_of(self.settings.timezone)

    @cached_property
    def profile(self) -> Profile:
        """The enterprise."""
        return read_profile(self.profile_path or self.settings.profile_path)

    @property
    def has_profile(self) -> bool:
        """Whether there is a profile file."""
        return (self.profile_path or self.settings.profile_path).exists()

    @property
    def policy_path(self) -> Path:
        """``AEO_POLICY``, else ``policy.yaml`` under ``AEO_HOME``."""
        return self.settings.policy or self.settings.home / "policy.yaml"

    @cached_property
    def policy(self) -> Policy:
        """The rules of asking."""
        return read_policy(self.policy_path)

    @cached_property
    def guide(self) -> Guide:
        """The guide in force."""
        return load_guide(self.settings)

    @cached_property
    def register(self) -> SqlRegister:
        """The store; one that was left behind when an edition went live follows it first."""
        from assistant.adapters.sql.register import open_register
        from evals.release.activate import follow

        register = open_register(self.settings.database)
        follow(self.settings, register, self.now)
        return register

    @cached_property
    def service(self) -> RegisterService:
        """The register of the profile's enterprise."""
        from assistant.adapters.files import open_files

        files = open_files(self.settings.files_url, self.settings.home)
        lead = self.profile.lead or self.settings.lead
        return RegisterService(self.profile.key, self.register, files, self.policy, lead, self.zone, announce=self.announce)

    @property
    def announce(self) -> Announce | None:
        """What people are told of changes, where Slack is set up: its cards follow what is done here."""
        from evals.release.activate import announcing

        return announcing(self.settings)

    @cached_property
    def now(self) -> datetime:
        """The moment of this command."""
        return self.at or datetime.now(UTC)

    @property
    def who(self) -> Who:
        """Who acts now."""
        return Who(self.actor or os.environ.get("AEO_ACTOR") or self.profile.lead or self.settings.lead, self.now)

    @property
    def today(self) -> date:
        """Today in the register's zone."""
        return self.now.astimezone(self.zone).date()

    def synced(self) -> RegisterService:
        """The service, its plan brought up to date."""
        self.service.sync(self.guide, self.profile, self.who)
        return self.service


def opened(profile: Path | None = None, actor: str | None = None, at: str | None = None) -> Opened:
    """What a command needs, from the settings and its options."""
    settings = load_settings()
    desk = Opened(settings, profile, actor)
    desk.at = moment(at, desk.zone) if at else None
    return desk


def moment(text: str, zone: ZoneInfo, end_of_day: bool = False) -> datetime:
    """A moment or a date in ISO 8601; without a zone it is the register's.

    Raises:
        UsageError: it is neither.
    """
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time.max if end_of_day else time(), zone)
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError("cli.bad_moment", text=text) from None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)


def day(text: str) -> date:
    """A date in ISO 8601.

    Raises:
        UsageError: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError("cli.bad_day", text=text) from None


def worker_name() -> str:
    """A name that no other worker has."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


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
        "applicable": entry.slot.applicable and not entry.settled_by,
    }
