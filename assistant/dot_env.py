"""The ``.env`` file of the working folder, in whatever encoding an editor wrote it, and the language it asks for."""

from __future__ import annotations

import codecs
import io
import logging
import os
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from assistant.texts import LANGUAGES

DOT_ENV = Path(".env")
logging.getLogger("dotenv.main").setLevel(logging.ERROR)  # what it cannot read is told by ``unread_lines``, in the reader's language


def encoding_of(raw: bytes) -> str:
    """UTF-16 by its mark, else UTF-8 (with or without one) where that holds, else GB18030, which Windows calls ANSI here."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
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
        return dotenv_values(DOT_ENV, encoding=file_encoding())
    except (UnicodeError, OSError):
        return {}


def unread_lines() -> list[int]:
    """Numbers of the lines that are no ``NAME=value``: they count for nothing."""
    try:
        text = DOT_ENV.read_bytes().decode(file_encoding())
    except (UnicodeError, OSError):
        return []
    return [found.original.line for found in parse_stream(io.StringIO(text)) if found.error]


def said(name: str) -> str | None:
    """The value of a setting before all settings are read, or where they are wrong: the environment's, else the file's."""
    return os.environ.get(name) or file_values().get(name) or None


def language() -> str:
    """The language that ``AEO_LANG`` asks for; Chinese when it asks for none that we have."""
    asked = said("AEO_LANG")
    return asked if asked in LANGUAGES else LANGUAGES[0]
