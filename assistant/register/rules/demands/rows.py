"""Of whom or of what a line is owed: one row for all, or one for each role, person, kind of business or of goods."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass

from assistant.guide import Clause, Requirement, folded
from assistant.register.facts.profile import Profile
from assistant.register.rules.demands.judgement import Judged, judgement, named_roles


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One row: whose it is, who holds that role, the profile's list or flag that nobody declared.

    ``role``: the role that the subject stands in for, by which its row stays the same row; empty: the subject itself.
    """

    subject: str = ""
    person: str = ""
    undeclared: str = ""
    role: str = ""

    def key(self, base: str, period: str) -> str:
        """The slot key: lineage key, ``@`` and period, ``@`` and what stands for the subject."""
        of = self.role or self.subject
        mark = f"@{hashlib.sha256(folded(of).encode()).hexdigest()[:8]}" if of else ""
        return base + (f"@{period}{mark}" if period or mark else "")

    def id(self, base: str, period: str) -> str:
        """The slot id that people see and type: ``1(2)/records/1@2026#关务负责人``."""
        name = "".join(unicodedata.normalize("NFKC", self.subject).split())
        return base + (f"@{period}" if period else "") + (f"#{name}" if name else "")


def rows_of(clause: Clause, line: Requirement, profile: Profile) -> tuple[ProfileRow, ...]:
    """The rows of one line; one for all where the profile's list is empty or was not declared."""
    own = judgement(line.lineage)
    wanted = own.rows or named_roles(clause, line)
    if isinstance(wanted, str):
        declared: tuple[str, ...] | None = getattr(profile, wanted)
        return tuple(ProfileRow(subject) for subject in declared or ()) or (ProfileRow(undeclared=wanted if declared is None else ""),)
    return tuple(_held(role, own, profile) for role in wanted) or (ProfileRow(),)


def _held(role: str, own: Judged, profile: Profile) -> ProfileRow:
    """The row of a role, of whom stands in for it where the profile says that somebody does."""
    person = profile.named.get(role, "")
    if own.stands_in.get("for") != role:
        return ProfileRow(role, person)
    flag = own.stands_in["when"]
    replaced: bool | None = getattr(profile.scope, flag)
    return ProfileRow(own.stands_in["who"] if replaced else role, person, flag if replaced is None else "", role)
