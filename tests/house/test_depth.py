"""How many modules stand on one another at most: a number that may fall and never grows."""

from __future__ import annotations

from functools import cache

import grimp

DEEPEST = 14
"""The longest chain of imports, from the command line down to the texts (30 before it was looked at, then 26, 20, 18)."""


def test_longest_chain_of_imports() -> None:
    """What is imported for a name alone is moved down, or handed in, rather than making the house one storey higher."""
    graph = grimp.build_graph("assistant", "ingest", "connectors", "evals", "prompts", exclude_type_checking_imports=True, cache_dir=None)
    below = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}

    @cache
    def chain(module: str) -> tuple[str, ...]:
        return (module, *max((chain(m) for m in sorted(below[module])), key=len, default=()))

    longest = max((chain(m) for m in sorted(below)), key=len)
    assert len(longest) <= DEEPEST, "\n".join(longest)
