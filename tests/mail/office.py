"""A mail server on loopback (aiosmtpd) whose mailboxes know a letter by its Message-ID, and which fails as it is told to."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

USER, PASSWORD = "aeo@example.cn", "p@ss:w/rd#1?"


@dataclass
class MailOffice:
    """``arrived``: the letters in mailboxes, each Message-ID once; ``copies``: everything that came, byte for byte.

    ``faults`` are played one a letter: a code at the recipient (``550``, ``450``), ``after`` (kept, and the line cut before the answer),
    ``before`` (cut at the recipient).
    """

    port: int = 0
    arrived: dict[str, EmailMessage] = field(default_factory=dict)
    copies: list[tuple[str, bytes]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """A recipient is named."""
        fault = self.faults[0] if self.faults else ""
        if fault == "before":
            self.faults.pop(0)
            server.transport.abort()
        elif fault.isdigit():
            return f"{self.faults.pop(0)} no"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        """A letter is here."""
        if self.faults and self.faults[0] == "at data":
            self.faults.pop(0)
            return "554 no"
        content = envelope.original_content or envelope.content
        letter = message_from_bytes(content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.copies.append((envelope.rcpt_tos[0], content))
        self.arrived.setdefault(str(letter["Message-ID"]), letter)
        if self.faults and self.faults[0] == "after":
            self.faults.pop(0)
            server.transport.abort()
        return "250 OK"

    def login(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        """Somebody logs in."""
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        self.logins.append("good" if good else "bad")
        return AuthResult(success=good, handled=False)


@contextmanager
def mail_office(folder: Path | None = None, auth: bool = False, implicit: bool = False) -> Iterator[MailOffice]:
    """The server, until the block ends; with a ``folder`` it has a certificate there (``cert.pem``) and offers TLS."""
    office, options = MailOffice(port=free_port()), {}
    secure = None
    if folder is not None:
        secure = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        secure.load_cert_chain(*certificate(folder))
    if auth:
        options = {"authenticator": office.login, "auth_required": True, "auth_require_tls": folder is not None}
    if secure is not None and implicit:
        options["auth_require_tls"] = False
        running: Any = Controller(office, hostname="127.0.0.1", port=office.port, ssl_context=secure, enable_SMTPUTF8=True, **options)
    else:
        running = Controller(office, hostname="127.0.0.1", port=office.port, tls_context=secure, enable_SMTPUTF8=True, **options)
    running.start()
    try:
        yield office
    finally:
        running.stop()


def certificate(folder: Path) -> tuple[str, str]:
    """A certificate of this machine's own, and its key."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj"]
    subprocess.run(
        [*words, "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)],
        check=True,
        capture_output=True,
    )
    return str(cert), str(key)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
