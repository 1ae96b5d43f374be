"""``aeo ask``: a question in, the guide's own words out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from assistant import typed_file
from assistant.answers.answer import Answer, Turn
from assistant.app import Assistant
from assistant.errors import UsageError
from assistant.settings import load_settings
from assistant.texts import say
from connectors.cli.output import JSON_OPTION, emit, note, write
from connectors.cli.talking.drawn import show


def ask(
    question: str = typer.Argument(None),
    edition: str = typer.Option(None, "--edition"),
    batch: Path = typer.Option(None, "--batch"),
    out: Path = typer.Option(None, "--out"),
    json_: bool = JSON_OPTION,
) -> None:
    """Ask a question, get the guide's own words with clause and line."""
    settings = load_settings()
    assistant = Assistant(settings)
    if batch is not None:
        _batch(assistant, batch, out, edition)
        return
    if not question or not question.strip():
        raise UsageError("cli.no_question")
    if json_:
        emit(document(assistant.ask(question, edition=edition)))
        return
    show(assistant.stream(question, edition=edition))


def document(answer: Answer) -> dict[str, Any]:
    """An answer as JSON, in the shape of the command line's contract."""
    return answer.model_dump(mode="json", exclude={"blocks"})


def _batch(assistant: Assistant, source: Path, out: Path | None, edition: str | None) -> None:
    cases = list(_cases(source))
    assistant.edition(edition)
    written = (_answered(assistant, case, edition) for case in cases)
    if out is None:
        for line in written:
            write(line)
        return
    beside = out.with_name(f".{out.name}.tmp")
    with beside.open("w", encoding="utf-8", errors="backslashreplace") as file:
        for line in written:
            file.write(line + "\n")
    beside.replace(out)
    note(say("cli.batch_done", assistant.settings.lang, count=len(cases), out=str(out)))


def _answered(assistant: Assistant, case: dict[str, Any], edition: str | None) -> str:
    if "turns" not in case:
        return json.dumps({"id": case["id"], **document(assistant.ask(case["question"], edition=edition))}, ensure_ascii=False)
    history: list[Turn] = []
    for question in case["turns"]:
        history.append(Turn(question=question, answer=assistant.ask(question, tuple(history), edition)))
    return json.dumps({"id": case["id"], "turns": [document(t.answer) for t in history]}, ensure_ascii=False)


def _cases(source: Path) -> Iterator[dict[str, Any]]:
    """Cases of a batch file, checked before the first is asked.

    Raises:
        UsageError: names file and line of the first mistake.
    """
    try:
        lines = typed_file.read(source).decode("utf-8-sig").splitlines()
    except FileNotFoundError as error:
        raise UsageError("cli.batch_gone", name=str(source)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("cli.batch_unreadable", name=str(source), what=type(error).__name__) from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
        except ValueError:
            case = None
        question = isinstance(case, dict) and isinstance(case.get("question"), str) and "turns" not in case
        turns = (
            isinstance(case, dict)
            and isinstance(case.get("turns"), list)
            and case["turns"]
            and all(isinstance(t, str) for t in case["turns"])
        )
        if not isinstance(case, dict) or "id" not in case or not (question or turns):
            raise UsageError("cli.batch_line", name=str(source), line=number)
        yield case
