"""Limits that Slack states only in doc comments, read out of the sentences and put into the schema."""

from __future__ import annotations

import re
from typing import Any

Schema = dict[str, Any]

_LINK = re.compile(r"\{@link\s+(\S+?)(?:\s+([^}]*))?\}")
_SENTENCE = re.compile(r"(?<=[.!])\s+")
_LONGEST = re.compile(r"(?i)(?:max(?:imum)?\b|limit(?:ed)?\b|less than)[^~]*?\b([\d,]+) characters")
_SHORTEST = re.compile(r"(?i)minimum length[^.]*? is (\d+)")
_MOST = re.compile(r"(?i)(?:max(?:imum)?(?: number)?(?: of)?(?: \w+){0,2}?(?: is)?|up to) `?(\d[\d,]*)`?(?! char)")
_LEAST = re.compile(r"(?i)min(?:imum)?(?: number)?(?: of| is)? `?(\d+)`?(?! char)")


def mine_limits(schema: Schema, description: str, name: str) -> Schema:
    """``schema`` of the property ``name``, with the limits its ``description`` states."""
    prose = _LINK.sub(lambda m: m.group(2) or m.group(1), description).replace("\n", " ")
    for sentence in _SENTENCE.split(prose):
        longest = _LONGEST.search(sentence)
        if longest:
            limit = _number(longest) - ("less than" in sentence)
            schema = _text_limit(schema, "maxLength", limit, each="each item" in sentence)
        shortest = _SHORTEST.search(sentence)
        if shortest:
            schema = _text_limit(schema, "minLength", _number(shortest), each=False)
        if schema.get("type") == "array" and not longest:
            schema = _size_limit(schema, sentence)
        elif schema.get("type") == "number" and name in ("max_files", "page_size", "max_selected_items"):
            schema = _range_limit(schema, sentence)
    return schema


def _text_limit(schema: Schema, keyword: str, limit: int, each: bool) -> Schema:
    if schema.get("type") == "string":
        return schema | {keyword: limit}
    if schema.get("type") == "array":
        return schema | {"items": _text_limit(schema["items"], keyword, limit, each=False)} if each else schema
    if "$ref" in schema or "anyOf" in schema:
        within = schema.get("properties", {}).get("text", {})
        return schema | {"properties": {"text": within | {keyword: limit}}}
    return schema


def _size_limit(schema: Schema, sentence: str) -> Schema:
    most = _MOST.search(sentence)
    if "Each row" in sentence and most:
        return schema | {"items": schema["items"] | {"maxItems": _number(most)}}
    if most:
        schema = schema | {"maxItems": _number(most)}
    least = _LEAST.search(sentence)
    return schema | {"minItems": _number(least)} if least else schema


def _range_limit(schema: Schema, sentence: str) -> Schema:
    most = re.search(r"(?i)max(?:imum of)? `(\d+)`", sentence)
    least = re.search(r"(?i)min(?:imum)?(?: of| number is)? `?(\d+)`?", sentence)
    return schema | ({"maximum": _number(most)} if most else {}) | ({"minimum": _number(least)} if least else {})


def _number(match: re.Match[str]) -> int:
    return int(match.group(1).replace(",", ""))
