"""Files dropped into the thread of a digest: handed in for its line, or, when several fit, for the one that is picked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App

from assistant.conversation.enterprise import Desk
from assistant.conversation.ports import Job
from assistant.conversation.post import Post
from assistant.conversation.scene import Scene, full_name, scene
from assistant.register.acts.announce import ROOTS
from assistant.register.facts.outbox import Message
from assistant.register.facts.slots import Entry
from assistant.register.papers.words import first_line
from assistant.texts import say
from connectors.slack.calls.posting import change
from connectors.slack.cards.carried import Click, Json
from connectors.slack.cards.cutting import head
from connectors.slack.cards.parts import line, paragraph, rich, words
from connectors.slack.cards.slot_card import SUBMIT, buttons
from connectors.slack.cards.text import Element, escape, plain
from connectors.slack.listeners.click import click_of, reply, who_of
from connectors.slack.listeners.handing_in import KIND, given, hand_in
from connectors.slack.wire import limits

if TYPE_CHECKING:
    from connectors.slack.context import Deps

PICK = "evidence_pick"
_BLOCK = "pick"
_LATELY = 60
_FALLBACK = 1_000


def listen(app: App, deps: Deps) -> None:
    """Take files, and listen to the picker."""
    deps.takers.append(lambda post: take(deps, post))

    def picked(ack: Ack, body: Json, action: Json) -> None:
        click = click_of(body, "")
        chosen = action.get("selected_option") or {}
        dropped = _dropped(deps, click.team, str(action["block_id"]))
        shown = str((chosen.get("text") or {}).get("text") or "")
        message = str((body.get("message") or {}).get("ts") or "")
        if dropped is not None:
            here = Click(click.team, click.user, click.trigger, click.channel, click.thread, str(chosen["value"]))
            payload = given(here, dropped["files"]) | {"note": dropped["note"]}
            deps.work.add(KIND, click.team, f"pick:{click.channel}:{message}", payload)
        ack()
        text = say("evidence_slack.picked" if dropped else "evidence_slack.pick_gone", deps.lang, shown=shown)
        change(deps, click.team, click.channel, message, escape(text), [paragraph(text)])

    app.action(PICK)(picked)


def take(deps: Deps, post: Post) -> bool:
    """Take the files of a post in a digest's thread; False for everything else."""
    if not (post.files and post.direct and post.reply):
        return False
    desk = deps.desk(post.team)
    if desk.profile is None:
        return False
    digest = _digest(deps, desk, post)
    if digest is None:
        return False
    click = Click(post.team, post.user, post.key, post.channel, post.thread)
    files = [dict(f) for f in post.files if f.get("mode") != "tombstone"]
    fitting = _fitting(digest, scene(desk, digest.slots, deps.now(), deps.lang))
    if not fitting:
        tell_settled(deps, click)
    elif len(fitting) == 1:
        here = Click(post.team, post.user, post.key, post.channel, post.thread, fitting[0].slot.key)
        hand_in(deps, Job(post.team, f"drop:{post.key}", KIND, given(here, files) | {"note": post.text}))
    else:
        _pick(deps, click, post, fitting, files)
    return True


def _digest(deps: Deps, desk: Desk, post: Post) -> Message | None:
    """The message of ours that began the thread, if it asked this person for something."""
    who = who_of(deps, desk, post.user).actor
    with desk.service.register.reading(desk.workspace) as tx:
        for kind in ROOTS:
            for message in tx.messages(recipient=who, kind=kind, limit=_LATELY):
                place = (message.receipt.get("channel"), message.payload.get("thread") or message.receipt.get("ts"))
                if place == (post.channel, post.thread):
                    return message
    return None


def _fitting(digest: Message, at: Scene) -> list[Entry]:
    """The slots of a digest for which something can be handed in."""
    open_ = [s for s in digest.payload["slots"] if SUBMIT in buttons(s, at.entries.get(s["key"]), at, digest.recipient)]
    return [at.entries[s["key"]] for s in open_]


def tell_settled(deps: Deps, click: Click) -> None:
    """Everything in that digest is settled."""
    text = say("evidence_slack.nothing_open", deps.lang)
    reply(deps, click, f"settled:{click.trigger}", text, [paragraph(text)])


def _pick(deps: Deps, click: Click, post: Post, fitting: Sequence[Entry], files: Sequence[dict[str, Any]]) -> None:
    names = "、".join(str(f.get("name") or "") for f in files)
    text = say("evidence_slack.pick", deps.lang)
    options: list[Element] = [
        {"text": plain(option_words(e, deps.lang), limits.OPTION_TEXT), "value": e.slot.key} for e in fitting[: limits.OPTIONS]
    ]
    menu = {
        "type": "static_select",
        "action_id": PICK,
        "placeholder": plain(say("evidence_slack.pick_which", deps.lang), limits.PLACEHOLDER_TEXT),
        "options": options,
    }
    deps.store.keep(post.team, _key(post.key), post.user, {"files": given(click, files)["files"], "note": post.text}, deps.now())
    blocks = [
        rich("files", line(words(text, bold=True)), line(words(names, 500))),
        {"type": "actions", "block_id": f"{_BLOCK}|{post.key}", "elements": [menu]},
    ]
    reply(deps, click, f"pick:{post.key}", head(f"{text} {names}", _FALLBACK), blocks)


def _dropped(deps: Deps, team: str, block_id: str) -> dict[str, Any] | None:
    """The files and words that a picker is about; None when that was too long ago."""
    _, _, key = block_id.partition("|")
    if ":" not in key:  # a picker of an earlier version names its files
        return {"files": [{"id": f} for f in key.split(",") if f], "note": ""}
    return deps.store.kept(team, _key(key))


def _key(post: str) -> str:
    """Where what was dropped waits for a line to be picked."""
    return f"pick:{post}"


def option_words(entry: Entry, lang: str) -> str:
    """A slot in one short line."""
    slot = entry.slot
    return f"{full_name(slot.id, slot.kind, slot.period, lang)}：{first_line(slot.text, 40)}"
