"""An enterprise's register with something in every kind of table, as it is after some weeks of work."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Engine, Index, Integer, MetaData, String, Table

from assistant.adapters.files import open_files
from assistant.adapters.sql.conversation import SqlStore
from assistant.adapters.sql.copying import Copied, hashed, read, snapshot, tables
from assistant.adapters.sql.inbox import inbox_of
from assistant.adapters.sql.register import SqlRegister, open_register
from assistant.answers.answer import Answer
from assistant.conversation.chat import ChatQuote, Member, Saying
from assistant.conversation.inbox import Feedback
from assistant.conversation.ports import Enquiry, Exchange, Job, Thread
from assistant.guide import Guide
from assistant.register.acts.people.owning import Owners
from assistant.register.acts.service import RegisterService
from assistant.register.facts.handed_in import WHOLE, Piece
from assistant.register.facts.people import Absence, Assignment, Person
from assistant.settings import Settings
from tests.register.company import START, Postbox, company, courier, part_of, who

OWNER, REVIEWER, LEAVER = "李雷", "lead", "韩梅梅"
PDF = b"%PDF-1.4\n%%EOF"


def working(guide: Guide, settings: Settings) -> RegisterService:
    """Planned, assigned, asked, handed in with files, accepted and returned; Slack's and the evals' tables hold something too."""
    register = open_register(settings.database)
    owners = [Assignment("all", "*", OWNER), Assignment("item", "24", LEAVER, reviewer=OWNER)]
    files = open_files(settings.files_url, settings.home)
    service = company(part_of(guide, "24", "25"), register=register, files=files, owners=owners)
    in_charge = Owners(service)
    in_charge.know(Person(LEAVER, LEAVER, address={"slack": "U0HANMEI"}), who())
    in_charge.know(Person(OWNER, address={"slack": "U0LILEI"}), who())
    in_charge.away(Absence(LEAVER, date(2026, 7, 1), date(2026, 7, 9), OWNER), who())
    courier(service, Postbox()).run(START + timedelta(days=14))
    hand_in(service, 0, 12)
    slack = SqlStore(register.engine)
    slack.add(Job("T1", "e1", "question", {"user": "U0HANMEI", "text": "围墙多高"}, at=START), "w", START)
    slack.save_thread(Thread("T1", "C1", "1.1", "U0HANMEI"), START)
    answer = Answer(question="围墙多高", answered=False, answer="没有", mode="extractive", edition="x")
    slack.save_exchange(Exchange("T1", "x1", "C1", "1.1", "U0HANMEI", answer, START))
    slack.save_enquiry(Enquiry("T1", "q1", "U0HANMEI", "C1", "1.1", "围墙多高", START))
    slack.keep("T1", "pick:1", "U0HANMEI", {"note": "我请假那天的"}, START)
    slack.leave("T1", LEAVER, "enquiry:1", Saying(parts=(ChatQuote("2.5 米"),)).document, START)
    slack.leave("T1", OWNER, "enquiry:2", Saying(head=(Member(LEAVER), "问")).document, START)
    slack.saw("T1", "D1", "1.2")
    installed(register.engine)
    inbox_of(settings).add(Feedback(kind="unanswered", question="围墙多高", edition="x", at=START.isoformat(), ref="slack:U0HANMEI:1"))
    return service


def hand_in(service: RegisterService, first: int, count: int) -> None:
    """Slots handed in by their owners, each with a file of its own; every third is accepted, every fourth returned."""
    moment = START + timedelta(days=20, minutes=first)
    entries = [e for e in service.entries(moment) if e.owed and e.slot.kind in ("documents", "records")]
    for n in range(first, first + count):
        entry = entries[n % len(entries)]
        act = moment + timedelta(minutes=n)
        piece = service.take_file(io.BytesIO(PDF + str(n).encode()), f"{entry.owner}的记录{n}.pdf")
        service.submit(entry.slot.id, [piece, Piece("note", text=f"{entry.owner}：见附件 {n}")], who(entry.owner, act), again=True)
        other = OWNER if entry.owner == LEAVER else REVIEWER
        if n % 3 == 0:
            service.accept(entry.slot.id, who(other, act), seen=WHOLE)
        elif n % 4 == 0:
            service.give_back(entry.slot.id, f"请{entry.owner}补签名", who(other, act))


def installed(engine: Engine) -> None:
    """A library's own table, as Slack's store of installations has it."""
    columns = (
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("team_id", String(32), nullable=False),
        Column("bot_token", String(200)),
        Column("is_enterprise_install", Boolean, default=False, nullable=False),
        Column("installed_at", DateTime, nullable=False),
    )
    table = Table("slack_installations", MetaData(), *columns, Index("installations_idx", "team_id", "installed_at"))
    table.create(engine)
    row = {"team_id": "T1", "bot_token": "xoxb-1", "is_enterprise_install": False, "installed_at": START.replace(tzinfo=None)}
    with engine.begin() as connection:
        connection.execute(table.insert(), [row, row])


def contents(register: SqlRegister) -> dict[str, Copied]:
    """Every table's rows and hash."""
    found: dict[str, Copied] = {}
    with snapshot(register.engine) as connection:
        for table in tables(connection):
            seen: list[Copied] = []
            for _ in hashed(read(connection, table), seen):
                pass
            found[table.name] = seen[0]
    return found


def everything(register: SqlRegister) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    with snapshot(register.engine) as connection:
        return {table.name: list(read(connection, table)) for table in tables(connection)}
