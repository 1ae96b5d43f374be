"""Slack's published types as validators, and their findings as one short line each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

Schema = dict[str, Any]


@cache
def definitions(file: str) -> dict[str, Any]:
    """The definitions of one committed schema file."""
    here = Path(__file__).parent
    newer = json.loads((here / "newer.json").read_text())["definitions"] if file == "requests" else {}  # documented, not yet in the types
    return json.loads((here / f"{file}.json").read_text())["definitions"] | newer


@cache
def validator(file: str, name: str) -> Any:
    """A validator for one definition."""
    return _Validator(_linked(file, name))


def _linked(file: str, name: str) -> Schema:
    """A definition in which references are the very objects they name, and chains of if-then one look-up: many times faster."""
    if (file, name) not in _known:
        linked = _known[(file, name)] = {}
        linked.update(_link(definitions(file)[name], file))
    return _known[(file, name)]


_known: dict[tuple[str, str], Schema] = {}


def _link(node: Any, file: str) -> Any:
    if isinstance(node, list):
        return [_link(entry, file) for entry in node]
    if not isinstance(node, dict):
        return node
    out = {key: _link(value, file) for key, value in node.items() if key not in ("$ref", "allOf")}
    branches = node.get("allOf", [])
    if branches and all("if" in branch for branch in branches):
        cases = [(_case(branch["if"]), _link(branch["then"], file)) for branch in branches]
        out["lookUp"] = {"key": cases[0][0][0] or cases[-1][0][0], "cases": {value: then for (_, value), then in cases}}
    elif branches:
        out["allOf"] = _link(branches, file)
    if "$ref" in node:
        where, _, target = node["$ref"].partition("#/definitions/")
        of = where.removesuffix(".json") or file
        out["allOf"] = [*out.get("allOf", []), _linked(of, target)]
    return out


def _case(when: Schema) -> tuple[str | None, str | None]:
    if "not" in when:
        return None, None
    ((key, rule),) = when["properties"].items()
    return key, rule["const"]


def _look_up(validator: Any, rule: Schema, instance: Any, _: Schema) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        case = rule["cases"].get(instance.get(rule["key"]))
        if case is not None:
            yield from validator.descend(instance, case)


_Validator = extend(Draft202012Validator, {"lookUp": _look_up})


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
