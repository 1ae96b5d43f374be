"""JSON as models write it: comments, spare commas, quotation marks inside a text, other marks, YAML; each mended reading in turn."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import yaml

_OPENS = re.compile(r"\{|\[(?=\s*\{)")
_STRING_OR_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|//[^\n]*|/\*.*?(?:\*/|\Z)|(?<=\s)#[^\n]*', re.S)
_SPARE_COMMA = re.compile(r",(?=\s*[}\]])")
_INNER_QUOTE = re.compile(r'(?<![{\[,:\s\\])"(?!\s*[,:}\]])')
"""A mark neither before nor after which a string may begin or end: a writer's 所谓"访客" inside a text."""
_CURLY = re.compile(r"[“”＂]")
_WIDE = {"：": ":", "，": ","}
_WIDE_AFTER_QUOTE = re.compile(r'(?<=["}\]])\s*([：，])(?=\s*["{\[])')
_BLOCK = re.compile(r"^(?:-\s*)?(?:parts|claims|verdicts|questions)\s*:", re.M)
_FENCE_ENDS = re.compile(r"^\s*```\s*$", re.M)
_MOST_STARTS = 1000
"""Brackets at which a JSON object is looked for: more than any real reply has, and still read in well under a second."""
_MOST_MARKS = 3000
"""Brackets and colons of what is read as YAML: ten parts with four claims each have some 700."""


def decoded(text: str) -> Iterator[Any]:
    """Every JSON object, or list of objects, in ``text``, in order."""
    decoder = json.JSONDecoder(strict=False, object_pairs_hook=_lower)
    at = starts = 0
    while (start := _OPENS.search(text, at)) and starts < _MOST_STARTS:
        starts += 1
        try:
            found, at = decoder.raw_decode(text, start.start())
        except ValueError:
            at = start.start() + 1
            continue
        except RecursionError:  # deeper than any reply: nothing in it is one
            return
        yield found


def readings(text: str) -> Iterator[list[Any]]:
    """The objects in ``text`` as it is, then in every mended form of it that differs; last as YAML."""
    seen: set[str] = set()
    for form in _forms(text):
        if form not in seen:
            seen.add(form)
            yield list(decoded(form))
    yield list(_yaml(text))


def _lower(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {key.strip().lower(): value for key, value in pairs}


def _forms(text: str) -> Iterator[str]:
    yield text
    yield html.unescape(text) if '"' not in text else text  # a page's way of writing marks
    yield _SPARE_COMMA.sub("", text)
    yield _SPARE_COMMA.sub("", _STRING_OR_COMMENT.sub(lambda m: m[0] if m[0].startswith('"') else " ", text))
    straight = text if '"' in text else _CURLY.sub('"', text)
    yield straight
    mended = _INNER_QUOTE.sub(r"\\\g<0>", _WIDE_AFTER_QUOTE.sub(lambda m: _WIDE[m[1]], straight))
    yield _SPARE_COMMA.sub("", mended)
    start, end = text.find('{\\"'), text.rfind("}")
    if 0 <= start < end:
        with suppress(ValueError):
            yield str(json.loads(f'"{text[start : end + 1]}"', strict=False))


def _yaml(text: str) -> Iterator[Any]:
    """What YAML makes of it, all plain values as text: its own form, and Python's or JavaScript's way of writing an object."""
    block, bracket = _BLOCK.search(text), _OPENS.search(text)
    if block is not None:
        chunk = _FENCE_ENDS.split(text[block.start() :], 1)[0]
    elif bracket is not None:
        chunk = text[bracket.start() : max(text.rfind("}"), text.rfind("]")) + 1]
    else:
        return
    if sum(chunk.count(mark) for mark in "{[:") > _MOST_MARKS:
        return
    try:
        found = yaml.load(chunk, Loader=yaml.BaseLoader)  # noqa: S506 - this loader makes text, lists and mappings only
    except (yaml.YAMLError, RecursionError, ValueError):
        return
    if isinstance(found, (dict, list)):
        yield found
