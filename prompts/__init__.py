"""The words sent to models: Markdown files whose variables are checked when loaded, with a fingerprint."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_VARIABLE = re.compile(r"\{\{(\w+)\}\}")
_HEADER = re.compile(r"\A<!-- variables: ([\w, ]*) -->\n")


@dataclass(frozen=True)
class Prompt:
    """One prompt file. ``fingerprint`` is recorded with every answer and report that used it."""

    name: str
    text: str
    variables: frozenset[str]
    fingerprint: str

    def fill(self, **values: str) -> str:
        """The text with its variables replaced once; what the values hold is never replaced again.

        Raises:
            ValueError: a variable is missing or unknown.
        """
        if set(values) != self.variables:
            raise ValueError(f"prompt {self.name!r} takes {sorted(self.variables)}, got {sorted(values)}")
        return _VARIABLE.sub(lambda m: values[m.group(1)], self.text)


@cache
def prompt(name: str) -> Prompt:
    """The prompt ``prompts/<name>.md``; its first line declares its variables, and the text must use just those.

    Raises:
        ValueError: declaration and use differ. FileNotFoundError: no such prompt.
    """
    raw = (Path(__file__).parent / f"{name}.md").read_text(encoding="utf-8")
    header = _HEADER.match(raw)
    if header is None:
        raise ValueError(f"prompt {name!r} must start with <!-- variables: … -->")
    declared = frozenset(v.strip() for v in header.group(1).split(",") if v.strip())
    text = raw[header.end() :]
    used = frozenset(_VARIABLE.findall(text))
    if declared != used:
        raise ValueError(f"prompt {name!r} declares {sorted(declared)} but uses {sorted(used)}")
    return Prompt(name, text, declared, hashlib.sha256(raw.encode()).hexdigest()[:12])
