"""A model's output in whatever form it comes -> a Reply: fenced JSON, <think> text, half a stream."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from assistant.answers.reply.verify import Claim, Reply

_THINK = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.S | re.I)
_FENCE = re.compile(r"```(?:json)?\s*(.*?)(?:```|\Z)", re.S | re.I)


def reply(text: str) -> Reply | None:
    """The whole reply in ``text``, or None when it holds no such JSON object."""
    for candidate in _candidates(text):
        try:
            found = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        try:
            return Reply.model_validate(_lenient(found))
        except ValidationError:
            continue
    return None


def object_in(text: str) -> Any:
    """The first JSON object or list in ``text``.

    Raises:
        ValueError: there is none.
    """
    for candidate in _candidates(text):
        try:
            return json.loads(candidate)
        except (ValueError, RecursionError):
            continue
    raise ValueError("no JSON")


def claims_so_far(text: str) -> list[Claim]:
    """The claims that are complete in a reply that is still growing."""
    body = _opened(text)
    if body is None:
        return []
    try:
        found = from_json(body, allow_partial=True)  # LangChain's parser takes seconds for a page that is no JSON
    except ValueError:
        return []
    listed = found.get("claims") if isinstance(found, dict) else None
    if not isinstance(listed, list):
        return []
    finished: list[Claim] = []
    for entry in listed[:-1]:
        try:
            finished.append(Claim.model_validate(entry))
        except ValidationError:
            continue
    return finished


def _candidates(text: str) -> list[str]:
    bare = _THINK.sub("", text).strip()
    fenced = [m.strip() for m in _FENCE.findall(bare)]
    start, end = bare.find("{"), bare.rfind("}")
    return [*fenced, bare, bare[start : end + 1] if 0 <= start < end else ""]


def _opened(text: str) -> str | None:
    bare = _THINK.sub("", text)
    start = bare.find("{")
    return bare[start:].removesuffix("```") if start >= 0 else None


def _lenient(found: Any) -> Any:
    """Small slips of models that cost nothing: a claim list alone, a passage number as text, a single citation."""
    if isinstance(found, list):
        found = {"answerable": bool(found), "claims": found}
    if not isinstance(found, dict):
        return found
    found.setdefault("claims", [])
    found.setdefault("answerable", bool(found["claims"]))
    for claim in found["claims"] if isinstance(found["claims"], list) else []:
        if isinstance(claim, dict) and isinstance(claim.get("citations"), dict):
            claim["citations"] = [claim["citations"]]
    return found
