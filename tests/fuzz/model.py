"""A chat model that says what chance decides: orders obeyed, prompts repeated, quotes bent, broken and bottomless JSON."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from functools import cache
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from assistant.answers.reply.calling.calls import Calls
from assistant.answers.reply.check.checker import Checker
from assistant.answers.reply.check.entailment import ModelEntailment
from assistant.answers.reply.check.lines import GuideLines
from assistant.answers.reply.written.generate import Generator
from assistant.answers.reply.written.prompting import Prompting
from assistant.answers.reply.written.told import Teller
from assistant.answers.steps import AnswerSteps
from assistant.app import Assistant
from prompts import prompt
from tests.fuzz.hostile import mutated_text, words


class Scripted(BaseChatModel):
    """The model."""

    chance: Any = random.Random(0)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    @staticmethod
    def over(loaded: Assistant) -> tuple[Assistant, Scripted]:
        """An assistant with this model, over what another has loaded; and the model."""
        model, fresh = Scripted(), Assistant(loaded.settings)
        edition = fresh.edition()
        edition.searcher = loaded.edition().searcher
        calls, lines = Calls(model, "text"), GuideLines(edition.guide, edition.searcher.groups)
        prompting = Prompting(lines, edition.searcher, 32_000)
        generator = Generator(calls, prompting, Checker(lines, ModelEntailment(calls)), Teller(edition.composer), 5.0)
        edition.answering = AnswerSteps(edition.searcher, edition.composer, edition.reader, generator)
        return fresh, model

    @staticmethod
    @cache
    def secret_lines() -> tuple[str, ...]:
        """Lines of the prompts that must never be shown."""
        texts = (prompt(name).text for name in ("answer_system", "answer_user", "answer_repair", "check_system"))
        return tuple(line.strip() for text in texts for line in text.split("\n") if len(line.strip()) > 30 and "{{" not in line)

    def _says(self, messages: list[BaseMessage]) -> str:
        chance, asked = self.chance, "\n".join(str(m.content) for m in messages)
        passages = [line for line in asked.split("\n") if line.startswith("[")] or ["[1(1)] x"]
        line = chance.choice(passages)
        quote = line.split("]")[-1].strip()
        bent = chance.choice((quote, mutated_text(quote, chance), quote[: len(quote) // 2], asked[:200], words(chance, 3)))
        told = chance.choice((quote, "HACKED http://evil.example", asked[:300], words(chance, 3), f"{quote}，保存5年"))
        claim = {"text": told, "citations": [{"id": chance.choice((line[1:].partition("]")[0], "24(3)", "99", -1)), "quote": bent}]}
        part = {"question": told, "verdict": chance.choice(("answered", "open", "silent")), "outcome": chance.choice(("yes", "no", "fact"))}
        part |= {"direct": chance.choice((claim, None, told)), "claims": [claim] * chance.choice((0, 1, 1, 3, 50))}
        good = json.dumps({"parts": [part] * chance.choice((1, 1, 2))}, ensure_ascii=False)
        if asked.startswith("You check"):
            good = json.dumps({"verdicts": [{"claim": n, "why": told, "supported": chance.random() < 0.8} for n in range(1, 60)]})
        kind = chance.random()
        if kind < 0.5:
            return good
        if kind < 0.8:
            return mutated_text(good, chance)
        return str(
            chance.choice(
                (asked, '{"a":' * 100_000, "[" * 100_000, words(chance), "<think>" * 5000, "```json\n" + good, good + good, "{" * 3000)
            )
        )

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=self._says(messages)))])

    def _stream(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: CallbackManagerForLLMRun | None = None, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:
        text = self._says(messages)
        step = max(1, len(text) // 3)
        for start in range(0, len(text), step):
            yield ChatGenerationChunk(message=AIMessageChunk(content=text[start : start + step]))
