"""``aeo guide questions``: the clauses of an edition that lack questions, as a table that goes out and comes back filled in."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import typer

from assistant.adapters.editions import Editions
from assistant.answers.passages import passages
from assistant.errors import UsageError
from assistant.settings import load_settings
from assistant.texts import say
from connectors.cli.output import JSON_OPTION, emit, write
from ingest.learn.banks import bank, own_bank
from ingest.learn.banks.carried import carried
from ingest.learn.banks.expand import from_model


def questions(
    edition: str = typer.Argument(...),
    out: Path = typer.Option(None, "--out"),
    from_: Path = typer.Option(None, "--from"),
    json_: bool = JSON_OPTION,
) -> None:
    """List the clauses of an edition that lack questions; write them as a table, or take one back."""
    settings = load_settings()
    store = Editions(settings.home)
    manifest = store.manifest(edition)
    guide = store.guide(manifest)
    added = own_bank.add(settings.home, _rows(from_), guide) if from_ is not None else []
    own = own_bank.entries(own_bank.own_bank(settings.home), guide, partial(own_bank.guide_at, store))
    found = own_bank.lacking([*carried(bank.load(), guide), *own], guide)
    drafts = 0
    if out is not None:
        groups = passages(guide)
        table: list[tuple[str, str, str, str]] = []
        for clause in found:
            entry, title = guide.clauses[clause], guide.places[clause].item.title
            written = [e.question for e in from_model(entry, title, groups[clause], settings)] if settings.chat_model else []
            drafts += len(written)
            table += [(clause, title, entry.text, q) for q in (written or [""] * own_bank.LEAST)]
        _write(out, table, settings.lang)
    if json_:
        rows = [{"clause": c, "questions": n} for c, n in found.items()]
        emit({"edition": edition, "lacking": rows, "added": len(added), "drafts": drafts, "out": str(out) if out else None})
        return
    if added:
        write(say("questions.added", settings.lang, count=len(added), again=store.again(manifest)))
    for clause, count in found.items():
        write(
            say("questions.lacks", settings.lang, clause=clause, title=guide.places[clause].item.title, count=count, least=own_bank.LEAST)
        )
    if not found:
        write(say("questions.none", settings.lang, edition=edition))
    if out is not None:
        write(say("questions.written", settings.lang, out=str(out), drafts=drafts))


def _write(out: Path, rows: list[tuple[str, str, str, str]], lang: str) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([say(f"questions.column.{name}", lang) for name in ("clause", "title", "text", "question")])
    for row in rows:
        sheet.append(list(row))
    for cells in sheet.iter_rows():
        for cell in cells:
            cell.data_type = "s"  # a question that begins with = is no formula
    for letter, width in zip("ABCD", (10, 20, 60, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    book.save(out)


def _rows(path: Path) -> list[tuple[str, str]]:
    """Clause and question of every row that has both; the first row holds the headings.

    Raises:
        UsageError: there is no such file, or it is no workbook with these four columns.
    """
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        rows = [tuple("" if v is None else str(v) for v in row) for row in book.worksheets[0].iter_rows(values_only=True)]
        book.close()
    except Exception as error:  # a file that is no workbook fails in as many ways as there are files
        raise UsageError("questions.no_table", name=path.name) from error
    if not rows or any(len(row) < 4 for row in rows):
        raise UsageError("questions.no_table", name=path.name)
    return [(row[0], row[3]) for row in rows[1:] if row[0].strip()]
