"""What messages say, as they are stored and read."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.register.facts.notices.asking import Changed, Drilled, Nudge, Renewed
from assistant.register.facts.notices.common import Mention, Notice
from assistant.register.facts.notices.leading import Staged, WorstCase
from assistant.register.facts.notices.reviewing import Attached, ToReview
from assistant.register.facts.notices.stored import read
from assistant.register.facts.outbox import Arrived
from assistant.register.facts.slots import Slot
from tests.register.old_home import company_of, unpacked

SLOT = Slot("k@2024", "24(3)/records/1@2024", 0, "四", "（十一）", "24", "24(3)", "records", None, 686, "记录。", "evidence", "2024")
SHOWN = {"slot": SLOT.id, "key": SLOT.key, "what": SLOT, "due": date(2024, 1, 31)}
AT = datetime(2026, 6, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize("says", [
    Nudge(slots=(Mention(**SHOWN),), reason="reminder", more=3, else_lead=True, thread="1.0"),
    Renewed(slots=(Changed(**SHOWN, change="reworded", periods=("2024",)),), edition="b", before="a"),
    Drilled(deadline=AT, hours="4"),
    ToReview(version=1, versions={"k": 2}, at=AT, by=("wang",)),
    Attached(card="c", ids=("24(3)/records/1",)),
    Staged(worst=(WorstCase(id="1", question="?", got=("1(1)",)),), changes={"lines": {"reworded": 1}}),
])  # fmt: skip
def test_stored_and_read(says: Notice) -> None:
    """What is stored is plain JSON, and reads as what it was."""
    assert read(says.named, json.loads(json.dumps(says.body()))) == says


def test_as_earlier_versions_wrote_it() -> None:
    """A claim alone instead of one for each slot, empty moments, moments without a zone, files without the ids of their slots."""
    claimed = read("review", {"slots": [{"slot": "1(1)/x", "key": "k"}], "version": 2, "claim": "不适用", "at": ""})
    assert isinstance(claimed, ToReview)
    assert (claimed.claims, claimed.version_of("k"), claimed.at) == ({"k": "不适用"}, 2, None)
    drilled = read("drill", {"reason": "drill", "deadline": "2026-11-25 10:00", "hours": "24"})
    assert isinstance(drilled, Drilled)
    assert (drilled.deadline, drilled.topic) == (datetime(2026, 11, 25, 10), "drill")
    file = read("file", {"card": "c", "sha256": "f", "name": "a.pdf", "slot": "1(1)/x", "named": ["1(1)/x", "1(1)/y"]})
    assert isinstance(file, Attached)
    assert file.ids == ("1(1)/x", "1(1)/y")


def test_whole_outbox_of_an_earlier_home(tmp_path: Path) -> None:
    """Every message of a home of the version before is read, none of its fields lost."""
    enterprises, service = company_of(unpacked(tmp_path))
    found = service.messages(limit=1_000)
    with enterprises.register.engine.connect() as connection:
        rows = {row.id: (row.kind, json.loads(row.payload)) for row in connection.execute(text("SELECT id, kind, payload FROM outbox"))}
    assert {m.id: m.kind for m in found} == {id: kind for id, (kind, _) in rows.items()}
    for message in found:
        stored = rows[message.id][1]
        assert [s.key for s in message.says.slots] == [s["key"] for s in stored.get("slots", ())]
        assert set(message.says.body()) >= {k for k, v in stored.items() if v and k not in ("reason", "claim")}


def test_no_such_kind() -> None:
    """A row of a kind that no version of the product writes is not guessed at."""
    with pytest.raises(KeyError):
        read("card", {})


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ({"channel": "D1", "ts": "1.0", "user": "U1"}, Arrived(channel="D1", ts="1.0", user="U1")),
        ({"channel": "D1", "thread": "1.0", "link": "https://a"}, Arrived(channel="D1", thread="1.0", link="https://a")),
        ({"mail": "<a@b>"}, Arrived(mail="<a@b>")),
        ({}, Arrived()),
        ({"journal": "nudges.jsonl"}, Arrived.model_validate({"journal": "nudges.jsonl"})),
    ],
)
def test_receipts_are_stored_as_ever(stored: dict[str, str], read: Arrived) -> None:
    """A receipt of an earlier version reads the same and is stored with the same keys."""
    assert Arrived.model_validate(stored) == read
    assert read.model_dump(exclude_defaults=True) == stored
