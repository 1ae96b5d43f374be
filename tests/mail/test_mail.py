"""Letters: what they say, how they are sent, what becomes of them, and that no password is ever shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from pydantic import SecretStr

from assistant.adapters.journal import Journal
from assistant.adapters.mail.notifier import MailNotifier
from assistant.adapters.mail.server import MailFate, MailServer
from assistant.adapters.ways import Ways
from assistant.errors import SettingsError, Unavailable
from assistant.guide import Guide
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.service import RegisterService
from assistant.register.acts.telling.announce import announce
from assistant.register.facts.handed_in import WHOLE
from assistant.register.facts.notices.asking import Nudge
from assistant.register.facts.outbox import Message, Receipt
from assistant.register.facts.people import Assignment, Person
from assistant.register.papers.said.words import undelivered_word
from assistant.settings import Settings
from connectors.serving.logs import Redactor
from tests.connectors.test_cli import aeo
from tests.mail.office import PASSWORD, USER, MailOffice, free_port, mail_office
from tests.register.company import LINK, START, Clock, Postbox, company, courier, part_of, who

pytestmark = pytest.mark.thorough

WANG = "wang@example.cn"
SENDER = "AEO 助手 <aeo@example.cn>"


@pytest.fixture
def office() -> Iterator[MailOffice]:
    """A server without login."""
    with mail_office() as found:
        yield found


@pytest.fixture
def service(guide: Guide) -> RegisterService:
    """Item 24 is 王芳's."""
    made = company(part_of(guide, "24"), owners=[Assignment("all", "*", owner=WANG)])
    made.rules = type(made.rules)(made.rules.policy, made.rules.lead, made.rules.zone, announce)
    Owners(made).know(Person(WANG, "王芳"), who())
    Owners(made).know(Person("lead", "赵合规", address={"email": "zhao@example.cn"}), who())
    return made


def server(port: int, login: str = "", scheme: str = "smtp") -> MailServer:
    found = MailServer.of(Settings(smtp_url=SecretStr(f"{scheme}://{login}127.0.0.1:{port}"), smtp_sender=SENDER))
    assert found is not None
    return found


def mailer(office: MailOffice, service: RegisterService, folder: Path) -> MailNotifier:
    return MailNotifier(server(office.port), service.register, Journal(folder / "mailed.txt"), lambda: service.policy, "zh")


def test_what_a_letter_says(office: MailOffice, service: RegisterService, tmp_path: Path) -> None:
    """Each line once with its years, in the guide's words, when and how; in text and page; no id, no command; nobody reads answers."""
    courier(service, mailer(office, service, tmp_path)).run(START)
    [letter] = office.arrived.values()
    text, page = (letter.get_body((kind,)).get_content() for kind in ("plain", "html"))  # type: ignore[union-attr]
    assert (str(letter["From"]), str(letter["To"])) == ("AEO 助手 <aeo@example.cn>", WANG)
    assert str(letter["Subject"]).startswith("请准备")
    assert letter["Auto-Submitted"] == "auto-generated"
    for said in ("王芳，您好", "某某公司", "24(2) 抽查记录（1）", "2022", "截止：", "怎么交", "赵合规（zhao@example.cn）", "回信没有人看"):
        assert said in text, said
        assert said in page, said
    for hidden in ("/records/", "@20", "aeo evidence", "AEO_"):
        assert hidden not in text, hidden
        assert hidden not in page.replace("aeo@example.cn", ""), hidden
    assert "<script" not in page
    titles = [line.split(" · ")[0].partition(". ")[2] for line in text.splitlines() if line[:1].isdigit()]
    assert len(titles) == len(set(titles)), "years of one line stand together"


def test_marks_in_names_stay_words(office: MailOffice, service: RegisterService, tmp_path: Path) -> None:
    """A name with markup or line breaks neither becomes markup nor a header."""
    Owners(service).know(Person(WANG, "<b>王</b>\r\nBcc: x@example.cn"), who())
    courier(service, mailer(office, service, tmp_path)).run(START)
    [letter] = office.arrived.values()
    assert letter["Bcc"] is None
    assert "<b>王" not in letter.get_body(("html",)).get_content()  # type: ignore[union-attr]


def test_the_same_letter_byte_for_byte(office: MailOffice, service: RegisterService, tmp_path: Path) -> None:
    """What must be repeated because nobody knows is the very same letter, under the same Message-ID."""
    office.faults = ["after"]
    clock = Clock()
    courier(service, mailer(office, service, tmp_path), clock).run(START)
    clock.now += timedelta(hours=1)
    courier(service, mailer(office, service, tmp_path), clock).run(START + timedelta(hours=1))
    [(_, first), (_, second)] = office.copies
    assert (first, len(office.arrived)) == (second, 1)


def test_every_kind_of_message_is_a_letter(office: MailOffice, service: RegisterService, tmp_path: Path) -> None:
    """Reviews, decisions and hand-overs reach those who have no chat; what only refreshes a chat is needless."""
    worker = courier(service, mailer(office, service, tmp_path))
    slot = "24(3)/records/1@2024"
    service.submit(slot, [LINK], who(WANG))
    service.give_back(slot, "年份不对", who())
    service.submit(slot, [LINK], who(WANG))
    service.accept(slot, who(), seen=WHOLE)
    service.reassign("24(3)/records/2@2024", "li@example.cn", who())
    service.submit("24(2)/records/1@2024", [LINK], who(WANG))
    worker.deliver_waiting(START)
    subjects = {(str(m["To"]), str(m["Subject"]).partition("（")[0]) for m in office.arrived.values()}
    assert subjects == {
        ("zhao@example.cn", "有 AEO 材料请您审核"),
        (WANG, "有 AEO 材料被退回，请补正"),
        (WANG, "您交的 AEO 材料已通过"),
        ("li@example.cn", "有 1 项 AEO 材料转交给了您"),
    }
    back = next(m for m in office.arrived.values() if "退回" in str(m["Subject"]))
    assert "年份不对" in back.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    with service.register.reading(service.workspace) as tx:
        assert {m.state for m in tx.messages(limit=500)} == {"sent", "dropped"}, "hand-ins are gathered into a letter"


def test_an_address_that_is_refused(office: MailOffice, service: RegisterService, tmp_path: Path) -> None:
    """Not delivered, and the lead hears of it by the next letter; a person without an address likewise, and the rest goes out."""
    Owners(service).assign([Assignment("clause", "24(3)", owner="张三")], who())
    office.faults = ["550"]
    clock = Clock()
    worker = courier(service, mailer(office, service, tmp_path), clock)
    told = {t.recipient: (t.sent, t.detail) for t in worker.run(START)}
    assert told[WANG] == (False, "mail 550")
    assert told["张三"] == (False, "no_mail_address")
    assert "550" in undelivered_word("mail 550", "zh")
    assert "邮箱" in undelivered_word("no_mail_address", "zh")
    clock.now += timedelta(hours=2)
    worker.run(START + timedelta(hours=2))
    [letter] = [m for m in office.arrived.values() if str(m["To"]) == "zhao@example.cn"]
    assert "请您协调" in str(letter["Subject"])


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_tls_and_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    """A login with special characters over STARTTLS or TLS; a wrong one, and a certificate that nobody knows, are named as what they are."""
    good = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@"
    with mail_office(tmp_path, auth=True, implicit=scheme == "smtps") as office:
        with pytest.raises(Unavailable) as refused:
            server(office.port, good, scheme).look()
        assert refused.value.key == "mail.tls"
        assert office.logins == []
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        server(office.port, good, scheme).look()
        assert server(office.port, good, scheme).send(WANG, b"Message-ID: <a@b>\r\nSubject: x\r\n\r\nx\r\n").fate == "sent"
        with pytest.raises(Unavailable) as refused:
            server(office.port, "aeo%40example.cn:wrong-pass@", scheme).look()
        assert refused.value.key == "mail.login"
        assert server(office.port, "aeo%40example.cn:wrong-pass@", scheme).send(WANG, b"x") == MailFate("shut", "login")
        assert office.logins.count("good") == 2


def test_a_password_goes_over_no_open_line(office: MailOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without encryption it is not sent (but to this machine itself)."""
    monkeypatch.setattr("assistant.adapters.mail.server._HERE", ())
    assert server(office.port, "u:secret-pass@").send(WANG, b"x") == MailFate("shut", "no_tls")
    with pytest.raises(Unavailable) as refused:
        server(office.port, "u:secret-pass@").look()
    assert refused.value.key == "mail.no_tls"


def test_a_server_that_is_away(service: RegisterService, tmp_path: Path) -> None:
    """Waited for, as often as it takes: no failed attempt, nothing lost."""
    port = free_port()
    gone = MailNotifier(server(port), service.register, Journal(tmp_path / "m.txt"), lambda: service.policy, "zh")
    clock = Clock()
    for hours in range(8):
        clock.now += timedelta(hours=1)
        courier(service, gone, clock).run(START + timedelta(minutes=hours))
    with service.register.reading(service.workspace) as tx:
        [waiting] = tx.messages(recipient=WANG, kind="nudge")
    assert (waiting.state, waiting.attempts) == ("pending", 0)
    with pytest.raises(Unavailable) as away:
        server(port).look()
    assert "连不上邮件服务器" in away.value.sentence()


BAD = [
    "smtp://u:geheim1@",
    "http://u:geheim1@mail",
    "smtp://u:gehe#im1@mail",
    "smtp://u:geh/eim1@mail:x",
    "smtp://u:geheim1@mail:99999",
    "geheim1",
]


@pytest.mark.parametrize("address", BAD)
def test_a_wrong_address_is_not_repeated(address: str) -> None:
    """It may hold a password."""
    with pytest.raises(SettingsError) as wrong:
        MailServer.of(Settings(smtp_url=SecretStr(address), smtp_sender=SENDER))
    assert "eim1" not in wrong.value.sentence()
    assert "eim1" not in Redactor(Settings(smtp_url=SecretStr(address)))(f"cannot reach {address}")


def test_two_ways(service: RegisterService) -> None:
    """Whom the first way certainly does not reach, the second does; what is uncertain or only late stays with the first."""
    for first, wanted in (
        (Receipt("sent"), 0),
        (Receipt("failed", detail="no_slack_user"), 1),
        (Receipt("later", detail="token_revoked", closed=True), 1),
        (Receipt("later", detail="ratelimited"), 0),
        (Receipt("unknown"), 0),
    ):
        slack, mail = Postbox([first]), Postbox()
        receipt = Ways(slack, mail).deliver(Message("w", Nudge(), WANG, "d"))
        assert len(mail.got) == wanted, first
        assert receipt.outcome == ("sent" if wanted else first.outcome)
    both = Ways(Postbox([Receipt("failed", detail="no_slack_user")]), Postbox([Receipt("failed", detail="no_mail_address")]))
    assert both.deliver(Message("w", Nudge(), WANG, "d")).detail == "no_slack_user; no_mail_address"


def test_on_the_command_line(office: MailOffice, tmp_path: Path, guide: Guide) -> None:
    """Without Slack and mail a run is a preview and records nothing; with mail it sends, once; doctor says whether the server works."""
    (tmp_path / "profile.yaml").write_text("enterprise: 某某公司\ncertification: initial\nlead: zhao@example.cn\n", encoding="utf-8")
    (tmp_path / "policy.yaml").write_text("hours: ['00:00', '23:59']\nhand_in: 请放到共享盘 AEO 文件夹\n", encoding="utf-8")
    base: dict[str, Any] = {"home": tmp_path, "actor": "zhao@example.cn", "clock": lambda: START}
    aeo("evidence", "plan", **base)
    told = aeo("nudge", "preview", **base).stdout
    shown = aeo("nudge", "run", **base)
    assert "谁也没有收到" in shown.stderr
    wanted = [line.strip() for line in shown.stdout.splitlines() if line.startswith("   ")]
    assert [line for line in wanted if line not in told] == []
    assert "次数或期限" in told
    assert {n["sent"] for n in json.loads(aeo("nudge", "run", "--json", **base).stdout)} == {False}
    sending = base | {"smtp_url": f"smtp://127.0.0.1:{office.port}?from=aeo@example.cn"}
    sent = json.loads(aeo("nudge", "run", "--json", **sending).stdout)
    assert [n["sent"] for n in sent] == [True]
    assert json.loads(aeo("nudge", "run", "--json", **sending).stdout) == []
    [letter] = [m for m in office.arrived.values() if "请准备" in str(m["Subject"])]
    assert "请放到共享盘 AEO 文件夹" in letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "✓ 邮件" in aeo("doctor", **sending).stdout
    lost = aeo("doctor", **(base | {"smtp_url": f"smtp://aeo%40example.cn:geheim12@127.0.0.1:{free_port()}"}))
    assert "✗ 邮件" in lost.stdout
    assert "geheim12" not in lost.stdout + lost.stderr
