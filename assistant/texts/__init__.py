"""Every text that people read, one folder per language, one TOML file per area; ``say`` picks and fills one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

LANGUAGES = ("zh", "en")


def say(key: str, lang: str = "zh", /, **values: Any) -> str:
    """The text ``area.name`` in ``lang`` with its ``{placeholders}`` filled; values are data and never parsed.

    A list or tuple is joined by the language, and ``{count:file|files}`` is the word that fits the number.

    Raises:
        KeyError: when the language has no such text (a test holds all languages to the same keys).
    """
    area, _, name = key.partition(".")
    lang = lang if lang in LANGUAGES else "zh"
    return _WRITERS[lang].vformat(texts(area, lang)[name], (), values)


def listed(items: Iterable[str], lang: str = "zh") -> str:
    """Items in a row as the language joins them: “甲、乙”, “a, b”."""
    return ("、" if lang == "zh" else ", ").join(items)


def strung(sentences: Iterable[str], lang: str = "zh") -> str:
    """Sentences in a row as the language joins them: “甲；乙”, “a; b”."""
    return ("；" if lang == "zh" else "; ").join(sentences)


@cache
def texts(area: str, lang: str) -> dict[str, str]:
    """All texts of one area, nested tables joined with dots."""
    with (Path(__file__).parent / lang / f"{area}.toml").open("rb") as file:
        return dict(_flat(tomllib.load(file), ""))


def _flat(table: dict[str, Any], prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in table.items():
        found += _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else [(prefix + name, str(value))]
    return found


class _Writer(Formatter):
    """Fills a text: ``{count:file|files}`` writes the word that fits the number, and a list is joined as the language does."""

    lang = "en"

    def vformat(self, format_string: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
        written = ""
        for literal, name, spec, conversion in self.parse(format_string):
            written = self.join(written, literal)
            if name is not None:
                value = self.convert_field(self.get_field(name, args, kwargs)[0], conversion)
                written = self.join(written, self.format_field(value, spec or ""))
        return written

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, list | tuple):
            return listed(map(str, value), self.lang)
        one, bar, other = format_spec.partition("|")
        return (one if str(value) == "1" else other) if bar else format(value, format_spec)

    def join(self, left: str, right: str) -> str:
        return left + right


class _ChineseWriter(_Writer):
    """Where a value begins or ends: one blank between Chinese and Latin letters or digits, none beside other Chinese."""

    lang = "zh"

    def join(self, left: str, right: str) -> str:
        before, after = left.rstrip(" "), right.lstrip(" ")
        if not before or not after:
            return left + right
        meet = before[-1] + after[0]
        return before + " " + after if _APART.match(meet) else before + after if _CLOSE.match(meet) else left + right


_HAN, _MARK, _LATIN = "\u3400-\u9fff", "\u3001-\u303f\uff01-\uff60", "A-Za-z0-9"  # U+3000 sets columns apart and stays
_APART = re.compile(rf"[{_HAN}][{_LATIN}]|[{_LATIN})][{_HAN}]")
_CLOSE = re.compile(rf"[{_HAN}{_MARK}][{_HAN}{_MARK}]|[{_LATIN})][{_MARK}]|[{_MARK}][{_LATIN}]")
_WRITERS = {"zh": _ChineseWriter(), "en": _Writer()}
