"""Files dropped into the thread of a digest: taken, picked a line for, or refused with a sentence; fetched only from Slack."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk import WebClient

from assistant.conversation.jobs import Later
from assistant.errors import RegisterError
from connectors.slack.calls.download import download, is_slacks
from tests.slack.evidence.bureau import LEAD, PDF, WANG, actions, words_of
from tests.slack.evidence.conftest import Office
from tests.slack.loopback.model import Message

SLOT = "24(2)/records/1@2022"


def one_left(office: Office) -> Message:
    """A digest in which a single line is open: the others are somebody else's by now."""
    card = office.bureau.asked(office.wang)
    first, *others = [s.slot for s in office.bureau.service.messages(recipient=WANG, kind="nudge")[0].says.slots]
    assert first == SLOT
    for slot in others:
        office.bureau.service.reassign(slot, LEAD, office.bureau.who())
    return card


def macro() -> bytes:
    """A document with macros in it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    return target.getvalue()


def test_dropped_where_one_line_is_open(office: Office) -> None:
    """Handed in without a question, with the words that came along; its name is confirmed in the thread, and no hash."""
    card = one_left(office)
    office.wang.drops(office.wang.dm, "发放记录.pdf", PDF, thread=card.ts, text="2022 全年")
    office.bureau.idle()
    entry = office.bureau.entry(SLOT)
    pieces = office.bureau.service.pieces([entry.slot.key])
    assert [(p.kind, p.name or p.text, p.by) for p in pieces] == [("file", "发放记录.pdf", WANG), ("note", "2022 全年", WANG)]
    with office.bureau.service.open_file(pieces[0].sha256) as content:
        assert content.read() == PDF
    said = words_of(office.slack.posts(office.wang.dm, card.ts)[-1])
    assert "发放记录.pdf" in said
    assert pieces[0].sha256[:12] not in said
    office.bureau.deliver()
    assert actions(card) == ["submit", "ask"]


def choices(picker: Message) -> dict[str, str]:
    """What a picker offers: words -> value, whatever group they stand in."""
    element = next(b["accessory"] for b in picker.blocks if b.get("accessory"))
    groups = element.get("option_groups") or [{"options": element["options"]}]
    return {o["text"]["text"]: o["value"] for group in groups for o in group["options"]}


def pick(office: Office, picker: Message, *lines: str) -> None:
    """Choose lines for what was dropped, and hand in."""
    offered = choices(picker)
    office.wang.clicks(picker, "talk_choice:for", [next(v for words, v in offered.items() if line in words) for line in lines])
    office.wang.clicks(picker, "talk:hand_in_picked:0")
    office.bureau.idle()


def test_dropped_where_several_fit(office: Office) -> None:
    """A picker in the thread, grouped by line; several periods at once are one hand-in, and the picker says what the register did."""
    card = office.bureau.asked(office.wang)
    office.wang.drops(office.wang.dm, "登记.pdf", PDF, thread=card.ts)
    office.bureau.idle()
    picker = office.slack.posts(office.wang.dm, card.ts)[-1]
    assert "登记.pdf" in picker.text
    assert len(choices(picker)) == 25, "five lines, each with its five years"
    pick(office, picker, "24(3) 抽查记录（1）（2022 年）", "24(2) 抽查记录（1）（2022 年）")
    for slot in ("24(3)/records/1@2022", "24(2)/records/1@2022"):
        assert office.bureau.entry(slot).state.name == "submitted"
    assert "actions" not in [b["type"] for b in picker.blocks]
    assert "已接收" in picker.text
    assert "24(3) 抽查记录（1）（2022 年）" in picker.text


def test_words_and_files_wait_for_the_pick(office: Office) -> None:
    """Where several lines fit, the words written with the files are handed in too, and every one of the files, however many."""
    card = office.bureau.asked(office.wang)
    family = "👨‍👩‍👧‍👦"

    def share() -> None:
        workspace = office.slack.workspace
        files = [workspace.add_file(f"{family * 9}{n}.pdf", PDF + str(n).encode(), office.wang.id) for n in range(20)]
        workspace.post(workspace.channels[office.wang.dm], office.wang.user, "2022 全年，共 20 份", files=files, thread=card.ts)

    office.slack.run(share)
    office.bureau.idle()
    picker = office.slack.posts(office.wang.dm, card.ts)[-1]
    assert "另有 13 项" in picker.text
    pick(office, picker, "24(3) 抽查记录（1）（2022 年）")
    entry = office.bureau.entry("24(3)/records/1@2022")
    pieces = office.bureau.service.pieces([entry.slot.key])
    assert [p.kind for p in pieces] == ["file"] * 20 + ["note"]
    assert pieces[-1].text == "2022 全年，共 20 份"


def test_a_pick_that_comes_too_late(office: Office) -> None:
    """After a month what was dropped is not kept any more: the picker says so, and nothing is handed in."""
    card = office.bureau.asked(office.wang)
    office.wang.drops(office.wang.dm, "登记.pdf", PDF, thread=card.ts)
    office.bureau.idle()
    picker = office.slack.posts(office.wang.dm, card.ts)[-1]
    office.bureau.store.prune(office.bureau.clock() + timedelta(days=31))
    pick(office, picker, "24(3) 抽查记录（1）（2022 年）")
    assert "请重新拖到" in picker.text
    assert office.bureau.entry("24(3)/records/1@2022").state.name == "missing"


def test_refused_files_are_named(office: Office) -> None:
    """Good files are taken; macros, programs, locked and empty ones are refused, each with what to do."""
    card = one_left(office)
    office.wang.drops(office.wang.dm, "宏.docx", macro(), thread=card.ts)
    office.wang.drops(office.wang.dm, "run.exe", b"MZ", thread=card.ts)
    office.wang.drops(office.wang.dm, "改名.pdf", b"not a pdf", thread=card.ts)
    office.bureau.idle()
    said = "\n".join(words_of(m) for m in office.slack.posts(office.wang.dm, card.ts))
    for part in ("带有宏", "程序或脚本", "内容不是 pdf 文件", "以下文件未接收"):
        assert part in said
    assert office.bureau.entry(SLOT).state.name == "missing"


def test_too_large_is_said(office: Office) -> None:
    """More than the policy allows is not even fetched."""
    card = one_left(office)
    office.bureau.policy = office.bureau.policy.model_copy(update={"largest_file_mb": 1})
    office.wang.drops(office.wang.dm, "大.pdf", PDF + b"0" * (1 << 20), thread=card.ts)
    office.bureau.idle()
    office.bureau.policy = office.bureau.policy.model_copy(update={"largest_file_mb": 200})
    assert "超过 1 MB" in words_of(office.slack.posts(office.wang.dm, card.ts)[-1])


def test_nothing_is_open_any_more(office: Office) -> None:
    """When everything on the digest is settled, that is said, and nothing is taken."""
    card = one_left(office)
    office.bureau.service.reassign(SLOT, LEAD, office.bureau.who())
    office.wang.drops(office.wang.dm, "登记.pdf", PDF, thread=card.ts)
    office.bureau.idle()
    assert "已全部办结" in office.slack.posts(office.wang.dm, card.ts)[-1].text


def test_files_in_a_direct_message(office: Office) -> None:
    """A picker of what its person still owes, with the words that came along; whoever owes nothing hears so."""
    dropped = office.wang.drops(office.wang.dm, "登记.pdf", PDF, text="24(3) 的记录")
    stray = office.zhao.drops(office.zhao.dm, "登记.pdf", PDF)
    office.bureau.idle()
    [picker] = office.slack.posts(office.wang.dm, dropped.ts)
    assert all("24(3)" in words for words in choices(picker))
    assert "没有接收" in office.slack.posts(office.zhao.dm, stray.ts)[-1].text
    assert office.bureau.service.pieces() == []
    pick(office, picker, "24(3) 抽查记录（1）（2022 年）")
    entry = office.bureau.entry("24(3)/records/1@2022")
    assert entry.state.submitters == (WANG,)
    assert [p.kind for p in office.bureau.service.pieces([entry.slot.key])] == ["file", "note"]


def test_a_pick_of_nothing_and_none(office: Office) -> None:
    """Without a choice the button says what is missing; 不提交 lets go of it."""
    dropped = office.wang.drops(office.wang.dm, "登记.pdf", PDF)
    office.bureau.idle()
    [picker] = office.slack.posts(office.wang.dm, dropped.ts)
    office.wang.clicks(picker, "talk:hand_in_picked:0")
    office.bureau.idle()
    assert "请先在上面选择" in office.wang.whispers[-1].text
    office.wang.clicks(picker, "talk:hand_in_left:1")
    office.bureau.idle()
    assert "没有提交" in picker.text
    assert office.bureau.service.pieces() == []


def test_the_token_goes_to_slack_only(office: Office) -> None:
    """An address anywhere else is never asked, whatever a message says it is."""
    api = "https://slack.com/api/"
    assert is_slacks("https://files.slack.com/files-pri/T1-F1/a.pdf", api)
    for address in (
        "http://files.slack.com/a", "https://files.slack.com.evil.cn/a", "https://evil.cn/files.slack.com", "https://x@files.slack.com/",
        "https://slack.com@evil.cn/", "https://files.slack.com:8443/a", "file:///etc/passwd", "", "https://[", "http://slack.com/a",
    ):  # fmt: skip
        assert not is_slacks(address, api), address
    assert is_slacks("http://127.0.0.1:80/x", "http://127.0.0.1:80/api/")
    assert not is_slacks("http://127.0.0.1:81/x", "http://127.0.0.1:80/api/")
    client = WebClient(token="xoxb-secret", base_url=office.slack.api_url, retry_handlers=[])
    with pytest.raises(RegisterError, match="取不到"):
        download(client, {"id": "F1", "name": "a.pdf", "url_private": "http://127.0.0.1:9/a.pdf"}, 100)


def test_slack_does_not_give_the_file_out(office: Office) -> None:
    """A login page in place of the file is no evidence; a file that broke off is fetched again."""
    client = office.bureau.client(office.bureau.team)
    file = office.slack.run(lambda: office.slack.workspace.add_file("a.pdf", PDF, office.wang.id)).public()
    stranger = WebClient(token="xoxb-nobody", base_url=office.slack.api_url, retry_handlers=[])
    with pytest.raises(RegisterError, match="改交链接"):
        download(stranger, file, 1000)
    with pytest.raises(Later):
        download(client, file | {"size": 999}, 1000)
    with pytest.raises(RegisterError, match="MB"):
        download(client, file | {"size": 0}, 3)
    with download(client, file, 1000) as content:
        assert content.read() == PDF


def test_a_form_gives_file_ids_only(office: Office) -> None:
    """What Slack leaves out of a form is asked for; a file that is gone is named."""
    card = one_left(office)
    office.bureau.known(office.wang)
    known = office.slack.run(lambda: office.slack.workspace.add_file("表.pdf", PDF, office.wang.id)).public()
    files: list[dict[str, Any]] = [{"id": known["id"]}, {"id": "F0GONE", "name": "没了.pdf"}]
    from connectors.slack.cards.carried import Click
    from connectors.slack.listeners.evidence.handing_in import KIND, HandInForm

    task = HandInForm.of(Click(office.bureau.team, office.wang.id, "x", office.wang.dm, card.ts, office.bureau.entry(SLOT).slot.key), files)
    office.bureau.deps.work.add(KIND, office.bureau.team, "view:V1", task)
    office.bureau.idle()
    said = words_of(office.slack.posts(office.wang.dm, card.ts)[-1])
    assert "表.pdf" in said
    assert "没了.pdf" in said
    assert [p.name for p in office.bureau.service.pieces()] == ["表.pdf"]


def test_a_link_at_top_level(office: Office) -> None:
    """An address written to the app is offered like a file, and the picker hands it in; nobody asks the guide about it."""
    asked = office.wang.dms("访客登记在这里 https://example.cn/pan/24")
    office.bureau.idle()
    picker = office.slack.posts(office.wang.dm, asked.ts)[-1]
    assert "https://example.cn/pan/24" in words_of(picker)
    pick(office, picker, "24(3) 抽查记录（1）（2022 年）")
    entry = office.bureau.entry("24(3)/records/1@2022")
    assert entry.state.name == "submitted"
    assert [p.text for p in office.bureau.service.pieces([entry.slot.key]) if p.kind == "link"] == ["https://example.cn/pan/24"]
