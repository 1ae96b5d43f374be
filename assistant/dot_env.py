"""The ``.env`` file of the working folder, in whatever encoding an editor wrote it, and the language it asks for."""

from __future__ import annotations

import codecs
import io
import logging
import os
import re
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from assistant.texts import LANGUAGES

DOT_ENV = Path(".env")
_NAME = re.compile(r"[A-Za-z0-9_.-]+")
logging.getLogger("dotenv.main").setLevel(logging.ERROR)  # what it cannot read is told by ``unread_lines``, in the reader's language


def encoding_of(raw: bytes) -> str:
    """UTF-16 by its mark or its noughts, else UTF-8 where that holds, else GB18030, which Windows calls ANSI here."""
    if raw.startswith(codecs.BOM_UTF32_LE):
        return "utf-32"
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    first, second = raw[::2].count(0), raw[1::2].count(0)
    if len(raw) % 2 == 0 and not (first and second) and max(first, second) > len(raw) // 8:
        return "utf-16-be" if first else "utf-16-le"
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def file_encoding() -> str:
    """The encoding of the ``.env`` file.

    Raises:
        OSError: it is there and cannot be read.
    """
    return encoding_of(DOT_ENV.read_bytes()) if DOT_ENV.is_file() else "utf-8"


def file_values() -> dict[str, str | None]:
    """What the ``.env`` file says; nothing where it cannot be read."""
    try:
        return dotenv_values(DOT_ENV, encoding=file_encoding()) if DOT_ENV.is_file() else {}
    except (UnicodeError, OSError):
        return {}


def unread_lines() -> list[int]:
    """Numbers of the lines that are no ``NAME=value``, or whose name is said once more further down: they count for nothing."""
    try:
        text = DOT_ENV.read_bytes().decode(file_encoding()) if DOT_ENV.is_file() else ""
    except (UnicodeError, OSError):
        return []
    found = list(parse_stream(io.StringIO(text)))
    last = {binding.key: binding for binding in found}
    return [
        b.original.line for b in found if b.error or (b.key and not (_NAME.fullmatch(b.key) and b.value is not None and last[b.key] is b))
    ]


def said(name: str) -> str | None:
    """The value of a setting before all settings are read, or where they are wrong: the environment's, else the file's."""
    return os.environ.get(name) or file_values().get(name) or None


def language() -> str:
    """The language that ``AEO_LANG`` asks for; Chinese when it asks for none that we have."""
    asked = said("AEO_LANG")
    return asked if asked in LANGUAGES else LANGUAGES[0]
