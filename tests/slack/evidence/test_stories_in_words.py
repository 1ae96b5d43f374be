"""Stories of words that no button stands for: what people write under cards and lists, and what becomes of it."""

from __future__ import annotations

import pytest

from assistant.texts import say
from tests.slack.evidence.bureau import PDF, WANG, words_of
from tests.slack.evidence.conftest import Office
from tests.slack.evidence.telling import LAST, NEXT, SLOT, accepts, button, ends, filled, handed_in, keys, press, settled, told
from tests.slack.evidence.telling import card as card_of
from tests.slack.loopback.model import Message

pytestmark = pytest.mark.thorough


def asked_for(office: Office) -> Message:
    """王芳's digest, where everybody is known."""
    office.bureau.known(office.wang, office.li, office.lead)
    return office.bureau.asked(office.wang)


def chosen(office: Office, asked: Message, *slots: str) -> None:
    """王芳 chooses lines in what she was asked."""
    office.wang.clicks(asked, "talk_choice:for", keys(office, *slots))


@pytest.mark.parametrize("text", ["我们公司没有这类业务", "這個不適用我們", "2022年停产没做"])
def test_it_does_not_apply_in_words(office: Office, text: str) -> None:
    """Why something does not apply, written under the list: claimed for the line chosen, and before the reviewer."""
    asked = told(office, office.wang, text, asked_for(office).ts)
    assert "这句话怎么处理" in asked.text
    chosen(office, asked, SLOT)
    press(office, office.wang, asked, "作为不适用的理由")
    state = office.bureau.entry(SLOT).state
    assert (state.name, state.claim, state.reason) == ("submitted", "not_applicable", text)
    assert text in words_of(card_of(office, office.li))
    ends(office, {SLOT: "submitted", NEXT: "missing"}, wang="已申报不适用：24(2) 抽查记录（1）（2022 年），由李雷审核", li=text)


def test_a_word_to_whoever_asked_and_back(office: Office) -> None:
    """这个链接打不开 goes to the lead, who answers under it; the owner reads the answer under the list; nothing was handed in."""
    digest = asked_for(office)
    asked = told(office, office.wang, "上面这个系统打不开，怎么弄", digest.ts)
    press(office, office.wang, asked, "转告赵合规")
    got = office.lead.inbox[-1]
    assert "系统打不开" in words_of(got)
    assert "已转告王芳" in told(office, office.lead, "找信息部小周，分机 8012", got.ts).text
    assert "分机 8012" in words_of(office.slack.posts(office.wang.dm, digest.ts)[-1])
    ends(office, {SLOT: "missing"}, wang="分机 8012", lead="系统打不开")


@pytest.mark.parametrize("text", ["收到，在准备了", "👌", "好的谢谢"])
def test_a_nod(office: Office, text: str) -> None:
    """It moves nothing and gets how the list stands."""
    assert "还有 35 项未提交，最早 2026-12-24 截止" in told(office, office.wang, text, asked_for(office).ts).text
    ends(office, {SLOT: "missing"}, wang="还有 35 项未提交")


def test_an_owner_who_writes_english(office: Office) -> None:
    """What is written under the list in English is asked back, done and told in English; its reviewer reads their own language."""
    digest = asked_for(office)
    assert "You have 35 still to submit" in told(office, office.wang, "working on it", digest.ts).text
    asked = told(office, office.wang, "not applicable to us", digest.ts)
    chosen(office, asked, SLOT)
    press(office, office.wang, asked, say("talk.words.na", "en"))
    assert office.bureau.entry(SLOT).state.claim == "not_applicable"
    ends(office, {SLOT: "submitted"}, wang="Declared not applicable: 24(2) records (1) (2022)", li="请您审核")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("下个月5号再交", "2026-12-05"),
        ("这几项月底前给你", "2026-11-30"),
        ("還沒弄好，下星期再交", "2026-12-01"),
        ("能不能延期", "2026-12-01"),
    ],
)
def test_later_in_other_words(office: Office, text: str, day: str) -> None:
    """The day that was meant, offered and done."""
    asked = told(office, office.wang, text, asked_for(office).ts)
    press(office, office.wang, asked, f"推迟到 {day}")
    until = office.bureau.entry(SLOT).state.snoozed_until
    assert str(until) == day
    ends(office, {SLOT: "missing"}, wang=f"{day} 之前不再提醒")


def test_later_without_a_list(office: Office) -> None:
    """Written on its own, it is offered for what its writer owes; who owes nothing is offered nothing."""
    asked_for(office)
    asked = told(office, office.wang, "我下周休假，回来再交")
    press(office, office.wang, asked, "推迟到 2026-12-01")
    assert str(office.bureau.entry(SLOT).state.snoozed_until) == "2026-12-01"
    assert "推迟到" not in told(office, office.zhao, "明天再交").text
    ends(office, {SLOT: "missing"}, wang="2026-12-01 之前不再提醒", zhao="我可以做这些事")


def test_what_is_asked_under_a_list_is_about_it(office: Office) -> None:
    """交了吗 and 谁审核 name nothing: the list that they stand under is meant."""
    digest = asked_for(office)
    assert "这些材料：已齐备 0 / 35" in told(office, office.wang, "这些交了吗", digest.ts).text
    assert "审核人：李雷" in words_of(told(office, office.wang, "谁审核？", digest.ts))
    assert "2026-12-24 截止" in words_of(told(office, office.wang, "什么时候截止", digest.ts))
    ends(office, {SLOT: "missing"}, wang="这些材料")


@pytest.mark.parametrize("text", ["没问题，通过吧", "可以通过", "同意"])
def test_an_approval_in_words(office: Office, text: str) -> None:
    """Said where it is done, and by whom what was seen is asked; words alone accept nothing."""
    _, card = handed_in(office)
    asked = told(office, office.li, text, card.ts)
    assert "请点上方卡片里的“通过”" in asked.text
    press(office, office.li, asked, "不处理")
    ends(office, {SLOT: "submitted"}, wang="已接收", li="请您审核")


def test_a_return_written_elsewhere(office: Office) -> None:
    """缺 2024 年的，请补 on its own: a reviewer is told where it belongs, and nobody reads a clause."""
    handed_in(office)
    assert "那张审核卡片的消息列里" in told(office, office.li, "缺 2024 年的，请补").text
    assert office.bureau.told.asked == [] or "缺 2024" not in office.bureau.told.asked[-1][0]
    ends(office, {SLOT: "submitted"}, wang="已接收", li="审核卡片")


def test_how_many_wait_asked_under_a_card(office: Office) -> None:
    """A question about all reviews is answered wherever it is written."""
    _, card = handed_in(office)
    assert "等您审核的有 1 项" in told(office, office.li, "还有几份没审", card.ts).text
    ends(office, {SLOT: "submitted"}, wang="已接收", li="等您审核的有 1 项")


def test_what_of_mine_went_through(office: Office) -> None:
    """我交的通过了吗 names nothing: what its writer handed in is told."""
    handed_in(office)
    said = words_of(told(office, office.wang, "我交的通过了吗"))
    assert "您提交过的材料" in said
    assert "待审核" in said
    ends(office, {SLOT: "submitted"}, wang="您提交过的材料", li="请您审核")


def test_a_link_with_its_clause(office: Office) -> None:
    """24(2)的 and an address, on their own: offered for that clause, in the language of the words."""
    asked_for(office)
    asked = told(office, office.wang, "24(2)材料 https://oa.example.cn/records/2022/index.html")
    assert "这个链接交给哪一项" in asked.text
    chosen(office, asked, SLOT)
    press(office, office.wang, asked, "提交")
    ends(office, {SLOT: "submitted"}, wang="已接收 24(2) 抽查记录（1）（2022 年），由李雷审核", li="oa.example.cn")


def test_a_file_beside_an_open_enquiry(office: Office) -> None:
    """The thread of a list takes files although its owner is asking the lead something there."""
    digest = asked_for(office)
    refusal = told(office, office.wang, "24(3) 围墙要多高？", digest.ts)
    office.wang.clicks(refusal, "ask_lead")
    settled(office)
    assert "已转交合规负责人" in told(office, office.wang, "是东门那段。", digest.ts).text
    office.wang.drops(office.wang.dm, "登记.pdf", PDF, digest.ts)
    settled(office)
    picker = office.slack.posts(office.wang.dm, digest.ts)[-1]
    chosen(office, picker, SLOT)
    office.wang.clicks(picker, button(picker, "提交"))
    settled(office)
    assert [p.name for p in office.bureau.service.pieces(keys(office, SLOT))] == ["登记.pdf"]
    assert office.bureau.entry(SLOT).owner == WANG
    ends(office, {SLOT: "submitted"}, wang="已接收", li="登记.pdf", lead="东门那段")


def test_who_owes_nothing(office: Office) -> None:
    """不归我管 and 进度怎么样 of somebody without a part: how it stands for them, and no clause."""
    asked_for(office)
    assert "没有等您提交的材料" in told(office, office.zhao, "这个不归我管").text
    assert "没有由您负责" in told(office, office.zhao, "进度怎么样").text
    assert office.bureau.told.asked == [] or office.bureau.told.asked[-1][0] not in ("这个不归我管", "进度怎么样")
    ends(office, {SLOT: "missing"}, wang="AEO 材料", zhao="没有由您负责")


def test_a_group_of_three_asks(office: Office) -> None:
    """In a direct message of several people: named once, heard in the thread from then on; states are told to whoever asks, alone."""
    asked_for(office)
    workspace, three = office.slack.workspace, {office.wang.id, office.li.id}
    group = office.slack.run(lambda: workspace.add_channel("mpdm", {workspace.bot.id, *three}, "mpim").id)
    asked = office.wang.asks(group, "访客登记要留哪些记录？")
    settled(office)
    office.li.says(group, "那保存几年？", asked.ts)
    office.wang.says(group, "24(2)交了吗", asked.ts)
    settled(office)
    assert office.bureau.told.asked[-1][0] == "那保存几年？"
    assert "24(2)" not in "".join(words_of(m) for m in office.slack.posts(group, asked.ts)[2:])
    ends(office, {SLOT: "missing"}, wang=("24(2)：已齐备 0", "已私信您"))


def test_periods_settled_alike_are_one_entry(office: Office) -> None:
    """Three years of a line, accepted together, take one entry of the list, and what comes after them moves up."""
    digest, card = handed_in(office, SLOT, NEXT, LAST)
    assert "2022–2024 年" in words_of(digest)
    assert words_of(digest).count("待李雷审核") == 1
    accepts(office, office.li, card)
    whats = [words_of(b) for b in digest.blocks if str(b.get("block_id", "")).startswith("what:")]
    assert "2022–2024 年" in whats[0].replace("\n", "")
    assert "已通过（李雷）" in whats[0]
    assert "2025 年" in whats[1]
    assert any("24(3)" in what for what in whats)
    ends(office, {SLOT: "accepted", NEXT: "accepted", LAST: "accepted"}, wang="已通过", li="已通过（李雷）")


def test_a_note_on_its_own(office: Office) -> None:
    """我们没有 beside a clause that one owes, under no list: what can become of it is asked, and done."""
    asked_for(office)
    asked = told(office, office.wang, "24(2) 2022年停产，没有发生过")
    assert "这句话怎么处理" in asked.text
    chosen(office, asked, SLOT)
    press(office, office.wang, asked, "作为说明提交")
    assert office.bureau.service.pieces(keys(office, SLOT))[0].text == "24(2) 2022年停产，没有发生过"
    ends(office, {SLOT: "submitted", NEXT: "missing"}, wang="已接收 24(2) 抽查记录（1）（2022 年），由李雷审核", li="停产")


def test_something_is_added_to_several_years(office: Office) -> None:
    """补充 to what waits: the one entry of two years offers both, and what is added goes to those ticked."""
    digest, _ = handed_in(office, SLOT, NEXT)
    office.wang.clicks(digest, "evidence_submit", block_id="do:1")
    filled(office, office.wang, note="签字页", slots=keys(office, SLOT, NEXT))
    for slot in (SLOT, NEXT):
        assert [p.text for p in office.bureau.service.pieces(keys(office, slot))][-1] == "签字页"
    ends(office, {SLOT: "submitted", NEXT: "submitted"}, wang="签字页", li="签字页")
