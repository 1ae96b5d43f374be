"""What may be handed in as a link: an address on the web, without a password in it."""

from __future__ import annotations

from urllib.parse import urlsplit

from assistant.errors import RegisterError


def check_link(text: str) -> None:
    """Refuse what is no web address, and what would show a password to everybody who reads the register; the refusal shows none either.

    Raises:
        RegisterError: see above.
    """
    try:
        parts = urlsplit(text.strip())
        web = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        web = False
    if not web:
        raise RegisterError("register.link_kind")
    if "@" in parts.netloc:
        raise RegisterError("register.link_password")
