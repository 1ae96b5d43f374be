"""The report: one file that needs nothing else, in two languages, with the verdict first."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from assistant.adapters.durable import write_durably
from assistant.answers.answer import Answer
from assistant.answers.blocks import Note
from assistant.guide import Guide
from assistant.texts import say
from evals.cases.carried.resolved import Change, Resolved
from evals.gates.failure import Failure
from evals.gates.measured import gate, gate_against
from evals.gates.policy import load_policy
from evals.report.page import rendered
from evals.runs.compared.compare import compare
from evals.runs.record import Run
from evals.runs.run import run
from ingest.compare.diff import Diff, Renumbered, Retitled
from tests.evals.stub import Oracle, case, standing
from tests.evals.test_compare import AT, CASES, ran, refuse

POLICY = load_policy()


def hostile(answer: Answer) -> Answer:
    """An answer with markup in it."""
    return answer.model_copy(update={"blocks": (Note(text="<script>alert(1)</script><img src=x onerror=y>"),), "answered": True})


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_verdict_comes_first_then_what_got_worse_then_charts_then_everything(tmp_path: Path, guide: Guide, lang: str) -> None:
    """A reader who stops early has read what matters."""
    base, new = ran(tmp_path / "a", guide), ran(tmp_path / "b", guide, spoil={"问题0": refuse, "问题1": refuse, "问题2": refuse})
    found = compare(base, new)
    page = HTMLParser(rendered(new, gate_against(found, POLICY), lang, comparison=found, policy=POLICY))
    order = [n.attributes.get("id") or n.tag for n in page.css("h1, section[id]")]
    assert order == ["h1", "worse", "figures", "charts", "all"]
    verdict = page.css_first("h1")
    assert verdict is not None
    assert "stop" in (verdict.attributes["class"] or "")
    assert len(page.css("article.case")) == 3
    assert len(page.css("#cases > details")) == len(CASES)
    assert len(page.css("#charts .bar svg")) == 4 + 1 + 1 + 1 + 1


def test_a_lost_case_shows_question_expected_and_both_answers_side_by_side(tmp_path: Path, guide: Guide) -> None:
    """The lead sees what was asked, what should have come, what came before and what comes now."""
    base, new = ran(tmp_path / "a", guide), ran(tmp_path / "b", guide, spoil={"问题1": refuse})
    found = compare(base, new)
    page = HTMLParser(rendered(new, [], "zh", comparison=found, policy=POLICY))
    article = page.css_first("article.case")
    assert article is not None
    sides = [s.text() for s in article.css(".side")]
    assert len(sides) == 3
    assert "问题1" in article.text()
    assert guide.clauses["26"].text[:20] in sides[0]
    assert guide.clauses["26"].text[:20] in sides[1]
    assert "未作答" in sides[2]


def test_a_report_needs_no_network(tmp_path: Path, guide: Guide) -> None:
    """No address, no outside file, and a policy in the page that forbids them."""
    html = rendered(ran(tmp_path, guide), [], "zh", policy=POLICY)
    assert not re.search(r"https?://|src=|@import|url\(|<link", html)
    assert "default-src 'none'" in html


def test_whatever_was_answered_is_shown_as_text(tmp_path: Path, guide: Guide) -> None:
    """Markup in questions and answers stays text."""
    cases = [case(1, question="<b onclick=x>门卫</b>")]
    done = ran(tmp_path, guide, cases, {"<b onclick=x>门卫</b>": hostile})
    html = rendered(done, gate(done, POLICY), "zh", policy=POLICY)
    assert "<b onclick" not in html
    assert "<img" not in html
    assert html.count("<script>") == 1


def test_waiting_cases_are_listed_with_what_is_suggested(tmp_path: Path, guide: Guide) -> None:
    """A lead finds the old label and the line that may take its place."""
    stand = standing(CASES)
    waiting = Resolved(
        CASES[0],
        "relabel",
        (Change(label="24(3)", suggestion="24(4)", before="登记二次", after="登记三次"), Change(label="24(3)/records/1")),
    )
    done = run(Oracle(guide, CASES), stand._replace(cases=(waiting, *stand.cases[1:])), tmp_path, AT)
    page = HTMLParser(rendered(done, [], "zh", policy=POLICY))
    listed = page.css_first(".waiting")
    assert listed is not None
    assert "24(3) → 24(4)" in listed.text()
    assert "没有相近的原文" in listed.text()
    assert [(n.tag, n.text()) for n in listed.css("del, ins")] == [("del", "二"), ("ins", "三")]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_new_numbers_and_titles_are_tables_with_counts(tmp_path: Path, guide: Guide, lang: str) -> None:
    """The lead finds every place that is numbered or called otherwise; floors missed as before are told apart from those that stop."""
    changes = Diff(
        old="2018-177",
        new="next",
        clauses=(),
        renumbered=(Renumbered(old="24(3)", new="25(4)"), Renumbered(old="24(4)", new="25(5)")),
        retitled=(Retitled(level="item", old="26", new="23", before="商业伙伴安全", after="业务伙伴管理"),),
    )
    below = [Failure(rule="floor", score="correct", grouping="type", group="cross", value=0.7, limit=0.74)]
    page = HTMLParser(rendered(ran(tmp_path, guide), [], lang, policy=POLICY, changes=changes, below=below))
    tables = {n.css_first("h2").text(): [[c.text() for c in r.css("td")] for r in n.css("tr")[1:]] for n in page.css("section.places")}
    assert tables == {
        say("diff.retitled", lang, count=1): [[say("diff.level.item", lang), "26 商业伙伴安全", "23 业务伙伴管理"]],
        say("diff.renumbered", lang, count=2): [["24(3)", "25(4)"], ["24(4)", "25(5)"]],
    }
    assert [n.text() for n in page.css("header .failures li")] == [below[0].sentence(lang)]
    assert "go" in (page.css_first("h1").attributes["class"] or "")  # type: ignore[union-attr]


def test_a_run_without_a_base_shows_wrong_cases_and_intervals(tmp_path: Path, guide: Guide) -> None:
    """One run alone has a verdict too."""
    done = ran(tmp_path, guide, spoil={"问题1": refuse})
    write_durably(tmp_path / "r.html", rendered(done, gate(done, POLICY), "zh", policy=POLICY))
    page = HTMLParser((tmp_path / "r.html").read_text(encoding="utf-8"))
    assert [n.text() for n in page.css("article.case code")][:1] == ["c-001"]
    assert "97.7%" in page.css_first("#figures").text()  # type: ignore[union-attr]


@pytest.mark.thorough
def test_a_report_of_all_sets_is_a_file_that_can_be_mailed(tmp_path: Path, guide: Guide) -> None:
    """2,400 cases of which a sixth was lost and a sixth waits for labels: less than 2 MB."""
    spoil = {"问题0": refuse}

    def many(done: Run) -> Run:
        results = []
        for n in range(2400):
            one = done.results[n % len(done.results)]
            waits = {"state": "relabel", "scores": {}} if n % 6 == 1 else {}
            results.append(one.model_copy(update={"case": one.case.model_copy(update={"id": f"{one.case.id}-{n}"}), **waits}))
        return Run(header=done.header, results=tuple(results))

    cases = [case(n) for n in range(6)]
    found = compare(many(ran(tmp_path / "a", guide, cases)), many(ran(tmp_path / "b", guide, cases, spoil)))
    assert len(found.lost) == 400
    page = rendered(found.new, gate_against(found, POLICY), "zh", comparison=found, policy=POLICY)
    assert len(page.encode()) < 2_000_000
