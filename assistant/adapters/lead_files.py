"""The two files that the lead writes, or has written: the enterprise's profile and the rules of asking."""

from __future__ import annotations

from pathlib import Path

from assistant.adapters.durable import write_durably
from assistant.errors import CaseError, RegisterError, reason
from assistant.register.facts.policy import Policy
from assistant.register.facts.profile import Profile
from assistant.register.papers.tables.profile_file import profile_text
from assistant.typed_file import read_typed


def read_profile(path: Path) -> Profile:
    """The profile in a YAML file.

    Raises:
        RegisterError: there is no such file. CaseError: names everything that is wrong in it.
    """
    try:
        return read_typed(path, Profile, CaseError("register.profile_wrong"))
    except OSError:
        raise RegisterError("register.profile_missing", where=str(path.absolute())) from None


def write_profile(path: Path, profile: Profile, lang: str) -> None:
    """Write the profile with its explanations; a reader sees the old file or the new one.

    Raises:
        OSError: it cannot be written; what stood there stays.
    """
    write_durably(path, profile_text(profile, lang))


def read_policy(path: Path | None) -> Policy:
    """The policy in a YAML file; the defaults when there is no file of that name.

    Raises:
        CaseError: names everything that is wrong in it.
    """
    if path is None or not path.exists():
        return Policy()
    try:
        return read_typed(path, Policy, CaseError("register.policy_wrong"))
    except OSError as error:
        raise CaseError("register.file_unread", where=str(path.absolute()), what=reason(error)) from None
