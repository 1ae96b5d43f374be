"""How large a file of the product may be: numbers that may fall and never grow."""

from __future__ import annotations

from tests.house.sources import written

LARGEST = 330
"""Lines, with blanks and docstrings; 571 before files were split by what their parts are for."""
LARGER = {
    "assistant/register/facts/happened.py": 400,
    "connectors/cli/evidence/acting/acts.py": 331,
    "ingest/learn/ranking/fit.py": 338,
}
"""Files that are still larger, and how large each may be. ``happened`` is one small model beside the other, a kind of event each."""


def test_no_file_grows() -> None:
    """What is one idea fits into a few screens; what outgrows them is split by what its parts are for."""
    found = {path: len(text.splitlines()) for path, text in written().items()}
    large = {name: count for name, count in found.items() if count > LARGER.get(name, LARGEST)}
    assert not large, large
