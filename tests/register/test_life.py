"""The life of a slot: what may be done in which state, by whom, and what it becomes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.acts.service import RegisterService
from assistant.register.facts.handed_in import UNSEEN, WHOLE, Piece, Seen
from assistant.register.facts.people import Assignment
from assistant.register.facts.profile import Scope
from assistant.register.papers.said.described import described
from assistant.register.rules.demands.periods import given_period
from assistant.register.rules.evidence.dated import serves_until
from assistant.register.rules.evidence.life import NotTicked
from tests.register.company import LEAD, LINK, RENEWAL, START, at, company, part_of, who

SLOT = "24(3)/records/1@2024"
OWNERS = (Assignment("item", "24", owner="wang", reviewer="li"),)


@pytest.fixture
def service(guide: Guide) -> RegisterService:
    """A company with item 24 in wang's hands, reviewed by li."""
    return company(part_of(guide, "4", "14", "24"), owners=OWNERS)


def shown(service: RegisterService, slot: str = SLOT, day: date | None = None) -> str:
    return service.entry(slot).shown(day or START.date())


def test_the_whole_way(service: RegisterService) -> None:
    """From missing → submitted → returned → submitted → accepted; a return keeps its reason, versions count up."""
    assert shown(service) == "missing"
    service.submit(SLOT, [LINK], who("wang"))
    assert shown(service) == "submitted"
    assert service.give_back(SLOT, "缺签字", who("li")).state.reason == "缺签字"
    assert shown(service) == "returned"
    assert service.submit(SLOT, [Piece("paper", text="档案室3柜")], who("wang")).state.version == 2
    done = service.accept(SLOT, who("li"), seen=WHOLE)
    assert (done.state.name, done.state.accepted_version, done.state.reviewed_by) == ("accepted", 2, "li")
    assert [p.version for p in service.pieces([done.slot.key])] == [1, 2]


def test_full_width_ids(service: RegisterService) -> None:
    """Ids may be typed with full-width brackets and spaces."""
    assert service.submit("24（3）/records/1 @2024", [LINK], who("wang")).slot.id == SLOT


def test_own_submission(service: RegisterService) -> None:
    """Nobody reviews their own submission, not even the lead, nor one to which they only added."""
    service.submit(SLOT, [LINK], who("wang"))
    service.submit(SLOT, [LINK], who(LEAD))
    with pytest.raises(RegisterError, match="lead"):
        service.accept(SLOT, who(LEAD), seen=WHOLE)
    assert service.accept(SLOT, who("li"), seen=WHOLE).state.version == 1


def test_only_reviewers_review(service: RegisterService) -> None:
    """Reviews are for the reviewer and the lead; others are told whose it is."""
    service.submit(SLOT, [LINK], who("wang"))
    with pytest.raises(RegisterError, match="li"):
        service.accept(SLOT, who("zhao"), seen=WHOLE)


def test_refusals(service: RegisterService) -> None:
    """Every transition that makes no sense is refused with a sentence and changes nothing."""
    log = len(service.history())
    for act in (
        lambda: service.accept(SLOT, who("li"), seen=WHOLE),
        lambda: service.give_back(SLOT, "x", who("li")),
        lambda: service.submit(SLOT, [], who("wang")),
        lambda: service.claim_na(SLOT, "  ", who("wang")),
        lambda: service.claim_na(SLOT, "。。。", who("wang")),
        lambda: service.snooze(SLOT, START.date(), who("wang")),
        lambda: service.snooze(SLOT, START.date() + timedelta(days=61), who("wang")),
        lambda: service.reassign(SLOT, " ", who("wang")),
        lambda: service.reassign(SLOT, "wang", who("wang")),
        lambda: service.submit("24(5)/records/1", [LINK], who("wang")),
        lambda: service.submit(SLOT, [replace(LINK, valid_until=date(2026, 5, 31))], who("wang")),
        lambda: service.submit(SLOT, [LINK], who("")),
    ):
        with pytest.raises(RegisterError) as refused:
            act()
        assert refused.value.sentence("zh") != refused.value.sentence("en")
    assert len(service.history()) == log
    service.submit(SLOT, [LINK], who("wang"))
    with pytest.raises(RegisterError):
        service.give_back(SLOT, "", who("li"))
    with pytest.raises(RegisterError):
        service.snooze(SLOT, START.date() + timedelta(days=2), who("wang"))


def test_closed(service: RegisterService) -> None:
    """What is accepted is replaced only on purpose; until the new version is accepted the old one stands."""
    service.submit(SLOT, [LINK], who("wang"))
    service.accept(SLOT, who("li"), seen=WHOLE)
    with pytest.raises(RegisterError, match="已通过"):
        service.submit(SLOT, [LINK], who("wang"))
    again = service.submit(SLOT, [LINK], who("wang"), again=True)
    assert (again.state.name, again.state.version, again.state.accepted_version) == ("submitted", 2, 1)


def test_stale_review(service: RegisterService) -> None:
    """A reviewer who looked at an older version is told so."""
    service.submit(SLOT, [LINK], who("wang"))
    service.give_back(SLOT, "缺页", who("li"))
    service.submit(SLOT, [LINK], who("wang"))
    with pytest.raises(RegisterError, match="2"):
        service.accept(SLOT, who("li"), version=1, seen=WHOLE)
    assert service.accept(SLOT, who("li"), version=2, seen=WHOLE).state.name == "accepted"


def test_not_applicable(service: RegisterService) -> None:
    """Not applicable needs a reason and somebody else's review; returned, it is missing evidence again."""
    service.claim_na(SLOT, "没有访客", who("wang"))
    assert shown(service) == "submitted"
    with pytest.raises(RegisterError):
        service.accept(SLOT, who("wang"), seen=WHOLE)
    service.give_back(SLOT, "有访客", who("li"))
    service.claim_na(SLOT, "确实没有", who("wang"))
    assert service.accept(SLOT, who("li"), seen=WHOLE).state.name == "not_applicable"
    with pytest.raises(RegisterError):
        service.submit(SLOT, [LINK], who("wang"))
    assert service.submit(SLOT, [LINK], who("wang"), again=True).state.name == "submitted"


def test_profile_rules_out(guide: Guide) -> None:
    """A slot that the profile rules out takes no submissions; with the flag set it does, and nothing handed in is lost after."""
    small = part_of(guide, "28")
    service = company(small)
    with pytest.raises(RegisterError, match="scope"):
        service.submit("28/documents/1", [LINK], who("wang"))
    with_boxes = RENEWAL.model_copy(update={"scope": Scope(containers=True)})
    service.sync(small, with_boxes, who())
    service.submit("28/documents/1", [LINK], who("wang"))
    service.sync(small, RENEWAL, who())
    assert (service.entry("28/documents/1").owed, shown(service, "28/documents/1")) == (False, "submitted")
    service.sync(small, with_boxes, who())
    assert service.accept("28/documents/1", who(), seen=WHOLE).state.name == "accepted"


def test_validity_passes(service: RegisterService) -> None:
    """Accepted evidence with a validity date is expired the day after, and can be handed in anew."""
    service.submit(SLOT, [replace(LINK, valid_until=date(2026, 8, 31)), LINK], who("wang"))
    service.accept(SLOT, who("li"), seen=WHOLE)
    assert shown(service, day=date(2026, 8, 31)) == "accepted"
    assert shown(service, day=date(2026, 9, 1)) == "expired"
    later = START + timedelta(days=100)
    assert service.submit(SLOT, [LINK], who("wang", later)).state.version == 2


def test_rolling_window_passes(guide: Guide) -> None:
    """What covers a rolling window (3年以来) expires a year after it was handed in."""
    service = company(part_of(guide, "4"), RENEWAL.model_copy(update={"scope": Scope(certificates=True)}))
    service.submit("4(4)/records/1@3y", [LINK], who("wang"))
    service.accept("4(4)/records/1@3y", who(), seen=WHOLE)
    assert shown(service, "4(4)/records/1@3y", date(2027, 6, 2)) == "accepted"
    assert shown(service, "4(4)/records/1@3y", date(2027, 6, 3)) == "expired"


@pytest.mark.parametrize("visit_set_later", [False, True])
def test_what_must_be_current_is_confirmed_for_the_visit(guide: Guide, visit_set_later: bool) -> None:
    """Accepted in summer, asked for again 44 days before the visit, also when that was set since; a word and a review, and it serves."""
    small, slot = part_of(guide, "4"), "4(3)/records/1"
    profile = RENEWAL.model_copy(update={"scope": Scope()})
    visited = profile.model_copy(update={"visit_on": date(2027, 3, 20)})
    service = company(small, profile if visit_set_later else visited)
    service.submit(slot, [LINK], who("wang"))
    service.accept(slot, who())
    service.sync(small, visited, who())
    day = date(2027, 2, 4)
    assert service.entry(slot).expires_on == day
    assert [service.entry(slot).shown(d) for d in (day, day + timedelta(days=1))] == ["accepted", "expired"]
    with pytest.raises(RegisterError, match="没有等待确认"):
        service.confirm(slot, who("wang", at("2027-01-20")))
    later = at("2027-02-08")
    service.sync(small, visited, who(moment=later))
    assert service.entry(slot).shown(later.date()) == "expired"
    assert service.confirm(slot, who("wang", later)).state.name == "submitted"
    kept = service.accept(slot, who(moment=later))
    assert (kept.shown(date(2027, 3, 20)), kept.expires_on) == ("accepted", later.date() + timedelta(days=366))
    assert service.verify()[1] == []


def test_what_is_about_to_expire_is_renewed(guide: Guide) -> None:
    """Within the days in which a renewal is asked for, something new replaces what was accepted, or a word says that it serves."""
    slot = "4(4)/records/1@3y"
    service = company(part_of(guide, "4"), RENEWAL.model_copy(update={"scope": Scope()}))
    service.submit(slot, [LINK, Piece("paper", text="档案室")], who("wang"))
    service.accept(slot, who(), seen=WHOLE)
    soon = at("2027-05-20")
    with pytest.raises(RegisterError, match="已办结"):
        service.submit(slot, [LINK], who("wang", at("2027-01-20")))
    assert service.submit(slot, [LINK], who("wang", soon)).state.name == "submitted"
    service.withdraw(slot, who("wang", soon))
    assert service.entry(slot).expires_on == date(2027, 6, 2), "what was accepted before stands again, no longer than before"
    assert service.confirm(slot, who("wang", soon)).state.name == "submitted"
    assert service.verify()[1] == []


def test_any_one_of_three(service: RegisterService) -> None:
    """Clause 14's three proofs are one line, any one of which settles it; what was accepted serves two years."""
    entry = service.entry("14/documents/1")
    assert len(entry.slot.any_of) == 3
    assert all(proof in entry.slot.text for proof in entry.slot.any_of)
    service.submit("14/documents/1", [replace(LINK, valid_until=date(2040, 1, 1))], who("wang"))  # none serves longer than one of today
    service.accept("14/documents/1", who(), seen=WHOLE)
    assert shown(service, "14/documents/1", date(2028, 5, 31)) == "accepted"
    assert shown(service, "14/documents/1", date(2028, 6, 1)) == "expired"


def test_a_proof_counts_from_its_own_date(service: RegisterService) -> None:
    """Clause 14's two years run from the date of issue that its owner names; too old, to come, or of no account elsewhere is refused; unnamed is told."""
    entry, today = service.entry("14/documents/1"), START.date()
    assert described(entry.slot, "zh").part("valid") is not None
    until = serves_until([entry.slot], date(2025, 3, 1), today)
    assert until == date(2027, 3, 1)
    for slot, dated, key in (
        (entry.slot, date(2024, 5, 31), "dated_passed"),
        (entry.slot, date(2026, 6, 2), "dated_ahead"),
        (service.entry(SLOT).slot, date(2025, 3, 1), "dated_none"),
    ):
        with pytest.raises(RegisterError) as refused:
            serves_until([slot], dated, today)
        assert refused.value.key == f"register.{key}"
    undated = service.submit("14/documents/1", [LINK], who("wang"))
    assert [s.name for s in service.short_of(undated)] == ["undated"]
    for saw in (UNSEEN, WHOLE):
        with pytest.raises(NotTicked, match="--dated"):
            service.accept("14/documents/1", who(), seen=saw)
    added = service.submit("14/documents/1", [replace(LINK, valid_until=until)], who("wang"))
    assert service.short_of(added) == ()
    service.accept("14/documents/1", who(), seen=WHOLE)
    assert shown(service, "14/documents/1", date(2027, 3, 1)) == "accepted"
    assert shown(service, "14/documents/1", date(2027, 3, 2)) == "expired"


def test_its_reviewer_gives_the_date(service: RegisterService) -> None:
    """Who accepts a proof without a date says it; its validity counts from there, also in what the log tells."""
    service.submit("14/documents/1", [LINK], who("wang"))
    until = serves_until([service.entry("14/documents/1").slot], date(2025, 3, 1), START.date())
    accepted = service.accept("14/documents/1", who(), seen=Seen(until=until))
    assert (accepted.state.expires_on, service.short_of(accepted)) == (until, ())
    assert shown(service, "14/documents/1", date(2027, 3, 2)) == "expired"
    assert service.verify()[1] == []


def test_reassign_and_due(service: RegisterService) -> None:
    """One slot can go to somebody else, whatever the assignments say; the lead can set its due date."""
    assert service.reassign(SLOT, "zhao", who("wang")).owner == "zhao"
    assert service.set_due(SLOT, date(2026, 7, 1), who()).due == date(2026, 7, 1)
    assert service.entry("24(3)/records/2@2024").owner == "wang"


@pytest.mark.parametrize(
    ("period", "fits"),
    [("2024", True), ("2024-06", True), ("2023-12..2024-03", True), ("2023", False), ("24", False), ("2025..2024", False)],
)
def test_periods_given(service: RegisterService, period: str, fits: bool) -> None:
    """A submission's period must be one, and must touch the slot's year."""
    slot = service.entry(SLOT).slot
    if fits:
        assert given_period(period, slot) == period
    else:
        with pytest.raises(RegisterError):
            given_period(period, slot)


def test_words_are_data(service: RegisterService) -> None:
    """Control characters, direction marks and lone surrogates never reach the log; Chinese and line breaks do."""
    done = service.claim_na(SLOT, "没有\x00访客\u202e\ud800\n因为{slot}", who("wang"))
    assert done.state.reason == "没有访客\n因为{slot}"


def test_a_return_is_not_confirmed_away(guide: Guide) -> None:
    """Only what an edition asks to be confirmed is confirmed; what a reviewer returned, or reopened, wants something new."""
    service = company(part_of(guide, "24"))
    slot = "24(3)/records/1@2024"
    service.submit(slot, [LINK], who("wang"))
    service.give_back(slot, "缺页", who())
    with pytest.raises(RegisterError, match="没有等待确认"):
        service.confirm(slot, who("wang"))
    service.submit(slot, [LINK], who("wang"))
    service.accept(slot, who(), seen=WHOLE)
    service.reopen(slot, "放错了", who())
    with pytest.raises(RegisterError, match="没有等待确认"):
        service.confirm(slot, who("wang"))
