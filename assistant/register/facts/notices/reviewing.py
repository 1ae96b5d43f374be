"""Messages around a review: the hand-in and its files for the reviewer, the word for the owner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator

from assistant.register.facts.notices.common import Instant, Notice


class ToReview(Notice):
    """A hand-in before its reviewer. Versions, digests and reasons of claims by slot key, so that what is decided is what was seen.

    ``together``: several hand-ins that were gathered into one letter.
    """

    named = "review"
    version: int = 0
    versions: Mapping[str, int] = {}
    given: Mapping[str, str] = {}
    claims: Mapping[str, str] = {}
    by: tuple[str, ...] = ()
    at: Instant = None
    files: int = 0
    adds: bool = False
    together: bool = False

    @model_validator(mode="before")
    @classmethod
    def _one_claim(cls, body: Any) -> Any:
        """Earlier versions showed one slot, and its claim alone."""
        if isinstance(body, dict) and body.get("claim") and "claims" not in body:
            return {**body, "claims": {body["slots"][0]["key"]: body["claim"]}}
        return body

    def version_of(self, key: str) -> int:
        """The version of a slot that was shown."""
        return self.versions.get(key, self.version)


class Attached(Notice):
    """A file under the card (a message's id) of its hand-in; ``ids`` are the slots that it came for."""

    named = "file"
    card: str = ""
    sha256: str = ""
    name: str = ""
    slot: str = ""
    ids: tuple[str, ...] = Field(default=(), alias="named")


class Decided(Notice):
    """A reviewer's word on what was handed in, and why; ``through``: who acted in the name of ``by``.

    ``verdict``: ``accepted``, ``partly`` (this is accepted, and more is wanted), ``claim_accepted``, ``returned`` or ``reopened``.
    """

    named = "verdict"
    verdict: str = ""
    by: str = ""
    through: str = ""
    reason: str = ""

    @property
    def topic(self) -> str:
        """The word itself."""
        return self.verdict or self.named


class Comment(Notice):
    """What somebody says of slots."""

    named = "comment"
    by: str = ""
    text: str = ""
