"""What apps do beyond posting: agent threads, streams, views, response addresses and installations, with Bolt over the loopback."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import Ack, App, Assistant
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore

from tests.slack.loopback import LoopbackSlack, NotPossible, Person
from tests.slack.serve import serve
from tests.slack.test_schemas import BUTTON, FEEDBACK, INPUT, MODAL, PLAIN, SECTION

pytestmark = pytest.mark.thorough


@pytest.fixture
def client(slack: LoopbackSlack) -> WebClient:
    return WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def app(slack: LoopbackSlack, client: WebClient) -> Iterator[App]:
    """An empty Bolt app over HTTP."""
    app = App(client=client, signing_secret=slack.setup.signing_secret, listener_executor=ThreadPoolExecutor(10))
    server = serve(app)
    slack.deliver_to(f"http://127.0.0.1:{server.port}/slack/events")
    yield app
    server.close()


@pytest.fixture
def wang(slack: LoopbackSlack) -> Person:
    slack.core.courier.retry_after = ()
    return slack.person("wang")


def open_modal(slack: LoopbackSlack, client: WebClient, wang: Person, view: dict[str, Any]) -> Any:
    """Open a modal as an app would, without an app."""
    trigger = slack.run(lambda: slack.core.views.trigger(slack.workspace.id, wang.id))
    return client.views_open(trigger_id=trigger, view=view)["view"]


def test_agent_events(slack: LoopbackSlack, app: App, wang: Person) -> None:
    """The messages tab, a change of context and a stop reach the app; a stream answers in the thread and clears the status."""
    heard: list[dict[str, Any]] = []
    for name in ("app_home_opened", "app_context_changed", "agent_session_stopped"):
        app.event(name)(lambda event: heard.append(event))

    @app.event("message")
    def stream(event: dict[str, Any], set_status: Any, say_stream: Any) -> None:
        if event.get("bot_id"):
            return
        set_status("正在查…")
        answer = say_stream(buffer_size=1)
        answer.append(markdown_text="访客")
        answer.stop(markdown_text="登记", blocks=[FEEDBACK])

    wang.opens_home("messages")
    channel = slack.channel("合规", wang)
    wang.looks_at(channel)
    asked = wang.dms("24(3)？")
    answer = slack.wait_for_post(wang.dm, asked.ts, "访客登记")
    assert slack.statuses(wang.dm, asked.ts) == ["正在查…", ""]
    wang.stops(answer)
    slack.wait(lambda: len(heard) == 3)
    by_type = {event["type"]: event for event in heard}
    assert by_type["app_home_opened"]["tab"] == "messages"
    assert by_type["app_context_changed"]["context"]["entities"][0]["value"] == channel
    assert by_type["agent_session_stopped"]["streaming_message_ts"] == [answer.ts]


def test_feedback_is_clicked(slack: LoopbackSlack, app: App, wang: Person, client: WebClient) -> None:
    """Feedback buttons send the value of the chosen side, and a whisper is seen by its reader only."""
    app.action("feedback")(lambda ack, body, client: (ack(), client.chat_postEphemeral(
        channel=body["channel"]["id"], user=body["user"]["id"], text=f"谢谢：{body['actions'][0]['value']}"
    )))  # fmt: skip
    posted = client.chat_postMessage(channel=wang.dm, text="答", blocks=[FEEDBACK])
    wang.clicks(slack.workspace.message(wang.dm, posted["ts"]), "feedback", "bad")
    assert slack.wait(lambda: wang.whispers)[0].text == "谢谢：bad"
    assert slack.person("li").whispers == []


def test_legacy_assistant(slack: LoopbackSlack, app: App, wang: Person) -> None:
    """The legacy side panel opens a thread that Bolt's Assistant class serves."""
    assistant = Assistant()
    assistant.thread_started(lambda say, set_suggested_prompts: (say("问吧"), set_suggested_prompts(prompts=["24(3)？"])))
    assistant.user_message(lambda payload, say: say(f"答：{payload['text']}"))
    app.use(assistant)
    root = wang.opens_assistant()
    slack.wait_for_post(wang.dm, root, "问吧")
    wang.dms("访客", thread=root)
    slack.wait_for_post(wang.dm, root, "答：访客")


def test_modals_stack_update_and_conflict(slack: LoopbackSlack, client: WebClient, wang: Person) -> None:
    """Views push up to three, update with a guard against overtaking, keep what was entered, and open only with a fresh trigger."""
    shown = open_modal(slack, client, wang, MODAL | {"external_id": "na-1"})
    wang.fills({"why": "没有集装箱"})
    updated = client.views_update(external_id="na-1", hash=shown["hash"], view=MODAL | {"blocks": [SECTION, INPUT]})["view"]
    assert updated["state"]["values"]["why"]["why"]["value"] == "没有集装箱"
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_update(view_id=shown["id"], hash=shown["hash"], view=MODAL)
    for expected in (None, None, "push_limit_reached"):
        trigger = slack.run(lambda: slack.core.views.trigger(slack.workspace.id, wang.id))
        if expected is None:
            client.views_push(trigger_id=trigger, view=MODAL)
        else:
            with pytest.raises(SlackApiError, match=expected):
                client.views_push(trigger_id=trigger, view=MODAL)
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        client.views_open(trigger_id=trigger, view=MODAL)
    late = slack.run(lambda: slack.core.views.trigger(slack.workspace.id, wang.id))
    slack.advance(3.5)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        client.views_open(trigger_id=late, view=MODAL)
    wang.closes()
    assert wang.modal
    assert wang.modal.previous == shown["id"]


def test_answers_to_a_submission(slack: LoopbackSlack, app: App, client: WebClient, wang: Person) -> None:
    """A submission may be answered with another view, or by clearing the stack; a close is told when asked for."""
    closed: list[str] = []
    app.view("na")(lambda ack: ack(response_action="update", view=MODAL | {"callback_id": "done"}))
    app.view("done")(lambda ack: ack(response_action="clear"))
    app.view_closed("na")(lambda ack, view: (ack(), closed.append(view["id"])))
    open_modal(slack, client, wang, MODAL | {"notify_on_close": True})
    wang.submits({"why": "不涉及"})
    assert wang.wait_for_modal("done")
    wang.submits({"why": "不涉及"})
    assert wang.modal is None
    opened = open_modal(slack, client, wang, MODAL | {"notify_on_close": True})
    wang.closes()
    slack.wait(lambda: closed == [opened["id"]])


def test_wrong_answers_to_a_submission_are_problems(slack: LoopbackSlack, app: App, client: WebClient, wang: Person) -> None:
    """Errors for a block that is no input of the view are nothing that Slack would show."""
    app.view("na")(lambda ack: ack(response_action="errors", errors={"reason": "缺"}))
    open_modal(slack, client, wang, MODAL)
    with slack.allowing_problems() as problems:
        wang.submits({"why": "不涉及"})
    assert problems == ["view_submission errors: ['reason'] are no input blocks of the view"]


def test_inputs_of_every_kind(slack: LoopbackSlack, app: App, client: WebClient, wang: Person) -> None:
    """Each kind of input sends what Slack's types say; an option that is not offered cannot be chosen."""
    sent: list[dict[str, Any]] = []
    app.view("all")(lambda ack, view: (ack(), sent.append(view["state"]["values"])))
    options = [{"text": PLAIN, "value": value} for value in ("paper", "link")]
    kinds: dict[str, tuple[dict[str, Any], Any]] = {
        "select": ({"type": "static_select", "options": options}, "link"),
        "radio": ({"type": "radio_buttons", "options": options}, "paper"),
        "boxes": ({"type": "checkboxes", "options": options}, ["paper", "link"]),
        "day": ({"type": "datepicker"}, "2026-11-24"),
        "who": ({"type": "users_select"}, wang.id),
        "url": ({"type": "url_text_input"}, "https://a.cn"),
        "number": ({"type": "number_input", "is_decimal_allowed": False}, "3"),
        "file": ({"type": "file_input", "filetypes": ["pdf"]}, [("证明.pdf", b"%PDF")]),
    }
    blocks = [
        {"type": "input", "block_id": name, "label": PLAIN, "element": element | {"action_id": name}}
        for name, (element, _) in kinds.items()
    ]
    open_modal(slack, client, wang, MODAL | {"callback_id": "all", "blocks": blocks})
    with pytest.raises(NotPossible, match="no option 'fax'"):
        wang.fills({"select": "fax"})
    with pytest.raises(NotPossible, match="does not take"):
        wang.fills({"file": [("恶意.exe", b"MZ")]})
    wang.submits({name: value for name, (_, value) in kinds.items()})
    values = slack.wait(lambda: sent)[0]
    assert values["select"]["select"]["selected_option"]["value"] == "link"
    assert [o["value"] for o in values["boxes"]["boxes"]["selected_options"]] == ["paper", "link"]
    assert values["day"]["day"] == {"type": "datepicker", "selected_date": "2026-11-24"}
    assert values["who"]["who"]["selected_user"] == wang.id
    assert values["file"]["file"]["files"][0]["name"] == "证明.pdf"


def test_response_addresses(slack: LoopbackSlack, app: App, client: WebClient, wang: Person) -> None:
    """A click's response address replaces the message, whispers or posts, five times within half an hour."""
    urls: list[str] = []

    @app.action("submit")
    def clicked(ack: Ack, body: dict[str, Any], respond: Any) -> None:
        ack()
        urls.append(body["response_url"])
        respond(text="✅ 已接受", replace_original=True)

    posted = client.chat_postMessage(channel=wang.dm, text="待审", blocks=[{"type": "actions", "elements": [BUTTON]}])
    message = slack.workspace.message(wang.dm, posted["ts"])
    wang.clicks(message, "submit")
    slack.wait(lambda: message.text == "✅ 已接受")
    with pytest.raises(NotPossible):
        wang.clicks(message, "submit")

    def respond(args: dict[str, Any]) -> int:
        data = json.dumps(args).encode()
        request = urllib.request.Request(urls[0], data, {"Content-Type": "application/json"})  # noqa: S310
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    assert [respond({"text": "悄悄"}) for _ in range(5)] == [200, 200, 200, 200, 404]
    assert [m.text for m in wang.whispers] == ["悄悄"] * 4


def test_installation_in_a_browser(slack: LoopbackSlack, tmp_path: Path) -> None:
    """Bolt's OAuth flow installs the app into another workspace, whose people it then serves with that workspace's token."""
    other = slack.add_workspace("另一家", install=False)
    li = slack.person("li", workspace=other)
    settings = OAuthSettings(
        client_id=slack.setup.client_id, client_secret=slack.setup.client_secret, scopes=["chat:write"],
        installation_store=FileInstallationStore(base_dir=str(tmp_path)),
        state_store=FileOAuthStateStore(expiration_seconds=60, base_dir=str(tmp_path)),
    )  # fmt: skip
    app = App(client=WebClient(base_url=slack.api_url), signing_secret=slack.setup.signing_secret, oauth_settings=settings)
    app.event("app_mention")(lambda event, say: say(f"答：{event['text']}", thread_ts=event["ts"]))
    server = serve(app)
    slack.deliver_to(f"http://127.0.0.1:{server.port}/slack/events")
    status, page = li.installs(f"http://127.0.0.1:{server.port}/slack/install")
    assert status == 200, page
    slack.setup.events = frozenset(["app_mention"])
    channel = slack.channel("合规", li)
    asked = li.asks(channel, "在吗")
    slack.wait_for_post(channel, asked.ts, "在吗")
    assert {call.team for call in slack.calls("chat.postMessage")} == {other.id}
    server.close()
