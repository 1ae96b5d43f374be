"""Cases in a spreadsheet, for leads who do not program: one row a question, one row a turn, plus a page that explains.

Lists stand one entry a line inside a cell. Nothing that is written can act as a formula, and a formula that is read is
refused: what a cell shows is what the case says.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

from assistant import typed_file
from assistant.adapters.sheet import bounded, unescaped
from assistant.answers.blocks import Reason
from assistant.errors import CaseError
from assistant.guide import Guide
from assistant.register.papers.for_customs.catalogue import writable
from assistant.texts import say
from evals.cases.case import LABELS, Act, Case, Expected, Outcome
from evals.cases.labels import Labels, line_id
from evals.cases.problems import FilePlace, Location, Problem, Raw

COLUMNS = ("id", "type", "lang", "edition", "turn", "question", *LABELS, "context", "origin")
LISTS = ("clauses", "acceptable", "lines", "facts", "forbidden")
_IDS = ("clauses", "acceptable", "lines")
_CHOICES = {
    "lang": ("zh", "en", "zh-Hant"),
    "refuse": ("yes",),
    "context": ("yes",),
    "reason": get_args(Reason),
    "act": get_args(Act),
    "verdict": get_args(Outcome),
    "origin": ("written", "feedback"),
}
_WIDTHS = {"question": 48, "facts": 36, "lines": 24, "clauses": 12, "acceptable": 12, "forbidden": 20, "reason": 16}
_YES = ("yes", "true", "1", "是", "y")
_MOST_ROWS = 20_000  # of a sheet of cases
_MOST_COLUMNS = 100  # of a sheet of cases
_BETWEEN = re.compile(r"[\s,，、;；]+")


def write_sheet(path: Path, cases: Sequence[Case], guide: Guide | None = None, lang: str = "zh") -> None:
    """Write cases as .xlsx; with ``guide`` its lines are listed on a page of their own, to copy ids from."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "cases"
    _row(sheet, COLUMNS)
    for case in cases:
        for values in _rows(case):
            _row(sheet, [values[c] for c in COLUMNS])
    for index, name in enumerate(COLUMNS, 1):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = _WIDTHS.get(name, 11)
        sheet.cell(1, index).font = Font(bold=True)
        if name in _CHOICES:
            listed = DataValidation(type="list", formula1=f'"{",".join(_CHOICES[name])}"', allow_blank=True)
            listed.add(f"{letter}2:{letter}{max(len(cases) * 4, 500)}")
            sheet.add_data_validation(listed)
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "B2"
    help_page = book.create_sheet("help")
    for name in COLUMNS:
        _row(help_page, (name, say(f"evals.column.{name}", lang)))
    help_page.column_dimensions["B"].width = 110
    if guide is not None:
        _guide_page(book.create_sheet("guide"), guide)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.tmp")
    book.save(beside)
    beside.replace(path)


def read_sheet(path: Path) -> tuple[list[Raw], list[Problem]]:
    """The cases of the first sheet whose first row names the columns, and what is wrong with its rows and columns.

    Raises:
        CaseError: the file is missing.
    """
    name = path.name
    try:
        data = typed_file.read(path)
    except OSError as error:
        raise CaseError("evals.unreadable", name=str(path), what=type(error).__name__) from error
    rows = _cells(data, name)
    if rows is None:
        return [], [Problem(FilePlace(name, 1), "broken")]
    if not rows:
        return [], [Problem(FilePlace(name, 1), "no_sheet")]
    header, *body = rows
    problems = [Problem(FilePlace(name, 1, col), "unknown_column", {"name": v}) for col, v, _ in header if v and v not in COLUMNS]
    names = {col: v for col, v, _ in header if v in COLUMNS}
    problems += [Problem(FilePlace(name, 1), "missing_column", {"name": c}) for c in ("id", "type", "question") if c not in names.values()]
    found: dict[str, list[tuple[int, dict[str, str], dict[str, str]]]] = {}
    for number, row in enumerate(body, 2):
        values: dict[str, str] = {}
        columns: dict[str, str] = {}
        for col, value, formula in row:
            if formula:
                problems.append(Problem(FilePlace(name, number, col), "formula"))
            elif col in names and value:
                values[names[col]], columns[names[col]] = value, col
        if values:
            key = values.get("id", f"\x00{number}") if values.get("turn") else f"{values.get('id', '')}\x00{number}"
            found.setdefault(key, []).append((number, values, columns))
    raws: list[Raw] = []
    for group in found.values():
        raw, wrong = _raw(name, group)
        raws.append(raw)
        problems += wrong
    return raws, problems


def _rows(case: Case) -> Iterator[dict[str, str]]:
    shared = {"id": case.id, "type": case.type, "lang": case.lang, "edition": case.edition, "origin": case.origin}
    for turn, expected in enumerate(case.asked, 1):
        yield shared | {"turn": str(turn) if case.turns else "", "question": expected.question} | _labels(expected)


def _labels(expected: Expected) -> dict[str, str]:
    found = {name: "\n".join(getattr(expected, name)) for name in LISTS}
    return found | {
        "refuse": "yes" if expected.refuse else "",
        "context": "yes" if expected.context else "",
        **{name: "" if getattr(expected, name) is None else str(getattr(expected, name)) for name in ("reason", "act", "verdict", "count")},
    }


def _row(sheet: Any, values: Sequence[str]) -> None:
    """One row of text; a value that looks like a formula is stored, and kept by Excel, as text."""
    row = (sheet.max_row + 1) if sheet.max_row > 1 or sheet.cell(1, 1).value is not None else 1
    for column, value in enumerate(values, 1):
        if not value:
            continue
        cell = sheet.cell(row, column)
        cell.value = writable(str(value))
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = str(value)[0] in "=+-@\t\r"


def _guide_page(sheet: Any, guide: Guide) -> None:
    labels = Labels(guide)
    for clause, group in labels.groups.items():
        for p in group:
            _row(sheet, (clause, p.id, guide.places[clause].item.title, p.wording))
    for column, width in (("B", 22), ("C", 18), ("D", 110)):
        sheet.column_dimensions[column].width = width


def _cells(data: bytes, name: str) -> list[list[tuple[str, str, bool]]] | None:
    """Rows of (column letter, text, is a formula) of the first sheet with a header; None for a damaged or oversized file."""
    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter

    from ingest.read.zip import Package

    try:
        bounded(data)
        Package(data, name)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
            for sheet in book.worksheets:
                rows = list(sheet.iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS))
                first = [str(c.value).strip() for c in rows[0] if c.value is not None] if rows else []
                if "id" in first and "question" in first:
                    width = max(n for n, c in enumerate(rows[0], 1) if c.value is not None)
                    letters = [get_column_letter(n) for n in range(1, width + 1)]
                    return [
                        [
                            (letter, "" if c.value is None else unescaped(str(c.value)).strip(), c.data_type == "f")
                            for letter, c in zip(letters, row, strict=False)
                        ]
                        for row in rows
                    ]
    except Exception:
        return None
    return []


def _raw(name: str, group: list[tuple[int, dict[str, str], dict[str, str]]]) -> tuple[Raw, list[Problem]]:
    """The rows of one case: a single question, or turns numbered from 1."""
    number, values, columns = group[0]
    problems: list[Problem] = []
    data: dict[str, Any] = {k: values[k] for k in ("id", "type", "lang", "edition", "origin") if k in values}
    places: dict[Location, FilePlace] = {(k,): FilePlace(name, number, col) for k, col in columns.items()}
    if "turn" not in values:
        return Raw(data | _expected(values), FilePlace(name, number), places), problems
    data["turns"] = []
    for index, (row, here, where) in enumerate(group):
        if here.get("turn") != str(index + 1):
            problems.append(Problem(FilePlace(name, row, where.get("turn", "")), "no_turn", {"value": here.get("turn", "")}))
        data["turns"].append(_expected(here))
        places |= {("turns", index, k): FilePlace(name, row, col) for k, col in where.items()}
        places[("turns", index)] = FilePlace(name, row)
    return Raw(data, FilePlace(name, number), places), problems


def _expected(values: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in values.items():
        if key in _IDS:
            found[key] = [line_id(p) for p in _BETWEEN.split(value) if p.strip()]
        elif key in LISTS:
            found[key] = [p.strip() for p in value.splitlines() if p.strip()]
        elif key in ("refuse", "context"):
            found[key] = value.lower() in _YES or value
        elif key in ("question", "reason", "act", "verdict"):
            found[key] = value
        elif key == "count":
            found[key] = int(value) if value.isdecimal() else value
    return {k: v for k, v in found.items() if v is not False}
