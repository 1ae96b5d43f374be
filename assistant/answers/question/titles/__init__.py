"""Titles of parts, categories and items in the reader's language: data keyed by lineage, an unofficial translation."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from assistant.guide import lineage_key


def titled_in(lang: str, title: str) -> str:
    """``title`` as a reader of ``lang`` reads it, the guide's own words behind; untranslated where there is no translation."""
    translation = translated(lang, title)
    return f"{translation} ({title})" if translation else title


def translated(lang: str, title: str) -> str | None:
    """``title`` in ``lang`` alone; None where there is no translation."""
    return _titles(lang).get(lineage_key("title", title))


@cache
def _titles(lang: str) -> dict[str, str]:
    found = files(__name__) / f"{lang}.toml"
    return tomllib.loads(found.read_text(encoding="utf-8")) if found.is_file() else {}
