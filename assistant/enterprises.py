"""The register of the enterprise behind a workspace: one workspace by token uses the home's profile, others each their own."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.conversation.enterprise import Desk
from assistant.errors import CaseError, RegisterError
from assistant.guide import Guide
from assistant.register.acts.announce import announce
from assistant.register.acts.service import RegisterService
from assistant.register.facts.people import zone_of
from assistant.register.facts.policy import Policy, read_policy
from assistant.register.facts.profile import Profile, read_profile
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.adapters.sql.register import SqlRegister

log = logging.getLogger("aeo.slack.desk")



class Desks:
    """Opens desks, over one register and one file store."""

    def __init__(self, settings: Settings, register: SqlRegister, guide: Callable[[str | None], Guide], several: bool) -> None:
        self.settings, self.register, self.guide, self.several = settings, register, guide, several
        self._rules: tuple[int, Policy] | None = None

    def __call__(self, team: str) -> Desk:
        """The desk of a workspace.

        Raises:
            RegisterError: its profile or the policy has mistakes.
        """
        profile = self._profile(team)
        workspace = profile.key if profile else f"slack:{team}"
        zone = zone_of(self.settings.timezone)
        lead = (profile.lead if profile else "") or ("" if self.several else self.settings.lead)
        service = RegisterService(workspace, self.register, self._files, self._policy, lead, zone, announce=announce)
        return Desk(team, service, self.guide(None), profile, self._policy)

    def profile_path(self, team: str) -> Path:
        """Where a workspace's profile stands: ``AEO_PROFILE``, or with several workspaces ``profiles/<team>.yaml`` in the home."""
        if not self.several:
            return self.settings.profile_path
        name = team if re.fullmatch(r"[A-Za-z0-9]{1,40}", team) else "unknown"
        return self.settings.home / "profiles" / f"{name}.yaml"

    def _profile(self, team: str) -> Profile | None:
        path = self.profile_path(team)
        if not path.exists():
            return None
        profile = read_profile(path)
        if not self.several:
            return profile
        if profile.workspace and not profile.workspace.startswith(f"slack:{team}"):
            raise RegisterError("slack.profile_workspace", where=str(path), team=team)
        return profile.model_copy(update={"workspace": profile.workspace or f"slack:{team}"})

    @property
    def _policy(self) -> Policy:
        """As the file stands now; one with mistakes leaves the rules as they were, and is named in the log."""
        path = self.settings.policy or self.settings.home / "policy.yaml"
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

    @cached_property
    def _files(self) -> Any:
        from assistant.adapters.files import open_files

        return open_files(self.settings.files_url, self.settings.home)
