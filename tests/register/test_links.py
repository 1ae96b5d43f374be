"""Links that are handed in, the same file twice, and people whom only a table names."""

from __future__ import annotations

import pytest

from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.acts.people.owning import Owners
from assistant.register.facts.handed_in import Piece, Said
from assistant.register.facts.people import Assignment
from assistant.register.rules.evidence.links import check_link
from tests.register.company import company, part_of, who


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://x.cn/a", "http://", "http://[", "x"]
)
def test_only_web_addresses_are_links(link: str) -> None:
    """Anything that a browser would run, or read from the reader's own machine, is refused."""
    with pytest.raises(RegisterError, match="https"):
        check_link(link)


@pytest.mark.parametrize("link", ["http://user:geheim@x.cn/a", "https://user@x.cn", "HTTPS://:geheim@x.cn"])
def test_no_password_is_taken_or_shown(link: str) -> None:
    """The refusal does not show it either."""
    with pytest.raises(RegisterError) as refused:
        check_link(link)
    assert "geheim" not in str(refused.value)
    check_link("https://x.cn/a@b?c=d@e")


def test_the_same_file_does_not_count_again(guide: Guide) -> None:
    """A counted duty is met by what shows another time; the same bytes are refused while they stand there."""
    made = company(part_of(guide, "1"))
    slot = next(e.slot for e in made.entries(who().at) if e.slot.count > 1 and e.owed)
    one, two = (Piece("file", sha256=c * 64, name=f"{c}.pdf", size=1, type="pdf") for c in "ab")
    made.submit(slot.id, [one], who(), said=Said(1))
    with pytest.raises(RegisterError, match="不再计次"):
        made.submit(slot.id, [one], who(), said=Said(1))
    assert made.submit(slot.id, [two], who(), said=Said(1)).state.counted == 2
    made.withdraw(slot.id, who())
    assert made.submit(slot.id, [one], who(), said=Said(2)).state.counted == 2


def test_whom_only_a_table_names_is_listed_and_merged(guide: Guide) -> None:
    """No mail address, no act of their own: they are people all the same."""
    owners = Owners(company(part_of(guide, "24")))
    owners.assign([Assignment("item", "24", "甲", reviewer="李四")], who())
    assert {"甲", "李四"} <= {p.id for p in owners.everybody()}
    owners.merge("李四", "甲", who())
    assert "李四" not in {p.id for p in owners.everybody()}
    assert {a.reviewer for a in owners.assignments()} == {"甲"}
