"""What was judged of the shipped edition: every key, place and fragment is the guide's own."""

from __future__ import annotations

import pytest

from assistant.guide import Guide
from assistant.register.facts.profile import FLAGS, Profile
from assistant.register.rules.demands.judgement import judged_lines, links, owing_of, shipped_elements, times_a_year


def test_judged_lines_are_the_guides(guide: Guide) -> None:
    """Each judged line stands at its key, has its fragment word for word, and names flags and lists of the profile."""
    for key, one in judged_lines().items():
        held = guide.requirements[one.at] if "/" in one.at else guide.clauses[one.at]
        assert held.key == key, one.at
        assert one.says in (held.text if "/" not in one.at else guide.requirements[one.at].wording), one.at
        assert set(one.when) <= set(FLAGS)
        if isinstance(one.rows, str):
            assert one.rows in Profile.model_fields
        else:
            assert all(role in guide.requirements[one.at].text for role in one.rows)
        if one.stands_in:
            assert one.stands_in["who"] in guide.requirements[one.at].text
            assert (one.stands_in["for"] in one.rows, one.stands_in["when"] in FLAGS) == (True, True)


@pytest.mark.parametrize(
    ("said", "times"), [("2", 2), ("１２", 12), ("两", 2), ("十", 10), ("十二", 12), ("二十四", 24), ("贰", 2), ("若干", 0)]
)
def test_times_a_year_in_any_writing(guide: Guide, said: str, times: int) -> None:
    """A clause of a new edition says how often in any numeral."""
    clause = guide.clauses["24(1)"].model_copy(update={"text": f"企业应当每年派出队伍进行{said}次以上的检查。", "lineage_key": "new"})
    assert times_a_year(clause) == times


def test_elements_are_the_lines_own(guide: Guide) -> None:
    """Each element is a substring of its line (or clause), which stands at its key; no line has one twice."""
    found = shipped_elements()
    assert sum(map(len, found.values())) == 254
    assert [key for key, elements in found.items() if not elements] == [guide.requirements["1(1)/documents/2"].key]
    for key, elements in found.items():
        if not elements:
            continue
        at = elements[0].at
        held = guide.requirements[at] if "/" in at else guide.clauses[at]
        assert held.key == key, at
        assert all(e.text in held.text and set(e.when) <= set(FLAGS) for e in elements), at
        assert len({e.text for e in elements}) == len(elements), at


def test_links_are_the_guides(guide: Guide) -> None:
    """Each link joins lines that there are, and its reason, where it has one, is verbatim from the line it names."""
    keys = {r.key for r in guide.requirements.values()}
    for key, link in links().items():
        assert key in keys
        assert link.reason == "" if not link.at else link.reason in guide.requirements[link.at].wording


def test_most_follows_from_the_words(guide: Guide) -> None:
    """An edition that nobody judged is planned from its own words: the kinds of thing owed agree but for a few lines."""
    differing = []
    for clause in guide.clauses.values():
        for section in clause.sections:
            for line in section.requirements:
                if section.kind == "records" and line.role == "evidence":
                    unknown = line.model_copy(update={"key": ""})
                    if owing_of(section, unknown) != owing_of(section, line):
                        differing.append(line.id)
    assert differing == ["4(5)/records/1", "8(2)/records/1"]
