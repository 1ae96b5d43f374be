"""A mail server by its address: ``smtp://name:password@host:587`` (STARTTLS where it is offered) or ``smtps://host`` (TLS from the start).

A name or password holds its special characters percent-encoded. ``?from=`` (or ``AEO_SMTP_SENDER``) names the sender.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from assistant.errors import SettingsError, Unavailable
from assistant.settings import Settings

PORTS = {"smtp": 587, "smtps": 465}
PATIENCE = 20.0
"""Seconds that a server has for each answer."""
_OK, _TAKEN, _FOR_GOOD = 250, (250, 251), 500  # SMTP reply codes (RFC 5321): done, accepted for delivery, from here on for good
_MAIL = re.compile(r"[!-?A-~]+@[!-?A-~]+")
_HERE = ("localhost", "127.0.0.1", "::1")

Fate = Literal["sent", "refused", "later", "shut", "unknown"]


@dataclass(frozen=True, slots=True)
class MailFate:
    """What became of a mail: the server took it; refuses it or its person for good; not now; refuses us; or nobody knows.

    ``code`` is the server's three digits, or a word where it gave none.
    """

    fate: Fate
    code: str = ""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over, and as whom."""

    host: str
    port: int
    tls: bool
    sender: str
    name: str = ""
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, settings: Settings) -> MailServer | None:
        """The configured server, None where there is none.

        Raises:
            SettingsError: its address or sender makes no sense; the sentence does not repeat the address.
        """
        if settings.smtp_url is None:
            return None
        try:
            parts = urlsplit(settings.smtp_url.get_secret_value())
            port, query = parts.port, parse_qs(parts.query)
        except ValueError:
            raise SettingsError("mail.bad_url") from None
        if parts.scheme not in PORTS or not parts.hostname or parts.fragment or parts.path.strip("/") or set(query) - {"from"}:
            raise SettingsError("mail.bad_url")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        name, sender = parseaddr(settings.smtp_sender or next(iter(query.get("from", ())), "") or user)
        if not _MAIL.fullmatch(sender):
            raise SettingsError("mail.no_sender")
        return cls(parts.hostname, port or PORTS[parts.scheme], parts.scheme == "smtps", sender, name, user, password)

    @property
    def where(self) -> str:
        """The server as it may be shown."""
        return f"{'smtps' if self.tls else 'smtp'}://{self.host}:{self.port}"

    def send(self, to: str, content: bytes) -> MailFate:
        """Hand one mail over. Nothing is raised: whatever goes wrong is a fate."""
        handed = False
        try:
            with self._session() as smtp:
                options = ["SMTPUTF8", "BODY=8BITMIME"] if not to.isascii() else []
                if options and not smtp.has_extn("smtputf8"):
                    return MailFate("refused", "smtputf8")
                code = smtp.mail(self.sender, options)[0]
                if code != _OK:
                    return _answered(code) if code < _FOR_GOOD else MailFate("shut", f"sender {code}")
                code = smtp.rcpt(to)[0]
                if code not in _TAKEN:
                    return _answered(code)
                handed = True
                return _answered(smtp.data(content)[0])
        except smtplib.SMTPDataError as error:
            return _answered(error.smtp_code)
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError):
            return MailFate("shut", "login")
        except _NoTls:
            return MailFate("shut", "no_tls")
        except ssl.SSLCertVerificationError:
            return MailFate("shut", "tls")
        except smtplib.SMTPResponseException as error:
            return MailFate("later", str(error.smtp_code))
        except (OSError, smtplib.SMTPException) as error:
            return MailFate("unknown" if handed else "later", type(error).__name__)

    def look(self) -> None:
        """Connect, secure, log in; nothing is sent.

        Raises:
            Unavailable: it cannot be reached, is not to be trusted, or does not know the login.
        """
        try:
            with self._session() as smtp:
                smtp.noop()
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError):
            raise Unavailable("mail.login", where=self.where) from None
        except _NoTls:
            raise Unavailable("mail.no_tls", where=self.where) from None
        except ssl.SSLError as error:
            raise Unavailable("mail.tls", where=self.where, what=error.reason or "TLS") from None
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable("mail.away", where=self.where, what=type(error).__name__) from None

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        """A connection, secured and logged in. A password goes over no open line but to this machine itself."""
        secure = ssl.create_default_context()
        smtp = (
            smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE, context=secure)
            if self.tls
            else smtplib.SMTP(self.host, self.port, timeout=PATIENCE)
        )
        try:
            smtp.ehlo_or_helo_if_needed()
            if not self.tls and smtp.has_extn("starttls"):
                smtp.starttls(context=secure)
                smtp.ehlo_or_helo_if_needed()
            elif not self.tls and self.user and self.host not in _HERE:
                raise _NoTls
            if self.user:
                smtp.login(self.user, self.password)
            yield smtp
        finally:
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()


class _NoTls(Exception):
    """The server offers no encryption, and there is a password to be sent."""


def _answered(code: int) -> MailFate:
    if code in _TAKEN:
        return MailFate("sent", str(code))
    if code in (530, 535, 538):
        return MailFate("shut", "login")
    return MailFate("refused" if code >= _FOR_GOOD else "later", str(code))
