"""What a message wants of the register: learned, so that other words than those learned from are understood; a question stays one."""

from __future__ import annotations

import pytest

from assistant.app import Assistant
from assistant.conversation.meaning.wishes import ANYWHERE, Wish, wish_of
from ingest.learn.banks.bank import load

NAMES = ("王芳", "李雷", "Wang Fang")
SAID: dict[Wish | None, tuple[str, ...]] = {
    "mine": ("我负责哪些", "我名下都有什么", "哪些条款归我", "我要管的材料列一下", "我分到了啥", "what's assigned to me", "我负责什么材料"),
    "missing": (
        "还缺什么", "还缺什么？", "我还缺哪些材料？", "24(3)还缺什么", "24（3）还缺什么？", "第24项还差哪些", "24 还缺什么材料", "我们24(3)还少什么呢",
        "What's missing?", "what is still missing for 24(3)?", "what am I missing", "我们公司还差哪些材料没交", "还有啥没交的", "还要补哪些东西",
        "王芳还欠什麼", "訪客登記還缺哪幾年", "what does Wang Fang still owe", "李雷手上还差多少", "培训记录还差哪几年",
    ),
    "state": ("24(3)交了吗", "5(2)的材料交上去没", "24(3)审过了吗", "我上次交的看了吗", "24(3)现在啥情况", "24（3）交了吗？", "王芳交了24(3)吗"),
    "overdue": ("谁逾期了", "有人逾期吗", "哪些超期了", "谁没按时交", "who's overdue", "都有谁还没交材料", "逾期的有哪些", "誰還沒交", "王芳逾期了吗"),
    "progress": ("进度怎么样", "材料准备得如何了", "整体到什么程度了", "how are we doing", "现在完成多少了", "目前进度", "进度如何？"),
    "reviews": ("王芳还有几个没审", "待审核的材料有哪些", "谁审得最慢", "有几份等着我审", "what is waiting for my review", "还没审的列一下", "現在卡在李雷那的有多少"),
    "charge": ("王芳请假了谁代", "李雷不在的时候找谁", "王芳的代理人是谁", "谁替李雷", "谁负责24(3)", "who covers for Wang Fang", "王芳出差期间谁管"),
    "due": ("这个月要交啥", "下个月到期的有哪些", "王芳这周要交什么", "月底前要提交什么", "24(3)几号截止", "what is due this month", "最近要交的是什么"),
    "remind": ("提醒王芳交材料", "催一下李雷", "帮我催催财务部", "提醒他交24(3)", "remind Wang Fang", "请提醒李雷尽快提交24(3)的材料"),
    "not_mine": ("这个不归我管", "这不是我负责的", "不归我管啊", "该找仓储部", "我不管这个", "this isn't mine", "应该发给李雷"),
    "how": ("怎么交材料", "材料怎么提交", "在哪里上传文件", "我想交个材料", "how do I submit", "文件往哪发", "证据怎么传给你"),
    "abilities": ("你能做什么", "你会啥", "帮助", "你是干什么的", "what can you do?", "怎么用"),
    None: (
        "24(3)要什么材料", "24(3) 要准备什么材料？", "访客登记要留哪些记录？", "那保存几年？", "要盖章吗", "逾期缴税算不算", "哪些条款要抽查记录", "谁负责门禁才合适",
        "标识呢？", "24(3)", "供应商没交材料怎么办", "材料要准备几份", "内审要提醒各部门吗", "照片算不算记录？", "那车辆呢", "24(3) 谁来准备？",
        "谁来审核单证才合适", "员工请假了门禁卡怎么办", "供应商资料什么时候要更新", "多久审核一次", "审核人要有什么资质", "进出口单证几天内要归档", "代理报关谁负责",
        "报关单什么时候截止申报", "法定代表人不在谁能代替参加培训", "审计报告要几年的", "两年内要做几次审计",
        "缺一不可是什么意思", "企业缺少内审人员怎么办", "员工离职后门禁卡怎么处理", "新版指南改了什么", "几点？", "材料需要交原件还是复印件", "", "缺" * 100,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("wish", "text"), [(wish, text) for wish, texts in SAID.items() for text in texts])
def test_what_is_wanted(assistant: Assistant, wish: Wish | None, text: str) -> None:
    """None of these stands among the phrases that it was learned from."""
    assert wish_of(text, [w for w in ANYWHERE if w != "thanks"], NAMES, assistant.read(text)) == wish


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("缺 2024 年的，请补", "send_back"), ("缺盖章", "send_back"), ("没签字，重新交", "send_back"), ("年份不对", "send_back"), ("只有上半年的，不全", "send_back"),
        ("please add the 2024 record", "send_back"), ("我看看", "comment"), ("明天审", "comment"), ("24(3) 要什么？", None), ("保存几年", None),
    ],
)  # fmt: skip
def test_under_a_review_card(assistant: Assistant, text: str, wish: Wish | None) -> None:
    """A return reason, a comment, or a question."""
    assert wish_of(text, ("send_back", "comment"), (), assistant.read(text)) == wish


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("下周再交", "later"), ("现在没空", "later"), ("月底给", "later"), ("出差了，回来交", "later"), ("原件在关务部3号柜", "note"), ("见共享盘", "note"),
        ("我们今年没有外来车辆", "note"), ("这个不归我管", "not_mine"), ("照片算不算", None), ("怎么交", "how"),
    ],
)  # fmt: skip
def test_under_a_digest(assistant: Assistant, text: str, wish: Wish | None) -> None:
    """Putting off, a note, handing over, or a question."""
    assert wish_of(text, (*ANYWHERE, "later", "note"), (), assistant.read(text)) == wish


def test_what_staff_ask_the_guide_is_no_wish() -> None:
    """Not one of the bank's questions, also where no model is at hand."""
    assert [e.question for e in load() if e.clause and wish_of(e.question)] == []


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("弄完了", "done"), ("转人工", "person"), ("导出资料包", "export"), ("撤回24(2)的", "withdraw"), ("别催了", "quiet"),
        ("还有什么问题等我答复", "questions"), ("24(3)换李雷审", "reviewer"), ("哪几项最急", "due"), ("我们不适用24(3)", "not_applicable"),
        ("全部通过", "approve"), ("24(2)通过", "approve"), ("缺章，退", "send_back"), ("24的3", None),
    ],
)  # fmt: skip
def test_orders(assistant: Assistant, text: str, wish: Wish | None) -> None:
    """What somebody wants to have done is no question to the guide."""
    known = (*ANYWHERE, "later", "note", "send_back", "approve")
    assert wish_of(text, known, NAMES, assistant.read(text)) == wish
