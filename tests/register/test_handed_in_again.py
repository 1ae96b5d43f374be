"""The same file twice, a file of another year, a year that still runs, somebody else who brings it in: said, or refused."""

from __future__ import annotations

import pytest

from assistant.conversation.meaning.naming import in_words
from assistant.errors import RegisterError
from assistant.guide import Guide
from assistant.register.acts.doing.who import Who
from assistant.register.acts.service import RegisterService
from assistant.register.facts.handed_in import WHOLE, Piece, Said
from assistant.register.papers.said.words import shortfall_word
from assistant.register.rules.demands.periods import given_period
from tests.register.company import LINK, RENEWAL, START, at, company, part_of, who

SLOT, BEFORE = "24(3)/records/1@2024", "24(3)/records/1@2023"
EVENT = "11(1)/records/1@{}"
FILE = Piece("file", sha256="a" * 64, name="访客登记 2024.pdf", size=9)


@pytest.fixture
def service(guide: Guide) -> RegisterService:
    """Entry of persons, and events that happened or not."""
    return company(part_of(guide, "24", "11"))


def said(service: RegisterService, slot: str) -> str:
    """What is pointed out of a hand-in, but that it ticked nothing of what its line demands."""
    return " ".join(shortfall_word(s, "zh") for s in service.short_of(service.entry(slot)) if s.name != "unticked")


def test_what_waits_already_is_not_stored_again(service: RegisterService) -> None:
    """A piece named twice is one; what waits for its review is refused alone, left out beside something new, and may be said more of."""
    entry = service.submit(SLOT, [FILE, FILE, LINK], who("wang"))
    with pytest.raises(RegisterError, match="没有再存一份"):
        service.submit(SLOT, [FILE], who("wang"))
    service.submit(SLOT, [FILE, Piece("note", text="另附说明")], who("wang"))
    assert [p.kind for p in service.pieces([entry.slot.key])] == ["file", "link", "note"]
    service.submit(SLOT, [FILE], who("wang"), said=Said(covers=entry.slot.elements[:1]))
    service.give_back(SLOT, "看不清", who())
    assert service.submit(SLOT, [FILE], who("wang")).state.version == 2, "returned things may come again as they are"


def test_a_file_of_another_year(service: RegisterService) -> None:
    """A name that says another year, and bytes that another year has, are pointed out; one hand-in for several years is none of it."""
    service.submit_all([SLOT, BEFORE], [Piece("file", sha256="b" * 64, name="两年合订.pdf")], who("wang"))
    assert said(service, SLOT) == ""
    service.submit("24(3)/records/2@2023", [FILE], who("wang"))
    assert "访客登记 2024.pdf 的名称里写的是别的年份，这一项要的是 2023 年" in said(service, "24(3)/records/2@2023")
    service.submit("24(3)/records/2@2024", [FILE], who("wang", at("2026-06-02")))
    assert said(service, "24(3)/records/2@2024") == "同一份文件已经交给 2023 年：请核对是否交错了期间。"


def test_years_that_begin_in_another_month(guide: Guide) -> None:
    """A certification year is named by both of its years: pointed out, refused, and as what a hand-in may be for."""
    profile = RENEWAL.model_copy(update={"years": "certification"})
    service = company(part_of(guide, "24", "11"), profile)
    slot = service.entry("24(3)/records/2@2023").slot
    assert given_period("2024-01..2024-03", slot) == "2024-01..2024-03", "its second year is in it"
    with pytest.raises(RegisterError, match="2023-2024"):
        given_period("2025", slot)
    service.submit("24(3)/records/2@2023", [FILE], who("wang"))
    assert said(service, "24(3)/records/2@2023") == "", "a file of 2024 may well be of the year that ends then"
    service.submit("24(3)/records/2@2022", [FILE], who("wang", at("2026-06-02")))
    assert "这一项要的是 2022–2023 认证年度" in said(service, "24(3)/records/2@2022")
    assert "已经交给 2023–2024 认证年度" in said(service, "24(3)/records/2@2022")
    service.submit(EVENT.format(2024), [Piece("nil", text="没有发生")], who("wang"))
    assert "2026–2027 认证年度还没有结束" in said(service, EVENT.format(2026))
    with pytest.raises(RegisterError) as refused:
        service.accept("24(3)/records/2@2024", who("wang"))
    words = in_words(refused.value.values, str, "zh", service)
    assert words["slot"] == "24(3) 抽查记录（2） · 2024–2025 认证年度"
    assert in_words({"slot": "7/none@2024"}, str, "zh", service) == {"slot": "7/none@2024"}, "what the register does not have stays"


def test_nothing_happened_yet(service: RegisterService) -> None:
    """A nil statement for a year that still runs says so; taking back one of its years takes back all that it was handed in for."""
    service.submit(EVENT.format(2024), [Piece("nil", text="没有发生")], who("wang"))
    assert "2026 年还没有结束" in said(service, EVENT.format(2026))
    assert said(service, EVENT.format(2024)) == ""
    service.withdraw(EVENT.format(2023), who("wang"))
    assert {service.entry(EVENT.format(year)).state.name for year in range(2022, 2027)} == {"missing"}


def test_who_brought_it_in_reviews_it_as_little(service: RegisterService) -> None:
    """Somebody who acts at their terminal in an owner's name may not accept what they handed in so, and is named in its history."""
    service.submit(SLOT, [LINK], Who("wang", START, by="lead"))
    with pytest.raises(RegisterError, match="要由别人审核"):
        service.accept(SLOT, who(), seen=WHOLE)
    assert service.history(SLOT)[-1].body["by"] == "lead"
