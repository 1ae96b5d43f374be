"""Calls to one chat model: in the form of output that it takes, under one deadline, each reply read as it grows.

Providers differ in structured output, so a ladder goes from json_schema to plain text; what a provider refuses is not
asked of it again, and what worked is asked first next time. A reply is taken on a thread of its own: whatever dribbles or
hangs there, the caller goes on when the time is up.
"""

from __future__ import annotations

import contextvars
import json
import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.tool import tool_call_chunk

from assistant.answers.reply.calling.budget import Budget
from assistant.answers.reply.calling.failures import NoReply, cause
from assistant.answers.reply.calling.model_reply import found_in, thoughts

Form = Literal["json_schema", "function_calling", "json_mode", "text"]
LADDER: tuple[Form, ...] = ("json_schema", "function_calling", "json_mode", "text")
LONGEST = 60_000
"""Characters after which a reply is given up; a long answer takes some five thousand."""
THOUGHT = "reasoning_content"
"""Where LangChain keeps in a message what its server sent as a thought."""
_AFTER = 0.3
"""Seconds for the count of tokens, which servers send in one go with what says that the reply is whole; chosen, not measured."""
_BROKEN_OFF = {"length": "length", "content_filter": "filtered"}
"""How a server says that it ended a reply before it was whole -> in a word of ours."""
log = logging.getLogger("aeo.chat")


@dataclass(frozen=True)
class WantedReply:
    """What a call asks for: a JSON object of this schema, under this name; ``readable`` says whether a reply holds one.

    ``once``: in the form that is known to work only, since the answer stands without it.
    """

    name: str
    schema: dict[str, Any]
    readable: Callable[[str], bool]
    once: bool = False


class Calls:
    """One chat model and what was learned about it. Safe to share between threads."""

    def __init__(self, model: BaseChatModel, method: str = "auto") -> None:
        self.model = model
        self.forms: list[Form] = list(LADDER) if method == "auto" else [f for f in LADDER if f == method]
        self._proven = False
        self._streams = True
        self._told_usage = True

    @property
    def name(self) -> str:
        """The model's name as configured."""
        return str(getattr(self.model, "model_name", None) or getattr(self.model, "model", None) or type(self.model).__name__)

    def ask(self, messages: Sequence[BaseMessage], wanted: WantedReply, budget: Budget) -> Iterator[str]:
        """The reply as it grows; a new try begins again from nothing. The last text is readable, be it only what came before it broke off.

        Raises:
            NoReply: nothing that can be read came in time; ``why`` is one of few words.
        """
        tries = self.forms[:1] if wanted.once else list(self.forms)
        failure = NoReply("timeout") if budget.left <= 0 or budget.last is None else budget.last
        while tries and budget.left > 0 and (not budget.spent or self._proven):
            form, streams, text = tries[0], self._streams, ""
            budget.calls += 1
            try:
                for text in self._growing(form, messages, wanted, budget):
                    yield text
                if wanted.readable(text):
                    self._learn(form)
                    return
                failure = NoReply("unreadable", f"{len(text)} characters without the JSON that was asked for, as {form}")
            except Exception as error:
                if wanted.readable(text):  # what came after it, or did not come, does not undo what was shown of it
                    self._learn(form)
                    return
                failure = cause(error)
            budget.last = failure
            log.warning("chat model %s gave nothing as %s: %s (%s)", self.name, form, failure.why, failure.detail)
            if failure.hopeless:
                break
            if failure.why == "form":
                tries = self._refused(form, tries, failure)
                continue
            budget.wasted += 1
            if budget.spent:
                break
            if failure.rejected and form != "text":  # some option of the form, without a word which: none are left away in vain
                tries = [f for f in tries if f == "text"]
            elif streams == self._streams:
                tries.pop(0)
        raise failure

    def _growing(self, form: Form, messages: Sequence[BaseMessage], wanted: WantedReply, budget: Budget) -> Iterator[str]:
        """The growing text of one call: message content, or the arguments of the tool call; in the end what was sent as a thought."""
        options = self._options(form, wanted)
        content, arguments, thought = _Growing(), _Growing(), _Growing()
        text = ended = ""
        for chunk in in_time(self._source(messages, options), budget, finished):
            content.add(str(chunk.text))
            for call in getattr(chunk, "tool_call_chunks", None) or []:
                arguments.add(call.get("args") or "")
            arguments.add((chunk.additional_kwargs.get("function_call") or {}).get("arguments") or "")  # as tool calls once were
            thought.add(chunk.additional_kwargs.get(THOUGHT) or "")
            usage = getattr(chunk, "usage_metadata", None) or {}
            budget.prompt_tokens += usage.get("input_tokens") or 0
            budget.reply_tokens += usage.get("output_tokens") or 0
            ended = ended or _ended(chunk)
            text = arguments.text or content.text
            if len(text) > LONGEST:
                raise NoReply("endless", f"more than {LONGEST} characters")
            yield text
        if not wanted.readable(arguments.text or content.text):
            if wanted.readable(content.text):
                yield content.text  # a call of some tool beside the answer
            elif inside := next((t for t in (thought.text, thoughts(content.text)) if _whole(t, wanted)), ""):
                yield inside  # all of it was taken for a thought
            elif ended in _BROKEN_OFF:
                raise NoReply(
                    _BROKEN_OFF[ended], f"{len(text)} characters, {len(thought.text)} of thought, finish_reason {ended}, as {form}"
                )

    def _source(self, messages: Sequence[BaseMessage], options: dict[str, Any]) -> Callable[[], Iterator[Any]]:
        """What gives the chunks; an answer that is no stream is asked for whole from then on."""

        def chunks() -> Iterator[Any]:
            if not self._streams:
                yield _as_chunk(self.model.invoke(list(messages), **options))
                return
            count = 0
            try:
                for chunk in self.model.stream(list(messages), **options):
                    count += 1
                    yield chunk
            except (ValueError, AssertionError):  # LangChain's words for a stream without a single chunk
                if count:
                    raise
            if count == 0:
                self._streams = False

        return chunks

    def _options(self, form: Form, wanted: WantedReply) -> dict[str, Any]:
        """What a form adds to a request. OpenAI's client reads ``response_format`` itself and then loses tokens: past it."""
        options = _options(form, wanted) | ({} if self._told_usage else {"stream_usage": False})
        if "response_format" in options and hasattr(self.model, "extra_body"):
            options["extra_body"] = {**(self.model.extra_body or {}), "response_format": options.pop("response_format")}
        return options

    def _refused(self, form: Form, tries: list[Form], failure: NoReply) -> list[Form]:
        """What is left to try when the provider does not take ``form``: after two refusals only the plain text."""
        if self._told_usage and "stream_options" in failure.detail:
            self._told_usage = False
            return tries
        if len(self.forms) > 1 and form in self.forms:
            self.forms.remove(form)
        left = tries[1:]
        return left if len(self.forms) == len(LADDER) - 1 else [f for f in left if f == "text"]

    def _learn(self, form: Form) -> None:
        """Begin with the form that worked."""
        self._proven = True
        if self.forms[0] != form:
            self.forms = [form, *(f for f in self.forms if f != form)]


def answered(model: BaseChatModel, message: str, seconds: float) -> AIMessage:
    """A model's whole answer to one message, without any form, within ``seconds`` whatever the server does.

    Raises:
        NoReply: none came in time.
    """
    try:
        *_, reply = in_time(lambda: iter([model.invoke(message)]), Budget(seconds))
    except Exception as error:
        raise cause(error) from error
    return cast(AIMessage, reply)


class _Growing:
    """Text from deltas; where each delta holds all of the one before it, the last is the whole (some servers send that)."""

    _SURE = 3

    def __init__(self) -> None:
        self._joined, self._last = "", ""
        self._grown = 0
        self._cumulative = True

    def add(self, piece: str) -> None:
        if not piece:
            return
        if self._last:
            self._cumulative = self._cumulative and piece.startswith(self._last)
            self._grown += len(piece) > len(self._last)
        self._joined, self._last = self._joined + piece, piece

    @property
    def text(self) -> str:
        return self._last if self._cumulative and self._grown >= self._SURE else self._joined


def in_time(source: Callable[[], Iterator[Any]], budget: Budget, last: Callable[[Any], bool] = lambda chunk: False) -> Iterator[Any]:
    """What ``source`` gives, as long as there is time; a thread that is left alone stops at its next chunk.

    After a ``last`` chunk what stays silent for ``_AFTER`` seconds is at its end, whether it is closed or not.

    Raises:
        TimeoutError: the time is up.
    """
    given: queue.Queue[tuple[str, Any]] = queue.Queue()
    abandoned = threading.Event()

    def run() -> None:
        try:
            for chunk in source():
                given.put(("chunk", chunk))
                if abandoned.is_set():
                    return
            given.put(("end", None))
        except BaseException as error:
            given.put(("error", error))

    context = contextvars.copy_context()
    budget.begin()
    threading.Thread(target=context.run, args=(run,), name="chat-reply", daemon=True).start()
    ended = False
    try:
        while True:
            if budget.left <= 0:
                raise TimeoutError
            try:
                kind, value = given.get(timeout=min(budget.left, _AFTER) if ended else budget.left)
            except queue.Empty:
                if ended:
                    return
                continue
            if kind == "error":
                raise value
            if kind == "end":
                return
            yield value
            ended = ended or last(value)
    finally:
        abandoned.set()


def finished(chunk: Any) -> bool:
    """Whether a chunk says that the reply is whole: after it come the count of tokens and the end of the stream."""
    return bool(_ended(chunk))


def _ended(chunk: Any) -> str:
    return str((getattr(chunk, "response_metadata", None) or {}).get("finish_reason") or "")


def _whole(text: str, wanted: WantedReply) -> bool:
    """Whether a reply holds all that was asked for, from its first bracket to its last, whatever follows."""
    return found_in(text, wanted.schema["required"][0]) is not None and wanted.readable(text)


def _options(form: Form, wanted: WantedReply) -> dict[str, Any]:
    """What a form adds to a request."""
    if form == "json_schema":
        return {"response_format": {"type": "json_schema", "json_schema": {"name": wanted.name, "schema": wanted.schema, "strict": True}}}
    if form == "json_mode":
        return {"response_format": {"type": "json_object"}}
    if form == "function_calling":
        function = {"name": wanted.name, "description": f"the {wanted.name}", "parameters": wanted.schema}
        return {
            "tools": [{"type": "function", "function": function}],
            "tool_choice": {"type": "function", "function": {"name": wanted.name}},
        }
    return {}


def _as_chunk(message: AIMessage) -> AIMessageChunk:
    """A whole message in the shape of a single chunk."""
    told = [json.dumps(c["args"], ensure_ascii=False) for c in message.tool_calls] + [c["args"] or "" for c in message.invalid_tool_calls]
    calls = [tool_call_chunk(args=args, index=0) for args in told[:1]]
    of_old = {name: value for name, value in message.additional_kwargs.items() if name in ("function_call", THOUGHT)}
    return AIMessageChunk(
        content=message.content,
        additional_kwargs=of_old,
        tool_call_chunks=calls,
        usage_metadata=message.usage_metadata,
        response_metadata={"finish_reason": _ended(message)},
    )
