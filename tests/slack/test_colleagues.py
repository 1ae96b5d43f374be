"""The people to whom something can be handed over are read once for each form, however fast somebody types."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, cast

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from connectors.slack.calls.colleagues import Colleagues

MEMBERS = [
    {"id": "U1", "profile": {"real_name": "王芳", "email": "wang@example.com"}},
    {"id": "U2", "profile": {"real_name": "李强"}},
    {"id": "U3", "is_bot": True, "profile": {"real_name": "AEO"}},
    {"id": "U4", "deleted": True, "profile": {"real_name": "离职"}},
]


class Workspace:
    """Says who is there, and counts how often it was asked; ``down``: the first answer is a refusal."""

    def __init__(self, down: bool = False) -> None:
        self.asked, self.down = 0, down

    def users_list(self, **_: Any) -> dict[str, Any]:
        """All members on one page."""
        self.asked += 1
        if self.down:
            self.down = False
            raise SlackApiError("no", {"ok": False, "error": "missing_scope"})
        return {"members": MEMBERS}


def test_members_are_read_once_for_a_form() -> None:
    """Four letters typed at once are one reading; another form is another; bots and those who left are not offered."""
    space, known, together = Workspace(), Colleagues(), Barrier(4)

    def typed(word: str) -> list[str]:
        together.wait()
        return [one.name for one in known.found("V1", cast(WebClient, space), word)]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(typed, ("", "王", "WANG@", "离职"))) == [["李强", "王芳"], ["王芳"], ["王芳"], []]
    assert space.asked == 1
    known.found("V2", cast(WebClient, space), "")
    assert space.asked == 2


def test_what_slack_refused_is_asked_again() -> None:
    """Nobody is offered while Slack does not say who is there; the next letter asks anew."""
    space, known = Workspace(down=True), Colleagues()
    assert known.found("V1", cast(WebClient, space), "") == []
    assert [one.user for one in known.found("V1", cast(WebClient, space), "")] == ["U2", "U1"]
