"""Which cases the chat path is measured on: of every set each so-manieth, counted from the first, without a look at them.

``python -m evals.replies.choose`` writes ``cases.txt``: single questions first, then conversations. Sets of what never reaches a
model (bare numbers, the register's state, thanks) are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

SETS = Path(__file__).parents[1] / "sets"
CHOSEN = Path(__file__).parent / "cases.txt"
SINGLE = {
    "across_clauses": 2, "applicability": 4, "background": 4, "background_unseen": 3, "blind": 16, "comparison": 4, "comparison_unseen": 3,
    "composed": 3, "composed_unseen": 2, "english": 10, "final": 16, "fresh": 16, "heldout": 18, "injection": 1, "kind": 10, "listing": 5,
    "listing_unseen": 4, "near_topic": 3, "near_topic_unseen": 2, "number_form": 8, "number_form_unseen": 5, "paraphrase": 20,
    "threshold": 6, "topic": 10, "traditional": 5, "typos": 5, "unanswerable": 6, "verdict": 4, "verdict_unseen": 2,
}  # fmt: skip
TALKS = {
    "blind": 5, "complaint_unseen": 13, "dialogues": 4, "final": 5, "follow_up": 4, "follow_up_unseen": 3, "fresh": 5, "heldout": 6,
    "ordinal": 7, "ordinal_unseen": 6,
}  # fmt: skip
"""Set -> every which of its cases is taken."""


def chosen() -> Iterator[str]:
    """The ids of the cases."""
    for steps, talks in ((SINGLE, False), (TALKS, True)):
        for name, step in steps.items():
            cases = map(json.loads, (SETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
            yield from [c["id"] for c in cases if ("turns" in c) == talks][::step]


if __name__ == "__main__":
    CHOSEN.write_text("".join(f"{name}\n" for name in chosen()), encoding="utf-8")
