"""The bench of many guides runs and bounds what it promises to bound."""

from __future__ import annotations

import pytest

from tests.bench.scale import cases


@pytest.mark.slow
def test_a_small_one() -> None:
    """Two guides and two enterprises: every measurement is there, and the ones that were asked for have a limit."""
    measured = list(cases(guides=2, enterprises=2, asked=5))
    limited = [m.name for m in measured if m.limit is not None]
    assert any("answer p95" in name for name in limited)
    assert all(m.value >= 0 for m in measured)
    assert any("week" in m.name for m in measured)
