"""What Slack refuses although its types allow it, and what its documentation says in prose only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

Surface = Literal["message", "modal", "home"]
Node = Mapping[str, Any]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MARKDOWN_TOTAL = 12_000
MESSAGE_TOTAL = 13_000
MESSAGE_TEXT = 4_000

_ONLY_ON: dict[str, tuple[Surface, ...]] = {
    "context_actions": ("message",),
    "file": ("message",),
    "markdown": ("message",),
    "plan": ("message",),
    "table": ("message",),
    "data_table": ("message",),
    "task_card": ("message",),
    "file_input": ("modal",),
    "workflow_button": ("message",),
}
_FILLED = ("actions", "context", "context_actions", "rich_text_list")
_BROADCAST = re.compile(r"<!(?:channel|here|everyone|group)(?:\|[^>]*)?>")
_CJK = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_GLUED = re.compile(rf"(?<=[{_CJK}])\*(?=\S)[^*\n]+(?<=\S)\*|\*(?=\S)[^*\n]+(?<=\S)\*(?=[{_CJK}])")
_WITH_TEXT = ("chat.postMessage", "chat.postEphemeral", "chat.update")


def lint_request(method: str, args: Node) -> list[str]:
    """Rules of ours for a call: a fallback text goes with blocks, and nothing calls a whole channel."""
    found = []
    text = args.get("text")
    if method in _WITH_TEXT and ("blocks" in args or "attachments" in args) and not (isinstance(text, str) and text.strip()):
        found.append("text: blocks need a fallback text, for notifications and screen readers")
    if isinstance(text, str) and len(text) > MESSAGE_TEXT:
        found.append(f"text: Slack answers msg_too_long from about {MESSAGE_TEXT} characters, this has {len(text)}")
    for name in ("text", "markdown_text", "initial_comment"):
        found += _broadcasts(args.get(name), name)
    if method == "chat.appendStream" and not (args.get("markdown_text") or args.get("chunks")):
        found.append("markdown_text or chunks: one of them is required")
    return found


def lint_view(view: Node) -> list[str]:
    """A view's blocks on its surface; a modal with inputs has a submit button."""
    kind = view.get("type")
    if kind not in ("modal", "home"):
        return [f"view.type: {kind!r} is no view of ours"]
    blocks = view["blocks"]
    found = lint_blocks(blocks, kind)
    if kind == "modal" and "submit" not in view and any(b["type"] == "input" for b in blocks):
        found.append("view.submit: required when there is an input block")
    return found


def lint_blocks(blocks: Sequence[Node], surface: Surface) -> list[str]:
    """Numbers, ids, surfaces and totals of well-formed blocks."""
    limit = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    found = [f"blocks: {surface} takes {limit} blocks, this has {len(blocks)}"] if len(blocks) > limit else []
    found += _twice([b["block_id"] for b in blocks if "block_id" in b], "block_id")
    markdown = sum(len(b["text"]) for b in blocks if b["type"] == "markdown")
    if markdown > MARKDOWN_TOTAL:
        found.append(f"blocks: {markdown} characters of markdown in one payload, at most {MARKDOWN_TOTAL}")
    if sum(b["type"] in ("table", "data_table") for b in blocks) > 1:
        found.append("blocks: only one table is allowed in a message")
    total = sum(len(text) for block in blocks for text in texts(block))
    if surface == "message" and total > MESSAGE_TOTAL:
        found.append(f"blocks: Slack answers msg_blocks_too_long from about {MESSAGE_TOTAL} characters, this has {total}")
    for position, block in enumerate(blocks):
        found += _lint_block(block, surface, f"blocks[{position}]")
    return found


def _lint_block(block: Node, surface: Surface, at: str) -> Iterator[str]:
    yield from _twice([n["action_id"] for n in nodes(block) if "action_id" in n], f"{at}: action_id")
    if block["type"] == "section" and not block.get("text") and not block.get("fields"):
        yield f"{at}: a section needs text or fields"
    if block["type"] == "image" and ("image_url" in block) == ("slack_file" in block):
        yield f"{at}: an image needs image_url or slack_file"
    for node in nodes(block):
        kind = node.get("type")
        if surface not in _ONLY_ON.get(str(kind), (surface,)):
            yield f"{at}: {kind} is not allowed in a {surface}"
        if kind in _FILLED and not node.get("elements"):
            yield f"{at}: {kind} without elements"
        if kind == "text" and node.get("text") == "":
            yield f"{at}: a rich text element with empty text"
        if kind == "mrkdwn":
            yield from _broadcasts(node.get("text"), at)
            if _GLUED.search(str(node.get("text"))):
                yield f"{at}: Slack shows the stars of *bold* text next to Chinese characters"
        if kind == "broadcast":
            yield f"{at}: this calls a whole channel"
        yield from _lint_options(node, at)


def _lint_options(node: Node, at: str) -> Iterator[str]:
    kind = str(node.get("type"))
    if kind in ("static_select", "multi_static_select") and ("options" in node) == ("option_groups" in node):
        yield f"{at}: {kind} needs options or option_groups"
    options = node.get("options")
    if isinstance(options, list):
        if not options:
            yield f"{at}: {kind} without options"
        yield from _twice([o["value"] for o in options if "value" in o], f"{at}: option value")


def _broadcasts(text: Any, at: str) -> Iterator[str]:
    if isinstance(text, str) and _BROADCAST.search(text):
        yield f"{at}: this calls a whole channel"


def _twice(names: Sequence[str], what: str) -> list[str]:
    return [f"{what} {name!r} occurs {count} times" for name, count in Counter(names).items() if count > 1]


def nodes(node: Any) -> Iterator[Node]:
    """``node`` and every object within it."""
    if isinstance(node, Mapping):
        yield node
        for value in node.values():
            yield from nodes(value)
    elif isinstance(node, list):
        for entry in node:
            yield from nodes(entry)


def texts(block: Node) -> Iterator[str]:
    """Every text that a block shows."""
    for node in nodes(block):
        for key in ("text", "alt_text", "url", "title"):
            if isinstance(node.get(key), str):
                yield node[key]
