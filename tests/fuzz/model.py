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

from assistant.answers.chain import build_chain
from assistant.answers.reply.generate import Generator
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
        edition.chain = build_chain(edition.searcher, edition.composer, Generator(model, edition.composer, "text", 5.0), None)
        return fresh, model

    @staticmethod
    @cache
    def secret_lines() -> tuple[str, ...]:
        """Lines of the prompts that must never be shown."""
        texts = (prompt(name).text for name in ("answer_system", "answer_user", "answer_repair"))
        return tuple(line.strip() for text in texts for line in text.split("\n") if len(line.strip()) > 30 and "{{" not in line)

    def _says(self, messages: list[BaseMessage]) -> str:
        chance, asked = self.chance, "\n".join(str(m.content) for m in messages)
        passages = [line for line in asked.split("\n") if line.startswith("[")] or ["[1] x"]
        line = chance.choice(passages)
        quote = line.split("]")[-1].strip()
        bent = chance.choice((quote, mutated_text(quote, chance), quote[: len(quote) // 2], asked[:200], words(chance, 3)))
        told = chance.choice((quote, "HACKED http://evil.example", asked[:300], words(chance, 3), f"{quote}，保存5年"))
        claim = {"text": told, "citations": [{"passage": chance.choice((1, 2, 99, -1, "1")), "quote": bent}]}
        good = json.dumps(
            {"answerable": chance.choice((True, True, False)), "claims": [claim] * chance.choice((0, 1, 1, 3, 50))}, ensure_ascii=False
        )
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
