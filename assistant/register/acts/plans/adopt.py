"""A new edition adopted: what was accepted for a line goes with that line, what changed is asked again, nothing is deleted.

Which old line is which new one is not decided here: it comes as ``Moves`` (a comparison of editions makes them). What the
new edition does not hold is set aside, and comes back as it was when the edition is rolled back, unless something newer was
handed in meanwhile: then that goes back with the line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from assistant.register.acts.mentions import mention
from assistant.register.acts.plans.fates import Adopted, Carries, Fate
from assistant.register.acts.plans.successors import to_confirm
from assistant.register.facts.events import Draft
from assistant.register.facts.happened import Carried, PlacesMoved
from assistant.register.facts.moves import ChangedClause, Moves
from assistant.register.facts.notices.asking import Changed, Renewed
from assistant.register.facts.outbox import Message
from assistant.register.facts.people import Assignment
from assistant.register.facts.policy import Policy
from assistant.register.facts.slots import Entry, State
from assistant.register.ports import Workspace, Writing


def carried(found: Iterable[Fate], carries: Carries, editions: tuple[str, str], actor: str, at: datetime, policy: Policy) -> list[Draft]:
    """One event for each slot that takes over a state and pieces, or gets its own earlier state back.

    Args:
        found: the fates.
        carries: what was carried before, by slot key.
        editions: labels of the old and the new edition.
        actor: who activates the edition.
        at: when.
        policy: how long owners have to confirm, and when they are reminded.
    """
    drafts: list[Draft] = []
    for fate in found:
        source = fate.source
        if source is None or fate.what in ("added", "archived"):
            continue
        in_place = source.slot.key == fate.slot.key
        if fate.what == "restored":
            own = carries(source.slot.key) if in_place else None
            if own is None or own.editions[0] != editions[1]:
                continue
            state = own.was
        elif fate.what == "kept":
            state = source.state
        else:
            state = to_confirm(source.state, at, policy)
        if in_place and state == source.state and not fate.also:
            continue
        if not in_place and source.state == State() and not fate.also:
            continue
        confirm = fate.what == "confirm"
        says = Carried(
            source=source.slot.key,
            before=source.slot.id,
            editions=editions,
            was=source.state,
            state=state,
            also=fate.also,
            change=fate.change if confirm else None,
            words=(fate.before, fate.after) if confirm else None,
        )
        drafts.append(Draft(says, actor, at, "edition", fate.slot.key))
    return drafts


def notices(
    workspace: Workspace, adopted: Adopted, entries: Mapping[str, Entry], mark: str, today: date, at: datetime, back: bool, enterprise: str
) -> list[Message]:
    """One message for each owner of changed lines, with before and after, lines of several periods told once.

    The lead hears of clauses that say something else and for which nobody owns anything.

    ``mark`` identifies this activation: the same one never tells anybody twice.
    """
    by_owner: dict[str, dict[str, Changed]] = {}
    keys: dict[str, list[str]] = {}
    for fate in adopted.fates:
        entry = fate.source if fate.what == "archived" else entries.get(fate.slot.key)
        if entry is None or not fate.told:
            continue
        for owner in _hear(fate, entry):
            keys.setdefault(owner, []).append(fate.slot.key)
            line = fate.slot.line_key
            told = by_owner.setdefault(owner, {}).get(line) or _told(fate, entry, today)
            periods = tuple(dict.fromkeys((*told.periods, *([fate.slot.spoken] if fate.slot.period else []))))
            confirm = told.to_confirm or fate.what == "confirm"
            by_owner[owner][line] = told.model_copy(update={"periods": periods, "to_confirm": confirm})
    if adopted.unowed:
        by_owner.setdefault(workspace.lead, {}).update({f"{'+'.join((*c.news, *c.olds))}": _of_clause(c) for c in adopted.unowed})
    reason = "edition_back" if back else "edition"
    return [
        Message(
            workspace=workspace.key,
            says=Renewed(
                edition=adopted.new,
                before=adopted.old,
                reason=reason,
                enterprise=enterprise,
                else_lead=True,
                slots=tuple(told.values()),
            ),
            recipient=owner,
            dedup=f"edition:{mark}:{owner}",
            slots=tuple(keys.get(owner, ())),
            created_at=at,
        )
        for owner, told in sorted(by_owner.items())
    ]


def _hear(fate: Fate, entry: Entry) -> list[str]:
    """Who hears of a slot: its owner, and where it moved the owner that it had."""
    before = fate.source.owner if fate.change == "moved" and fate.source is not None else ""
    return [owner for owner in dict.fromkeys((entry.owner, before)) if owner]


def _told(fate: Fate, entry: Entry, today: date) -> Changed:
    after = "" if fate.what == "archived" else fate.after or ("" if fate.change == "condition" else fate.slot.text)
    shown = dict(mention(entry, "edition", today))
    return Changed(**shown, change=fate.change, before=fate.before, after=after, applicable=fate.slot.applicable)


def _of_clause(changed: ChangedClause) -> Changed:
    clause = (changed.news or changed.olds)[0]
    text = changed.after or changed.before
    return Changed(
        slot=f"{clause}/clause",
        key="",
        clause=clause,
        text=text,
        change="clause" if changed.news else "clause_gone",
        before=changed.before,
        after=changed.after,
    )


def move_places(tx: Writing, moves: Moves, actor: str, at: datetime, origin: str) -> list[Assignment]:
    """Put the new edition's numbers on the assignments, logged; going back to an edition brings back those that it held.

    Returns:
        the assignments whose place is gone.
    """
    before = tx.assignments()
    after, gone = moves.assignments(before)
    past = [e.says for e in tx.events() if isinstance(e.says, PlacesMoved)]
    if past and past[-1].editions == (moves.new, moves.old):
        held = {(a.level, a.target) for a in after}
        after += [a for a in past[-1].gone if (a.level, a.target) not in held]
    if after != before:
        says = PlacesMoved(editions=(moves.old, moves.new), gone=tuple(gone), stand=tuple(after))
        tx.append([Draft(says, actor, at, origin)])
        tx.save_assignments(after)
    return gone
