"""Word-level differences of two texts, for showing before and after side by side."""

from __future__ import annotations

import difflib
import re
from typing import Literal, NamedTuple

_WORD = re.compile(r"[A-Za-z0-9.．%]+|\s+|.", re.S)


class WordRun(NamedTuple):
    """A stretch of text that is the same in both, only in the old, or only in the new."""

    kind: Literal["same", "old", "new"]
    text: str


def word_runs(before: str, after: str) -> list[WordRun]:
    """Runs that, read without ``new``, give ``before``, and without ``old``, give ``after``. Chinese by character."""
    a, b = _WORD.findall(before), _WORD.findall(after)
    runs: list[WordRun] = []
    for tag, a0, a1, b0, b1 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            runs.append(WordRun("same", "".join(a[a0:a1])))
        else:
            if a1 > a0:
                runs.append(WordRun("old", "".join(a[a0:a1])))
            if b1 > b0:
                runs.append(WordRun("new", "".join(b[b0:b1])))
    return runs
