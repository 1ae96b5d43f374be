"""A person's Home tab: drawn from the register as it stands, and published."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, get_args

from assistant.conversation.guide_asked.enquiries import waiting
from assistant.conversation.scene import Scene, links_of
from assistant.register.facts.notices.leading import Staged
from connectors.slack.cards.blocks.rich_text import Block
from connectors.slack.cards.editions.edition_card import way_back
from connectors.slack.cards.home.lead_home import overview
from connectors.slack.cards.home.owner_home import PER_PAGE, Tab, View, desktop, first_tab, home_view
from connectors.slack.context import Deps, desk_of
from connectors.slack.wire.errors import called

if TYPE_CHECKING:
    from assistant.conversation.enterprise import Desk

_LATELY = 20  # cards of editions that are looked through
Place = tuple[str, int]
"""What somebody looks at on their Home tab, and which page of it."""


def publish(deps: Deps, team: str, person: str, user: str) -> None:
    """Bring a person's tab up to date, if they have opened it.

    Raises:
        Later, Refused: see ``called``.
    """
    seen = deps.store.kept(team, seen_key(user))
    if seen is not None:
        view = view_of(deps, team, user, person, (str(seen["t"]), int(seen["p"])))
        called(lambda: deps.client(team).views_publish(user_id=user, view=view))


def view_of(deps: Deps, team: str, user: str, person: str, place: Place) -> View:
    """The tab as it stands now; what somebody looks at is remembered.

    Raises:
        RegisterError: nobody has set a register up.
    """
    desk, now = desk_of(deps, team), deps.now()
    service, today = desk.service, desk.service.day(now)
    with service.register.reading(desk.workspace) as tx:
        entries, people = service.as_told(tx, tx.entries(today)), tx.people()
        mine = desktop(entries, person, desk.lead, today, service.rules.zone)
        pieces = tuple(service.given(tx, [e.slot.key for e in mine.reviews])) if mine.reviews else ()
        page = [e.slot.key for e in mine.reviews[place[1] * PER_PAGE : (place[1] + 1) * PER_PAGE]]
        links = links_of(tx, page, person) if place[0] == "review" and any(p.kind == "file" for p in pieces) else {}
    shown = {e.slot.key: e for e in entries}
    at = Scene(deps.lang, str(service.rules.zone), today, desk.lead, shown, people, pieces, links=links, offered=desk.offered(entries, now))
    tab = cast(Tab, place[0]) if place[0] in get_args(Tab) and (place[0] != "lead" or mine.lead) else first_tab(mine)
    deps.store.keep(team, seen_key(user), user, {"t": tab, "p": place[1]})
    lead: list[Block] = []
    if tab == "lead":
        lead = [*overview(desk, entries, at, now, deps.settings.home, waiting(deps.store, team)), *_way_back(deps, desk)]
    return home_view(mine, tab, place[1], at, lead)


def _way_back(deps: Deps, desk: Desk) -> list[Block]:
    """回退, where what is in force was staged here; where it is in force for several companies no one lead decides it."""
    if deps.settings.several_workspaces:
        return []
    with desk.service.register.reading(desk.workspace) as tx:
        workspace, staged = tx.workspace(), tx.messages(kind=Staged.named, limit=_LATELY)
    for message in staged:
        says = message.says
        if workspace and isinstance(says, Staged) and says.active and workspace.edition == says.edition != says.active:
            return way_back(message.id, says, deps.lang)
    return []


def seen_key(user: str) -> str:
    """Where the app keeps what somebody looks at, so that any worker brings it up to date."""
    return f"home:{user}"
