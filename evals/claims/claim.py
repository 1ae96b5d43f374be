"""A labelled claim: a sentence that a model might say of a question, what it cites for it, and whether that is right."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from assistant.errors import CaseError
from assistant.guide import Frozen
from evals.cases.files import problem_of, read
from evals.cases.problems import CaseMistakes

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
    """The claims of a file; those without an id are called by their line.

    Raises:
        CaseError: the file cannot be read, or holds none. CaseMistakes: lines that are no claims, and ids that stand twice.
    """
    raws, problems = read(path)
    found: dict[str, tuple[LabelledClaim, int]] = {}
    for raw in raws:
        try:
            claim = LabelledClaim.model_validate(raw.data)
        except ValidationError as error:
            problems += [problem_of(raw, dict(e)) for e in error.errors(include_url=False)]
            continue
        claim = claim if claim.id else claim.model_copy(update={"id": f"{path.stem}:{raw.place.line}"})
        _, other = found.setdefault(claim.id, (claim, raw.place.line))
        if other != raw.place.line:
            problems.append(raw.problem(("id",), "repeated_id", id=claim.id, file=path.name, other=other))
    if problems:
        raise CaseMistakes(problems)
    if not found:
        raise CaseError("evals.no_claims", name=path.name)
    return [claim for claim, _ in found.values()]
