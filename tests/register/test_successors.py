"""What was handed in stays when the plan changes: rows, one line for several proofs, the version before, the profile."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.adapters.lead_files import read_profile
from assistant.guide import Guide
from assistant.register.acts.mentions import mention
from assistant.register.acts.plans.successors import heirs, lost
from assistant.register.facts.handed_in import WHOLE, Said
from assistant.register.facts.notices.asking import Nudge
from assistant.register.facts.outbox import Message
from assistant.register.facts.people import Assignment
from assistant.register.facts.profile import Profile
from assistant.register.facts.slots import Entry, State, StateName
from assistant.register.papers.said.messages import message_text
from assistant.register.papers.said.words import happened_word
from assistant.register.ports import WITH_WITHDRAWN
from assistant.register.rules.demands.plan import plan
from tests.register.company import LINK, RENEWAL, START, at, company, part_of, who
from tests.register.old_home import company_of, unpacked

NOW = at("2026-12-01T09:00")


def handed_in(entries: list[Entry]) -> dict[str, Entry]:
    """What is planned and has something handed in, by key."""
    return {e.slot.key: e for e in entries if e.planned and e.state.version}


@pytest.mark.thorough
def test_a_home_of_the_version_before(guide: Guide, tmp_path: Path) -> None:
    """Planned anew, every slot with something handed in goes on as it stood, or in its successors; a dry run says it before."""
    enterprises, service = company_of(unpacked(tmp_path))
    profile = read_profile(enterprises.settings.profile_path)
    before = handed_in(service.entries(NOW, WITH_WITHDRAWN))
    assert sum(e.state.name == "accepted" for e in before.values()) == 26
    foreseen = service.planned(guide, profile, NOW)
    assert foreseen.lost == ()
    done = service.sync(guide, profile, who(profile.lead, NOW))
    assert done.heirs == foreseen.heirs
    after = {e.slot.key: e for e in service.entries(NOW)}
    takers: dict[str, list[str]] = {}
    for heir in done.heirs:
        for source in (heir.source, *heir.also):
            takers.setdefault(source.slot.key, []).append(heir.slot.key)
    for key, entry in before.items():
        for there in takers.get(key, [key]):
            assert after[there].state.name == entry.state.name or len(takers[key]) == 1, entry.slot.id
            assert {p.text or p.sha256 for p in service.pieces([key])} <= {p.text or p.sha256 for p in service.pieces([there])}
    assert [after[k].slot.subject for k in takers[next(k for k, e in before.items() if e.slot.id == "1(2)/records/1@2022")]] == [
        "法定代表人（负责人）",
        "负责关务的高级管理人员",
        "关务负责人",
        "负责贸易安全的高级管理人员",
    ]
    chain, wrong = service.verify()
    assert (chain.intact, wrong) == (True, [])
    assert service.sync(guide, profile, who(profile.lead, NOW)).heirs == ()
    enterprises.sql.close()


def test_what_no_longer_applies(guide: Guide) -> None:
    """An answer that rules lines out, or in again, is told beforehand and when it is done; nothing is added or set aside by it."""
    service, small = company(part_of(guide, "4")), part_of(guide, "4")
    turned = RENEWAL.model_copy(update={"scope": RENEWAL.scope.model_copy(update={"seal": not RENEWAL.scope.seal})})
    foreseen = service.planned(small, turned, NOW)
    names = {e.slot.id for e in foreseen.entries if e.slot.key in {*foreseen.off, *foreseen.on}}
    assert names == {"4(4)/documents/1", "4(4)/situation/2", "4(4)/onsite"}
    assert (foreseen.added, foreseen.removed) == ((), ())
    done = service.sync(small, turned, who(moment=NOW))
    assert {*done.off, *done.on} == {*foreseen.off, *foreseen.on}
    back = service.planned(small, RENEWAL, NOW)
    assert (back.on, back.off) == (foreseen.off, foreseen.on)


def test_rows_take_over(guide: Guide) -> None:
    """What was accepted for all kinds of business is accepted for each when they are declared; one more kind starts afresh."""
    small = part_of(guide, "5")
    service = company(small)
    service.submit("5/records/1@2024", [LINK], who("wang"))
    service.accept("5/records/1@2024", who(), seen=WHOLE)
    two = RENEWAL.model_copy(update={"business_types": ("一般贸易", "加工贸易")})
    assert [h.slot.id for h in service.planned(small, two, START).heirs] == ["5/records/1@2024#一般贸易", "5/records/1@2024#加工贸易"]
    service.sync(small, two, who())
    assert service.entry("5/records/1@2024#加工贸易").state.name == "accepted"
    assert "要求改变，材料沿用" in [happened_word(e, "zh") for e in service.history("5/records/1@2024#加工贸易")]
    assert [p.text for p in service.pieces([service.entry("5/records/1@2024#加工贸易").slot.key])] == [LINK.text]
    service.sync(small, RENEWAL.model_copy(update={"business_types": ("一般贸易", "加工贸易", "保税")}), who())
    assert service.entry("5/records/1@2024#保税").state.name == "missing"
    assert service.entry("5/records/1@2024#加工贸易").state.name == "accepted"
    assert service.verify()[1] == []


@pytest.mark.parametrize(
    ("own", "others", "state", "source"),
    [
        (State("accepted", 1), ["accepted", "accepted"], "accepted", 0),
        (State("missing", asks=2), ["missing", "accepted"], "accepted", 2),
        (State("returned", 1), ["accepted", "missing"], "accepted", 1),
        (State("accepted", 1), ["missing", "missing"], "accepted", 0),
        (State(), ["missing", "returned"], "returned", 2),
    ],
)
def test_one_of_several_proofs_was_enough(guide: Guide, own: State, others: list[StateName], state: str, source: int) -> None:
    """Proofs that an earlier version kept one by one (14) are one line: the best counts, and all that was handed in is in it."""
    line = next(s for s in plan(guide, RENEWAL, START).slots if s.any_of)
    held = [own, *(State(name, version=int(name != "missing")) for name in others)]
    keys = [line.key, *line.was[-2:]]
    stored = {key: Entry(replace(line, key=key, any_of=()), one) for key, one in zip(keys, held, strict=True)}
    found = heirs([line], stored)
    gone = [stored[key] for key in keys[1:]]
    assert lost(gone, found) == ()
    kept = next((h.source.state for h in found), own)
    assert (kept.name, [keys.index(h.source.slot.key) for h in found] or [0]) == (state, [source])
    joined = {e.slot.key for h in found for e in (h.source, *h.also)} | {keys[0]}
    assert joined >= {key for key, one in zip(keys, held, strict=True) if one.version}


YEARS = RENEWAL.model_copy(update={"years": "certification"})


@pytest.mark.parametrize(
    ("now", "spoken"),
    [(RENEWAL, "2024"), (YEARS.model_copy(update={"renewed_on": date(2023, 9, 1)}), "2024-2025")],
    ids=["by calendar", "from another day"],
)
def test_years_counted_otherwise_are_confirmed(guide: Guide, now: Profile, spoken: str) -> None:
    """Evidence of other months does not stand in silence: named beforehand, to be confirmed, reviewed again."""
    small, slot = part_of(guide, "3"), "3/records/1@2024"
    service = company(small, YEARS)
    service.submit(slot, [LINK], who("wang"))
    service.accept(slot, who(), seen=WHOLE)
    foreseen = service.planned(small, now, START)
    assert [(h.slot.id, h.slot.spoken, h.source.slot.spoken) for h in foreseen.months] == [(slot, spoken, "2024-2025")]
    assert service.entry(slot).state.name == "accepted"
    service.sync(small, now, who())
    assert service.entry(slot).state.name == "to_confirm"
    assert "年度起止改变，待确认" in [happened_word(e, "zh") for e in service.history(service.entry(slot).slot.key)]
    assert service.planned(small, now, START).months == ()
    service.confirm(slot, who("wang"))
    assert service.accept(slot, who(), seen=WHOLE).state.name == "accepted"
    assert service.verify()[1] == []


def test_a_part_of_other_months_is_confirmed_too(guide: Guide) -> None:
    """One of two trainings of a year that is counted otherwise now waits for its owner's word, and stays one of two."""
    small = part_of(guide, "1")
    service = company(small, YEARS)
    slot = next(e.slot for e in service.entries(START) if e.slot.count == 2 and e.slot.period == "2024")
    service.submit(slot.id, [LINK], who("wang"), said=Said(1, slot.elements))
    assert service.accept(slot.id, who()).state.in_part
    assert [h.slot.id for h in service.planned(small, RENEWAL, START).months] == [slot.id]
    service.sync(small, RENEWAL, who())
    assert service.entry(slot.id).state.name == "to_confirm"
    service.confirm(slot.id, who("wang"))
    part = service.accept(slot.id, who())
    assert (part.state.name, part.state.kept) == ("missing", 1)
    assert service.verify()[1] == []


def test_one_word_is_enough_for_all_years(guide: Guide) -> None:
    """What waits for a word is one entry of a letter with all its years, apart from years to be handed in; one word settles it."""
    small, line = part_of(guide, "3"), "3/records/1@"
    service = company(small, YEARS, owners=[Assignment("all", "*", owner="wang", reviewer="li")])
    for year in (2023, 2024):
        service.submit(f"{line}{year}", [LINK], who("wang"))
        service.accept(f"{line}{year}", who("li"), seen=WHOLE)
    service.sync(small, RENEWAL, who())
    asked = [e for e in service.entries(START) if e.slot.id.startswith(line) and e.slot.period in ("2023", "2024", "2025")]
    says = Nudge(reason="to_confirm", slots=tuple(mention(e, due_reason(e), START.date()) for e in asked))
    text = message_text(Message("zz", says, "wang", "d"), "zh")
    assert [f"{n}. 3 抽查记录（1） · {years}" in text for n, years in ((1, "2023–2024 年"), (2, "2025 年"))] == [True, True], text
    service.confirm(f"{line}2023", who("wang"), whole_line=True)
    states = {e.slot.period: e.state.name for e in service.entries(START) if e.slot.id.startswith(line)}
    assert states == {"2022": "missing", "2023": "submitted", "2024": "submitted", "2025": "missing", "2026": "missing"}
    assert service.verify()[1] == []


def due_reason(entry: Entry) -> str:
    """Why a slot is asked for."""
    return "to_confirm" if entry.state.name == "to_confirm" else "first"


def test_what_nobody_takes_over_is_told(guide: Guide) -> None:
    """A first year that the lead leaves out: what was handed in for it is named, stays in the register, and comes back with the year."""
    small = part_of(guide, "3")
    service = company(small)
    service.submit("3/records/1@2022", [LINK], who("wang"))
    shorter = RENEWAL.model_copy(update={"renewed_on": date(2023, 2, 1)})
    assert [e.slot.id for e in service.planned(small, shorter, START).lost] == ["3/records/1@2022"]
    service.sync(small, shorter, who())
    service.sync(small, RENEWAL, who())
    assert service.entry("3/records/1@2022").state.name == "submitted"
