"""The enterprise: whether it applies or renews, since when it is certified, and what its business touches."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import ValidationError, field_validator, model_validator

from assistant.errors import CaseError, RegisterError
from assistant.guide import Frozen

_LARGEST = 64 * 1024


class Scope(Frozen):
    """What the business touches; each flag decides whether a conditional clause counts (clause numbers of 2018-177)."""

    special_items: bool = False
    """Special items cross the border (特殊物品), 4(2)."""
    technical_standards: bool = False
    """Goods fall under technical standards (货物技术标准规范), 4(3)."""
    inspected_goods: bool = False
    """Goods are subject to inspection and quarantine (检验检疫业务), 7."""
    containers: bool = False
    """Containers or box trucks are used (集装箱或者箱式货车), 28."""
    transport: bool = False
    """Goods or articles are transported (货物、物品运输), 29."""
    statistics_sample: bool = False
    """The enterprise is a sample of a customs survey (样本企业), 21(10)."""


class Profile(Frozen):
    """One enterprise. ``workspace`` keeps its register apart from all others; without it the enterprise's name does.

    ``lead`` is its compliance lead (as owner tables name people, or a mail address); without it ``AEO_LEAD`` is.
    """

    enterprise: str
    certification: Literal["initial", "renewal"]
    certified_on: date | None = None
    scope: Scope = Scope()
    workspace: str = ""
    lead: str = ""

    @field_validator("scope", mode="before")
    @classmethod
    def _flags(cls, value: Any) -> Any:
        """A list of flags says which are true."""
        return dict.fromkeys(value, True) if isinstance(value, list) else value or {}

    @field_validator("enterprise", "workspace", "lead", mode="after")
    @classmethod
    def _one_line(cls, value: str) -> str:
        return " ".join(value.split())[:120]

    @model_validator(mode="after")
    def _whole(self) -> Profile:
        if not self.enterprise:
            raise ValueError("enterprise")
        if self.certification == "renewal" and self.certified_on is None:
            raise ValueError("certified_on")
        return self

    @property
    def key(self) -> str:
        """The workspace in which this enterprise's register lives."""
        return self.workspace or self.enterprise


def read_profile(path: Path) -> Profile:
    """The profile in a YAML file.

    Raises:
        RegisterError: there is no such file. CaseError: names everything that is wrong in it.
    """
    try:
        raw = path.read_bytes()
    except OSError:
        raise RegisterError("register.profile_missing", where=str(path)) from None
    if len(raw) > _LARGEST:
        raise CaseError("register.profile_wrong", where=str(path), wrong=f"> {_LARGEST} bytes")
    try:
        return Profile.model_validate(yaml.safe_load(raw.decode("utf-8-sig")) or {})
    except ValidationError as error:
        raise CaseError("register.profile_wrong", where=str(path), wrong=mistakes(error)) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: a date that is none, 2026-13-01
        raise CaseError("register.profile_wrong", where=str(path), wrong=" ".join(str(error).split())) from None


def mistakes(error: ValidationError) -> str:
    """Every mistake of a file's content in one line: where it stands, and what is expected there."""
    return "；".join(f"{'.'.join(map(str, e['loc'])) or '—'}: {e['msg']}" for e in error.errors())
