"""What a case is: a question (or a conversation), and what a correct answer must cite, quote, say or refuse.

Ids in a case are readable and belong to its home edition: clauses ``24(3)``; lines ``24(3)/records/1``, ``24(3)`` for the
clause's own sentence, ``4(2)/applicability``, ``24(3)/records/n1`` for a paragraph on the whole section. ``keys`` holds the
lineage key of every one of them, so that renumbering, re-chunking and re-indexing leave the case as it was.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from assistant.answers.blocks import Reason
from assistant.guide import Frozen

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
CaseId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}$")]
Type = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Language = Literal["zh", "en", "zh-Hant"]
Origin = Literal["written", "feedback"]
Act = Literal["question", "listing", "comparison", "yes_no", "thanks", "correction", "help", "status", "instruction", "small_talk"]
Outcome = Literal["yes", "no", "open"]


class Expected(Frozen):
    """One question and what its answer must hold.

    ``clauses`` must be cited and ``acceptable`` ones may be; ``lines`` are what a complete answer quotes; every one of
    ``facts`` stands word for word in the answer; ``refuse`` when the guide does not say; ``forbidden`` never appears.
    A ``context`` turn only leads up to the next one: it is asked and not scored.

    ``act`` is what the message does. ``verdict`` is what a yes-or-no question must be told (``open``: the guide leaves it
    open). ``count`` is the number that "how many" must be told; such a question need not name clauses.
    """

    question: Text
    clauses: tuple[Text, ...] = ()
    acceptable: tuple[Text, ...] = ()
    lines: tuple[Text, ...] = ()
    facts: tuple[Text, ...] = ()
    refuse: StrictBool = False
    reason: Reason | None = None
    forbidden: tuple[Text, ...] = ()
    act: Act | None = None
    verdict: Outcome | None = None
    count: Annotated[int, Field(ge=0, strict=True)] | None = None
    context: StrictBool = False

    @model_validator(mode="after")
    def _one_reading(self) -> Expected:
        if self.refuse and (self.clauses or self.lines or self.facts or self.verdict or self.count is not None):
            raise PydanticCustomError("refuse_and_labels", "a refusal has no clauses, lines, facts, verdict or count")
        if not self.refuse and not self.clauses and not self.context and self.count is None:
            raise PydanticCustomError("no_clauses", "an answer needs clauses")
        if self.reason and not self.refuse:
            raise PydanticCustomError("reason_without_refuse", "a reason belongs to a refusal")
        return self

    @property
    def ids(self) -> tuple[str, ...]:
        """Every clause and line id it names, each once."""
        return tuple(dict.fromkeys((*self.clauses, *self.acceptable, *self.lines)))


class Case(Frozen):
    """One case: ``question`` with its expectations, or ``turns`` of a conversation, labelled on ``edition``."""

    id: CaseId
    type: Type
    lang: Language = "zh"
    edition: Text
    question: Text | None = None
    clauses: tuple[Text, ...] = ()
    acceptable: tuple[Text, ...] = ()
    lines: tuple[Text, ...] = ()
    facts: tuple[Text, ...] = ()
    refuse: StrictBool = False
    reason: Reason | None = None
    forbidden: tuple[Text, ...] = ()
    act: Act | None = None
    verdict: Outcome | None = None
    count: Annotated[int, Field(ge=0, strict=True)] | None = None
    turns: tuple[Expected, ...] = ()
    origin: Origin = "written"
    keys: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _question_or_turns(self) -> Case:
        single = any(getattr(self, name) != Case.model_fields[name].default for name in LABELS)
        if (self.question is None) == (not self.turns) or (self.turns and (single or all(t.context for t in self.turns))):
            raise PydanticCustomError("question_or_turns", "either question or turns")
        if self.question is not None:
            self._expected(self.question)
        return self

    def _expected(self, question: str) -> Expected:
        return Expected(question=question, **{name: getattr(self, name) for name in LABELS})

    @property
    def asked(self) -> tuple[Expected, ...]:
        """Its questions in order, one for a single question."""
        return self.turns or (self._expected(self.question or ""),)

    @property
    def ids(self) -> tuple[str, ...]:
        """Every clause and line id it names, each once."""
        return tuple(dict.fromkeys(i for e in self.asked for i in e.ids))

    @property
    def fingerprint(self) -> str:
        """Changes when its questions change: 12 hex digits. Labels may be corrected without making it another case."""
        return hashlib.sha256("\x1f".join(e.question for e in self.asked).encode()).hexdigest()[:12]

    def with_expected(self, asked: tuple[Expected, ...], **changes: Any) -> Case:
        """The same case with other expectations, and further fields changed."""
        if self.turns:
            return self.model_copy(update={"turns": asked, **changes})
        return self.model_copy(update={**{name: getattr(asked[0], name) for name in ("question", *LABELS)}, **changes})

    def document(self) -> dict[str, Any]:
        """The case as it is written to a file: fields in order, defaults left out."""
        always = {"id": self.id, "type": self.type, "lang": self.lang, "edition": self.edition}
        return always | self.model_dump(mode="json", exclude_defaults=True, exclude=set(always))

    def line(self) -> str:
        """The case as one line of JSONL."""
        return json.dumps(self.document(), ensure_ascii=False)


LABELS = ("clauses", "acceptable", "lines", "facts", "refuse", "reason", "forbidden", "act", "verdict", "count")
"""The fields that say what is expected, in a case of one question and in a turn."""
