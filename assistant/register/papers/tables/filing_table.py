"""The proposal for an existing folder as a table: written as XLSX with the lines to choose from, read back as somebody corrected it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.errors import UsageError
from assistant.register.facts.slots import Entry
from assistant.register.papers.for_customs.catalogue import harmless
from assistant.register.papers.said.words import kind_word, slot_name, whose
from assistant.register.rules.filing.lines import FilingLine, line_id
from assistant.register.rules.filing.places import fold
from assistant.register.rules.filing.proposing import Filed
from assistant.register.rules.filing.years import whens
from assistant.register.rules.people.owner_table import CellMistake, TableError
from assistant.texts import LANGUAGES, say

COLUMNS = ("file", "filed_for", "period", "submit", "sure", "reasons")
_WIDTHS = (52, 48, 16, 8, 10, 60)  # of columns, in characters
_CHOICES = (60, 24, 80, 20)  # of columns, in characters
_COLOURS = {"middle": "FFF4CC", "low": "FDE2E1", "none": "E8E8E8", "refused": "E8E8E8"}
_BETWEEN = re.compile(r"[\n;；]+")
_ASIDE = re.compile(r"[（(][^（）()]*[）)]")
_SENTENCE = re.compile(r"[。；：\n]")
_CASE = re.compile(r"^.*?[的后时]，(?=.*\w)")
_ENOUGH, _MOST = 10, 40  # characters of a place by its number, and of one with its words
_NUMBER = re.compile(r"^\W*[（(]?\d+[）)．.、]?\s*")
YES, _NO = frozenset(["是", "y", "yes", "√", "✓", "对", "1", "true"]), frozenset(["否", "n", "no", "×", "0", "false"])
_ALL = frozenset(("全部", "all", "*"))


@dataclass(frozen=True, slots=True)
class Confirmed:
    """One row that somebody confirmed: a file, and the slots that it is for."""

    path: str
    slots: tuple[Entry, ...]


def label(line: FilingLine, lang: str) -> str:
    """A line as the table names it: ``24(3) 抽查记录（1） 企业访客出入登记记录``."""
    slot = line.entries[0].slot
    words = _gist(slot.text) if slot.kind in ("documents", "records") else ""
    return " ".join(part for part in (slot_name(slot.id, slot.kind, lang), whose(slot, lang), words) if part)


def _gist(text: str) -> str:
    """What a line asks for, from its first sentence: without asides and the case in which it is asked, and no longer than needed."""
    sentence = _SENTENCE.split(_ASIDE.sub("", _NUMBER.sub("", text)).strip(), maxsplit=1)[0]
    said = ""
    for part in _CASE.sub("", sentence).split("，"):
        said = f"{said}，{part}" if said else part
        if len(said) > _ENOUGH:
            break
    return said if len(said) <= _MOST else f"{said[: _MOST - 1]}…"


def years_of(line: FilingLine) -> list[str]:
    """The years for which a line is owed, as the table shows them."""
    return [e.slot.period[:4] for e in line.entries if e.owed] if line.yearly else []


def table(filed: Sequence[Filed], lines: Sequence[FilingLine], lang: str) -> bytes:
    """The workbook: a row a file with what is proposed, and a sheet with every line that may be chosen."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    page, choices = book.active, book.create_sheet(say("filing.choices", lang))
    assert page is not None
    page.title = say("filing.sheet", lang)
    page.append([say(f"evidence.column.{c}", lang) for c in COLUMNS])
    wrap = Alignment(wrap_text=True, vertical="top")
    for row in filed:
        page.append([harmless(cell) for cell in _cells(row, lang)])
        for cell in page[page.max_row]:
            cell.alignment, cell.data_type = wrap, "s"
            if row.sure in _COLOURS:
                cell.fill = PatternFill("solid", fgColor=_COLOURS[row.sure])
    choices.append([say(f"evidence.column.{c}", lang) for c in ("filed_for", "period", "text", "owner")])
    open_lines = [line for line in lines if line.owed]
    for line in open_lines:
        first = line.entries[0]
        choices.append([harmless(c) for c in (label(line, lang), "、".join(years_of(line)), first.slot.text, first.owner)])
    lines_to_choose = DataValidation("list", f"'{choices.title}'!$A$2:$A${len(open_lines) + 1}", allow_blank=True, showErrorMessage=False)
    yes_or_no = DataValidation("list", f'"{say("filing.yes", lang)},{say("filing.no", lang)}"', allow_blank=True, showErrorMessage=False)
    for column, asked in (("B", lines_to_choose), ("D", yes_or_no)):
        page.add_data_validation(asked)
        asked.add(f"{column}2:{column}{len(filed) + 500}")
    for sheet, widths in ((page, _WIDTHS), (choices, _CHOICES)):
        for cell, width in zip(sheet[1], widths, strict=False):
            cell.font = Font(bold=True)
            sheet.column_dimensions[cell.column_letter].width = width
        sheet.freeze_panes = "A2"
        sheet.auto_filter.ref = sheet.dimensions
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def _cells(row: Filed, lang: str) -> tuple[str, ...]:
    sure = row.sure in ("exact", "high")
    return (
        row.path,
        "\n".join(label(line, lang) for line in row.lines),
        "、".join(dict.fromkeys(p[:4] for p in row.periods if p[:4].isdigit())),
        say("filing.yes", lang) if sure and row.lines else "",
        say(f"filing.sure.{row.sure}", lang),
        "；".join(reason.sentence(lang) for reason in row.reasons),
    )


def read_table(
    cells: Sequence[tuple[int, Sequence[str]]], lines: Sequence[FilingLine], known: Iterable[str], where: str
) -> tuple[list[Confirmed], list[str]]:
    """The rows that are confirmed, and the files of those that are not.

    Args:
        cells: (row number, cells) of the table's first sheet.
        lines: the lines of the plan.
        known: the files of the tree.
        where: the table, for sentences.

    Raises:
        UsageError: it is no such table. TableError: every mistake in a confirmed row; then nothing may be handed in.
    """
    header = next((at for at, (_, row) in enumerate(cells[:6]) if {"file", "filed_for", "submit"} <= _columns(row).keys()), None)
    if header is None:
        raise UsageError("filing.no_table", where=where)
    columns = _columns(cells[header][1])
    paths, named = {harmless(path): path for path in known}, _names(lines)
    found: list[Confirmed] = []
    left: list[str] = []
    wrong: list[CellMistake] = []
    for number, row in cells[header + 1 :]:
        values = {name: row[at].strip() if at < len(row) else "" for name, at in columns.items()}
        if not values["file"] and not values["submit"]:
            continue
        said = fold(values["submit"])
        if said in YES:
            slots, mistakes = _slots(number, values, named)
            if values["file"] not in paths:
                mistakes.append(CellMistake(number, "file", "filing.file_gone", (("value", values["file"]),)))
            wrong += mistakes
            if not mistakes:
                found.append(Confirmed(paths[values["file"]], slots))
        elif said in _NO or not said:
            left.append(paths.get(values["file"], values["file"]))
        else:
            wrong.append(CellMistake(number, "submit", "filing.yes_or_no", (("value", values["submit"]),)))
    if wrong:
        raise TableError(where, wrong)
    return found, left


def _slots(number: int, values: Mapping[str, str], named: Mapping[str, list[FilingLine]]) -> tuple[tuple[Entry, ...], list[CellMistake]]:
    """The slots of one row, or what is wrong with it."""
    wrong: list[CellMistake] = []
    slots: list[Entry] = []
    said = [part.strip() for part in _BETWEEN.split(values["filed_for"]) if part.strip()]
    if not said:
        wrong.append(CellMistake(number, "filed_for", "filing.line_needed"))
    written = fold(values.get("period", ""))
    years = {str(w.year) for w in whens(written)}
    for part in said:
        lines = named.get(_plain(part), [])
        if len({line.base for line in lines}) != 1:
            wrong.append(CellMistake(number, "filed_for", "filing.line_unclear" if lines else "filing.line_unknown", (("value", part),)))
            continue
        for line in lines:
            wanted = years_of(line)
            chosen = line.of(e.slot.period for e in line.entries if written in _ALL or e.slot.period[:4] in years)
            if not line.owed:
                wrong.append(CellMistake(number, "filed_for", "filing.line_needless", (("value", part),)))
            elif wanted and (not chosen or (years and not years <= set(wanted))):
                values_ = (("value", values.get("period", "")), ("wanted", "、".join(wanted)))
                wrong.append(CellMistake(number, "period", "filing.period" if written else "filing.period_needed", values_))
            slots += chosen
    return tuple(slots), wrong


def _names(lines: Sequence[FilingLine]) -> dict[str, list[FilingLine]]:
    """Everything by which a line may be named: as the table does, shorter, by its id, by its clause or section where that has one line."""
    found: dict[str, list[FilingLine]] = {}
    for line in lines:
        slot = line.entries[0].slot
        own = {_plain(label(line, lang)) for lang in LANGUAGES} | {_plain(line_id(slot.id)), _plain(slot.id)}
        own |= {_plain(f"{slot_name(slot.id, slot.kind, lang)} {whose(slot, lang)}") for lang in LANGUAGES}
        own |= {_plain(line_id(e.slot.id)) for e in line.entries} | {_plain(line.base)}
        own |= {_plain(slot_name(slot.id, slot.kind, lang)) for lang in LANGUAGES}
        for name in own:
            found.setdefault(name, []).append(line)
    shorter: dict[str, list[FilingLine]] = {}
    for line in (line for line in lines if line.owed):
        for name in {line.clause, *(f"{line.clause} {kind_word(line.kind, lang)}" for lang in LANGUAGES)}:
            shorter.setdefault(_plain(name), []).append(line)
    for name, group in shorter.items():
        if len({line.base for line in group}) == 1:
            found.setdefault(name, group)
    return found


def _plain(text: str) -> str:
    return "".join(fold(text).split())


def _columns(row: Sequence[str]) -> dict[str, int]:
    names = {_plain(say(f"evidence.column.{c}", lang)): c for lang in LANGUAGES for c in COLUMNS}
    found: dict[str, int] = {}
    for at, cell in enumerate(row):
        if name := names.get(_plain(cell)):
            found.setdefault(name, at)
    return found
