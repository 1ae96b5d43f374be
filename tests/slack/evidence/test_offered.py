"""What was accepted for a clause of an older edition, on the card of the slot that it may serve now."""

from __future__ import annotations

from assistant.guide import Guide
from assistant.register.acts.plans.fates import Adoption
from assistant.register.facts.handed_in import WHOLE
from ingest.compare.moves import moves
from tests.ingest.later import later_guide
from tests.register.company import LINK, RENEWAL, part_of
from tests.slack.evidence.bureau import LI, WANG, actions, use, words_of
from tests.slack.evidence.conftest import Office, overdue

OLD, NEW = "24(3)/documents/1", "1/clause"


def home(office: Office) -> str:
    """What the owner's Home tab shows."""
    return words_of(office.wang.home_view.body["blocks"])  # type: ignore[union-attr]


def test_accepted_evidence_of_an_older_edition_is_taken_with_one_button(guide: Guide, office: Office) -> None:
    """Card and Home tab say where it comes from; a click hands it in, once, and it waits for its reviewer; without a map nothing is said."""
    bureau, later, went = office.bureau, later_guide(), {"24(3)": ("1",)}
    slot = next(e.slot.key for e in bureau.service.entries(bureau.clock()) if e.slot.clause == "24(3)" and e.slot.kind == "documents")
    bureau.service.submit(slot, [LINK], bureau.who(WANG))
    bureau.service.accept(slot, bureau.who(LI), seen=WHOLE)
    old, bureau.guide = bureau.guide, later
    bureau.service.adopt(later, RENEWAL, moves(part_of(guide, "24"), later).mapped(went), bureau.who(), Adoption("later", "edition"))
    overdue(office, NEW)
    office.wang.opens_home()
    bureau.idle()
    assert "旧版" not in home(office)
    bureau.went = went
    card = bureau.asked(office.wang)
    office.wang.opens_home()
    bureau.idle()
    assert actions(card)[:2] == ["take", "submit"]
    for shown in (words_of(card), home(office)):
        assert "旧版 24(3) 的材料已经通过" in shown
    use(office.wang, card, "take")
    bureau.idle()
    entry = bureau.entry(NEW)
    assert (entry.state.name, entry.state.accepted_version, entry.state.submitters[-1]) == ("submitted", 0, WANG)
    assert [p.name for p in bureau.service.pieces([entry.slot.key])] == [LINK.name]
    assert "用旧版材料" not in words_of(card)
    assert "待李雷审核" in words_of(card)
    bureau.guide = old
