"""``aeo nudge``: who would be asked now, and the run that asks them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from assistant.adapters.ways import Nobody, Ways
from assistant.conversation.enterprise import Desk
from assistant.conversation.jobs import worker_name
from assistant.register.acts.plans.planning import refresh
from assistant.register.acts.telling.delivery import Courier, Told
from assistant.register.acts.telling.weekly import summarise
from assistant.register.facts.outbox import SILENT
from assistant.register.papers.said.described import brief, described, whole_periods
from assistant.register.papers.said.messages import message_text, parts_told
from assistant.register.papers.said.words import dotted, slot_name, undelivered_word, whose
from assistant.register.ports import ALL
from assistant.register.rules.people.named_places import zone_of
from assistant.register.rules.people.nudges import held_until
from assistant.texts import say, texts
from connectors.cli.opened import ACTOR_OPTION, AT_OPTION, PROFILE_OPTION, Opened, opened
from connectors.cli.output import JSON_OPTION, emit, note, write
from connectors.slack.cards.shown import show
from connectors.slack.wire.pace import Pace

if TYPE_CHECKING:
    from assistant.register.facts.outbox import Notifier
    from assistant.register.facts.slots import Slot

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command()
def preview(profile: Path = PROFILE_OPTION, at: str = AT_OPTION, json_: bool = JSON_OPTION) -> None:
    """Who would be asked for what; nothing is sent."""
    desk = opened(profile, at=at)
    entries = desk.service.entries(desk.now, ALL, desk.guide, desk.profile)
    decision = desk.service.preview(desk.now, entries)
    if json_:
        emit([{"owner": d.recipient, "slots": [s.id for s in d.slots], "reason": d.reason, "sent": False} for d in decision.digests])
        return
    lang = desk.settings.lang
    known = {e.slot.key: e for e in entries}

    def counted(key: str) -> int:
        return known[key].state.counted

    for d in decision.digests:
        reason = say(f"nudge.reason.{d.reason}", lang)
        line = "nudge.preview_line" if d.more else "nudge.preview_whole"
        write(say(line, lang, who=desk.called(d.recipient), count=len(d.slots), reason=reason, more=d.more))
        for (name, of, why, _), group in groupby(d.slots, key=lambda s: (*_named(known[s.key].slot, lang), s.reason, counted(s.key))):
            same = [known[s.key] for s in group]
            told = described(same[0].slot, lang, same[0].state, len(same) > 1)
            write(f"  {dotted(name, of, whole_periods((e.slot for e in same), lang))}　{told.bring}")
            for text in brief(told, lang, parts_told(why)):
                write(f"      {text}")
    if not decision.digests:
        write(say("nudge.nobody_due", lang))
    _held(desk, decision.held)


def _named(slot: Slot, lang: str) -> tuple[str, str]:
    return slot_name(slot.id, slot.kind, lang), whose(slot, lang)


def _held(desk: Opened, held: Mapping[str, str]) -> None:
    """Who waits, why, and until when, on stderr."""
    lang, window = desk.settings.lang, desk.service.window
    with desk.register.reading(desk.profile.key) as tx:
        people = tx.people()
    for person, why in held.items():
        known = people.get(person)
        zone = zone_of(known.zone) if known and known.zone else desk.zone
        opens = window.next_open(held_until(why, known, window, desk.now, zone), zone).astimezone(zone)
        estimated = say("nudge.estimated", lang) if window.estimated(opens.date()) else ""
        when = f"{opens:%Y-%m-%d %H:%M}{'' if zone == desk.zone else f' {zone.key}'}{estimated}"
        note(say("nudge.next_open", lang, who=desk.called(person), when=when, why=say(f"nudge.hold.{why}", lang)))


@app.command()
def run(
    profile: Path = PROFILE_OPTION,
    all_: bool = typer.Option(False, "--all"),
    actor: str = ACTOR_OPTION,
    json_: bool = JSON_OPTION,
) -> None:
    """Send what is due; safe to repeat and to run from several places at once."""
    desk = opened(profile, actor)
    lang = desk.settings.lang
    if not all_ or desk.has_profile:
        desk.synced()
        desk.service.settle_files(desk.now)
    if all_:
        refresh(desk.register, desk.guide, desk.policy, desk.now)
    only = None if all_ and desk.settings.slack_bot_token is None else desk.profile.key
    way = _way(desk)
    if way is None:
        told = _unsent(desk, only, json_)
    else:
        announce = desk.enterprises.announce
        summarise(desk.register, desk.service.window, desk.now, only)
        told = Courier(desk.register, way, desk.policy, lambda: datetime.now(UTC), worker_name(), None, announce).run(desk.now, only)
    if json_:
        emit([{"owner": t.recipient, "slots": list(t.slots), "reason": t.reason, "sent": t.sent} for t in told if t.slots])
    heard = [t for t in told if t.reason not in SILENT and (t.slots or t.sent or t.detail)]  # else nothing was left to tell
    for t in () if json_ else heard:
        sent = say("nudge.sent", lang) if t.sent else say("nudge.not_sent", lang, detail=undelivered_word(t.detail, lang))
        known = f"reason.{t.reason}" in texts("nudge", lang)
        reason = say(f"nudge.reason.{t.reason}" if known else f"evidence_slack.kind.{t.reason}", lang)
        note(say("nudge.run_line", lang, who=desk.called(t.recipient), count=len(t.slots), reason=reason, sent=sent))
    if not told and not json_:
        write(say("nudge.nobody_due", lang))
    if way is None:
        note(say("nudge.no_way", lang))


def _way(desk: Opened) -> Notifier | None:
    """How people are reached: Slack, and mail for whom it does not reach; None where neither is set up, or several workspaces are."""
    if desk.settings.several_workspaces:
        return None
    mail = desk.enterprises.mail
    if desk.settings.slack_bot_token is None:
        return mail
    return _slack(desk) if mail is None else Ways(_slack(desk), mail)


def _unsent(desk: Opened, only: str | None, json_: bool) -> list[Told]:
    """What would be sent, shown; nobody gets it, and nothing is recorded."""
    courier = Courier(desk.register, Nobody(), desk.policy, lambda: desk.now, worker_name())
    told = []
    for message in courier.foreseen(desk.now, only):
        if not json_:
            write(message_text(message, desk.settings.lang, desk.called) + "\n")
        ids = tuple(s.slot for s in message.says.slots)
        told.append(Told(message.workspace, message.recipient, ids, message.says.topic, False, "no_way"))
    return told


def _slack(desk: Opened) -> Notifier:
    """Sends it in the workspace of the configured token; the enterprise is that of the profile, and no other."""
    from connectors.slack.calls.notifier import SlackNotifier
    from connectors.slack.wire.clients import OneWorkspace

    workspace = OneWorkspace(desk.settings)
    team = workspace.team
    office = Desk(team, desk.service, desk.guide, desk.profile, desk.policy)
    return SlackNotifier(workspace(team), lambda: office, Pace(), desk.settings.lang, lambda: datetime.now(UTC), show)
