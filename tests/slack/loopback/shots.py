"""What the app showed during a test, as files for the renderer: each message and view once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.slack.loopback.calls import Call
from tests.slack.loopback.courier import Delivery
from tests.slack.loopback.model import Json

_MESSAGES = ("chat.postMessage", "chat.update", "chat.postEphemeral", "chat.stopStream", "response_url")


def save(folder: Path, test: str, calls: Iterable[Call], deliveries: Iterable[Delivery]) -> None:
    """Write one JSON file for each different message and view."""
    folder.mkdir(parents=True, exist_ok=True)
    seen: set[str] = set()
    for number, (what, shown) in enumerate(_shown(calls, deliveries)):
        text = json.dumps(shown, ensure_ascii=False, sort_keys=True)
        if text not in seen:
            seen.add(text)
            name = re.sub(r"[^\w.-]+", "-", f"{test}-{number:03d}-{what}")
            (folder / f"{name}.json").write_text(text)


def _shown(calls: Iterable[Call], deliveries: Iterable[Delivery]) -> Iterator[tuple[str, Json]]:
    for call in calls:
        if call.method in _MESSAGES and (call.args.get("blocks") or call.args.get("text")):
            kept = {key: call.args[key] for key in ("text", "blocks", "thread_ts") if key in call.args}
            yield call.method, kept | ({"only_for": call.args.get("user")} if call.method == "chat.postEphemeral" else {})
        elif call.method.startswith("views.") and "view" in call.args:
            yield f"{call.method}-{call.args['view'].get('callback_id', '')}", call.args["view"]
    for delivery in deliveries:
        if isinstance(delivery.answer, dict) and "view" in delivery.answer:
            yield "answer", delivery.answer["view"]
