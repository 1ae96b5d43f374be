"""Who is who: Slack's users and the register's people, told apart only by what nobody can change about themselves.

A person is known by the Slack id that the register holds (``Person.address["slack"]``), by being named with it, or by the
workspace's e-mail address of the account. Names that people give themselves count for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from slack_sdk import WebClient

from assistant.errors import RegisterError
from assistant.register.acts.doing.who import Who
from assistant.register.acts.people.owning import Owners
from assistant.register.facts.people import Person
from connectors.slack.wire.errors import Refused, called

if TYPE_CHECKING:
    from assistant.conversation.enterprise import Desk

_USER = re.compile(r"^[UW][A-Z0-9]{5,}$")
_MAIL = re.compile(r"^[^@\s]+@[^@\s]+$")
ORIGIN = "slack"
SLACKBOT = "USLACKBOT"


@dataclass(frozen=True)
class Directory:
    """The people of one workspace."""

    desk: Desk
    client: WebClient
    now: datetime

    def user_of(self, person: str) -> str:
        """The Slack user to whom a person of the register is reached; empty when there is none.

        Raises:
            Later: Slack cannot be asked now.
        """
        known = self._people([person]).get(person, Person(person))
        found = str(known.address.get("slack") or "")
        if found or _USER.match(person):
            return found or person
        mail = next((a for a in (str(known.address.get("email") or ""), person) if _MAIL.match(a)), "")
        if not mail:
            return ""
        try:
            user = called(lambda: self.client.users_lookupByEmail(email=mail))["user"]
        except Refused as refused:
            if refused.code in ("users_not_found", "user_not_found"):
                return ""
            raise
        self._learn(person, user)
        return str(user["id"])

    def person_of(self, user: str, keep: bool = False) -> str:
        """The person of the register behind a Slack user; one whom it does not know goes by their Slack id.

        ``keep``: somebody who is put in charge of something is written down with their name, so that nobody has to read an id.

        Raises:
            RegisterError: that is no person. Later, Refused: Slack cannot be asked now, or does not say.
        """
        people = self._people()
        for person in people.values():
            if person.address.get("slack") == user:
                return person.id
        names = self._named(people)
        if user in names:
            return user
        profile = called(lambda: self.client.users_info(user=user))["user"]
        if profile.get("is_bot") or user == SLACKBOT:
            raise RegisterError("evidence_slack.no_bot", name=str(profile.get("real_name") or profile.get("name") or user))
        mail = str((profile.get("profile") or {}).get("email") or "").casefold()
        if mail and profile.get("team_id") == self.desk.team and not profile.get("deleted"):  # guests of shared channels bring any mail
            addressed = {str(p.address.get("email") or "").casefold(): p.id for p in people.values()}
            found = addressed.get(mail) or next((n for n in names if n.casefold() == mail), "")
            if found:
                self._learn(found, profile)
                return found
        if keep:
            self._learn(user, profile)
        return user

    def _people(self, only: Collection[str] = ()) -> dict[str, Person]:
        with self.desk.service.register.reading(self.desk.workspace) as tx:
            return tx.people(only)

    def _named(self, people: dict[str, Person]) -> list[str]:
        """Everybody whom the register names in any part."""
        with self.desk.service.register.reading(self.desk.workspace) as tx:
            held = [name for a in tx.assignments() for name in (a.owner, a.deputy, a.reviewer) if name]
        return list(dict.fromkeys([*people, self.desk.lead, *held]))

    def _learn(self, person: str, user: dict[str, Any]) -> None:
        if self.desk.profile is None:  # nobody has set a register up that it could be written into
            return
        name = str(user.get("real_name") or (user.get("profile") or {}).get("real_name") or "")
        zone = str(user.get("tz") or "")
        zone = zone if zone in available_timezones() else ""
        news = Person(person, name=name, zone=zone, address={"slack": str(user["id"])})
        Owners(self.desk.service).learn(news, Who(ORIGIN, self.now, ORIGIN))
