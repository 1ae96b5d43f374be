"""YAML as people mean it.

YAML 1.1 turns 8:30 into 510, 014 into 12 and 2026/1/5 into a text; here a time of day stays one, a number is decimal, and a date
may be written 2026-1-5, 2026/1/5, 2026.1.5 or 2026年1月5日, with or without quotes, in full-width digits as well. 是 and 否 are yes and
no, a full-width comma parts the entries of a list in brackets, and a key that stands twice is a mistake: which of the two would count?
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable
from datetime import date
from typing import Any

import yaml

_DATE = re.compile(r"(\d{4})\s*(?:[-/.－]|年)\s*(\d{1,2})\s*(?:[-/.－]|月)\s*(\d{1,2})\s*[日号]?")
_TIME = re.compile(r"(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?")
_DIGITS = "0123456789０１２３４５６７８９"


def parsed(text: str) -> Any:
    """YAML as people mean it (see the module).

    Raises:
        yaml.YAMLError: it is no YAML.
    """
    return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader with fewer, not more, types


class Twice(yaml.MarkedYAMLError):
    """A key stands twice in one mapping; ``problem`` is the key, ``context_mark`` and ``problem_mark`` say where."""


class _Loader(yaml.SafeLoader):
    """A SafeLoader without YAML 1.1's numbers and timestamps; those below take their place."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """A mapping whose keys are all different."""
        seen: dict[str, yaml.ScalarNode] = {}
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and seen.setdefault(key.value, key) is not key:
                raise Twice(None, seen[key.value].start_mark, key.value, key.start_mark)
        return super().construct_mapping(node, deep)

    def construct_sequence(self, node: yaml.SequenceNode, deep: bool = False) -> list[Any]:
        """A list; one in brackets may have full-width commas."""
        if node.flow_style:
            node.value = [part for item in node.value for part in self._parts(item)]
        return super().construct_sequence(node, deep)

    def _parts(self, node: yaml.Node) -> list[yaml.Node]:
        if not isinstance(node, yaml.ScalarNode) or node.style is not None or "，" not in node.value:
            return [node]
        texts = filter(None, map(str.strip, node.value.split("，")))
        return [yaml.ScalarNode(self._tag(text), text, node.start_mark, node.end_mark) for text in texts]

    def _tag(self, text: str) -> str:
        return str(self.resolve(yaml.ScalarNode, text, (True, False)))  # type: ignore[no-untyped-call]


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if tag.rpartition(":")[2] not in ("int", "float", "timestamp")]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _number(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int | float:
    text = str(loader.construct_scalar(node))
    return float(text) if "." in text else int(text)


def _day(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> date | str:
    text = str(loader.construct_scalar(node))
    return _date(text) or text


def _text(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> str:
    """A time of day with its noughts and a date as 2026-01-05, also where they stand in quotation marks; any other text as it is."""
    text = str(loader.construct_scalar(node))
    if found := _TIME.fullmatch(text):
        return unicodedata.normalize("NFKC", ":".join(part.rjust(2, "0") for part in found.groups() if part))
    return str(_date(text) or text)


def _date(text: str) -> date | None:
    found = _DATE.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _yes(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> bool:
    return loader.construct_scalar(node) == "是"


for _tag, _pattern, _first, _make in (
    ("!number", re.compile(r"[-+]?\d+(?:\.\d+)?"), f"-+{_DIGITS}", _number),
    ("!day", _DATE, _DIGITS, _day),
    ("!time", _TIME, _DIGITS, _text),
    ("!yes", re.compile("是|否"), "是否", _yes),
):
    _Loader.add_implicit_resolver(_tag, re.compile(f"(?:{_pattern.pattern})$"), list(_first))
    _Loader.add_constructor(_tag, _make)
_Loader.add_constructor("tag:yaml.org,2002:str", _text)
