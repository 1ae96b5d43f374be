"""A staged edition in Slack: the lead's card, the buttons with the role checked, what owners hear; the terminal's rules apply."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.adapters.builds import Active
from assistant.adapters.editions import Editions
from assistant.register.acts.doing.who import Who
from assistant.register.acts.plans.fates import Adopted, Adoption
from assistant.register.facts.moves import Moves
from assistant.register.facts.notices.stored import read
from assistant.register.facts.outbox import Message
from assistant.settings import Settings
from evals.release import activate as activation
from tests.slack.evidence.bureau import LEAD, LI, words_of
from tests.slack.evidence.conftest import Office
from tests.slack.loopback.model import Message as Posted

STAGED = {
    "edition": "2026-99",
    "active": "2018-177",
    "build": "b",
    "run": "20261124T100000-aaaa",
    "link": "https://aeo.example/reports/20261124T100000-aaaa.html",
    "report": "/srv/aeo/evals/reports/20261124T100000-aaaa.html",
    "passed": True,
    "cases": 856,
    "relabel": 22,
    "failures": 0,
    "gates": [],
    "worst": [{"id": "cross-1", "question": "哪些条款要求<培训>？", "expected": ["1(1)"], "got": [], "answered": False}],
    "changes": {"clauses": {"reworded": 2, "unchanged": 62}, "lines": {"reworded": 1, "unchanged": 330}},
    "renumbered": [{"old": "24(3)", "new": "25(4)"}],
    "retitled": [{"level": "item", "old": "26", "new": "23", "before": "商业伙伴安全", "after": "业务伙伴管理"}],
    "register": {"kept": 284, "restored": 0, "confirm": 1, "added": 0, "archived": 0},
}


def buttons(card: Posted) -> list[str]:
    """The actions that a card offers."""
    return [e["action_id"] for b in card.blocks if b["type"] == "actions" for e in b["elements"]]


@pytest.fixture
def asked(office: Office, monkeypatch: pytest.MonkeyPatch) -> list[Who]:
    """Who had an edition put in force: the gates and the swap have tests of their own."""
    found: list[Who] = []

    def activate(settings: object, edition: str, who: Who, **_: object) -> activation.Activated:
        del settings
        found.append(who)
        return activation.Activated(
            edition, None, activation.Active(edition=edition, build="b", activated="now"), {"acme": Adopted("", edition, ())}
        )

    monkeypatch.setattr(activation, "activate", activate)
    message = Message("acme", read("staged", STAGED), LEAD, "staged:1", created_at=office.bureau.clock())
    with office.bureau.service.register.writing("acme") as tx:
        tx.enqueue(message)
    office.bureau.deliver()
    return found


def test_the_lead_activates(office: Office, asked: list[Who]) -> None:
    """Verdict, worst case, changes and report are on the card; one click activates once, and the buttons go."""
    [card] = office.slack.posts(office.lead.dm)
    shown = words_of(card)
    report = Path(STAGED["report"]).name  # type: ignore[arg-type]
    places = ("（1）：24(3) → 25(4)", "项 26 商业伙伴安全 → 23 业务伙伴管理")
    for said in ("2026-99", "856", "哪些条款要求<培训>？", "改写 2", "待确认 1", *places, report):
        assert said in shown
    assert buttons(card) == ["edition_activate", "edition_decline", "edition_report"]
    office.lead.clicks(card, "edition_activate")
    office.bureau.idle()
    assert [w.actor for w in asked] == [LEAD]
    [told] = office.slack.posts(office.lead.dm, card.ts)
    card = office.slack.posts(office.lead.dm)[0]
    assert "已启用 2026-99" in told.text
    assert "已启用 2026-99" in words_of(card)
    assert buttons(card) == ["edition_report"]


def test_with_several_workspaces_the_operator_decides(office: Office, asked: list[Who], monkeypatch: pytest.MonkeyPatch) -> None:
    """An edition is in force for all companies: the button of one company's lead says who activates it, and changes nothing."""
    monkeypatch.setattr(Settings, "several_workspaces", property(lambda settings: True))
    [card] = office.slack.posts(office.lead.dm)
    office.lead.clicks(card, "edition_activate")
    office.bureau.idle()
    assert asked == []
    assert "由管理员启用" in office.lead.whispers[-1].text


def test_the_lead_declines(office: Office, asked: list[Who]) -> None:
    """Nothing is activated, and the card says who decided."""
    [card] = office.slack.posts(office.lead.dm)
    office.lead.clicks(card, "edition_decline")
    office.bureau.idle()
    assert asked == []
    assert "暂不启用" in words_of(office.slack.posts(office.lead.dm)[0])


def test_a_stranger_is_refused(office: Office, asked: list[Who]) -> None:
    """The role is looked at when the button is clicked: a lead who is none any more only gets a private sentence."""
    [card] = office.slack.posts(office.lead.dm)
    bureau = office.bureau
    assert bureau.profile is not None
    bureau.settings = bureau.settings.model_copy(update={"lead": "zhao@example.cn"})
    bureau.service.sync(bureau.guide, bureau.profile, bureau.who(LEAD))  # a setting alone makes nobody the lead
    try:
        office.lead.clicks(card, "edition_activate")
        bureau.idle()
    finally:
        bureau.settings = bureau.settings.model_copy(update={"lead": LEAD})
        bureau.service.sync(bureau.guide, bureau.profile, bureau.who("zhao@example.cn"))
    assert asked == []
    assert len(buttons(office.slack.posts(office.lead.dm)[0])) == 3


@pytest.fixture
def in_force(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts the staged build in force behind the card's back, as the terminal does."""
    monkeypatch.chdir(tmp_path)

    def swap(by: str) -> None:
        pointer = office.bureau.deps.settings.home / "active.json"
        pointer.parent.mkdir(exist_ok=True)
        pointer.write_text(activation.Active(edition="2026-99", build="b", activated="now", by=by).model_dump_json(), encoding="utf-8")

    return swap


@pytest.mark.parametrize("button", ["edition_activate", "edition_decline"])
def test_a_click_after_it_went_live(office: Office, asked: list[Who], in_force: Callable[[str], None], button: str) -> None:
    """Nothing is done any more: the card says that it is in force, and who activated it, which was not the clicker."""
    [card] = office.slack.posts(office.lead.dm)
    in_force(LI)
    office.lead.clicks(card, button)
    office.bureau.idle()
    assert asked == []
    card = office.slack.posts(office.lead.dm)[0]
    for shown in (words_of(card), office.slack.posts(office.lead.dm, card.ts)[0].text):
        assert "2026-99 已由李雷启用" in shown
        assert "无需再次操作" in shown
        assert "暂不启用" not in shown
    assert buttons(card) == ["edition_report"]


def adopted(office: Office, edition: str) -> None:
    """The register follows another edition, as it does when the terminal activates one or goes back."""
    service = office.bureau.service
    guide = office.bureau.guide.model_copy(update={"edition": edition})
    with service.register.reading("acme") as tx:
        workspace = tx.workspace()
    assert workspace is not None
    assert office.bureau.profile is not None
    service.adopt(guide, office.bureau.profile, Moves(workspace.edition, edition), office.bureau.who(), Adoption(edition))
    office.bureau.deliver()


def test_the_card_follows_the_terminal(office: Office, asked: list[Who]) -> None:
    """After an activation elsewhere the card has no buttons; after going back it has them again; a declined one stays declined."""
    assert asked == []
    [card] = office.slack.posts(office.lead.dm)
    adopted(office, "2026-99")
    assert "2026-99 已启用，是现行版本" in words_of(card)
    assert buttons(card) == ["edition_rollback", "edition_report"]
    adopted(office, "2018-177")
    assert buttons(card) == ["edition_activate", "edition_decline", "edition_report"]
    office.lead.clicks(card, "edition_decline")
    office.bureau.idle()
    adopted(office, "2026-98")
    assert "赵合规决定暂不启用" in words_of(card)
    assert buttons(card) == ["edition_report"]
    adopted(office, "2026-99")
    assert "2026-99 已启用，是现行版本" in words_of(card)


def test_progress_and_the_way_back(office: Office, asked: list[Who], monkeypatch: pytest.MonkeyPatch) -> None:
    """While the sets run the card counts along; once in force 回退 stands where 启用 stood, asks again, and goes back."""
    [card] = office.slack.posts(office.lead.dm)
    seen: list[str] = []

    def slow(settings: Settings, edition: str, who: Who, step: Callable[[str, int, int], None], **_: object) -> activation.Activated:
        del settings
        seen.append(words_of(office.slack.posts(office.lead.dm)[0]))
        office.bureau.clock.at += timedelta(seconds=5)
        step("eval", 320, 856)
        seen.append(words_of(office.slack.posts(office.lead.dm)[0]))
        adopted(office, edition)
        return activation.Activated(edition, None, activation.Active(edition=edition, build="b", activated="now", by=who.actor), {})

    monkeypatch.setattr(activation, "activate", slow)
    office.lead.clicks(card, "edition_activate")
    office.bureau.idle()
    assert "正在用全部测试题核对" in seen[0]
    assert "评测 320 / 856" in seen[1]
    assert buttons(card) == ["edition_rollback", "edition_report"]
    back = next(e for b in card.blocks if b["type"] == "actions" for e in b["elements"] if e["action_id"] == "edition_rollback")
    assert "恢复到 2018-177" in back["confirm"]["title"]["text"]
    office.lead.clicks(card, "edition_rollback")
    office.bureau.idle()
    assert "现在使用的不是 2026-99" in office.lead.whispers[-1].text  # the pointer of this home stands elsewhere


def test_the_way_back_from_home(office: Office, asked: list[Who], monkeypatch: pytest.MonkeyPatch) -> None:
    """While the staged edition is in force the lead's Home has 回退 too, which asks again; it goes back as the lead, and the card follows."""
    [card] = office.slack.posts(office.lead.dm)
    office.lead.opens_home()
    office.bureau.idle()
    assert "edition_rollback" not in str(office.lead.home_view.body)  # type: ignore[union-attr]
    adopted(office, "2026-99")
    office.lead.opens_home()
    office.slack.wait(lambda: "edition_rollback" in str(office.lead.home_view.body), "the way back")  # type: ignore[union-attr]
    assert "恢复到 2018-177" in str(office.lead.home_view.body)  # type: ignore[union-attr]
    back: list[Who] = []

    def rollback(settings: Settings, who: Who, **_: object) -> Active:
        del settings
        back.append(who)
        adopted(office, "2018-177")
        return Active(edition="2018-177", build="a", activated="now", by=who.actor)

    monkeypatch.setattr(activation, "rollback", rollback)
    monkeypatch.setattr(Editions, "active", lambda self: Active(edition="2026-99", build="b", activated="now"))
    office.lead.clicks_home("edition_rollback")
    office.bureau.idle()
    assert [w.actor for w in back] == [LEAD]
    assert "edition_activate" in buttons(card) or "恢复到" in words_of(card)


def test_the_worst_cases_are_words(office: Office, asked: list[Who]) -> None:
    """No case's number, no line's id: the question, what should have been cited, and what came."""
    shown = words_of(office.slack.posts(office.lead.dm)[0])
    assert "应当引用 1(1)，实际没有作答" in shown
    assert "cross-1" not in shown


def test_a_report_without_an_address_comes_as_a_file(office: Office, asked: list[Who], tmp_path: Path) -> None:
    """看报告 puts the report under the card; one that is gone is said."""
    report = tmp_path / "20261124T100000-bbbb.html"
    report.write_text("<html>评测</html>", encoding="utf-8")
    says = read("staged", {**STAGED, "link": "", "report": str(report)})
    with office.bureau.service.register.writing("acme") as tx:
        tx.enqueue(Message("acme", says, LEAD, "staged:2", created_at=office.bureau.clock()))
    office.bureau.deliver()
    card = office.slack.posts(office.lead.dm)[-1]
    office.lead.clicks(card, "edition_report")
    office.bureau.idle()
    [file] = [f for m in office.slack.messages(office.lead.dm, card.ts) for f in m.files]
    assert file.content == report.read_bytes()
    report.unlink()
    office.lead.clicks(card, "edition_report")
    office.bureau.idle()
    assert "报告已经不在了" in office.lead.whispers[-1].text
