"""Text that Slack shows as it was meant: what people, files and models wrote, made safe for each place it can stand in.

Three kinds of places, three rules. ``plain_text`` objects and rich text elements show characters as they are: ``clean`` is enough.
``mrkdwn`` and the ``text`` of a message read ``<…>`` and ``&…;`` as marks: ``escape`` first. ``markdown`` (blocks and streams) reads
CommonMark besides: ``connectors.slack.cards.blocks.markdown``. Emphasis is never written as ``*…*``: next to Chinese characters Slack
shows the stars, so bold text is rich text (``connectors.slack.cards.blocks.rich_text``), and names of files and people stand in plain
or rich text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from connectors.slack.cards.blocks.cutting import head
from connectors.slack.wire import limits

Element = dict[str, Any]

_NEW_LINES = re.compile("\r\n?|[\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u206f\ufeff\ufff9-\ufffb]")
_BROKEN = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_MARK = re.compile(r"<([^<>\n]+)>")
_DATE_FORMAT = "{date_short_pretty} {time}"


def clean(text: str) -> str:
    """``text`` without what no one can see: control and direction characters, half surrogates; every line end is one line feed."""
    return _BROKEN.sub("\ufffd", _UNSEEN.sub("", _NEW_LINES.sub("\n", text)))


def escape(text: str) -> str:
    """``text`` for mrkdwn and message texts: nothing in it mentions, links or formats as an entity."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def one_line(text: str) -> str:
    """``text`` on one line, for titles, buttons and labels."""
    return " ".join(clean(text).split())


def plain(text: str, limit: int = limits.SECTION_TEXT, *, lines: bool = False, emoji: bool = False) -> Element:
    """A ``plain_text`` object of at most ``limit`` characters, on one line unless ``lines``.

    ``:codes:`` in others' text stay letters unless ``emoji``. An empty text becomes a dash, for Slack refuses empty objects.
    """
    shown = clean(text).strip() if lines else one_line(text)
    return {"type": "plain_text", "text": head(shown, limit) or "—", "emoji": emoji}


def mrkdwn(marked: str, limit: int = limits.SECTION_TEXT) -> Element:
    """A ``mrkdwn`` object of text that is already escaped; Slack links nothing in it of its own accord."""
    return {"type": "mrkdwn", "text": head(marked, limit) or "—", "verbatim": True}


def link(url: str, label: str) -> str:
    """A link in mrkdwn; anything but http, https and mailto is shown as its label only."""
    address = web_address(url)
    shown = escape(one_line(label)).replace("|", "｜")
    if not address:
        return shown
    return f"<{address.replace('&', '&amp;')}|{shown or escape(address)}>"


def web_address(url: str) -> str | None:
    """``url`` with unsafe characters percent-encoded, or None when it is no web or mail address or too long for Slack."""
    address = quote(clean(url).strip(), safe="%/:?#[]@!$&'()*+,;=-._~")
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https", "mailto") or not (parts.netloc or parts.scheme == "mailto"):
        return None
    return address if len(address) <= limits.URL else None


def instant_element(at: datetime, zone: str) -> Element:
    """A moment as a rich text element, shown in each reader's own zone; the fallback gives it in ``zone`` and names the zone.

    ``at`` has a time zone. For days without an hour (due dates, periods) write the day itself: a day must not shift.
    """
    return {"type": "date", "timestamp": int(at.timestamp()), "format": _DATE_FORMAT, "fallback": said(at, zone)}


def said(at: datetime, zone: str) -> str:
    """A moment as plain text in ``zone``, the zone named: ``2026-11-24 09:00 (Asia/Shanghai)``."""
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} ({zone})"


def heard(text: str, me: str = "", names: Mapping[str, str] | None = None) -> str:
    """What a person wrote, from the ``text`` of a Slack message: marks as readable text, our own mention gone.

    ``me`` is the bot's user id; ``names`` gives names for other user ids.
    """
    known = names or {}

    def read(match: re.Match[str]) -> str:
        target, _, label = match.group(1).partition("|")
        if target.startswith("@"):
            return "" if me and target[1:] == me else "@" + (label or known.get(target[1:], target[1:]))
        if target.startswith("#"):
            return f"#{label or target[1:]}"
        if target.startswith("!"):
            return label or "@" + target[1:].split("^")[0]
        return label or target.removeprefix("mailto:")

    shown = _MARK.sub(read, text)
    return clean(shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")).strip()
