"""A made-up guide of another field (the hygiene of a food plant, 40 clauses) with 200 questions about it that no bank has seen.

``data/food/guide.txt`` has one line for each part (P), category (C), item (I), clause (K), its condition (C_) and lines of its sections:
documents (D), situation (S), records (R), on site (O). ``questions.tsv``: clause, or - for what the guide does not say; question.
"""

from __future__ import annotations

from pathlib import Path

import docx
from docx.table import Table

DATA = Path(__file__).parents[1] / "data" / "food"
_HEADINGS = {
    "D": "建立以下书面文件并有效落实：",
    "S": "以下情况：",
    "R": "按照认证人员要求提供抽查记录：",
    "O": "配合认证人员实地查看：",
}


def questions() -> list[tuple[str, str]]:
    """(clause, question); no clause for what the guide does not say."""
    rows = (line.split("\t") for line in (DATA / "questions.tsv").read_text(encoding="utf-8").splitlines())
    return [(clause.strip("-"), question) for clause, question in rows]


def food_guide(folder: Path) -> Path:
    """The guide as a Word file with a table of two columns."""
    path = folder / "food.docx"
    document = docx.Document()
    document.add_paragraph("食品生产企业卫生规范认证指南")
    table = document.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "认证标准", "指南"
    blocks = (DATA / "guide.txt").read_text(encoding="utf-8").split("\nI ")
    _headings(table, blocks[0].splitlines())
    for number, block in enumerate(blocks[1:], 1):
        item, *clauses = block.split("\nK ")
        table.add_row().cells[0].text = f"{number}．{item}"
        for ordinal, clause in enumerate(clauses, 1):
            text, *lines = clause.splitlines()
            left = [f"（{ordinal}）{text}" if len(clauses) > 1 else text, *(line[3:] for line in lines if line.startswith("C_"))]
            cells = table.add_row().cells
            cells[0].text, cells[1].text = "\n".join(left), "\n".join(_sections(lines))
            _headings(table, [line for line in lines if line[:2] in ("P ", "C ")])
    document.save(str(path))
    return path


def _headings(table: Table, heads: list[str]) -> None:
    for line in heads:
        table.add_row().cells[0].text = line[2:]


def _sections(lines: list[str]) -> list[str]:
    kinds = list(dict.fromkeys(line[0] for line in lines if line[0] in _HEADINGS and line[1] == " "))
    found: list[str] = []
    for ordinal, kind in enumerate(kinds, 1):
        own = [line[2:] for line in lines if line[0] == kind and line[1] == " "]
        found.append(f"{ordinal}．{_HEADINGS[kind]}")
        found += [f"（{n}）{text}" for n, text in enumerate(own, 1)] if len(own) > 1 else own
    return found
