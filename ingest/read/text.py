"""Plain text: a dump whose TABs open table cells, tab-separated rows, or lines that lost their TABs."""

from __future__ import annotations

import codecs
import contextlib
import re

from assistant.errors import SourceError
from assistant.guide import Paragraph
from ingest.printed_numbers import mark
from ingest.read.csv import rows_of_csv
from ingest.source import Cell, Row

_COLUMN_COUNTS = (4, 3, 5, 2, 6)  # columns of a table that was copied cell by cell, the likeliest first
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESSES = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
_COMMON_SHARE = 0.6  # of everyday Chinese characters, by which an encoding is right
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_CONTROL_SHARE = 0.01  # of control characters, beyond which it is no text
_SAMPLE = 20_000  # characters that are looked at


def decoded(data: bytes, name: str) -> str:
    """The text of ``data``: UTF-8 or UTF-16 by its byte order mark, else UTF-8, GB18030 or UTF-16 if that gives real text.

    Raises:
        SourceError: the bytes are no text, or text in another encoding.
    """
    for first, encoding in _BOMS:
        if data.startswith(first):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise _wrong_encoding(data, error, name) from error
    failure: UnicodeDecodeError | None = None
    for encoding in _GUESSES:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            failure = failure or error
            continue
        if _is_text(text) and (encoding == "utf-8" or _is_common_chinese(text)):
            return text
    if _CONTROL.search(data[:_SAMPLE].decode("latin-1")):
        raise SourceError("source.binary", name=name)
    raise _wrong_encoding(data, failure, name)


def rows_of_text(text: str) -> tuple[Row, ...]:
    """Rows of a text whose lines are numbered from 1; without TABs every line is a loose row of its own."""
    lines = [Paragraph(text=line, line=number) for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1)]
    if not any("\t" in p.text for p in lines):
        return tuple(Row(cells=(Cell(paragraphs=(p,)),), loose=True) for p in lines if p.text.strip())
    if sum(p.text.strip().count("\t") >= 1 for p in lines) <= sum(p.text.startswith("\t") for p in lines):
        return _tab_opened(lines)
    if re.search(r'(^|\t)"', text, re.MULTILINE):
        with contextlib.suppress(SourceError):
            return rows_of_csv(text, "", "\t")
    return _tab_separated(lines)


def _wrong_encoding(data: bytes, error: UnicodeDecodeError | None, name: str) -> SourceError:
    line = data.count(b"\n", 0, error.start) + 1 if error else 1
    return SourceError("source.encoding", name=name, line=line)


def _is_text(text: str) -> bool:
    sample = text[:_SAMPLE]
    return "\0" not in text and len(_CONTROL.findall(sample)) <= _CONTROL_SHARE * len(sample)


def _is_common_chinese(text: str) -> bool:
    """Whether a guessed encoding gives Chinese that people write: mostly characters of GB 2312, few from nowhere."""
    sample = [c for c in text[:_SAMPLE] if not c.isascii()]
    common = sum(1 for c in sample if _is_everyday(c))
    return bool(sample) and common >= _COMMON_SHARE * len(sample)


def _is_everyday(character: str) -> bool:
    """Full-width punctuation and the 3,755 characters of the first level of GB 2312."""
    try:
        lead = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    return 0xA1 <= lead <= 0xD7


def _tab_opened(lines: list[Paragraph]) -> tuple[Row, ...]:
    """Cells of a text in which a line that starts with TAB opens one, and the lines after it belong to it."""
    front: list[Row] = []
    cells: list[list[Paragraph]] = []
    for p in lines:
        if p.text.startswith("\t"):
            cells.append([Paragraph(text=p.text[1:], line=p.line)])
        elif cells:
            cells[-1].append(p)
        elif p.text.strip():
            front.append(Row(cells=(Cell(paragraphs=(p,)),), loose=True))
    return (*front, *_group([_cell(c) for c in cells]))


def _cell(paragraphs: list[Paragraph]) -> Cell:
    filled = tuple(Paragraph(text=p.text.replace("\t", " "), line=p.line) for p in paragraphs if p.text.strip())
    return Cell(paragraphs=filled, merged=not filled)


def _group(cells: list[Cell]) -> list[Row]:
    """Cells into rows: part rows have one cell, all others the same number of columns."""
    segments: list[list[Cell]] = [[]]
    for cell in cells:
        if "\n" not in cell.text and _is_part(cell.text):
            segments += [[cell], []]
        else:
            segments[-1].append(cell)
    bodies = [s for s in segments[1:] if len(s) > 1] or [segments[0]]
    width = next((n for n in _COLUMN_COUNTS if all(len(s) % n == 0 for s in bodies)), 4)
    rows: list[Row] = []
    for position, segment in enumerate(segments):
        if position == 0 and len(segment) < width and len(segments) > 1:
            rows += [Row(cells=tuple(segment))] if segment else []
        elif len(segment) == 1:
            rows.append(Row(cells=tuple(segment)))
        else:
            rows += [Row(cells=tuple(segment[i : i + width])) for i in range(0, len(segment), width)]
    return rows


def _is_part(text: str) -> bool:
    found = mark(text)
    return found is not None and found.style in ("chinese", "chapter") and bool(found.rest)


def _tab_separated(lines: list[Paragraph]) -> tuple[Row, ...]:
    rows: list[Row] = []
    for p in lines:
        if "\t" in p.text:
            rows.append(Row(cells=tuple(_field(text, p.line) for text in p.text.split("\t"))))
        elif p.text.strip():
            rows.append(Row(cells=(Cell(paragraphs=(p,)),), loose=True))
    return tuple(rows)


def _field(text: str, line: int) -> Cell:
    filled = (Paragraph(text=text, line=line),) if text.strip() else ()
    return Cell(paragraphs=filled, merged=not filled)
