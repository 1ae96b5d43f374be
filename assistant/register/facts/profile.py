"""The enterprise: whether it applies or renews, since when it is certified, and what its business touches."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from assistant.guide import Frozen
from assistant.register.facts.seasons import in_season


class Scope(Frozen):
    """What the business touches; each flag decides whether clauses, sections or lines with that condition count.

    None: nobody declared it. That is a question to the lead, and what depends on it is owed until it is answered.
    Clause numbers are those of 2018-177.
    """

    special_items: bool | None = None
    """Special items cross the border (特殊物品), 4(2), 30(1)."""
    technical_standards: bool | None = None
    """Goods fall under technical standards (货物技术标准规范), 4(3)."""
    seal: bool | None = None
    """There is a customs declaration seal (报关专用章), 4(4)."""
    certificates: bool | None = None
    """Customs issued certificates or legal documents (证书、法律文书), 4(4)."""
    external_auditor: bool | None = None
    """An outside auditor does the internal audit (聘请外部专职人员), 6(1), 6(3)."""
    representative_absent: bool | None = None
    """The legal representative takes no part in daily management (不参与日常经营管理), 1(2)."""
    inspected_goods: bool | None = None
    """Goods are subject to inspection and quarantine (检验检疫业务), 7."""
    statistics_sample: bool | None = None
    """The enterprise is a sample of a customs survey (样本企业), 21(10)."""
    logistics_partners: bool | None = None
    """Partners transport, load or store the goods (由商业伙伴完成), 27."""
    containers: bool | None = None
    """Containers are used (集装箱), 28."""
    box_trucks: bool | None = None
    """Box trucks are used (箱式货车), 28."""
    transport: bool | None = None
    """Goods or articles are transported (货物、物品运输), 29."""
    animals_plants: bool | None = None
    """Animals or plants cross the border (动植物出入境), 30(1)."""


UNNAMED = "lead"
"""Who leads where neither a profile nor ``AEO_LEAD`` names anybody: a place that nobody holds."""
FLAGS: tuple[str, ...] = tuple(Scope.model_fields)
_FIRST_FLAGS = ("special_items", "technical_standards", "inspected_goods", "containers", "transport", "statistics_sample")
Years = Literal["calendar", "certification"]


class Profile(Frozen):
    """One enterprise, as its compliance lead declares it.

    ``workspace`` or ``id`` keeps its register apart from all others, whatever its name becomes; without either its name does.
    ``lead`` is its compliance lead (as owner tables name people, or a mail address); without it ``AEO_LEAD`` is.
    ``certified_on``: became a certified enterprise; ``advanced_on``: first 高级 certification; ``renewed_on``: last renewal;
    ``visit_on``: the visit or application that everything aims at. What is None was not declared.
    """

    enterprise: str
    certification: Literal["initial", "renewal"]
    id: str = ""
    certified_on: date | None = None
    advanced_on: date | None = None
    renewed_on: date | None = None
    visit_on: date | None = None
    years: Years = "calendar"
    """Whether yearly records are kept by calendar years or by years from the certification."""
    first_year_least_days: int = Field(0, ge=0, le=366)
    """A first calendar year shorter than this owes no yearly records of its own."""
    scope: Scope = Scope()
    conditions: dict[str, bool] = Field(default_factory=dict)
    """Conditions that a guide sets in words of its own, by name, and whether they hold here (经营冷藏产品: false)."""
    business_types: tuple[str, ...] | None = None
    """Kinds of import and export business, for example 一般贸易 (4(1), 5)."""
    goods: tuple[str, ...] | None = None
    """Kinds of goods under inspection, for example 食品 (7)."""
    related_persons: tuple[str, ...] | None = None
    """The persons of 企业相关人员 (14), by name."""
    partners: tuple[str, ...] | None = Field(None, exclude_if=lambda names: names is None)
    """The partners that transport, load or store the goods, by name (27)."""
    named: dict[str, str] = Field(default_factory=dict)
    """Role as the guide words it -> who holds it (1(2))."""
    sample_sets: int | None = Field(None, ge=1, le=200)
    """How many sets of a bulk (单证, 档案) the enterprise draws for a spot check; its own choice, not the guide's."""
    seasons: dict[str, str] = Field(default_factory=dict)
    """Item or clause -> the day by which each year's is wanted: ``11-30`` in the year, ``次年6月30日`` (``+06-30``) in the one after it."""
    one_paper: tuple[str, ...] = ()
    """Links between lines that the lead confirmed: one paper serves them all."""
    own_papers: tuple[str, ...] = Field((), exclude_if=lambda links: not links)
    """Links that the lead denied: each of the lines has a paper of its own."""
    elements: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Lineage key of a line -> the elements that the lead confirmed for it."""
    workspace: str = ""
    lead: str = ""

    @field_validator("scope", mode="before")
    @classmethod
    def _flags(cls, value: Any) -> Any:
        """A list says which of the first six flags are true, and that the others of them are not."""
        return dict.fromkeys(_FIRST_FLAGS, False) | dict.fromkeys(value, True) if isinstance(value, list) else value or {}

    @field_validator("enterprise", "workspace", "lead", "id", mode="after")
    @classmethod
    def _one_line(cls, value: str) -> str:
        return " ".join(value.split())[:120]

    @model_validator(mode="after")
    def _whole(self) -> Profile:
        if not self.enterprise:
            raise PydanticCustomError("enterprise_missing", "enterprise")
        if self.certification == "renewal" and self.since() is None:
            raise PydanticCustomError("certified_on_missing", "certified_on")
        if self.advanced_on and self.renewed_on and self.renewed_on < self.advanced_on:
            raise PydanticCustomError("renewed_before", "renewed_on")
        return self

    @field_validator("seasons", mode="before")
    @classmethod
    def _days(cls, value: Any) -> Any:
        """Items as YAML has them (12), clauses in any brackets; each day is one."""
        if not isinstance(value, dict):
            return value
        plain = {unicodedata.normalize("NFKC", str(k)).strip(): str(v) for k, v in value.items()}
        for text in plain.values():
            try:
                in_season(text, date(2024, 1, 1), date(2024, 12, 31))
            except ValueError:
                raise PydanticCustomError("season", "no day", {"text": text}) from None
        return plain

    @property
    def key(self) -> str:
        """The workspace in which this enterprise's register lives."""
        return self.workspace or self.id or self.enterprise

    def odd_days(self, today: date) -> list[tuple[str, date]]:
        """Days that cannot be right on that day, by key: a certification that is still to come, a visit that has passed."""
        been = ((key, getattr(self, key)) for key in ("certified_on", "advanced_on", "renewed_on"))
        found = [(key, day) for key, day in been if day is not None and day > today]
        return [*found, ("visit_on", self.visit_on)] if self.visit_on is not None and self.visit_on < today else found

    def since(self, advanced: bool = False) -> date | None:
        """From when a renewing enterprise owes each year: its last renewal, else its certification; or its first 高级 one."""
        if advanced:
            return self.advanced_on or self.certified_on or self.renewed_on
        return self.renewed_on or self.certified_on or self.advanced_on
