"""The profile, asked one question after the other: what is known is the default, what is not answered stays undeclared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from assistant import numerals
from assistant.errors import UsageError
from assistant.guide import Guide
from assistant.mistakes import mistakes
from assistant.register.facts.profile import FLAGS, Profile
from assistant.register.papers.reports.explained import undeclared
from assistant.register.papers.said.words import asked
from assistant.register.rules.demands.judgement import judgement, links, named_roles
from assistant.register.rules.demands.plan import plan
from assistant.register.rules.demands.scope import conditions
from assistant.texts import LANGUAGES, listed, say

if TYPE_CHECKING:
    from assistant.conversation.enterprise import Desk

Kind = Literal["text", "date", "number", "choice", "list", "flag"]
YES, NO = ("y", "yes", "ok", "是", "true", "1", "有"), ("n", "no", "none", "否", "false", "0", "没有", "无")
CLEAR = "-"
"""Typed instead of an answer: what was declared is taken back."""
_PLAIN: tuple[tuple[str, Kind], ...] = (
    ("enterprise", "text"),
    ("lead", "text"),
    ("certification", "choice"),
    ("certified_on", "date"),
    ("advanced_on", "date"),
    ("renewed_on", "date"),
    ("visit_on", "date"),
    ("years", "choice"),
    ("first_year_least_days", "number"),
)
_LISTS: tuple[tuple[str, Kind], ...] = (
    ("sample_sets", "number"),
    ("business_types", "list"),
    ("goods", "list"),
    ("related_persons", "list"),
    ("partners", "list"),
)
_ONLY_WITH = {"goods": "inspected_goods", "partners": "logistics_partners"}
"""Lists that nobody is asked for who denied the flag."""
_CHOICES = {"certification": ("initial", "renewal"), "years": ("calendar", "certification")}
RENEWAL = ("certified_on", "advanced_on", "renewed_on", "years", "first_year_least_days")
"""Asked of an enterprise that is certified already."""
BETWEEN = re.compile("[、，,；;\n]+")

Declared = dict[str, Any]
"""A profile as plain values, unfinished perhaps."""

_REPRESENTATIVE = "法定代表人"
"""How the role begins that somebody with a written authority may stand in for (1(2))."""


@dataclass(frozen=True, slots=True)
class ProfileQuestion:
    """One question: the profile's key (``scope.seal``, ``named.关务负责人``, ``one_paper.training``), its words, what is known."""

    key: str
    kind: Kind
    text: str
    known: str = ""


def declared_of(profile: Profile | None) -> Declared:
    """What a profile declares, as plain values."""
    return profile.model_dump(mode="json") if profile is not None else {"scope": {}, "named": {}, "one_paper": []}


def questions(values: Declared, guide: Guide, lang: str) -> Iterator[ProfileQuestion]:
    """Every question that concerns this enterprise. Read on while ``values`` are filled in: later questions look at earlier answers."""
    for key, kind in _PLAIN:
        if key not in RENEWAL or values.get("certification") == "renewal":
            yield _question(key, kind, values.get(key), lang)
    for flag in FLAGS:
        yield _question(f"scope.{flag}", "flag", values["scope"].get(flag), lang)
    for name in conditions(guide):
        known = shown(values.get("conditions", {}).get(name), lang)
        yield ProfileQuestion(f"conditions.{name}", "flag", asked(f"conditions.{name}", lang), known)
    for key, kind in _LISTS:
        if values["scope"].get(_ONLY_WITH.get(key, "")) is not False:
            yield _question(key, kind, values.get(key), lang)
    for role in roles(guide):
        absent = role.startswith(_REPRESENTATIVE) and values["scope"].get("representative_absent") is True
        text = say("profile.ask.named_instead" if absent else "profile.ask.named", lang, role=role)
        yield ProfileQuestion(f"named.{role}", "text", text, values["named"].get(role, ""))
    for name in dict.fromkeys(link.name for link in links().values()):
        text = say("profile.ask.one_paper", lang, lines=say(f"slot.link.lines.{name}", lang))
        said = True if name in values["one_paper"] else False if name in values.get("own_papers", ()) else None
        yield ProfileQuestion(f"one_paper.{name}", "flag", text, shown(said, lang))


def still_open(desk: Desk, at: datetime, lang: str) -> list[tuple[ProfileQuestion, int]]:
    """The questions that the plan of a moment waits for, in the profile's order, each with how many slots hang on it."""
    if desk.profile is None:
        return []
    waiting = undeclared(plan(desk.guide, desk.profile, at.astimezone(desk.service.rules.zone)))
    all_ = questions(declared_of(desk.profile), desk.guide, lang)
    return [(q, waiting[name]) for q in all_ if (name := q.key.removeprefix("scope.")) in waiting]


def declared(profile: Profile, guide: Guide, said: Mapping[str, str], lang: str) -> Profile:
    """The profile with these answers (question -> what was said); an empty one leaves its question open.

    Raises:
        UsageError: an answer is not of the kind that is asked for, or out of bounds; says what is wanted.
    """
    values = declared_of(profile)
    for question in questions(values, guide, lang):
        answer(values, question, said.get(question.key, ""), lang)
    try:
        return Profile.model_validate(values)
    except ValidationError as error:
        raise UsageError("profile.bad", value=listed(said.values(), lang), wanted=mistakes(error, Profile)) from None


def roles(guide: Guide) -> tuple[str, ...]:
    """The roles of whom the guide wants each one's record."""
    found: list[str] = []
    for clause in guide.clauses.values():
        for line in clause.requirements:
            wanted = judgement(line.lineage).rows or named_roles(clause, line)
            found += wanted if isinstance(wanted, tuple) and line.role == "evidence" and "/records/" in line.id else ()
    return tuple(dict.fromkeys(found))


def answer(values: Declared, question: ProfileQuestion, text: str, lang: str) -> None:
    """Put an answer into the values; an empty one changes nothing, ``-`` takes back what was declared.

    Raises:
        UsageError: the answer is not of the kind that is asked for; says which is.
    """
    said = text.strip()
    if not said:
        return
    group, _, name = question.key.partition(".")
    value = None if said == CLEAR else _value(question, said, lang)
    if group == "one_paper":
        for links_, holds in (("one_paper", True), ("own_papers", False)):
            others = [link for link in values.get(links_, ()) if link != name]
            values[links_] = [*others, name] if value is holds else others
    elif group == "named":
        values["named"] = {**values["named"], name: value} if value else {k: v for k, v in values["named"].items() if k != name}
    elif group == "conditions":
        others_ = {k: v for k, v in values.get("conditions", {}).items() if k != name}
        values["conditions"] = others_ if value is None else {**others_, name: value}
    elif group == "scope":
        values["scope"] = {**values["scope"], name: value}
    elif value is None:
        values.pop(group, None)
    else:
        values[group] = value


def meant(said: Mapping[str, str], asked_: Sequence[ProfileQuestion]) -> dict[str, str]:
    """Answers by their question's key; a question may be named by words of it that no other question has (集装箱).

    Raises:
        UsageError: words that several questions have.
    """
    found: dict[str, str] = {}
    for name, text in said.items():
        fits = [q for q in asked_ if q.key == name] or [q for q in asked_ if name and name.casefold() in q.text.casefold()]
        if len(fits) > 1:
            raise UsageError("profile.several", typed=name, questions=tuple(q.text for q in fits))
        found[fits[0].key if fits else name] = text
    return found


def shown(value: Any, lang: str) -> str:
    """A declared value as people read it; empty for what nobody declared."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return say("profile.yes" if value else "profile.no", lang)
    if value in ([], ()):
        return say("profile.nothing", lang)
    return listed(map(str, value), lang) if isinstance(value, list | tuple) else str(value)


def required(values: Declared, key: str) -> bool:
    """Whether a profile cannot do without this answer, and has none."""
    needed = ("enterprise", "certification", *(("certified_on",) if values.get("certification") == "renewal" else ()))
    since = key == "certified_on" and any(values.get(one) for one in ("advanced_on", "renewed_on"))
    return key in needed and not values.get(key) and not since


def _chosen(key: str, said: str) -> str:
    """The choice that is named by its word or by what it is called in either language; empty for none."""
    plain = said.strip().casefold()
    found = [one for one in _CHOICES[key] if plain in (one, *(_named_choice(key, one, lang).casefold() for lang in LANGUAGES))]
    return found[0] if found else ""


def _named_choice(key: str, one: str, lang: str) -> str:
    return say(f"profile.choice.{key}.{one}", lang)


def _question(key: str, kind: Kind, value: Any, lang: str) -> ProfileQuestion:
    known = _named_choice(key, value, lang) if kind == "choice" and value in _CHOICES[key] else shown(value, lang)
    return ProfileQuestion(key, kind, say(f"profile.ask.{key.rpartition('.')[2]}", lang), known)


def _value(question: ProfileQuestion, said: str, lang: str) -> Any:
    match question.kind:
        case "text":
            if question.key == "lead" and len(BETWEEN.split(said)) > 1:
                raise UsageError("profile.bad", value=said, wanted=say("profile.one_person", lang))
            if said.lower() not in (*YES, *NO):
                return said
            wanted = say("profile.wanted_name", lang)
        case "list":
            named = [part.strip() for part in BETWEEN.split(said) if part.strip()]
            if len(named) == 1 and said.lower() in NO:
                return []
            if not any(part.lower() in (*YES, *NO) for part in named):
                return named
            wanted = say("profile.wanted_names", lang)
        case "choice":
            chosen = _chosen(question.key, said)
            if chosen:
                return chosen
            wanted = say(
                "profile.wanted_choice", lang, known=tuple(_named_choice(question.key, one, lang) for one in _CHOICES[question.key])
            )
        case "flag":
            if said.lower() in (*YES, *NO):
                return said.lower() in YES
            wanted = say("profile.wanted_flag", lang)
        case "number":
            if said.isdigit():
                return int(said)
            wanted = say("profile.wanted_number", lang)
        case "date":
            found = numerals.day(said)
            if found is not None:
                return found.isoformat()
            wanted = say("profile.wanted_date", lang)
    raise UsageError("profile.bad", value=said, wanted=wanted)
