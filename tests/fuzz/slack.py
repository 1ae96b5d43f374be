"""What Slack brings: buttons, forms, events and commands whose words, names, ids and shapes are hostile."""

from __future__ import annotations

import atexit
import json
import logging
import random
from collections.abc import Callable
from functools import cache
from http.client import RemoteDisconnected
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from assistant.conversation.jobs import ATTEMPTS, PATIENCE
from assistant.guide import Guide
from connectors.slack.manifest import manifest
from tests.access.payloads import button, form
from tests.fuzz.hostile import CANARY, words
from tests.slack.evidence.bureau import LEAD, LI, WANG, Bureau
from tests.slack.loopback import LoopbackSlack
from tests.slack.loopback import Person as Member
from tests.slack.schemas.published import definitions

FORMS = ("submit", "na", "snooze", "hand", "return", "ask")
BUTTONS = ("submit", "na", "snooze", "hand", "ask", "confirm", "found", "accept", "return")
EVENTS = ("message", "app_mention", "app_home_opened", "file_shared", "reaction_added", "user_change", "member_joined_channel")
UNHEARD = ("view_closed", "shortcut", "message_action")
"""Interactions whose name may be one that the app has no listener for."""
ANSWERED = ("Refused", "Later")
"""What Slack's answer to the app is known by: an invented trigger, a message that is not there."""
Payload = dict[str, Any]


class Ears(logging.Handler):
    """Hears what the app's threads fail with."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the kind of exception, and the line as it would be written."""
        self.lines.append(self.format(record))
        if record.exc_info and record.exc_info[0]:
            self.heard.append(f"{record.exc_info[0].__name__}: {record.getMessage()}\n{self.lines[-1][-1200:]}")


class App:
    """The app on a loopback Slack, with an owner, a reviewer, a lead and somebody else."""

    def __init__(self, guide: Guide) -> None:
        self.slack = LoopbackSlack(manifest())
        self.slack.__enter__()
        self.bureau = Bureau(self.slack, guide, chat_api_key=CANARY).start()
        self.members = [
            self.slack.person(name, real_name=name, email=mail) for name, mail in (("w", WANG), ("l", LI), ("z", LEAD), ("q", "q@x.cn"))
        ]
        self.bureau.planned().known(*self.members[:3])
        self.slots = [e.slot.key for e in self.bureau.service.entries(self.bureau.clock())]
        self.ears = Ears()
        logging.getLogger().addHandler(self.ears)
        atexit.register(self.close)

    def close(self) -> None:
        """Stop it."""
        logging.getLogger().removeHandler(self.ears)
        self.bureau.close()
        self.slack.__exit__(None, None, None)


@cache
def app(guide: Guide) -> App:
    """One for the process."""
    return App(guide)


def slack_payload(guide: Guide, chance: random.Random, broken: Callable[[str], Exception]) -> None:
    """A signed payload is acknowledged, words of any kind make no listener fail, and no secret is logged.

    What Bolt has no listener for, and what was not acknowledged in three seconds, it answers with 404.
    """
    served = app(guide)
    member = chance.choice(served.members)
    kind, payload = _made(served, member, chance) if chance.random() < 0.6 else _published(served, member, chance)
    bent = chance.random() < 0.3
    payload = _bent(payload, chance) if bent else _worded(payload, chance)
    served.ears.heard.clear()
    served.ears.lines.clear()
    status = _post(served, kind, payload)
    if not _settled(served):
        raise broken("a job is neither done nor given up")
    if any(CANARY in line for line in served.ears.lines):
        raise broken("a secret is logged")
    heard = [h for h in served.ears.heard if not h.startswith(ANSWERED)]
    unheard = payload.get("type") in UNHEARD and status == 404
    if not bent and ((status != 200 and not unheard) or heard):
        raise broken(f"{kind} {payload.get('type')}: {status}, {heard[:1]}")
    if chance.random() < 0.02:
        chain, wrong = served.bureau.service.verify()
        if not chain.intact or wrong:
            raise broken("the register is not what its log says")


def _settled(served: App) -> bool:
    """Whether all work is done or given up; what was put off is taken up again as time goes by."""
    bureau = served.bureau
    for _ in range(ATTEMPTS + 1):
        served.slack.settle()
        served.slack.wait(bureau.deps.work.idle, "the work under way")
        if not bureau.store.open_jobs()[0]:
            return True
        bureau.clock.at += PATIENCE
        bureau.deps.work.sweep()
    return False


def _made(served: App, member: Member, chance: random.Random) -> tuple[str, Payload]:
    bureau, slot = served.bureau, chance.choice([*served.slots, words(chance, 2)[:80]])
    kind = chance.choice(("form", "form", "button", "button", "event", "event", "command"))
    if kind == "form":
        return kind, _form(served, member, chance)
    if kind == "button":
        return kind, button(
            bureau, member, f"evidence_{chance.choice(BUTTONS)}", s=slot, v=chance.choice((0, 1, 9)), m=words(chance, 1)[:60]
        )
    if kind == "command":
        number = chance.getrandbits(60)
        return kind, {
            "command": "/aeo", "text": words(chance, 4)[:3000], "team_id": bureau.team, "user_id": member.id, "channel_id": member.dm,
            "channel_name": "directmessage", "user_name": "w", "trigger_id": f"{number}.t", "response_url": "", "api_app_id": "A1",
        }  # fmt: skip
    name = chance.choice((*EVENTS, "message", "message"))
    event = {
        "type": name, "channel": member.dm, "channel_type": "im", "user": member.id, "text": words(chance, 6)[:12_000], "tab": "home",
        "ts": f"17{chance.randrange(10**8):08}.{chance.randrange(10**6):06}", "event_ts": "1.1",
    }  # fmt: skip
    if name in ("user_change",):
        event["user"] = {"id": member.id, "team_id": bureau.team, "profile": {"email": words(chance, 1)[:50]}}
    return kind, {**_envelope(served, chance), "event": event}


def _form(served: App, member: Member, chance: random.Random) -> Payload:
    slot = chance.choice([*served.slots, words(chance, 2)[:80]])
    fields = {name: words(chance, 3)[:3000] for name in ("note", "link", "paper", "period", "reason", "why", "question")}
    fields |= {"until": chance.choice(("2026-12-01", "2026-11-30", "2020-01-01")), "to": chance.choice(served.members).id}
    return form(served.bureau, member, f"evidence_{chance.choice(FORMS)}_form", slot, chance.choice((0, 1, 2)), **fields)


def _envelope(served: App, chance: random.Random) -> Payload:
    who = {
        "team_id": served.bureau.team,
        "user_id": served.slack.workspace.bot.id,
        "is_bot": True,
        "enterprise_id": None,
        "is_enterprise_install": False,
    }
    envelope = {"type": "event_callback", "team_id": served.bureau.team, "api_app_id": "A1", "event_time": 1_700_000_000, "token": "x"}
    return {**envelope, "event_id": f"Ev{chance.getrandbits(60)}", "authorizations": [who]}


def _published(served: App, member: Member, chance: random.Random) -> tuple[str, Payload]:
    """A payload of any type that Slack publishes, most with an event or action that the app listens to."""
    bureau = served.bureau
    kind = chance.choice(("event", "event", "form", "command"))
    if kind == "command":
        return kind, from_schema("Command", chance) | {"command": "/aeo", "team_id": bureau.team, "user_id": member.id, "response_url": ""}
    if kind == "event":
        event = _placed(from_schema("SlackEvent", chance, chance.choice(EVENTS) if chance.random() < 0.7 else None), served, member)
        return kind, {**_envelope(served, chance), "event": event}
    payload = _placed(from_schema("Interaction", chance), served, member)
    payload["user"], payload["team"] = {"id": member.id, "name": "w", "team_id": bureau.team}, {"id": bureau.team, "domain": "acme"}
    if payload["type"] == "block_actions":
        payload["actions"] = payload["actions"] or [{"type": "button", "block_id": "b", "action_ts": "1.0", "value": words(chance, 2)}]
    for action in payload.get("actions", ()):
        action["action_id"] = f"evidence_{chance.choice(BUTTONS)}"
    if "response_urls" in payload:  # of several, Bolt itself fails over
        payload["response_urls"] = payload["response_urls"][:1]
    if isinstance(payload.get("view"), dict):
        payload["view"] |= _form(served, member, chance)["view"]
    return kind, payload


def _placed(node: Any, served: App, member: Member) -> Any:
    """The same in this workspace, by this member, in their direct messages."""
    known = {"user": member.id, "user_id": member.id, "channel": member.dm, "channel_id": member.dm}
    known |= dict.fromkeys(("team", "team_id", "user_team", "source_team", "app_installed_team_id"), served.bureau.team)
    if isinstance(node, list):
        return [_placed(value, served, member) for value in node]
    if not isinstance(node, dict):
        return node
    return {k: known[k] if k in known and isinstance(v, str) else _placed(v, served, member) for k, v in node.items()}


def from_schema(name: str, chance: random.Random, kind: str | None = None) -> Payload:
    """A payload as the published type ``name`` allows: what is required, some of the rest, hostile words where any text may stand."""
    found: Payload = _any_of("incoming", {"$ref": f"#/definitions/{name}"}, chance, 0, kind)
    return found


def _any_of(file: str, rule: Payload, chance: random.Random, depth: int, kind: str | None = None) -> Any:
    """A value that a rule allows."""
    if "$ref" in rule:
        where, _, target = rule["$ref"].partition("#/definitions/")
        file = where.removesuffix(".json") or file
        return _any_of(file, definitions(file)[target], chance, depth, kind)
    if "const" in rule:
        return rule["const"]
    if "enum" in rule:
        return chance.choice(rule["enum"])
    cases = rule.get("allOf", [])
    if cases and "if" in cases[0]:
        named = [c for c in cases if kind and c["if"].get("properties", {}).get("type", {}).get("const") == kind]
        return _any_of(file, chance.choice(named or cases)["then"], chance, depth)
    if "anyOf" in rule:
        return _any_of(file, chance.choice(rule["anyOf"]), chance, depth)
    found = _plain(file, rule, chance, depth)
    for case in cases:
        found |= _any_of(file, case, chance, depth)
    return found


def _plain(file: str, rule: Payload, chance: random.Random, depth: int) -> Any:
    kinds = rule.get("type", "object")
    kind = chance.choice(kinds) if isinstance(kinds, list) else kinds
    if kind == "array":
        least = rule.get("minItems", 0)
        count = least if depth > 6 else chance.randint(least, max(least, min(rule.get("maxItems", 2), 2)))
        return [_any_of(file, rule.get("items", {"type": "string"}), chance, depth + 1) for _ in range(count)]
    if kind == "object":
        properties = rule.get("properties", {})
        wanted = [k for k in properties if k in rule.get("required", ()) or (depth < 4 and chance.random() < 0.4)]
        return {k: _any_of(file, properties[k], chance, depth + 1) for k in wanted}
    if kind == "string":
        text = chance.choice(("1700000000.000100", "U0123ABCD", "C0123ABCD", words(chance, 2)[:500]))[: rule.get("maxLength")]
        return text if len(text) >= rule.get("minLength", 0) else "x" * rule["minLength"]
    if kind in ("boolean", "null"):
        return chance.random() < 0.5 if kind == "boolean" else None
    return max(rule.get("minimum", -1), min(chance.choice((-1, 0, 1, 1_700_000_000)), rule.get("maximum", 1_700_000_000)))


_FREE = ("text", "value", "name", "user_name", "channel_name", "command", "real_name", "title", "email")
"""Where people's own words stand."""


def _worded(payload: Payload, chance: random.Random) -> Payload:
    """The same with other words where people's own words stand."""

    def walk(node: Any, key: str) -> Any:
        if isinstance(node, dict):
            return {k: walk(v, k) for k, v in node.items()}
        if isinstance(node, list):
            return [walk(v, key) for v in node]
        return words(chance, 3)[:2900] if isinstance(node, str) and key in _FREE and key != "command" and chance.random() < 0.3 else node

    found: Payload = walk(payload, "")
    return found


def _bent(payload: Payload, chance: random.Random) -> Payload:
    """The same in a shape that Slack does not send: parts gone, or of another kind."""
    found: Payload = json.loads(json.dumps(payload))
    for _ in range(chance.choice((1, 1, 2, 5))):
        node: Any = found
        while isinstance(node, dict) and node:
            key = chance.choice(list(node))
            if not isinstance(node[key], dict) or chance.random() < 0.3:
                if chance.random() < 0.4:
                    del node[key]
                else:
                    node[key] = chance.choice((None, "", 0, [], {}, "x" * 9000, [[]], True, words(chance, 2)))
                break
            node = node[key]
    return found


def _post(served: App, kind: str, payload: Payload) -> int:
    if kind == "event":
        body, content = json.dumps(payload), "application/json"
    else:
        pairs = payload if kind == "command" else {"payload": json.dumps(payload)}
        body, content = (
            urlencode({k: v for k, v in pairs.items() if isinstance(v, str)}, errors="replace"),
            "application/x-www-form-urlencoded",
        )
    headers = {"Content-Type": content, **served.slack.core.courier.signed(body)}
    request = Request(served.bureau.url, body.encode("utf-8", "replace"), headers)  # noqa: S310
    try:
        with urlopen(request, timeout=5) as answer:  # noqa: S310
            return int(answer.status)
    except HTTPError as refused:
        return refused.code
    except (RemoteDisconnected, TimeoutError):  # Bolt itself, with a shape that Slack never sends
        return 500
