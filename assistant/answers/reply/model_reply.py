"""A model's output in whatever form it comes -> a Reply: thoughts, fences, channel marks, wrappers, copies, half a stream."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from assistant.answers.reply.verify import Claim, Reply

_THINKING = r"think|thinking|thought|reasoning|reflection|analysis|scratchpad"
_THOUGHT_BEGINS, _THOUGHT_ENDS = re.compile(rf"<(?:{_THINKING})\b[^>]*>", re.I), re.compile(rf"</(?:{_THINKING})\s*>", re.I)
_FINAL_CHANNEL = re.compile(r"<\|channel\|>\s*final\b.*?<\|message\|>", re.S)
_MARK = re.compile(r"<\|[^|<>]{1,40}\|>")
_OPENS = re.compile(r"\{|\[(?=\s*\{)")
_BODY = re.compile(r"\{\s*\"(?:claims|answerable)\"")
_SPARE_COMMA = re.compile(r",(?=\s*[}\]])")
_DEEPEST = 5
"""Wrappers around the object that was asked for: a tool call in a list in a message has four."""
_MOST_STARTS = 1000
"""Brackets at which a JSON object is looked for: more than any real reply has, and still read in well under a second."""


def reply(text: str) -> Reply | None:
    """The whole reply in ``text`` (of several copies the last), or None when it holds no such JSON object."""
    bare = said(text)
    for body in (bare, _SPARE_COMMA.sub("", bare)):
        for found in reversed(list(_decoded(body))):
            shaped = _shaped(found)
            if shaped is None:
                continue
            try:
                return Reply.model_validate(_lenient(shaped))
            except ValidationError:
                continue
    return None


def object_in(text: str) -> Any:
    """The first JSON object or list of objects in ``text``.

    Raises:
        ValueError: there is none.
    """
    for found in _decoded(said(text)):
        return found
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


def said(text: str) -> str:
    """``text`` without what a model thought before it spoke, and without the marks of its template."""
    final = list(_FINAL_CHANNEL.finditer(text))
    bare = text[final[-1].end() :] if final else text
    bare = _MARK.sub(" ", bare.replace("\ufeff", ""))
    ends = list(_THOUGHT_ENDS.finditer(bare))  # often the template began the thought, and the reply holds only its end
    if ends and not bare[ends[-1].end() :].strip() and (begins := _THOUGHT_BEGINS.search(bare)):
        return bare[: begins.start()].strip()
    return _THOUGHT_BEGINS.sub("", bare[ends[-1].end() :] if ends else bare).strip()


def _decoded(bare: str) -> Iterator[Any]:
    decoder = json.JSONDecoder(strict=False)
    at = starts = 0
    while (start := _OPENS.search(bare, at)) and starts < _MOST_STARTS:
        starts += 1
        try:
            found, at = decoder.raw_decode(bare, start.start())
        except ValueError:
            at = start.start() + 1
            continue
        except RecursionError:  # deeper than any reply: nothing in it is one
            return
        yield found


def _shaped(found: Any, depth: int = 0) -> Any:
    """The object that was asked for inside its wrappers (``{"name", "arguments"}``, a list, JSON in a string), or None."""
    if depth > _DEEPEST:
        return None
    if isinstance(found, str):
        inner = list(_decoded(found)) if found.lstrip()[:1] in ("{", "[") else []
        return _shaped(inner[-1], depth + 1) if inner else None
    if isinstance(found, list):
        claims = bool(found) and all(isinstance(one, dict) and "citations" in one for one in found)
        return found if claims else next((s for one in found if (s := _shaped(one, depth + 1)) is not None), None)
    if not isinstance(found, dict):
        return None
    if "claims" in found or "answerable" in found:
        return found
    return next((s for value in found.values() if (s := _shaped(value, depth + 1)) is not None), None)


def _opened(text: str) -> str | None:
    """From where the object that was asked for begins; of several copies the last."""
    bare = said(text)
    bodies = list(_BODY.finditer(bare))
    start = bodies[-1].start() if bodies else bare.find("{")
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
