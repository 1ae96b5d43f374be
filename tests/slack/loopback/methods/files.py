"""files.*: uploads in three steps, and what is known of a file."""

from __future__ import annotations

from tests.slack.loopback.methods.chat import may_post
from tests.slack.loopback.methods.registry import Caller, method
from tests.slack.loopback.model import File, Json, SlackError


@method("files.getUploadURLExternal", "files:write")
def get_upload_url(caller: Caller, args: Json) -> Json:
    """An address to which the bytes go."""
    if int(args["length"]) <= 0:
        raise SlackError("invalid_arguments")
    file = caller.workspace.add_file(args["filename"], b"", caller.workspace.bot.id)
    caller.core.uploads[file.id] = (caller.workspace.id, int(args["length"]))
    return {"upload_url": f"{caller.core.base}/upload/v1/{file.id}", "file_id": file.id}


@method("files.completeUploadExternal", "files:write")
def complete_upload(caller: Caller, args: Json) -> Json:
    """Make uploaded files visible, in a channel or thread if one is named."""
    files = [_uploaded(caller, entry) for entry in args["files"]]
    if args.get("channel_id"):
        channel = may_post(caller, args["channel_id"])
        comment = args.get("initial_comment") or ""
        for position, file in enumerate(files):
            caller.workspace.share(file, channel, caller.workspace.bot, "" if position else comment, args.get("thread_ts"))
    return {"files": [file.public() for file in files]}


@method("files.info", "files:read")
def info(caller: Caller, args: Json) -> Json:
    """One file, and where it was shared."""
    file = _file(caller, args["file"])
    shares: dict[str, dict[str, list[Json]]] = {"public": {}, "private": {}}
    for channel, ts, kind in file.shares:
        shares["public" if kind == "channel" else "private"].setdefault(channel, []).append({"ts": ts})
    return {"file": file.public() | {"shares": shares}}


@method("files.delete", "files:write")
def delete(caller: Caller, args: Json) -> Json:
    """Delete a file of the app."""
    file = _file(caller, args["file"])
    if file.user != caller.workspace.bot.id:
        raise SlackError("cant_delete_file")
    del caller.workspace.files[file.id]
    return {}


def _file(caller: Caller, file_id: str) -> File:
    file = caller.workspace.files.get(file_id)
    if file is None:
        raise SlackError("file_not_found")
    return file


def _uploaded(caller: Caller, entry: Json) -> File:
    file = _file(caller, entry["id"])
    _, length = caller.core.uploads.get(file.id, ("", -1))
    if len(file.content) != length:
        raise SlackError("file_upload_size_mismatch" if file.content else "file_not_found")
    file.title = entry.get("title") or file.name
    return file
