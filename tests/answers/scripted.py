"""Replies for the scripted endpoint: answers to prompts of the product, and verdicts to its checks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

_LINE = re.compile(r"^\[([^\]]+)\] (.*(?:\n(?![\[#(]).*)*)", re.M)
_CLAIM = re.compile(r"^\d+\. question: .*\n   claim: (.*)$", re.M)


def is_check(request: dict[str, Any]) -> bool:
    """Whether a request asks for verdicts on claims."""
    return str(request["messages"][0]["content"]).startswith("You check claims")


def is_repair(request: dict[str, Any]) -> bool:
    """Whether a request asks for fallen claims again."""
    return "did not pass the check" in str(request["messages"][-1]["content"])


def cited(request: dict[str, Any], quote: str) -> dict[str, str]:
    """A citation of the line of the prompt that holds a quote (or of the first one)."""
    lines = _LINE.findall(str(request["messages"][0]["content"]))
    return {"id": next((i for i, text in lines if quote in text), lines[0][0] if lines else "1(1)"), "quote": quote}


def verdicts(request: dict[str, Any], supported: Callable[[str], bool] = lambda claim: True) -> str:
    """A verdict on every claim of a check."""
    claims = _CLAIM.findall(str(request["messages"][-1]["content"]))
    told = [{"claim": n, "why": "as told", "supported": supported(c)} for n, c in enumerate(claims, 1)]
    return json.dumps({"verdicts": told}, ensure_ascii=False)


def body(
    request: dict[str, Any],
    *claims: dict[str, str],
    verdict: str = "answered",
    outcome: str = "fact",
    supported: Callable[[str], bool] = lambda claim: True,
) -> str:
    """One part whose first claim is the direct answer, with citations of the lines that hold the quotes; to a check, verdicts."""
    if is_check(request):
        return verdicts(request, supported)
    told = [{"text": c["text"], "citations": [cited(request, c["quote"])]} for c in claims]
    if is_repair(request):
        return json.dumps({"claims": [{"number": n, **c} for n, c in enumerate(told, 1)]}, ensure_ascii=False)
    question = str(request["messages"][1]["content"]).partition("<<<\n")[2].partition("\n>>>")[0]
    part = {"question": question, "verdict": verdict, "outcome": outcome, "direct": told[0] if told else None, "claims": told[1:]}
    return json.dumps({"parts": [part]}, ensure_ascii=False)
