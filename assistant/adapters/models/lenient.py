"""OpenAI's client for servers that are only like OpenAI's: an answer sent as a thought, a call's arguments as an object, no role."""

from __future__ import annotations

import json
from typing import Any

from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_openai import ChatOpenAI

from assistant.answers.reply.calling.calls import THOUGHT

_THOUGHTS = (THOUGHT, "reasoning")


class LenientChat(ChatOpenAI):
    """Reads what a response means before LangChain does, which refuses or forgets it."""

    def _convert_chunk_to_generation_chunk(
        self, chunk: dict[str, Any], default_chunk_class: type, base_generation_info: dict[str, Any] | None
    ) -> ChatGenerationChunk | None:
        first = [_mended(choice, "delta") for choice in chunk.get("choices") or [] if not choice.get("index")]
        made = super()._convert_chunk_to_generation_chunk({**chunk, "choices": first}, default_chunk_class, base_generation_info)
        if made is not None and first:
            made.message.additional_kwargs |= _thoughts(first[0]["delta"])
        return made

    def _create_chat_result(self, response: Any, generation_info: dict[str, Any] | None = None) -> ChatResult:
        told = response.model_dump(warnings=False) if hasattr(response, "model_dump") else response
        if not isinstance(told, dict) or not told.get("choices"):
            return super()._create_chat_result(response, generation_info)
        choices = [_mended(choice, "message") for choice in told["choices"]]
        result = super()._create_chat_result({**told, "choices": choices}, generation_info)
        for made, choice in zip(result.generations, choices, strict=True):
            made.message.additional_kwargs |= _thoughts(choice["message"])
        return result


def _mended(choice: dict[str, Any], where: str) -> dict[str, Any]:
    """A choice whose message, or the piece of it, has a role, text as content and text as arguments, and stands where it belongs."""
    told = dict(choice.get(where) or choice.get("message") or {})
    if where == "message":
        told["role"] = told.get("role") or "assistant"
    if isinstance(told.get("content"), dict):
        told["content"] = json.dumps(told["content"], ensure_ascii=False)
    if told.get("tool_calls"):
        told["tool_calls"] = [{**call, "function": _in_text(call.get("function") or {})} for call in told["tool_calls"]]
    return {**choice, where: told}


def _in_text(function: dict[str, Any]) -> dict[str, Any]:
    arguments = function.get("arguments")
    return function | {"arguments": json.dumps(arguments, ensure_ascii=False)} if isinstance(arguments, dict) else function


def _thoughts(told: dict[str, Any]) -> dict[str, Any]:
    thought = next((told[name] for name in _THOUGHTS if isinstance(told.get(name), str)), "")
    return {THOUGHT: thought} if thought else {}
