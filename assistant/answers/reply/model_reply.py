"""A model's output in whatever form it comes -> a Reply: thoughts, fences, channel marks, wrappers, copies, half a stream."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from assistant.answers.reply.claims import Cited, Claim, PartReply, Reply

_THINKING = r"think|thinking|thought|reasoning|reflection|analysis|scratchpad"
_THOUGHT_BEGINS, _THOUGHT_ENDS = re.compile(rf"<(?:{_THINKING})\b[^>]*>", re.I), re.compile(rf"</(?:{_THINKING})\s*>", re.I)
_FINAL_CHANNEL = re.compile(r"<\|channel\|>\s*final\b.*?<\|message\|>", re.S)
_MARK = re.compile(r"<\|[^|<>]{1,40}\|>")
_OPENS = re.compile(r"\{|\[(?=\s*\{)")
_BODY = re.compile(r'\{\s*"parts"')
_SPARE_COMMA = re.compile(r",(?=\s*[}\]])")
SHAPE = ("parts", "claims", "direct", "answerable")
"""Keys by which a reply is known."""
_ELEMENTS = {"verdict", "direct", "citations"}
_DEEPEST = 5
"""Wrappers around the object that was asked for: a tool call in a list in a message has four."""
_MOST_STARTS = 1000
"""Brackets at which a JSON object is looked for: more than any real reply has, and still read in well under a second."""


def reply(text: str) -> Reply | None:
    """The whole reply in ``text`` (of several copies the last), or None when it holds no such JSON object."""
    found = found_in(text, *SHAPE)
    return None if found is None else _read(found)


def found_in(text: str, *keys: str) -> Any:
    """The last JSON object in ``text`` that has one of ``keys``, out of its wrappers; or a list of such objects; or None."""
    bare = said(text)
    for body in (bare, _SPARE_COMMA.sub("", bare)):
        for found in reversed(list(_decoded(body))):
            shaped = _shaped(found, keys)
            if shaped is not None:
                return shaped
    return None


def object_in(text: str) -> Any:
    """The first JSON object or list of objects in ``text``.

    Raises:
        ValueError: there is none.
    """
    for found in _decoded(said(text)):
        return found
    raise ValueError("no JSON")


def claims_in(text: str) -> dict[int, Claim]:
    """Number -> claim of a list of numbered claims; without numbers they count from 1."""
    found = found_in(text, "claims")
    listed = found.get("claims") if isinstance(found, dict) else found
    read = {}
    for place, one in enumerate(listed if isinstance(listed, list) else [], 1):
        claim = _claim(one)
        if claim is not None:
            number = str(one.get("number", place)) if isinstance(one, dict) else str(place)
            read[int(number) if number.isdigit() else place] = claim
    return read


def reply_so_far(text: str) -> Reply | None:
    """What is complete in a reply that still grows: its finished parts, and of the last the finished claims."""
    bare = said(text)
    bodies = list(_BODY.finditer(bare))
    if not bodies:
        return None
    try:
        found = from_json(bare[bodies[-1].start() :], allow_partial=True)  # LangChain's parser takes seconds for a page that is no JSON
    except ValueError:
        return None
    parts = found.get("parts") if isinstance(found, dict) else None
    if not isinstance(parts, list) or not parts or not isinstance(parts[-1], dict):
        return None
    last = dict(parts[-1])
    listed = last.get("claims")
    last["claims"] = listed[:-1] if isinstance(listed, list) else []
    if "claims" not in parts[-1]:  # the direct answer may not be whole before what follows it begins
        last.pop("direct", None)
    return _read({"parts": [*parts[:-1], last]})


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


def _shaped(found: Any, keys: tuple[str, ...], depth: int = 0) -> Any:
    """The object that was asked for inside its wrappers (``{"name", "arguments"}``, a list, JSON in a string), or None."""
    if depth > _DEEPEST:
        return None
    if isinstance(found, str):
        inner = list(_decoded(found)) if found.lstrip()[:1] in ("{", "[") else []
        return _shaped(inner[-1], keys, depth + 1) if inner else None
    if isinstance(found, list):
        if found and all(isinstance(one, dict) and _ELEMENTS & one.keys() for one in found):
            return found
        return next((s for one in found if (s := _shaped(one, keys, depth + 1)) is not None), None)
    if not isinstance(found, dict):
        return None
    if any(key in found for key in keys):
        return found
    return next((s for value in found.values() if (s := _shaped(value, keys, depth + 1)) is not None), None)


def _read(found: Any) -> Reply | None:
    """Small slips of models cost nothing: a part or a list of claims alone, a direct answer as text, one citation for a list."""
    if isinstance(found, list):
        parts = "verdict" in found[0] or "direct" in found[0]
        found = {"parts": found} if parts else {"claims": found}
    listed = found.get("parts", found)
    listed = listed if isinstance(listed, list) else [listed]
    try:
        return Reply(parts=tuple(_part(one) for one in listed if isinstance(one, dict)))
    except ValidationError:
        return None


def _part(found: dict[str, Any]) -> PartReply:
    listed = found.get("claims")
    claims = [c for one in (listed if isinstance(listed, list) else []) if (c := _claim(one)) is not None]
    direct = _claim(found.get("direct"))
    if direct is not None and not direct.citations:
        direct = Claim(text=direct.text, citations=tuple(dict.fromkeys(c for claim in claims for c in claim.citations)))
    told = str(found.get("verdict", "")).lower()
    silent = told == "silent" or (not told and (found.get("answerable") is False or not (claims or direct)))
    outcome = str(found.get("outcome", "")).lower()
    return PartReply(
        question=str(found.get("question") or ""),
        verdict="silent" if silent else "open" if told == "open" else "answered",
        outcome="yes" if outcome == "yes" else "no" if outcome == "no" else "fact",
        direct=direct,
        claims=tuple(claims),
    )


def _claim(found: Any) -> Claim | None:
    """A claim, or None when there are no words; citations that are none are left away."""
    if isinstance(found, str):
        found = {"text": found}
    if not isinstance(found, dict) or not isinstance(found.get("text"), str) or not found["text"].strip():
        return None
    listed = found.get("citations")
    listed = listed if isinstance(listed, list) else [listed]
    cited = [{"id": c.get("id", c.get("line", c.get("passage", ""))), "quote": c.get("quote")} for c in listed if isinstance(c, dict)]
    try:
        return Claim(text=found["text"], citations=tuple(Cited.model_validate(c) for c in cited if isinstance(c["quote"], str)))
    except ValidationError:
        return None
