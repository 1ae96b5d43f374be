"""Slack's published types as validators, and their findings as one short line each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

FILES = ("blockkit", "requests", "incoming", "manifest")


@cache
def definitions(file: str) -> dict[str, Any]:
    """The definitions of one committed schema file."""
    return json.loads((Path(__file__).parent / f"{file}.json").read_text())["definitions"]


@cache
def validator(file: str, name: str) -> Draft202012Validator:
    """A validator for one definition; files refer to each other by name."""
    return Draft202012Validator({"$ref": f"{file}.json#/definitions/{name}"}, registry=_registry())


@cache
def _registry() -> Registry[Any]:
    resources = []
    for file in FILES:
        contents = json.loads((Path(__file__).parent / f"{file}.json").read_text())
        resources.append((f"{file}.json", Resource(contents=contents, specification=DRAFT202012)))
    return Registry().with_resources(resources)


def errors(file: str, name: str, instance: Any, at: str = "") -> list[str]:
    """What the type ``name`` does not allow in ``instance``."""
    return [line for line, _ in findings(file, name, instance, at)]


def findings(file: str, name: str, instance: Any, at: str = "") -> list[tuple[str, bool]]:
    """Like ``errors``, each with whether it is only a property that the published type does not know."""
    found = []
    for error in validator(file, name).iter_errors(instance):
        inner = list(_branch(error))
        found += [(_line(e, at), e.validator == "additionalProperties") for e in inner]
    return list(dict.fromkeys(found))


def _branch(error: ValidationError) -> Iterator[ValidationError]:
    """For a union, the findings of the member that fits best: the one with the fewest and mildest."""
    if error.validator not in ("anyOf", "oneOf") or not error.context or not error.absolute_path:
        yield error
        return
    members: dict[Any, list[ValidationError]] = {}
    for inner in error.context:
        members.setdefault(inner.relative_schema_path[0], []).append(inner)
    best = min(members.values(), key=lambda found: (any(e.validator != "additionalProperties" for e in found), len(found)))
    for inner in best:
        yield from _branch(inner)


def _line(error: ValidationError, at: str) -> str:
    where = at + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    where = where.lstrip(".") or "it"
    if error.validator == "anyOf" and not error.absolute_path:
        return f"{where}: these arguments do not go together, or one is missing: {', '.join(sorted(error.instance)) or 'none given'}"
    if error.validator in ("maxLength", "maxItems", "minLength", "minItems"):
        return f"{where}: {error.validator} is {error.validator_value}, this has {len(error.instance)}"
    message = error.message if len(error.message) <= 300 else f"{error.message[:140]} … {error.message[-140:]}"
    return f"{where}: {message}"
