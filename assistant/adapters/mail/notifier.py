"""The register's outbox by mail: one letter a message, under a Message-ID that is the message's own.

SMTP cannot be asked what arrived. What the server took is remembered in a journal before it is called sent; only a line that breaks
between the last byte and the server's answer leaves a doubt. Then the very same letter goes out again, byte for byte, and mailboxes
know it by its Message-ID. A person or address that the server refuses for good is ``failed``; a server that is away or does not
know us is waited for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from assistant.adapters.journal import Journal
from assistant.adapters.mail.server import MailFate, MailServer
from assistant.register.facts.naming import named
from assistant.register.facts.notices.reviewing import ToReview
from assistant.register.facts.outbox import SILENT, Arrived, Message, Receipt
from assistant.register.facts.people import Person
from assistant.register.facts.policy import Policy
from assistant.register.papers.reports.letter import Addressees, Letter, letter
from assistant.register.ports import Register

NO_ADDRESS = "no_mail_address"
_LATER, _SHUT = 300.0, 600.0  # seconds until a letter is tried again: after a passing fault, after a closed door; chosen, not measured


class MailNotifier:
    """Delivers the messages of any workspace; a ``Notifier`` of the register's outbox."""

    def __init__(
        self, server: MailServer, register: Register, journal: Journal, policy: Callable[[], Policy], lang: str, chat: bool = False
    ) -> None:
        """``chat``: there is a chat as well, where those who have it hand in."""
        self.server, self.register, self.journal = server, register, journal
        self.policy, self.lang, self.chat = policy, lang, chat

    def deliver(self, message: Message) -> Receipt:
        """Deliver once; what only brings a chat's cards up to date is needless here, and hand-ins to review are gathered first."""
        if message.kind in SILENT or message.kind == "file":
            return Receipt("sent", detail="needless")
        if isinstance(message.says, ToReview) and not message.says.together and message.attempts <= 1:
            return Receipt("gather")
        with self.register.reading(message.workspace) as tx:
            people, workspace = tx.people(), tx.workspace()
        to = mail_of(message.recipient, people)
        if not to:
            return Receipt("failed", detail=NO_ADDRESS)
        lead, enterprise = (workspace.lead, str(workspace.profile.get("enterprise", ""))) if workspace else ("", "")
        desk = Addressees(people, lead, enterprise, self.policy().hand_in, self.chat)
        sent = self.server.send(to, self._posted(message, to, letter(message, desk, self.lang)))
        if sent.fate == "sent":
            self.journal.add(message.id)
        return _receipt(sent, self._mark(message))

    def find(self, message: Message) -> Receipt | None:
        """Whether the server is known to have taken it."""
        return Receipt("sent", Arrived(mail=self._mark(message))) if self.journal.has(message.id) else None

    def _mark(self, message: Message) -> str:
        return f"<{message.id}@{self.server.sender.rpartition('@')[2]}>"

    def _posted(self, message: Message, to: str, what: Letter) -> bytes:
        """The letter as it goes over the line: the same bytes whenever the same message is sent."""
        mail = EmailMessage(SMTP)
        user, _, domain = self.server.sender.rpartition("@")
        mail["From"] = Address(self.server.name, user, domain)
        mail["To"] = to
        mail["Subject"] = what.subject
        mail["Date"] = format_datetime(message.created_at or datetime(1970, 1, 1, tzinfo=UTC))
        mail["Message-ID"] = self._mark(message)
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(what.text, cte="base64")
        mail.add_alternative(what.html, subtype="html", cte="base64")
        mail.set_boundary(f"=_{message.id}")
        return mail.as_bytes(policy=SMTP.clone(utf8=not to.isascii()))


def mail_of(person: str, people: Mapping[str, Person]) -> str:
    """The mail address at which a person is reached: the one on record, else their id if it is one; empty for none."""
    known = people.get(person, Person(person))
    return named(str(known.address.get("email") or "")).mail or named(person).mail


def _receipt(sent: MailFate, mark: str) -> Receipt:
    detail = f"mail {sent.code}".strip()
    match sent.fate:
        case "sent":
            return Receipt("sent", Arrived(mail=mark))
        case "refused":
            return Receipt("failed", detail=detail)
        case "later" if sent.code[:1] == "4":
            return Receipt("retry", detail=detail, retry_after=_LATER)
        case "later":
            return Receipt("later", detail=detail, retry_after=_LATER)
        case "shut":
            return Receipt("later", detail=detail, retry_after=_SHUT)
    return Receipt("unknown", detail=detail)
