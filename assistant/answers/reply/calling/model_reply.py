"""A model's output in whatever form it comes -> a Reply: thoughts, fences, channel marks, wrappers, copies, half a stream."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from assistant.answers.reply.calling.claims import Cited, Claim, PartReply, Reply
from assistant.answers.reply.calling.loose_json import decoded, readings

_THINKING = r"think|thinking|thought|reasoning|reflection|analysis|scratchpad"
_THOUGHT_BEGINS, _THOUGHT_ENDS = re.compile(rf"<(?:{_THINKING})\b[^>]*>", re.I), re.compile(rf"</(?:{_THINKING})\s*>", re.I)
_FINAL_CHANNEL = re.compile(r"<\|channel\|>\s*final\b.*?<\|message\|>", re.S)
_CHANNEL = re.compile(r"<\|channel\|>\s*(\w+)")
_MARK = re.compile(r"<\|[^|<>]{1,40}\|>")
_BODY = re.compile(r'\{\s*"parts"')
WHOLE = ("parts",)
SHAPE = (*WHOLE, "claims", "direct", "answerable")
"""Keys by which a reply is known: the whole of it, and what a model may send in its place."""
_ELEMENTS = {"verdict", "direct", "citations"}
_NOTHING = ("null", "none", "~", "undefined")
_DEEPEST = 5
"""Wrappers around the object that was asked for: a tool call in a list in a message has four."""


def reply(text: str) -> Reply | None:
    """The whole reply in ``text`` (of several copies the last), else what is complete of one that was cut off, or None."""
    for found in _shapes(text, WHOLE):
        if (whole := _read(found)) is not None:
            return whole
    if (listed := _one_by_one(text)) is not None:
        return listed
    part = reply_so_far(text, ended=True)
    if part is not None and any(p.direct or p.claims for p in part.parts):
        return part.model_copy(update={"cut": True})
    return next((r for found in _shapes(text, SHAPE) if (r := _read(found)) is not None), None)


def _one_by_one(text: str) -> Reply | None:
    """The reply of a model that wrote its parts one after another, each an object of its own, or None."""
    bare = said(text)
    for objects in [] if _BODY.search(bare) else readings(bare):  # what stands in a body that broke off is read by what is whole of it
        parts = {str(found): found for found in objects if isinstance(found, dict) and {"verdict", "question"} <= found.keys()}
        if len(parts) > 1:
            return _read({"parts": list(parts.values())})
    return None


def found_in(text: str, *keys: str) -> Any:
    """The last JSON object in ``text`` that has one of ``keys``, out of its wrappers; or a list of such objects; or None."""
    return next(_shapes(text, keys), None)


def _shapes(text: str, keys: tuple[str, ...]) -> Iterator[Any]:
    """What may be the object that was asked for: the last first, and what needs the least mending before all else."""
    for objects in readings(said(text)):
        for found in reversed(objects):
            shaped = _shaped(found, keys)
            if shaped is not None:
                yield shaped


def object_in(text: str) -> Any:
    """The first JSON object or list of objects in ``text``.

    Raises:
        ValueError: there is none.
    """
    for found in decoded(said(text)):
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


def reply_so_far(text: str, ended: bool = False) -> Reply | None:
    """What is complete in a reply that still grows: its finished parts, and of the last the finished claims.

    Of one that ``ended`` before it was whole a claim counts as finished when a citation follows it. A thought that still goes on may hold a
    draft, and is none of it.
    """
    bare = said(text if ended else text[: _open_thought(text)])
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
    listed = listed if isinstance(listed, list) else []
    last["claims"] = listed if ended and listed and _is_cited(listed[-1]) else listed[:-1]
    if "claims" not in parts[-1] and not (ended and _is_cited(last.get("direct"))):  # it may not be whole before what follows it begins
        last.pop("direct", None)
    if ended and not (last.get("direct") or last["claims"] or last.get("verdict") == "silent"):
        return _read({"parts": parts[:-1]})
    return _read({"parts": [*parts[:-1], last]})


def _is_cited(claim: Any) -> bool:
    cited = claim.get("citations") if isinstance(claim, dict) else None
    return isinstance(cited, list) and bool(cited) and isinstance(cited[0], dict) and bool(cited[0].get("quote"))


def said(text: str) -> str:
    """``text`` without what a model thought before it spoke, and without the marks of its template."""
    final = list(_FINAL_CHANNEL.finditer(text))
    bare = text[final[-1].end() :] if final else text
    bare = _MARK.sub(" ", bare.replace("\ufeff", ""))
    ends = list(_THOUGHT_ENDS.finditer(bare))  # often the template began the thought, and the reply holds only its end
    if ends and not bare[ends[-1].end() :].strip() and (begins := _THOUGHT_BEGINS.search(bare)):
        return bare[: begins.start()].strip()
    return _THOUGHT_BEGINS.sub("", bare[ends[-1].end() :] if ends else bare).strip()


def _open_thought(text: str) -> int:
    """Where a thought begins that has no end yet; the end of the text when there is none."""
    channels = deque(_CHANNEL.finditer(text), 1)
    if channels and channels[0][1] != "final":
        return channels[0].start()
    ends = deque(_THOUGHT_ENDS.finditer(text), 1)
    begins = _THOUGHT_BEGINS.search(text, ends[0].end() if ends else 0)
    return begins.start() if begins else len(text)


def thoughts(text: str) -> str:
    """What a model thought before it spoke, as far as marks say where it did."""
    ends = deque(_THOUGHT_ENDS.finditer(text), 1)
    return _THOUGHT_BEGINS.sub("", text[: ends[0].start()]).strip() if ends else ""


def _shaped(found: Any, keys: tuple[str, ...], depth: int = 0) -> Any:
    """The object that was asked for inside its wrappers (``{"name", "arguments"}``, a list, JSON in a string), or None."""
    if depth > _DEEPEST:
        return None
    if isinstance(found, str):
        inner = list(decoded(found)) if found.lstrip()[:1] in ("{", "[") else []
        return _shaped(inner[-1], keys, depth + 1) if inner else None
    if isinstance(found, list):
        if keys != WHOLE and found and all(isinstance(one, dict) and _ELEMENTS & one.keys() for one in found):
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
    if isinstance(listed, str):
        listed = next(decoded(listed), [])
    if isinstance(listed, dict):
        listed = [listed] if listed is found or _ELEMENTS & listed.keys() else list(listed.values())
    if not isinstance(listed, list):
        return None
    try:
        return Reply(parts=tuple(_part(one) for one in listed if isinstance(one, dict) and (one is found or _ELEMENTS & one.keys())))
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
        found = {"text": "" if found.strip().lower() in _NOTHING else found}
    if not isinstance(found, dict) or not isinstance(found.get("text"), str) or not found["text"].strip():
        return None
    listed = found.get("citations")
    listed = listed if isinstance(listed, list) else [listed]
    cited = [{"id": c.get("id", c.get("line", c.get("passage", ""))), "quote": c.get("quote")} for c in listed if isinstance(c, dict)]
    try:
        return Claim(text=found["text"], citations=tuple(Cited.model_validate(c) for c in cited if isinstance(c["quote"], str)))
    except ValidationError:
        return None
