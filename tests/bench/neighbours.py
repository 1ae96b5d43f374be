"""``python -m tests.bench.neighbours MODULE:NAME=VALUE[,VALUE…]… [--sets SET…]``: what other values of a threshold would do.

Asks the shipped sets that may be looked at (needs a home with the guide, ``AEO_HOME``) as the product stands, then with each value, and
prints how many cases are right as a whole, and which were won and lost. One value takes about a minute of one core.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from assistant.app import Assistant
from assistant.settings import load_settings
from evals.cases.labels import Labels
from evals.cases.named_sets import guides_of, of_edition, standing
from evals.runs.asking import answered
from evals.runs.source import AssistantSource
from tests.house.sources import FLOORS, ROOT

SEEN = sorted(p.stem for p in (ROOT / "evals/sets").glob("*.jsonl") if not p.stem.endswith("_unseen"))


@contextmanager
def instead(place: str, value: float) -> Iterator[None]:
    """The constant has another value, wherever it was imported to."""
    module, _, name = place.partition(":")
    was = getattr(import_module(module), name)
    ours = [m for n, m in sys.modules.items() if n.split(".")[0] in FLOORS and not name.startswith("_")]
    homes = [import_module(module), *(m for m in ours if getattr(m, name, None) is was)]
    for home in homes:
        setattr(home, name, type(was)(value))
    try:
        yield
    finally:
        for home in homes:
            setattr(home, name, was)


def main(words: list[str]) -> None:
    """Measure what is named."""
    options = argparse.ArgumentParser(prog="python -m tests.bench.neighbours")
    options.add_argument("tried", nargs="+")
    options.add_argument("--sets", nargs="+", default=SEEN)
    given = options.parse_args(words)
    assistant = Assistant(load_settings())
    source = AssistantSource(assistant)
    guides = guides_of(assistant.store)
    held = standing(of_edition(given.sets, assistant.store, guides, source.identity.edition, source.family), source.guide, guides)
    labels = Labels(source.guide)
    source.warm(held.questions)

    def right() -> set[str]:
        return {r.case.id for r in held.cases if answered(r, source, labels).scores.get("correct") == 1}

    base = right()
    print(f"as it stands: {len(base)} of {len(held.cases)}", flush=True)
    for place, _, values in (word.partition("=") for word in given.tried):
        for value in map(float, values.split(",")):
            with instead(place, value):
                found = right()
            print(f"{place} = {value:g}: {len(found)}, won {sorted(found - base)}, lost {sorted(base - found)}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
