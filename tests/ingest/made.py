"""The shipped guide in other formats, made from its Word file: numbered by Word, HTML, Excel, PDF."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import docx
import openpyxl
from reportlab.lib import colors
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

from ingest.printed_numbers import mark
from ingest.source import Cell, Row
from tests.ingest.word import Numbering, number

Rows = tuple[Row, ...]


def texts(cell: Cell) -> list[str]:
    """The lines of a cell."""
    return [p.text.strip() for p in cell.paragraphs]


def span(rows: Rows, row: int, column: int) -> tuple[int, int]:
    """How many rows and columns a filled cell covers."""
    down = 1
    while row + down < len(rows) and column < len(rows[row + down].cells) and rows[row + down].cells[column].merged:
        down += 1
    filled = [i for i, c in enumerate(rows[row].cells) if c.text]
    if len(filled) == 1 and filled[0] == 0:
        return down, len(rows[row].cells)
    following = next((i for i in filled if i > column), len(rows[row].cells))
    across = following - column if not any(c.merged for c in rows[row].cells[column + 1 : following]) else 1
    return down, across


def html_file(rows: Rows, path: Path, charset: str = "utf-8", paragraphs: bool = False) -> Path:
    """A page with one table; lines parted by ``br``, or each a ``p``."""
    parts = [f'<!doctype html><html><head><meta charset="{charset}"><title>x</title><style>td {{color: red}}</style></head><body>']
    inside = False
    for r, row in enumerate(rows):
        if row.loose:
            parts.append(f"<p>{escape(row.cells[0].text)}</p>\n")
            continue
        parts.append("<tr>" if inside else "<table border=1><tbody><tr>")
        inside = True
        for c, cell in enumerate(row.cells):
            if cell.text:
                down, across = span(rows, r, c)
                body = "".join(f"<p>{escape(t)}</p>" for t in texts(cell)) if paragraphs else "<br>\n".join(map(escape, texts(cell)))
                parts.append(f'<td rowspan="{down}" colspan="{across}">{body}</td>')
        parts.append("</tr>\n")
    path.write_text("".join(parts) + "</tbody></table></body></html>", encoding=charset)
    return path


def xlsx_file(rows: Rows, path: Path, other_sheets: bool = True) -> Path:
    """A workbook: the guide on its second sheet, with merged cells; a cover before it and a checklist behind it."""
    book = openpyxl.Workbook()
    book.active.title = "封面"
    book.active["A1"] = "高级认证自查资料"
    sheet = book.create_sheet("指南")
    for r, row in enumerate(rows, 1):
        for c, cell in enumerate(row.cells, 1):
            if cell.text:
                sheet.cell(r, c, "\n".join(texts(cell)))
                down, across = span(rows, r - 1, c - 1)
                if (down, across) != (1, 1):
                    sheet.merge_cells(start_row=r, start_column=c, end_row=r + down - 1, end_column=c + across - 1)
    if other_sheets:
        checklist = book.create_sheet("责任分工")
        for r, row in enumerate((row for row in rows if len(row.cells) > 1 and row.cells[1].text), 1):
            checklist.cell(r, 1, row.cells[1].text)
            checklist.cell(r, 2, "关务部")
    book.save(path)
    return path


def numbered_docx(rows: Rows, path: Path, item: str = "%3．", whole: bool = True) -> Path:
    """A Word table in which Word makes the numbers of parts, categories, items and clauses, and (``whole``) of the guide."""
    document = docx.Document()
    numbering = Numbering(document)
    outline = numbering.add(
        [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", item), ("decimal", "（%4）")], never_restart=(1, 2)
    )
    numbering.add([("decimal", "%1．"), ("decimal", "（%2）")])
    inner = numbering.latest
    body = [row for row in rows if not row.loose]
    for row in rows:
        if row.loose:
            document.add_paragraph(row.cells[0].text)
    table = document.add_table(len(body), 4)
    grid = table._cells
    offset = len(rows) - len(body)
    for r, row in enumerate(body):
        for c, cell in enumerate(row.cells):
            if not cell.text:
                continue
            target = grid[4 * r + c]
            guide_list = numbering.instance(inner, 1) if c == 3 and whole else None
            for position, text in enumerate(texts(cell)):
                paragraph = target.paragraphs[0] if position == 0 else target.add_paragraph()
                found = mark(text)
                level = {"chinese": 0, "chinese_bracket": 1, "arabic": 2, "bracket": 3}.get(found.style) if found else None
                if found is None or level is None or (c == 3 and not (whole and level in (2, 3))):
                    paragraph.add_run(text)
                else:
                    paragraph.add_run(found.rest)
                    number(paragraph, guide_list or outline, level - 2 if c == 3 else level)
        for c, cell in enumerate(row.cells):
            if cell.text:
                down, across = span(rows, r + offset, c)
                if (down, across) != (1, 1):
                    grid[4 * r + c].merge(grid[4 * (r + down - 1) + c + across - 1])
    document.save(str(path))
    return path


def pdf_file(rows: Rows, path: Path, size: float = 8, widths: tuple[int, ...] = (60, 80, 130, 270), height: int = 842) -> Path:
    """A ruled table over several pages, its header on each, with a running header and page numbers."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("cell", fontName="STSong-Light", fontSize=size, leading=size * 1.35, wordWrap="CJK")
    flow: list[object] = []
    data: list[list[object]] = []
    looks: list[tuple[object, ...]] = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    for r, row in enumerate(rows):
        if row.loose:
            flow.append(Paragraph(escape(row.cells[0].text), style))
            continue
        for c, cell in enumerate(row.cells):
            across = span(rows, r, c)[1] if cell.text else 1
            if across > 1:
                looks.append(("SPAN", (c, len(data)), (c + across - 1, len(data))))
        data.append([Paragraph("<br/>".join(map(escape, texts(c))), style) if c.text else "" for c in row.cells])
    table = Table(data, colWidths=widths, repeatRows=1, splitInRow=1)
    table.setStyle(TableStyle(looks))

    def furniture(canvas: object, document: object) -> None:
        canvas.setFont("STSong-Light", 7)  # type: ignore[attr-defined]
        canvas.drawCentredString(290, 15, f"第 {document.page} 页")  # type: ignore[attr-defined]
        canvas.drawString(30, height - 15, "企业内部资料")  # type: ignore[attr-defined]

    frame = SimpleDocTemplate(str(path), pagesize=(sum(widths) + 60, height), leftMargin=30, rightMargin=30, topMargin=30, bottomMargin=30)
    frame.build([*flow, table], onFirstPage=furniture, onLaterPages=furniture)
    return path


def tab_file(rows: Rows, path: Path) -> Path:
    """Rows of cells parted by TABs, cells of several lines in quotes, as a spreadsheet copies them."""
    lines = []
    for row in rows:
        cells = ["\n".join(texts(c)) for c in row.cells]
        lines.append("\t".join(f'"{c}"' if "\n" in c else c for c in cells))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def half_width(text: str) -> str:
    """Full-width numbers as people type them: 1. and (1)."""
    return re.sub(r"（(\d+)）", r"(\1)", text).replace("．", ".")
