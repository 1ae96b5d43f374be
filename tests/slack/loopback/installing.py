"""A person installs the app in a browser: the app's install page, Slack's consent, and the way back with the cookie."""

from __future__ import annotations

import html
import re
import urllib.request
from collections.abc import Callable
from email.message import Message
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit

_TARGET = re.compile(r"https?://[^\"'\s>]*client_id=[^\"'\s>]*")


def install(install_url: str, approve: Callable[[], str], redirect_path: str = "/slack/oauth_redirect") -> tuple[int, str]:
    """Walk through the installation that begins at ``install_url``; status and text of the last page.

    The cookie is carried by hand: Bolt marks it Secure, and this is plain HTTP.
    """
    status, page, headers = _get(install_url)
    told = headers.get("Location") or html.unescape(page)
    consent = _TARGET.search(told)
    assert consent, f"{install_url} answered {status} without a way to Slack: {page[:300]}"
    query = {key: values[0] for key, values in parse_qs(urlsplit(consent.group()).query).items()}
    parts = urlsplit(install_url)
    back = query.get("redirect_uri") or f"{parts.scheme}://{parts.netloc}{redirect_path}"
    cookie = (headers.get("Set-Cookie") or "").split(";")[0]
    return _get(f"{back}?{urlencode({'code': approve(), 'state': query.get('state', '')})}", cookie)[:2]


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Redirects are looked at, not followed."""


def _get(url: str, cookie: str = "") -> tuple[int, str, Message]:
    request = urllib.request.Request(url, headers={"Cookie": cookie} if cookie else {})  # noqa: S310
    try:
        answer = urllib.request.build_opener(_Stay).open(request, timeout=10)
    except HTTPError as other:
        answer = other
    with answer:
        return answer.status or 0, answer.read().decode(), answer.headers
