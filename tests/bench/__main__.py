"""``python -m tests.bench [GROUP…] [--json]``: each group's measurements against their limits; exit status 1 when one is passed."""

from __future__ import annotations

import json
import sys

from assistant.settings import load_settings
from assistant.texts import say
from tests.bench import answers, evals, importing, nudges, register, scale, slack
from tests.bench.measured import Measured

GROUPS = {
    "answers": (answers,),
    "register": (register, importing),
    "evals": (evals,),
    "slack": (slack, nudges),
    "scale": (scale,),
    "importing": (importing,),
    "nudges": (nudges,),
}


def main(words: list[str]) -> int:
    """Run the groups named (answers by default); exit status 2 for one that there is not."""
    as_json = "--json" in words
    if unknown := [w for w in words if w not in (*GROUPS, "--json")]:
        print(say("cli.bad_choice", load_settings().lang, value=unknown[0], known=tuple(GROUPS)), file=sys.stderr)
        return 2
    done: list[Measured] = []
    for part in [p for name in [w for w in words if w in GROUPS] or ["answers"] for p in GROUPS[name]]:
        for found in part.cases():
            measured = Measured(*found)
            done.append(measured)
            limit = "" if measured.limit is None else f" ≤ {measured.limit:g}"
            line = f"{'✓' if measured.ok else '✗'} {measured.name}: {measured.value:.3g} {measured.unit}{limit}  {measured.detail}"
            print(line, file=sys.stderr if as_json else sys.stdout, flush=True)
    if as_json:
        print(json.dumps([m._asdict() | {"ok": m.ok} for m in done], ensure_ascii=False, indent=2))
    if all(m.ok for m in done):
        return 0
    print(say("cli.bench_failed", load_settings().lang), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
