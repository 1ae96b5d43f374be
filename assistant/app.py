"""The composition root: settings in, a ready assistant out. Nothing is built at import, heavy parts at first use."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from assistant.adapters.builds import Manifest
from assistant.adapters.editions import Editions
from assistant.answers.answer import Answer, Turn
from assistant.answers.blocks import Note
from assistant.answers.ports import Floats
from assistant.answers.question.places.earlier import Now, in_todays_numbers
from assistant.answers.question.places.references import bare
from assistant.answers.question.reading import Reading, language
from assistant.answers.question.words import sound
from assistant.answers.reply.calling.budget import Budget
from assistant.answers.reply.calling.failures import NoReply
from assistant.answers.reply.listed import answered_alone, with_all
from assistant.answers.reply.plan import told
from assistant.answers.steps import AnswerSteps, Ask
from assistant.answers.together import together
from assistant.edition import Edition
from assistant.errors import SettingsError
from assistant.families import labels_of, short
from assistant.guide import Guide
from assistant.settings import Settings
from assistant.texts import say

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable

    from assistant.answers.reply.calling.calls import Calls
    from assistant.answers.reply.check.entailment import Entailment

KEPT = 8
"""Loaded editions."""


class Assistant:
    """Answers questions about the active edition (or a named one) and follows the pointer when it is swapped.

    The editions that were asked for last stay loaded, ``KEPT`` of them: each holds some 30 MB. ``chat`` is a chat model that is
    there already, in the place of the one that ``settings.chat_model`` names.
    """

    def __init__(self, settings: Settings, chat: BaseChatModel | None = None) -> None:
        self.settings = settings
        self.chat = chat
        self.store = Editions(settings.home)
        self._lock = threading.Lock()
        self._last_read: tuple[Edition, Reading, tuple[Turn, ...]] | None = None
        self._loaded: OrderedDict[tuple[str, int], Edition] = OrderedDict()
        self._in_force: tuple[tuple[int, int], tuple[Edition, ...]] = ((-1, -1), ())
        self._vectors: dict[str, Floats] = {}
        self._joint: dict[tuple[str, tuple[int, int]], Guide] = {}

    def edition(self, name: str | None = None) -> Edition:
        """The edition to answer from: the active one at this moment, or ``name``.

        Raises:
            IndexMissing, EditionError: see ``Editions.manifest``.
        """
        return self._families()[0] if name is None else self._load(self.store.manifest(name))

    def guide(self, label: str | None = None) -> Guide:
        """All that is in force as one guide (or what a label names): with one family its guide, else those of all, combined."""
        if label is None and len(self._families()) == 1:
            return self.edition().guide
        if label is not None and len(labels_of(label)) == 1:
            return self.edition(label).guide
        wanted = (label or self.store.label_in_force(), self.store.stamp())
        with self._lock:
            if wanted not in self._joint:
                self._joint = {wanted: self.store.guide_of(label)}
            return self._joint[wanted]

    @property
    def chain(self) -> Runnable[Any, Answer]:
        """All of this as a LangChain Runnable over text, a dict (``question``, ``history``, ``edition``, ``lang``) or an ``Ask``."""
        from assistant.answers.runnable import AnswerChain

        return AnswerChain(lambda asked: self.stream(**asked))

    @cached_property
    def _models(self) -> tuple[Calls, Entailment | None]:
        """The chat model and the judge of its claims, the same for all editions: what one learned of it, all know."""
        from assistant.adapters.models.chat import models

        return models(self.settings, self.chat)

    def _steps(self, edition: Edition) -> AnswerSteps:
        """How an edition answers what is searched."""
        return AnswerSteps(edition.searcher, edition.composer, edition.reader, self._generator(edition), self._reranker())

    def _generator(self, edition: Edition) -> Any:
        if not self.settings.chat_model:
            return None
        from assistant.answers.reply.written.generate import NoGenerator, generator

        try:
            calls, judge = self._models
        except SettingsError as error:  # a wrong name costs nobody the guide's own words; the doctor says what is wrong
            return NoGenerator(error.sentence(self.settings.lang))
        return generator(calls, judge, edition.searcher, edition.composer, self.settings.chat_context, self.settings.chat_timeout)

    def _reranker(self) -> Any:
        if not self.settings.reranker_model:
            return None
        from assistant.adapters.models.embeddings import CrossEncoderModel

        return CrossEncoderModel(self.settings.reranker_model)

    def ask(self, question: str, history: Sequence[Turn] = (), edition: str | None = None, lang: str | None = None) -> Answer:
        """Answer one question.

        Args:
            question: as typed.
            history: the conversation so far, oldest first.
            edition: label of the edition to answer from, the active one by default.
            lang: language of the words around the quotes; by default that of the question.
        """
        *_, last = self.stream(question, history, edition, lang)
        return last

    def stream(self, question: str, history: Sequence[Turn] = (), edition: str | None = None, lang: str | None = None) -> Iterator[Answer]:
        """Answers in growing completeness, each replacing the one before; only verified claims are ever shown."""
        families = self._families() if edition is None or len(labels_of(edition)) > 1 else ()
        budget = Budget(self.settings.chat_timeout) if self.settings.chat_model else None
        if len(families) > 1:
            started = time.perf_counter()
            alone = partial(self._alone, budget=budget)
            for answer in together(question, history, families, lang or language(question, self.settings.lang), self._read, alone):
                cost = budget.document() if budget and budget.calls else {}  # of all that were asked
                yield _finished(answer.model_copy(update={"model": answer.model | cost}), question, started)
            return
        yield from self._alone(question, history, self.edition(edition), lang, budget=budget)

    def _families(self) -> tuple[Edition, ...]:
        """What is in force, one edition a family, the first family first."""
        stamp = self.store.stamp()
        with self._lock:
            if self._in_force[0] == stamp:
                return self._in_force[1]
        found = tuple(map(self._load, self.store.in_force()))
        with self._lock:
            self._in_force = (stamp, found)
        return found

    def _alone(
        self,
        question: str,
        history: Sequence[Turn],
        current: Edition,
        lang: str | None,
        reading: Reading | None = None,
        *,
        budget: Budget | None,
    ) -> Iterator[Answer]:
        """Answers of one edition; ``reading`` is the question as it was read already.

        A chat model (there is one where there is a ``budget``) is asked the whole message.
        """
        started = time.perf_counter()
        question = sound(question)
        _, moved = in_todays_numbers(question, current.earlier, current.guide)
        reading = reading or self._read(question, history, current, lang)
        kept = partial(_finished, question=question, started=started, moved=moved, earlier=current.earlier.edition, lang=reading.lang)
        sentences = answered_alone(reading, current.searcher, current.reader.heads)

        def apart(questions: Sequence[str] = sentences) -> Answer:
            each: list[tuple[str, Answer]] = []
            for s in questions:
                said = (*history, *(Turn(question=q, answer=a) for q, a in each))
                each.append((s, deque(self._alone(s, said, current, lang, budget=budget), 1)[0]))
            return current.composer.together(reading.text, each, reading.lang)

        whole = partial(with_all, reading, searcher=current.searcher, heads=current.reader.heads, apart=apart)
        if sentences and (budget is None or budget.failed):
            yield kept(apart())
            return
        answer = told(reading, current.searcher, current.composer)
        asked_first = budget is not None and not (answer and _needs_no_model(answer, reading, current.guide))
        if answer is not None and not asked_first:
            yield kept(whole(answer))
            return
        for said in current.answers(Ask(reading.text, reading.lang, tuple(history), reading, budget)):
            if sentences and budget and "failed" in said.model:
                budget.failed = budget.failed or NoReply(said.model["failed"])
                yield kept(apart())
            else:
                yield kept(whole(said) if budget is None else said)

    def read(self, question: str, history: Sequence[Turn] = (), edition: str | None = None, lang: str | None = None) -> Reading:
        """How a message is understood, before anything is searched; a chat that looks first does not make it read twice."""
        return self._read(question, history, self.edition(edition), lang)

    def clauses(self, text: str) -> list[tuple[str, float]]:
        """The clauses that words mean, likeliest first, each with how probable that is; ids of later families carry the family."""
        found: list[tuple[str, float]] = []
        for number, edition in enumerate(self._families()):
            seen, prefix = edition.searcher.find(text), f"{short(edition.family)}:" if number else ""
            found += [(prefix + clause, p * (1 - seen.refuse)) for clause, p in seen.clauses]
        return sorted(found, key=lambda one: -one[1])

    def _read(self, question: str, history: Sequence[Turn], current: Edition, lang: str | None) -> Reading:
        question = sound(question)
        in_lang = lang or language(question, self.settings.lang)
        question, _ = in_todays_numbers(question, current.earlier, current.guide)
        with self._lock:
            last = self._last_read
        if last is not None and last[0] is current and (last[1].message, last[1].lang, last[2]) == (question, in_lang, tuple(history)):
            return last[1]
        reading = current.reader.read(question, history, in_lang)
        with self._lock:
            self._last_read = (current, reading, tuple(history))
        return reading

    def _load(self, manifest: Manifest) -> Edition:
        key = (manifest.build, self.store.guide_stamp(manifest))
        with self._lock:
            if key not in self._loaded:
                guide = self.store.guide(manifest)
                self._loaded[key] = Edition(manifest, guide, self.settings, self.store, self._steps, self._vectors)
            self._loaded.move_to_end(key)
            while len(self._loaded) > KEPT:
                self._loaded.popitem(last=False)
            return self._loaded[key]


def _needs_no_model(answer: Answer, reading: Reading, guide: Guide) -> bool:
    """Whether an answer that was looked up is all there is: a bare number or title, and what asks nothing of the guide."""
    return answer.reason in ("not_a_question", "register") or reading.aside is not None or bare(reading.text, guide)


def _finished(answer: Answer, question: str, started: float, moved: Sequence[Now] = (), earlier: str = "", lang: str = "zh") -> Answer:
    """The answer with the question as typed, the time it took, and what the old numbers that it names are now."""
    if answer.growing:
        return answer.model_copy(update={"question": question})
    timings = {**answer.timings_ms, "total": round((time.perf_counter() - started) * 1000, 2)}
    words = [Note(text=say("answers.earlier", lang, edition=earlier, old=m.old, new=m.new)) for m in moved]
    at = next((n for n, b in enumerate(answer.blocks) if b.block == "note" and b.role in ("source", "notice")), len(answer.blocks))
    blocks = (*answer.blocks[:at], *words, *answer.blocks[at:])
    return answer.model_copy(update={"question": question, "timings_ms": timings, "blocks": blocks})
