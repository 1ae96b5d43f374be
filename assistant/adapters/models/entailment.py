"""A local cross-encoder that was trained for entailment, as the judge of claims (``AEO_CHECK_MODEL``)."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from assistant.adapters.models.hub import loaded
from assistant.answers.reply.calling.budget import Budget
from assistant.answers.reply.calling.calls import in_time
from assistant.answers.reply.calling.failures import NoReply
from assistant.answers.reply.check.entailment import UNSUPPORTED, JudgedClaim
from assistant.answers.reply.check.lines import GuideLines
from assistant.answers.reply.check.rules import denies


class CrossEncoderEntailment:
    """Premise: the cited lines with heading and condition (for a denial the whole clause). Hypothesis: the claim.

    The model's own label decides (the one whose name says "entail", by the largest score); a model with a single score
    supports from 0.5.
    """

    each = True

    def __init__(self, name: str) -> None:
        self.name = name
        self._one = threading.Lock()

    def faults(self, claims: Sequence[JudgedClaim], lines: GuideLines, budget: Budget) -> list[str]:
        """For every claim why it is not supported, or an empty string; within the question's time, loading the model too.

        Raises:
            NoReply: the model cannot be loaded or used, or not in time.
        """
        pairs = [(_premise(claim, lines), claim.text) for claim in claims]
        try:
            *_, supported = in_time(lambda: iter([self._supported(pairs)]), budget)
        except TimeoutError as error:
            raise NoReply("timeout", f"{self.name} judged {len(pairs)} claims for too long") from error
        except Exception as error:
            raise NoReply("error", f"{self.name}: {type(error).__name__}: {error}"[:400]) from error
        return ["" if good else UNSUPPORTED for good in supported]

    def _supported(self, pairs: Sequence[tuple[str, str]]) -> list[bool]:
        with self._one:  # who comes later waits for what the first one loads
            scores = np.asarray(self._model.predict(list(pairs), show_progress_bar=False), dtype=np.float32)
        supported = scores.reshape(-1) >= 0.5 if scores.ndim == 1 else np.isin(scores.argmax(axis=1), self._labels)
        return [bool(good) for good in supported]

    @cached_property
    def _model(self) -> Any:
        from sentence_transformers import CrossEncoder

        return loaded(self.name, lambda local: CrossEncoder(self.name, local_files_only=local))

    @cached_property
    def _labels(self) -> list[int]:
        """The columns that mean support; without names the common order contradiction, entailment, neutral is taken."""
        names = {int(i): str(label).lower() for i, label in self._model.config.id2label.items()}
        named = [i for i, label in names.items() if "entail" in label and "not" not in label and "non" not in label]
        return named or [1]


def _premise(claim: JudgedClaim, lines: GuideLines) -> str:
    if denies(claim.text):
        return "\n".join("\n".join(lines.printed(clause)) for clause in dict.fromkeys(line.clause for line in claim.lines))
    return lines.around(claim.lines)
