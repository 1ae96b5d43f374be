"""One enterprise as a conversation meets it: its register, guide, profile and rules of asking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from assistant.guide import Guide
from assistant.register.acts.service import RegisterService
from assistant.register.facts.policy import Policy
from assistant.register.facts.profile import Profile


@dataclass(frozen=True)
class Desk:
    """One enterprise's register. ``profile`` is None where no profile was written yet: questions work, evidence is not set up.

    ``keep`` writes the profile down again; None where a conversation may not change it.
    """

    team: str
    service: RegisterService
    guide: Guide
    profile: Profile | None
    policy: Policy
    keep: Callable[[Profile], None] | None = None

    @property
    def workspace(self) -> str:
        """The register's name of the enterprise."""
        return self.service.workspace

    @property
    def lead(self) -> str:
        """The compliance lead, as the register names people; with several workspaces that of the profile, or nobody (empty)."""
        return self.service.rules.lead
