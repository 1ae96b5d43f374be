"""What a new edition's lines seem to demand, on the lead's Home tab: confirmed or corrected in a form, and then ticks for owners; for nobody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.guide import Guide
from connectors.slack.cards.home.elements_form import ELEMENTS, ELEMENTS_FORM
from connectors.slack.manifest import manifest
from tests.register.company import RENEWAL
from tests.slack.evidence.bureau import LEAD, WANG, Bureau, words_of
from tests.slack.evidence.conftest import Office
from tests.slack.evidence.test_home import home, opened
from tests.slack.loopback import LoopbackSlack

pytestmark = pytest.mark.thorough

LINE = "24(2)/documents/1"
PROPOSED = ("责任部门（岗位）", "工作职责", "管理要求", "应急处置", "档案资料保管")


@pytest.fixture
def office(guide: Guide) -> Iterator[Office]:
    """A company whose guide has a line that nobody reviewed."""
    line = guide.requirements[LINE]
    strange = line.model_copy(update={"key": "0" * 16, "since": "0" * 16})

    def swapped(lines: tuple) -> tuple:  # type: ignore[type-arg]
        return tuple(strange if r.id == LINE else r for r in lines)

    then = guide.mapped(
        lambda c: c.model_copy(
            update={"sections": tuple(s.model_copy(update={"requirements": swapped(s.requirements)}) for s in c.sections)}
        )
    )
    with LoopbackSlack(manifest()) as slack:
        bureau = Bureau(slack, then, ("24",), profile=RENEWAL)
        bureau.start()
        bureau.planned()
        lead = slack.person("lead", real_name="赵合规", email=LEAD)
        wang = slack.person("wang", real_name="王芳", email=WANG)
        yield Office(bureau.known(lead, wang), slack, wang, lead, lead, wang)
        bureau.close()
        assert slack.problems == []


def _form(office: Office) -> str:
    assert "待确认的要素（1 项要求）" in opened(office, office.lead)
    office.lead.clicks_home(ELEMENTS)
    return words_of(office.lead.wait_for_modal(ELEMENTS_FORM).body["blocks"])


def test_confirmed_as_proposed(office: Office) -> None:
    """The guide's words and the proposal stand in the form; confirmed, they are ticks, and nothing waits any more."""
    assert office.bureau.entry(LINE).slot.elements == ()
    assert office.bureau.guide.requirements[LINE].text[:30] in _form(office)
    office.lead.submits({f"choice:{LINE}": "confirm"})
    office.bureau.idle()
    assert office.bureau.entry(LINE).slot.elements == PROPOSED
    assert "已确认 1 项要求的要素" in words_of(office.lead.inbox[-1])
    assert "待确认的要素" not in home(office, office.lead)


def test_corrected(office: Office) -> None:
    """Changed words count as confirmed; words that are not the line's stay in the form, named; put off, nothing changes."""
    _form(office)
    office.lead.submits({f"parts:{LINE}": "工作职责\n体温"})
    assert "体温" in office.lead.errors[f"parts:{LINE}"]
    office.lead.submits({f"parts:{LINE}": "工作职责\n\n 管理要求 "})
    office.bureau.idle()
    assert office.bureau.entry(LINE).slot.elements == ("工作职责", "管理要求")


def test_none_and_later(office: Office) -> None:
    """What is put off is proposed again; a line without ticks is asked about no more."""
    _form(office)
    office.lead.submits({})
    office.bureau.idle()
    assert "一切照旧" in words_of(office.lead.inbox[-1])
    _form(office)
    office.lead.submits({f"choice:{LINE}": "none"})
    office.bureau.idle()
    assert office.bureau.entry(LINE).slot.elements == ()
    assert "待确认的要素" not in home(office, office.lead)


def test_owners_see_none_of_it(office: Office) -> None:
    """It is the lead's."""
    assert "待确认的要素" not in opened(office, office.wang)
