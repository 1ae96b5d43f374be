"""Where the compliance lead is in Slack."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from connectors.slack.wire.errors import Refused, called

if TYPE_CHECKING:
    from connectors.slack.context import Deps

_MEMBER = re.compile(r"[UW][A-Z0-9]{6,}")


def lead_user(deps: Deps, team: str) -> str | None:
    """The lead's user id: what the register knows of them, else the setting itself as a member id or mail address; None if unknown.

    Raises:
        Later: Slack cannot say now.
    """
    desk = deps.desk(team)
    with desk.service.register.reading(desk.workspace) as tx:
        person = tx.people().get(desk.lead)
    address = person.address if person else {}
    for said in (address.get("slack"), address.get("email"), desk.lead):
        found = _user(deps, team, str(said or ""))
        if found:
            return found
    return None


def _user(deps: Deps, team: str, said: str) -> str | None:
    if _MEMBER.fullmatch(said):
        return said
    if "@" not in said:
        return None
    try:
        return str(called(lambda: deps.client(team).users_lookupByEmail(email=said))["user"]["id"])
    except Refused:
        return None
