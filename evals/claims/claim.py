"""A labelled claim: a sentence that a model might say of a question, what it cites for it, and whether that is right."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from assistant.errors import CaseError
from assistant.guide import Frozen
from evals.cases.files import text_of

SHIPPED = Path(__file__).parent
"""``seen.jsonl`` may be looked at while the check is written; ``unseen.jsonl`` is only ever run."""


class Quoted(Frozen):
    """A citation: a passage of the guide by id, and words copied from it."""

    id: str
    quote: str


class LabelledClaim(Frozen):
    """One claim. ``kind`` is what makes it right or wrong (``numbers swapped``, ``or/and exchanged``, ``plain``); ``why`` explains it."""

    id: str = ""
    question: str = ""
    text: str
    lang: Literal["zh", "zh-Hant", "en"] = "zh"
    citations: tuple[Quoted, ...]
    label: Literal["right", "wrong"]
    kind: str
    why: str = ""


def load(path: Path) -> list[LabelledClaim]:
    """The claims of a JSONL file; those without an id are called by their line.

    Raises:
        CaseError: the file cannot be read, or a line is no claim; names the line.
    """
    return list(_claims(path, text_of(path).splitlines()))


def _claims(path: Path, lines: Iterable[str]) -> Iterable[LabelledClaim]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            claim = LabelledClaim.model_validate(json.loads(line))
        except (ValueError, ValidationError) as error:
            what = " ".join(str(error).split())[:160]
            raise CaseError("evals.no_claim", name=path.name, line=number, what=what) from error
        yield claim if claim.id else claim.model_copy(update={"id": f"{path.stem}:{number}"})
