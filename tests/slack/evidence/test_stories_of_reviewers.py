"""Reviewers' and bystanders' stories, told to the end."""

from __future__ import annotations

import pytest

from assistant.answers.question.reading import language
from assistant.register.acts.people.owning import Owners
from assistant.register.facts.people import Assignment
from assistant.texts import say
from tests.register.company import LINK
from tests.slack.evidence.bureau import LEAD, LI, WANG, words_of
from tests.slack.evidence.conftest import Office
from tests.slack.evidence.telling import LAST, NEXT, SLOT, accepts, button, ends, filled, handed_in, keys, press, settled, told
from tests.slack.evidence.telling import card as card_of

pytestmark = pytest.mark.thorough

OTHER = "24(3)/records/1@2022"


def two_lines(office: Office) -> None:
    """王芳 hands the same link in for two lines at once."""
    office.bureau.known(office.wang, office.li, office.lead)
    office.bureau.asked(office.wang)
    office.bureau.service.submit_all([SLOT, OTHER], [LINK], office.bureau.who(WANG, "slack"))
    settled(office)


def test_all_of_a_card_is_accepted(office: Office) -> None:
    """Two lines on one card: what came stands once, one press settles both, the owner hears once."""
    two_lines(office)
    [card] = office.slack.posts(office.li.dm)
    assert "王芳提交了 2 项材料" in card.text
    accepts(office, office.li, card, "全部通过（2）")
    verdicts = [
        m for m in office.slack.run(lambda: list(office.slack.workspace.channels[office.wang.dm].messages.values())) if "审核通过" in m.text
    ]
    assert len(verdicts) == 1
    ends(office, {SLOT: "accepted", OTHER: "accepted"}, wang="24(2) 抽查记录（1）（2022 年）、24(3)", li="已通过（李雷）")


def test_all_of_a_card_is_returned(office: Office) -> None:
    """One reason for what is ticked; the owner reads it once and can answer for each line."""
    two_lines(office)
    [card] = office.slack.posts(office.li.dm)
    office.li.clicks(card, "evidence_return", block_id="all")
    filled(office, office.li, reason="链接打不开")
    back = next(
        m
        for m in reversed(office.slack.run(lambda: list(office.slack.workspace.channels[office.wang.dm].messages.values())))
        if "退回了" in m.text
    )
    assert len([e for b in back.blocks if b["type"] == "actions" for e in b["elements"]]) == 2
    ends(office, {SLOT: "returned", OTHER: "returned"}, wang="链接打不开", li="已退回（李雷）：链接打不开")


def test_one_accepted_one_returned(office: Office) -> None:
    """Each line has its own buttons; what is decided loses them, the other keeps them."""
    two_lines(office)
    [card] = office.slack.posts(office.li.dm)
    accepts(office, office.li, card, block_id="do:1")
    assert not any(b.get("block_id") == "do:1" for b in card.blocks)
    office.li.clicks(card, "evidence_return", block_id="do:2")
    filled(office, office.li, reason="少 3 月")
    ends(
        office, {SLOT: "accepted", OTHER: "returned"}, wang=("审核通过：24(2)", "少 3 月"), li=("已通过（李雷）", "已退回（李雷）：少 3 月")
    )


def test_words_first_then_the_decision(office: Office) -> None:
    """A comment is passed on and decides nothing; the card still works."""
    _, card = handed_in(office)
    asked = told(office, office.li, "我明天审", card.ts)
    press(office, office.li, asked, "转告提交人")
    accepts(office, office.li, card)
    ends(office, {SLOT: "accepted"}, wang=("我明天审", "审核通过"), li="已转告王芳")


def test_nobody_reviews_their_own(office: Office) -> None:
    """What the reviewer hands in goes to the lead, and everybody reads so."""
    office.bureau.known(office.li, office.lead)
    Owners(office.bureau.service).assign([Assignment("clause", "24(2)", owner=LI, reviewer=LI)], office.bureau.who())
    digest = office.bureau.asked(office.li)
    office.li.clicks(digest, "evidence_submit", block_id="do:1")
    filled(office, office.li, note="自己交的")
    assert "待赵合规审核" in words_of(digest)
    card = next(m for m in reversed(office.lead.inbox) if "请您审核" in m.text)
    accepts(office, office.lead, card)
    assert office.bureau.entry(SLOT).state.reviewed_by == LEAD
    ends(office, {SLOT: "accepted"}, wang="AEO 材料", li=("由赵合规审核", "赵合规已审核通过"), lead="已通过（赵合规）")


def test_a_change_of_edition_is_nobodys_return(office: Office) -> None:
    """What waits to be confirmed names no person; a submission taken back is said to be that."""
    _, card = handed_in(office)
    office.bureau.service.withdraw(SLOT, office.bureau.who(WANG))
    settled(office)
    assert "提交人已撤回" in words_of(card)
    ends(office, {SLOT: "missing"}, wang="已接收", li="提交人已撤回")


def test_looked_at_from_home(office: Office) -> None:
    """看材料 on the Home tab: links are links, files come into the direct messages; there they are accepted."""
    office.bureau.known(office.wang, office.li, office.lead)
    _, card = handed_in(office, files=True)
    assert any("登记.pdf" in str(b) and "files" in str(b) for b in card.blocks)
    office.lead.opens_home()
    settled(office)
    office.lead.clicks_home("evidence_home_tab:review")
    office.slack.wait(lambda: "登记.pdf" in words_of(office.lead.home_view.body["blocks"]), "the review tab")  # type: ignore[union-attr]
    office.lead.clicks_home("evidence_pieces", block_id="do:1")
    view = office.lead.wait_for_modal("evidence_pieces")
    assert "文件已发到" in words_of(view.body["blocks"])
    settled(office)
    own = card_of(office, office.lead)
    assert [f.name for m in office.slack.messages(office.lead.dm, own.ts) for f in m.files] == ["登记.pdf"]
    accepts(office, office.lead, own)
    ends(office, {SLOT: "accepted"}, wang="赵合规已审核通过", li="已通过（赵合规）", lead="登记.pdf")


def test_a_colleague_presses_in_passing(office: Office) -> None:
    """Who has no part in it only reads, alone and in the thread, whose it is; nothing happens."""
    _, card = handed_in(office)
    channel = office.slack.channel("转发", office.zhao, office.li)
    workspace = office.slack.workspace
    shared = office.slack.run(lambda: workspace.post(workspace.channels[channel], workspace.bot, card.text, blocks=card.blocks))
    office.zhao.clicks(shared, button(shared, "通过"))
    settled(office)
    assert office.zhao.whispers[-1].thread == shared.ts
    ends(office, {SLOT: "submitted"}, wang="已接收", li="请您审核", zhao="您没有审核权限")


def test_only_some_years_are_returned(office: Office) -> None:
    """Three years on one line: the form ticks all, one is left out, and stays waiting."""
    _, card = handed_in(office, SLOT, NEXT, LAST)
    office.li.clicks(card, button(card, "退回"))
    filled(office, office.li, which=keys(office, SLOT, NEXT), reason="看不清")
    ends(office, {SLOT: "returned", NEXT: "returned", LAST: "submitted"}, wang="看不清", li="已退回（李雷）：看不清")


def test_what_is_missing_is_ticked_already(office: Office) -> None:
    """The form of a return ticks what the owner's hand-in left out; the owner reads which it is, and so does the lead."""
    office.bureau.known(office.wang, office.li, office.lead)
    elements = office.bureau.entry(SLOT).slot.elements
    digest = office.bureau.asked(office.wang)
    office.wang.clicks(digest, "evidence_submit", block_id="do:1")
    filled(office, office.wang, note="一份", covers=["0"])
    got = card_of(office, office.li)
    office.li.clicks(got, button(got, "退回"))
    field = next(b for b in office.li.wait_for_modal().body["blocks"] if b["block_id"].startswith("lacking:"))
    ticked = [o["text"]["text"] for o in field["element"]["initial_options"]]
    assert ticked == list(elements[1:])
    filled(office, office.li, reason="请补齐")
    assert office.bureau.entry(SLOT).state.lacking == elements[1:]
    ends(office, {SLOT: "returned"}, wang=("请补齐", f"还缺：{'、'.join(elements[1:])}"), li="已退回（李雷）：请补齐。还缺")


def test_a_return_in_words_names_it_too(office: Office) -> None:
    """A reason written under the card: what the hand-in left out is named beside it; of one that said nothing, that none was named."""
    _, got = handed_in(office)
    asked = told(office, office.li, "签字那页看不清", got.ts)
    press(office, office.li, asked, "作为退回原因")
    ends(office, {SLOT: "returned"}, wang=("签字那页看不清", "没有指明缺哪一项"), li="已退回")


@pytest.mark.parametrize(
    "text",
    ["好的，收到", "这份是旧版吧？", "這份是舊版吧？", "有原件吗？", "is this the old version?", "第一页的章看不清，" * 8 + "麻烦看一下"],
)
def test_whatever_is_written_under_a_card_is_about_it(office: Office, text: str) -> None:
    """However it reads, and however long it is: the card's own buttons ask what becomes of it, and no clause is shown."""
    _, card = handed_in(office)
    asked = told(office, office.li, text, card.ts)
    lang = language(text, "zh")  # said back in the language of the words
    assert say("talk.review.ask", lang) in words_of(asked)
    press(office, office.li, asked, say("talk.review.comment", lang))
    ends(office, {SLOT: "submitted"}, wang=text[:20], li=say("talk.review.commented", lang, names=("王芳",)))


def test_a_question_to_the_guide_under_a_card(office: Office) -> None:
    """One that names its clause is answered at once; another by the button beside the card's own."""
    _, card = handed_in(office)
    assert "访客" in words_of(told(office, office.li, "24(3)要什么材料？", card.ts))
    asked = told(office, office.li, "访客登记要保存几年？", card.ts)
    press(office, office.li, asked, "问指南")
    assert "这句话按提问处理" in words_of(asked)
    assert office.slack.posts(office.li.dm, card.ts)[-1].ts != asked.ts
    ends(office, {SLOT: "submitted"}, wang="已接收", li="访客")
