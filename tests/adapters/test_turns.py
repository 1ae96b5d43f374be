"""Writers take turns; whoever keeps Slack waiting goes first, and all who wait so share one commit."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

import pytest

from assistant.adapters.sql.turns import Together, Turns
from assistant.errors import Unavailable


def begun(act: Callable[[], object]) -> threading.Thread:
    """A thread that has begun to wait."""
    thread = threading.Thread(target=act)
    thread.start()
    time.sleep(0.05)
    return thread


def test_the_urgent_go_first() -> None:
    """While somebody writes, others queue up; the urgent one that came last has the next turn."""
    turns, order = Turns(), []

    def write(name: str, urgent: bool) -> None:
        with turns.mine(urgent):
            order.append(name)

    with turns.mine():
        waiting = [begun(lambda: write("first", False)), begun(lambda: write("second", False)), begun(lambda: write("urgent", True))]
    for thread in waiting:
        thread.join(5)
    assert order[0] == "urgent"
    assert sorted(order[1:]) == ["first", "second"]


class Written:
    """Writes numbers; even ones are new. ``bad`` cannot be written with anything, ``away``: nothing can be written."""

    def __init__(self, bad: int = -1, away: bool = False) -> None:
        self.commits: list[list[int]] = []
        self.bad, self.away = bad, away

    def __call__(self, wishes: Sequence[int]) -> list[bool]:
        if self.away:
            raise Unavailable("register.database_down", where="x", what="y")
        if self.bad in wishes:
            raise ValueError(self.bad)
        self.commits.append(list(wishes))
        return [wish % 2 == 0 for wish in wishes]


def asked(written: Written, wishes: Sequence[int]) -> dict[int, object]:
    """What each of several who wait at once is told."""
    turns = Turns()
    told: dict[int, object] = {}
    together = Together(turns, written)

    def ask(wish: int) -> None:
        try:
            told[wish] = together.granted(wish)
        except (ValueError, Unavailable) as error:
            told[wish] = type(error)

    with turns.mine():
        waiting = [begun(lambda wish=wish: ask(wish)) for wish in wishes]  # type: ignore[misc]
    for thread in waiting:
        thread.join(5)
    return told


def test_those_who_wait_share_a_commit() -> None:
    """Five that came while another was written are one commit, and each hears its own answer."""
    written = Written()
    assert asked(written, range(5)) == {0: True, 1: False, 2: True, 3: False, 4: True}
    assert [sorted(commit) for commit in written.commits] == [[0, 1, 2, 3, 4]]


def test_one_that_cannot_be_written_harms_no_other() -> None:
    """It alone fails; a database that is away fails for all of them."""
    assert asked(Written(bad=1), range(3)) == {0: True, 1: ValueError, 2: True}
    assert set(asked(Written(away=True), range(3)).values()) == {Unavailable}


def test_a_turn_ends_with_an_error() -> None:
    """The next one is not kept waiting."""
    turns = Turns()
    with pytest.raises(ValueError), turns.mine(urgent=True):
        raise ValueError
    with turns.mine():
        pass
