"""Unions made plain: a look-up by ``type`` in place of twenty guesses, one object in place of 24 argument variants."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Schema = dict[str, Any]
_ABSENT = "(absent)"


def by_type(schema: Any, definitions: dict[str, Schema]) -> Any:
    """``schema`` with every union of objects that differ in ``type`` (or ``subtype``) turned into a chain of if-then."""
    if isinstance(schema, list):
        return [by_type(entry, definitions) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: by_type(value, definitions) for key, value in schema.items()}
    members = _members(out, definitions)
    if len(members) < 2:
        return out
    rest = {key: value for key, value in out.items() if key != "anyOf"}
    chained = _chain(members, definitions, "type") or _chain(members, definitions, "subtype")
    return rest | chained if chained else out


def _chain(members: list[Schema], definitions: dict[str, Schema], key: str) -> Schema | None:
    groups: dict[str, list[Schema]] = {}
    for member in members:
        value = _constant(_resolved(member, definitions), key)
        if value is None:
            return None
        groups.setdefault(value, []).append(member)
    if len(groups) < 2:
        return None
    branches = []
    for value, group in groups.items():
        inner = group[0] if len(group) == 1 else (_chain(group, definitions, "subtype") or {"anyOf": group})
        when: Schema = {"properties": {key: {"const": value}}, "required": [key]}
        if value == _ABSENT:
            when = {"not": {"required": [key]}}
        branches.append({"if": when, "then": inner})
    named = [value for value in groups if value != _ABSENT]
    rule: Schema = {"properties": {key: {"enum": named}}, "allOf": branches}
    return {"type": "object", "required": [key], **rule} if _ABSENT not in groups else {"type": "object", **rule}


def _constant(schema: Schema, key: str) -> str | None:
    entry = schema.get("properties", {}).get(key)
    if key == "subtype" and (entry is None or entry == {"not": {}}):
        return _ABSENT
    return entry.get("const") if isinstance(entry, dict) else None


def _members(schema: Schema, definitions: dict[str, Schema]) -> list[Schema]:
    found: list[Schema] = []
    for member in schema.get("anyOf", []):
        nested = _resolved(member, definitions)
        found += _members(nested, definitions) if set(nested) == {"anyOf"} else [member]
    return found


def _resolved(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    while set(schema) == {"$ref"}:
        schema = definitions[schema["$ref"].rsplit("/", 1)[1]]
    return schema


def one_object(schema: Schema, replaced: dict[str, Schema]) -> Schema:
    """The variants of ``schema`` as one object: common properties, and per variant what it requires and forbids."""
    variants = [v for v in _flat(schema) if v.get("type") == "object"]
    properties: dict[str, list[Schema]] = {}
    for variant in variants:
        for name, rule in variant.get("properties", {}).items():
            if rule != {"not": {}} and rule not in properties.setdefault(name, []):
                properties[name].append(rule)
    merged = {name: replaced.get(name) or (rules[0] if len(rules) == 1 else {"anyOf": rules}) for name, rules in properties.items()}
    out: Schema = {"type": "object", "properties": merged, "additionalProperties": False}
    common = set.intersection(*(set(v.get("required", ())) for v in variants)) if variants else set()
    if common:
        out["required"] = sorted(common)
    rules = _distinct(variants, lambda variant: _variant(variant, merged, common))
    if len(rules) > 1:
        out["anyOf"] = rules
    return out


def _variant(variant: Schema, merged: dict[str, Schema], common: set[str]) -> Schema:
    own = {name: rule for name, rule in variant.get("properties", {}).items() if rule != {"not": {}}}
    narrowed = {name: own[name] for name in own if own[name] != merged[name] and "const" in own[name]}
    narrowed |= {name: False for name in merged if name not in own}
    out: Schema = {}
    if set(variant.get("required", ())) - common:
        out["required"] = sorted(set(variant["required"]) - common)
    return out | ({"properties": narrowed} if narrowed else {})


def _distinct(variants: list[Schema], rule: Callable[[Schema], Schema]) -> list[Schema]:
    return [json.loads(text) for text in dict.fromkeys(json.dumps(rule(variant), sort_keys=True) for variant in variants)]


def _flat(schema: Schema) -> list[Schema]:
    if "anyOf" in schema:
        return [found for member in schema["anyOf"] for found in _flat(member)]
    return [schema]
