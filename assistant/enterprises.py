"""The one root that opens a register: settings in, the registers of all enterprises out, each part built at its first use.

The command line opens the enterprise of its profile (``of_profile``), the Slack app the one behind a workspace (``desk``: one workspace
by token uses the home's profile, others each their own), an edition that goes live all that were planned (``planned``).
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from assistant.adapters.durable import write_durably
from assistant.adapters.editions import Editions
from assistant.adapters.files import open_files
from assistant.adapters.journal import Journal
from assistant.adapters.lead_files import read_policy, read_profile, write_profile
from assistant.adapters.mail.notifier import MailNotifier
from assistant.adapters.mail.server import MailServer
from assistant.conversation.enterprise import Desk
from assistant.errors import CaseError, IndexMissing, RegisterError, Unavailable
from assistant.guide import Guide
from assistant.register.acts.doing.recording import Announce
from assistant.register.acts.plans.planning import vacant
from assistant.register.acts.service import RegisterService
from assistant.register.acts.telling.announce import announce
from assistant.register.facts.policy import Policy
from assistant.register.facts.profile import Profile
from assistant.register.ports import Files, Register, Workspace
from assistant.register.rules.people.named_places import zone_of
from assistant.settings import Settings, without_secrets

if TYPE_CHECKING:
    from assistant.adapters.sql.register import SqlRegister

log = logging.getLogger("aeo.enterprises")

_IDENTITY, _MAILED = "identity.json", "mailed.txt"


class Enterprises:
    """The registers behind one installation, over one database and one file store."""

    def __init__(self, settings: Settings, register: Register | None = None) -> None:
        self.settings = settings
        self._given = register
        self._rules: tuple[int, Policy] | None = None

    @cached_property
    def sql(self) -> SqlRegister:
        """The register's database, its tables brought up to date; a lost one is never begun anew in silence.

        Raises:
            SettingsError: its address makes no sense. Unavailable: it does not answer, or holds nothing though there was a register.
        """
        was, local, file = self.was_there, self.settings.database_url is None, self.settings.register_file
        if was and local and not (file.exists() and file.stat().st_size):
            raise Unavailable("register.lost", where=str(file))
        register = self.fresh
        if was and not register.workspaces():
            register.close()
            raise Unavailable("register.lost", where=str(file) if local else without_secrets(self.settings.database))
        return register

    @property
    def fresh(self) -> SqlRegister:
        """The database as a restore or a move needs it: whatever it holds, or nothing."""
        from assistant.adapters.sql.register import open_register

        return open_register(self.settings.database)

    @property
    def was_there(self) -> bool:
        """Whether a register was planned from this home: the ids that the home remembers, or files handed in, tell so.

        A database with an address of its own may be another enterprise's: only what was planned from this profile speaks of it.
        """
        content, known = self.settings.home / "files" / "content", self._identities()
        if self.settings.database_url is not None:
            known = {path: key for path, key in known.items() if path == self._called(self.settings.profile_path)}
        return bool(known) or (self.settings.files_url is None and content.is_dir() and any(content.iterdir()))

    @property
    def register(self) -> Register:
        """Where all registers stand: the one that was handed in, else the database."""
        return self._given if self._given is not None else self.sql

    @property
    def begun(self) -> bool:
        """Whether there is a register at all; asking makes no database file."""
        return self._given is not None or self.settings.database_url is not None or self.settings.register_file.exists() or self.was_there

    @cached_property
    def files(self) -> Files:
        """Where what was handed in is kept."""
        return open_files(self.settings.files_url, self.settings.home)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of registers that have no other."""
        return zone_of(self.settings.timezone)

    @property
    def announce(self) -> Announce | None:
        """What people are told of changes, where they can be told: Slack's cards follow what is done anywhere, letters tell it."""
        return announce if self.settings.has_slack or self.settings.smtp_url is not None else None

    @cached_property
    def mail(self) -> MailNotifier | None:
        """The way by mail, None where no server is set.

        Raises:
            SettingsError: its address or sender makes no sense.
        """
        server = MailServer.of(self.settings)
        if server is None:
            return None
        journal = Journal(self.settings.home / _MAILED)
        return MailNotifier(server, self.register, journal, lambda: self.policy, self.settings.lang, self.settings.has_slack)

    @property
    def policy(self) -> Policy:
        """The rules of asking as the file stands now; one with mistakes leaves the rules as they were, and is named in the log.

        Raises:
            CaseError: the file has mistakes, and no rules were read before.
        """
        path = self.settings.policy_path
        stamp = path.stat().st_mtime_ns if path.exists() else 0
        if self._rules is None or self._rules[0] != stamp:
            try:
                self._rules = (stamp, read_policy(path))
            except CaseError as error:
                if self._rules is None:
                    raise
                log.warning("policy.yaml is not used: %s", error.sentence(self.settings.lang))
                self._rules = (stamp, self._rules[1])
        return self._rules[1]

    def profile(self, path: Path) -> Profile:
        """The enterprise that a profile file describes.

        Without an ``id`` of its own it keeps the one under which it was planned first, whatever its name becomes; ``identity.json`` in
        the home remembers it.

        Raises:
            RegisterError, CaseError: there is no such file, or it has mistakes.
        """
        profile = read_profile(path)
        if profile.workspace or profile.id:
            return profile
        known = self._identities().get(self._called(path))
        return profile.model_copy(update={"id": known}) if known else profile

    def remember(self, path: Path, profile: Profile) -> None:
        """Keep the id under which a profile's enterprise is planned."""
        known = self._identities()
        if not profile.workspace and known.get(self._called(path)) != profile.key:
            place = self.settings.home / _IDENTITY
            write_durably(place, json.dumps(known | {self._called(path): profile.key}, ensure_ascii=False, indent=1))

    def _called(self, path: Path) -> str:
        whole, home = path.absolute(), self.settings.home.absolute()
        return str(whole.relative_to(home) if whole.is_relative_to(home) else whole)

    def _identities(self) -> dict[str, str]:
        place = self.settings.home / _IDENTITY
        try:
            found = json.loads(place.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}

    def unlike(self, path: Path, profile: Profile) -> str:
        """The id of the register that was planned from this very file, where the file says another now that has none; else empty."""
        known = self._identities().get(self._called(path), "")
        there = {w.key for w in self.planned()} if known not in ("", profile.key) else set()
        return known if known in there and profile.key not in there else ""

    def of_profile(self, profile: Profile) -> RegisterService:
        """The register of the enterprise that a profile describes."""
        return self.opened(profile.key, profile.lead or self.settings.lead, self.zone)

    def planned(self) -> list[Workspace]:
        """The enterprises that follow an edition; none, and no database is made, before anything was registered."""
        return [w for w in self.register.workspaces() if w.edition] if self.begun else []

    def of(self, workspace: Workspace) -> RegisterService:
        """The register of one of them, with the lead and the zone that it was planned with."""
        return RegisterService(
            workspace.key, self.register, self.files, self.policy, workspace.lead, zone_of(workspace.zone), announce=self.announce
        )

    def opened(self, key: str, lead: str, zone: ZoneInfo) -> RegisterService:
        """The register of that key in a zone, led by whom it has; before it was planned by ``lead``, whom a file or setting names.

        A name that is changed in a file makes nobody the lead: ``assistant.register.acts.people.leading`` does.
        """
        return RegisterService(key, self.register, self.files, self.policy, self._lead(key) or lead, zone, announce=self.announce)

    def _lead(self, key: str) -> str:
        """Who leads a register as it says itself; empty before it was planned or anybody led it, or while it does not answer."""
        if not self.begun:
            return ""
        try:
            with self.register.reading(key) as tx:
                workspace = tx.workspace()
                return "" if workspace is None or vacant(tx, workspace.lead) else workspace.lead
        except Unavailable:
            return ""


class Desks:
    """Opens the register behind a Slack workspace. ``several``: workspaces install the app by OAuth, each with its own profile."""

    def __init__(self, enterprises: Enterprises, guide: Callable[[str | None], Guide], several: bool) -> None:
        self.enterprises, self.guide, self.several = enterprises, guide, several
        self.settings = enterprises.settings
        self._went: tuple[tuple[int, int], dict[str, tuple[str, ...]]] = ((-1, -1), {})

    def __call__(self, team: str) -> Desk:
        """The desk of a workspace.

        Raises:
            RegisterError: its profile or the policy has mistakes.
        """
        profile = self._profile(team)
        workspace = profile.key if profile else f"slack:{team}"
        lead = (profile.lead if profile else "") or ("" if self.several else self.settings.lead)
        service = self.enterprises.opened(workspace, lead, self.enterprises.zone)
        return Desk(team, service, self.guide(None), profile, service.policy, partial(self._keep, team), self._where)

    def _where(self) -> dict[str, tuple[str, ...]]:
        """Where the clauses of older editions went, read once per swap of editions; nowhere before anything was ingested."""
        store = Editions(self.settings.home)
        if self._went[0] != (stamp := store.stamp()):
            try:
                self._went = (stamp, store.went())
            except IndexMissing:
                return {}
        return self._went[1]

    def profile_path(self, team: str) -> Path:
        """Where a workspace's profile stands: ``AEO_PROFILE``, or with several workspaces ``profiles/<team>.yaml`` in the home."""
        if not self.several:
            return self.settings.profile_path
        name = team if re.fullmatch(r"[A-Za-z0-9]{1,40}", team) else "unknown"
        return self.settings.home / "profiles" / f"{name}.yaml"

    def _keep(self, team: str, profile: Profile) -> None:
        """Write a workspace's profile; what only the installation knows of it (its team) does not stand in the file."""
        own = profile.model_copy(update={"workspace": ""}) if profile.workspace == f"slack:{team}" else profile
        write_profile(self.profile_path(team), own, self.settings.lang)

    def _profile(self, team: str) -> Profile | None:
        path = self.profile_path(team)
        if not path.exists():
            return None
        profile = self.enterprises.profile(path)
        if not self.several:
            return profile
        if profile.workspace and not profile.workspace.startswith(f"slack:{team}"):
            raise RegisterError("slack.profile_workspace", where=str(path), team=team)
        return profile.model_copy(update={"workspace": profile.workspace or f"slack:{team}"})
