"""The loopback's Web API, driven by slack_sdk: what Slack documents is what it answers."""

from __future__ import annotations

import re
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.slack.conftest import StartSlack
from tests.slack.loopback import LoopbackSlack

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "材料"}}


@pytest.fixture
def client(slack: LoopbackSlack) -> WebClient:
    return WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])


def error(call: Any, **args: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        call(**args)
    return str(refused.value.response["error"])


def test_post_update_delete(slack: LoopbackSlack, client: WebClient) -> None:
    """A message can be posted, read, changed and deleted; blocks get ids; what an update leaves out stays."""
    channel = slack.channel("合规", slack.person("wang"))
    posted = client.chat_postMessage(
        channel=channel, text="甲", blocks=[SECTION], metadata={"event_type": "o", "event_payload": {"id": "7"}}
    )
    assert posted["message"]["blocks"][0]["block_id"]
    client.chat_update(channel=channel, ts=posted["ts"], text="乙")
    read = client.conversations_history(channel=channel, include_all_metadata=True)["messages"][0]
    assert (read["text"], read["metadata"]["event_payload"]) == ("乙", {"id": "7"})
    assert read["blocks"][0]["text"]["text"] == "材料"
    assert "/archives/" in client.chat_getPermalink(channel=channel, message_ts=posted["ts"])["permalink"]
    client.chat_delete(channel=channel, ts=posted["ts"])
    assert slack.messages(channel) == []
    assert [call.method for call in slack.calls(channel=channel)][:2] == ["chat.postMessage", "chat.update"]


def test_threads_and_pages(slack: LoopbackSlack, client: WebClient) -> None:
    """History is newest first without replies, replies are oldest first with their root, and both come in pages."""
    channel = slack.channel("合规", slack.person("wang"))
    roots = [client.chat_postMessage(channel=channel, text=f"根{n}")["ts"] for n in range(3)]
    for n in range(3):
        client.chat_postMessage(channel=channel, thread_ts=roots[0], text=f"回{n}")
    first = client.conversations_history(channel=channel, limit=2)
    rest = client.conversations_history(channel=channel, limit=2, cursor=first["response_metadata"]["next_cursor"])
    assert [m["text"] for m in first["messages"] + rest["messages"]] == ["根2", "根1", "根0"]
    assert rest["messages"][0]["reply_count"] == 3
    assert [m["text"] for m in client.conversations_replies(channel=channel, ts=roots[0])["messages"]] == ["根0", "回0", "回1", "回2"]
    assert [m["text"] for m in client.conversations_history(channel=channel, oldest=roots[1])["messages"]] == ["根2"]


def test_people_and_direct_messages(slack: LoopbackSlack, client: WebClient) -> None:
    """People are found by id and address; a direct message is opened once; a deactivated person cannot be written to."""
    wang = slack.person("wang", real_name="王芳", email="wang@example.cn", tz="Europe/Berlin")
    assert client.users_info(user=wang.id)["user"]["tz"] == "Europe/Berlin"
    assert client.users_lookupByEmail(email="WANG@example.cn")["user"]["id"] == wang.id
    opened = client.conversations_open(users=wang.id)["channel"]["id"]
    assert client.conversations_open(users=wang.id)["channel"]["id"] == opened == wang.dm
    client.chat_postMessage(channel=wang.id, text="你好")
    assert [m.text for m in wang.inbox] == ["你好"]
    wang.leaves_company()
    assert error(client.conversations_open, users=wang.id) == "user_disabled"
    assert error(client.chat_postMessage, channel=wang.dm, text="x") == "user_disabled"
    assert error(client.users_lookupByEmail, email="wang@example.cn") == "users_not_found"
    gone = client.users_info(user=wang.id)["user"]
    assert gone["deleted"]
    assert "real_name" not in gone
    assert wang.id in [member["id"] for member in client.users_list()["members"]]


def test_refusals(slack: LoopbackSlack, client: WebClient) -> None:
    """Unknown channels, messages and people, foreign messages and channels without the app are refused by Slack's names."""
    wang = slack.person("wang")
    elsewhere = slack.channel("别处", wang, app=False)
    channel = slack.channel("合规", wang)
    said = wang.says(channel, "我写的")
    assert error(client.chat_postMessage, channel="C404", text="x") == "channel_not_found"
    assert error(client.chat_postMessage, channel=elsewhere, text="x") == "not_in_channel"
    assert error(client.chat_update, channel=channel, ts="1.1", text="x") == "message_not_found"
    assert error(client.chat_update, channel=channel, ts=said.ts, text="x") == "cant_update_message"
    assert error(client.users_info, user="U404") == "user_not_found"
    assert error(WebClient(token="xoxb-no", base_url=slack.api_url).auth_test) == "invalid_auth"
    assert error(WebClient(token=slack.app_token, base_url=slack.api_url).auth_test) == "not_allowed_token_type"
    client.auth_revoke()
    assert error(client.auth_test) == "token_revoked"


def test_bad_requests_are_problems(slack: LoopbackSlack, client: WebClient) -> None:
    """A request that Slack's types or limits do not allow is answered as Slack would, and fails the test that sent it."""
    channel = slack.channel("合规", slack.person("wang"))
    with slack.allowing_problems() as problems:
        assert error(client.chat_postMessage, channel=channel, text="x", blocks=[{"type": "divider"}] * 51) == "invalid_blocks"
        assert error(client.chat_postMessage, channel=channel, text="x", thred_ts="1.1") == "invalid_arguments"
        assert error(client.api_call, api_method="bookmarks.list") == "unknown_method"
    assert len(problems) == 3
    assert slack.messages(channel) == []
    assert slack.problems == []


def test_files(slack: LoopbackSlack, client: WebClient) -> None:
    """A file goes up in three steps, is shared in a thread, and comes down with the token only."""
    wang = slack.person("wang")
    root = wang.dms("文件呢？")
    client.files_upload_v2(channel=wang.dm, thread_ts=root.ts, filename="目录清单.xlsx", content="内容", initial_comment="给你")
    shared = slack.posts(wang.dm, root.ts)[0]
    assert (shared.text, shared.files[0].content.decode()) == ("给你", "内容")
    info = client.files_info(file=shared.files[0].id)["file"]
    assert info["shares"]["private"][wang.dm] == [{"ts": shared.ts}]
    request = urllib.request.Request(info["url_private_download"], headers={"Authorization": f"Bearer {slack.bot_token}"})  # noqa: S310
    assert urllib.request.urlopen(request).read().decode() == "内容"  # noqa: S310
    with urllib.request.urlopen(info["url_private_download"]) as page:  # noqa: S310
        assert page.headers["Content-Type"].startswith("text/html")


def test_streams_grow_and_expire(slack: LoopbackSlack, client: WebClient) -> None:
    """A stream grows in its thread, ends with blocks, refuses changes while it runs, and is dead after five minutes."""
    wang = slack.person("wang")
    root = wang.dms("24(3) 要什么？")
    stream = client.chat_stream(channel=wang.dm, thread_ts=root.ts, buffer_size=1)
    stream.append(markdown_text="访客")
    assert error(client.chat_update, channel=wang.dm, ts=stream.ts, text="x") == "streaming_state_conflict"
    stream.append(markdown_text="登记")
    stream.stop(blocks=[SECTION])
    assert (slack.posts(wang.dm, root.ts)[0].text, len(slack.posts(wang.dm, root.ts)[0].blocks)) == ("访客登记", 1)
    late = client.chat_stream(channel=wang.dm, thread_ts=root.ts, buffer_size=1)
    late.append(markdown_text="一半")
    slack.advance(301)
    assert error(late.append, markdown_text="另一半") == "message_not_in_streaming_state"
    client.chat_update(channel=wang.dm, ts=str(late.ts), text="一半另一半")
    assert slack.posts(wang.dm, root.ts)[1].text == "一半另一半"
    channel = slack.channel("合规", wang)
    asked = wang.asks(channel, "？")
    assert error(client.chat_startStream, channel=channel, thread_ts=asked.ts) == "missing_recipient_team_id"


def test_assistant_threads(slack: LoopbackSlack, client: WebClient) -> None:
    """A status is shown until the app answers; prompts stand in the messages tab or in a thread; a thread has a title."""
    wang = slack.person("wang")
    root = wang.dms("？")
    client.assistant_threads_setStatus(channel_id=wang.dm, thread_ts=root.ts, status="正在查", loading_messages=["翻书"])
    client.chat_postMessage(channel=wang.dm, thread_ts=root.ts, text="答")
    assert slack.statuses(wang.dm, root.ts) == ["正在查", ""]
    client.assistant_threads_setSuggestedPrompts(channel_id=wang.dm, prompts=[{"title": "甲", "message": "乙"}])
    client.assistant_threads_setTitle(channel_id=wang.dm, thread_ts=root.ts, title="访客")
    assert slack.core.prompts[(wang.dm, "")] == [{"title": "甲", "message": "乙"}]
    assert slack.core.titles[(wang.dm, root.ts)] == "访客"


def test_manifest_decides_what_the_app_may(start_slack: StartSlack) -> None:
    """With a manifest, missing scopes and a closed messages tab are refused, and only subscribed events are sent."""
    slack = start_slack(
        {
            "display_information": {"name": "AEO"},
            "features": {"app_home": {"messages_tab_enabled": False}},
            "oauth_config": {"scopes": {"bot": ["chat:write", "im:write", "users:read"]}},
            "settings": {"event_subscriptions": {"bot_events": ["app_mention", "user_change"]}},
        }
    )
    client = WebClient(token=slack.bot_token, base_url=slack.api_url)
    wang = slack.person("wang", email="wang@example.cn")
    assert error(client.conversations_history, channel=wang.dm) == "missing_scope"
    assert error(client.users_lookupByEmail, email="wang@example.cn") == "missing_scope"
    assert error(client.chat_postMessage, channel=wang.dm, text="x") == "messages_tab_disabled"
    assert "email" not in client.users_info(user=wang.id)["user"]["profile"]
    assert client.auth_test().headers["x-oauth-scopes"] == "chat:write,im:write,users:read"
    wang.asks(slack.channel("合规", wang), "在吗")
    wang.leaves_company()
    assert [d.event["type"] for d in slack.deliveries] == ["user_change"]


def test_oauth(slack: LoopbackSlack) -> None:
    """An approved installation gives a token for that workspace only, once."""
    other = slack.add_workspace("另一家", install=False)
    li = slack.person("li", workspace=other)
    code = slack.approve(other, li)
    args = {"client_id": slack.setup.client_id, "client_secret": slack.setup.client_secret, "code": code}
    granted = WebClient(base_url=slack.api_url).oauth_v2_access(**args)
    assert granted["team"]["id"] == other.id
    client = WebClient(token=granted["access_token"], base_url=slack.api_url)
    assert client.auth_test()["team_id"] == other.id
    assert error(client.chat_postMessage, channel=slack.person("wang").id, text="x") == "channel_not_found"
    assert error(WebClient(base_url=slack.api_url).oauth_v2_access, **args) == "invalid_code"
    slack.uninstall(other)
    assert error(client.auth_test) == "token_revoked"


def test_ids_look_like_slacks(slack: LoopbackSlack) -> None:
    """Ids and stamps have the form that parsers of Slack's data expect."""
    wang = slack.person("wang")
    assert re.fullmatch(r"U[A-Z0-9]{8,}", wang.id)
    assert re.fullmatch(r"D[A-Z0-9]{8,}", wang.dm)
    assert re.fullmatch(r"\d{10}\.\d{6}", wang.dms("x").ts)
