"""The whole of answering as a LangChain Runnable: text, a dict or an ``Ask`` in, an ``Answer`` out.

Reading, routing and cleaning happen inside. It streams, batches, runs async, takes a config with callbacks, tags and
metadata, and serves as a tool.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from langchain_core.callbacks import CallbackManagerForChainRun
from langchain_core.runnables import Runnable, RunnableConfig, ensure_config
from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.answers.answer import Answer, Turn
from assistant.errors import UsageError

Asked = dict[str, Any]
"""``question``, and where wanted ``history`` (turns), ``edition``, ``lang``."""


class Question(BaseModel):
    """What a tool call gives."""

    question: str


class _Given(BaseModel):
    """What a dict or an ``Ask`` holds; a turn may be a dict too, as JSON brings it."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)
    question: str
    history: tuple[Turn, ...] = ()
    edition: str | None = None
    lang: str | None = None


class AnswerChain(Runnable[Any, Answer]):
    """``answers`` gives the growing answers to a question; the last one is the answer."""

    name: str | None = "aeo"

    def __init__(self, answers: Callable[[Asked], Iterator[Answer]]) -> None:
        self._answers = answers

    def invoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """The answer to one question."""
        *_, last = self.stream(input, config, **kwargs)
        return last

    def stream(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Iterator[Answer]:
        """Answers that grow, each in the place of the one before."""
        yield from self._transform_stream_with_config(iter([input]), self._growing, config, **kwargs)

    async def ainvoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """As ``invoke``, on a thread."""
        return await asyncio.to_thread(self.invoke, input, config, **kwargs)

    async def astream(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> AsyncIterator[Answer]:
        """As ``stream``, each answer awaited on a thread."""
        given = self.stream(input, config, **kwargs)
        while (answer := await asyncio.to_thread(next, given, None)) is not None:
            yield answer

    def as_tool(
        self, args_schema: type[BaseModel] | None = None, *, name: str | None = None, description: str | None = None, **_: Any
    ) -> BaseTool:
        """A tool whose result is the answer as Markdown."""

        def ask(question: str) -> str:
            return self.invoke(question, ensure_config()).answer

        return StructuredTool.from_function(
            ask,
            name=name or "aeo_guide",
            description=description or "Answers from the AEO guide, with clause numbers.",
            args_schema=args_schema or Question,
        )

    def _growing(self, inputs: Iterator[Any], run_manager: CallbackManagerForChainRun) -> Iterator[Answer]:  # noqa: ARG002
        for given in inputs:
            yield from self._answers(asked(given))


def asked(given: Any) -> Asked:
    """Text, a dict or an ``Ask`` as keywords of ``Assistant.stream``.

    Raises:
        UsageError: it is none of these, or a field is missing, of a wrong kind, or one that there is not.
    """
    try:
        return dict(_Given.model_validate({"question": given} if isinstance(given, str) else given))
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError("errors.chain_input", where=".".join(map(str, first["loc"])) or type(given).__name__, what=first["msg"]) from error
