"""The same stories as on the loopback, told to the same app on a Slack that nobody here wrote; by signed requests and over Socket Mode."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest

from assistant.guide import Guide
from tests.slack.evidence import (
    test_stories,
    test_stories_in_words,
    test_stories_of_leads,
    test_stories_of_owners,
    test_stories_of_reviewers,
    test_stories_of_staff,
)
from tests.slack.evidence.bureau import Bureau, clock_at
from tests.slack.evidence.conftest import Office
from tests.slack.peer import Unavailable, binary
from tests.slack.peer.office import PEOPLE, PeerMember, peer_office

BOOKS = (
    test_stories,
    test_stories_in_words,
    test_stories_of_owners,
    test_stories_of_reviewers,
    test_stories_of_leads,
    test_stories_of_staff,
)
STORIES: dict[str, Callable[[Any], None]] = {
    f"{book.__name__.rpartition('test_')[2]}.{name.removeprefix('test_')}": told
    for book in BOOKS
    for name, told in vars(book).items()
    if name.startswith("test_") and list(inspect.signature(told).parameters) == ["office"]
}
NOT_THERE = {
    "buttons on the Home tab": (
        "stories_of_leads.reminded_from_home", "stories_of_leads.all_lines_of_one_owner_are_handed_over",
        "stories_of_leads.one_line_gets_another_day", "stories_of_leads.one_line_is_chased", "stories_of_leads.the_menu_is_for_leads",
    ),
    "fields whose options the app gives": (
        "stories.it_is_not_mine", "stories_of_owners.handed_over_with_a_word", "stories_of_owners.a_bot_takes_nothing_over",
    ),
    "files in forms": ("stories_of_owners.returned_and_put_right", "stories_of_reviewers.looked_at_from_home"),
    "group direct messages": ("stories_in_words.a_group_of_three_asks",),
    "cards of two apps, deactivated members, answers to a command, shortcuts": (
        "stories_of_reviewers.a_colleague_presses_in_passing", "stories_of_leads.what_did_not_arrive_is_sent_again",
        "stories_of_staff.a_command_is_shared", "stories_of_staff.a_shortcut_says_who_asked_and_asks_once",
    ),
}  # fmt: skip
"""What the peer lacks, and the stories that cannot be told without it; they are told on the loopback alone."""
UNTOLD = {name for names in NOT_THERE.values() for name in names}


def test_thirty_stories_at_least() -> None:
    """What cannot be told there is named by its story, and at least thirty are told."""
    assert set(STORIES) >= UNTOLD
    assert len(STORIES) - len(UNTOLD) >= 30


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["events", "socket"])
@pytest.mark.parametrize("story", [name for name in STORIES if name not in UNTOLD])
def test_told_on_the_peer(story: str, mode: Literal["socket", "events"], guide: Guide, tmp_path: Path) -> None:
    """It ends as on the loopback, and nothing was sent that Slack would refuse."""
    try:
        program = binary()
        with peer_office(tmp_path, program, mode) as slack:
            bureau = Bureau(slack, guide, clock=clock_at("2026-11-24T10:00"))  # type: ignore[arg-type]
            try:
                bureau.start()
                slack.serve(bureau.app, bureau.server.port)
                people = [PeerMember(slack, name) for name in PEOPLE]
                STORIES[story](Office(bureau.planned(), slack, *people))  # type: ignore[arg-type]
                assert slack.problems == []
            finally:
                bureau.close()
    except Unavailable as why:
        pytest.skip(str(why))
