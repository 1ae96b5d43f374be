"""People of the loopback use a tiny Bolt app in both modes: what they do arrives, and what the app answers is shown to them."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient

from tests.slack import tiny_app
from tests.slack.conftest import StartSlack
from tests.slack.loopback import LoopbackSlack, NotPossible, Person
from tests.slack.serve import serve

pytestmark = pytest.mark.thorough


@pytest.fixture
def slack(start_slack: StartSlack) -> LoopbackSlack:
    return start_slack(tiny_app.MANIFEST)


@pytest.fixture(params=["socket", "http"])
def app(slack: LoopbackSlack, request: pytest.FixtureRequest) -> Iterator[str]:
    """The tiny app, connected to the loopback in each mode."""
    client = WebClient(token=slack.bot_token, base_url=slack.api_url)
    bolt = tiny_app.build(client, slack.setup.signing_secret)
    if request.param == "http":
        server = serve(bolt)
        slack.deliver_to(f"http://127.0.0.1:{server.port}/slack/events")
        yield "http"
        server.close()
    else:
        logging.getLogger("slack_bolt.App").setLevel(logging.ERROR)
        handler = SocketModeHandler(bolt, slack.app_token, web_client=client)
        handler.connect()
        slack.wait_connected()
        yield "socket"
        slack.hang_up(handler.client)


@pytest.fixture
def wang(slack: LoopbackSlack) -> Person:
    return slack.person("wang", real_name="王芳")


def test_a_day_with_the_app(slack: LoopbackSlack, app: str, wang: Person) -> None:
    """Question, click, form with a mistake, form with a file, dropped file, command, shortcut and Home work in both modes."""
    channel = slack.channel("合规", wang)
    asked = wang.asks(channel, "24(3) 要什么？")
    answer = slack.wait_for_post(channel, asked.ts, "24(3)")
    assert wang.clicks(answer, "submit").acked
    wang.wait_for_modal("evidence")
    wang.submits({"url": "不是网址"})
    assert wang.errors == {"url": "请填写网址"}
    wang.submits({"url": "https://a.cn", "file": [("登记表.xlsx", b"PK"), ("说明.pdf", b"%PDF")]})
    assert wang.modal is None
    slack.wait_for_post(wang.dm, contains="材料已收到：登记表.xlsx、说明.pdf")

    dropped = wang.drops(wang.dm, "记录.docx", "内容".encode(), thread=wang.inbox[-1].ts)
    slack.wait_for_post(wang.dm, dropped.thread, "收到 记录.docx，6 字节")

    assert wang.slash("/aeo", "访客").acked
    assert wang.whispers[-1].text == "答：访客"

    wang.shortcut("ask_this", wang.says(channel, "培训要多久？"))
    slack.wait_for_post(channel, contains="答：培训要多久？")

    wang.opens_home()
    slack.wait(lambda: wang.home_view, "a Home tab")
    wang.clicks_home("submit")
    wang.wait_for_modal("evidence")
    wang.opens_home("messages")
    slack.wait(lambda: slack.core.prompts.get((wang.dm, "")), "prompts")
    slack.settle()
    assert all(delivery.acked for delivery in slack.deliveries)


def test_what_people_cannot_do(slack: LoopbackSlack, app: str, wang: Person) -> None:
    """A button that is gone, an empty required field and a channel one is not in are impossible, as in a client."""
    channel = slack.channel("合规", wang)
    slack.wait_for_post(wang.dm, wang.dms("问").ts)
    answer = slack.posts(wang.dm)[-1]
    with pytest.raises(NotPossible, match=r"nothing to use as 'accept'.*submit=24\(3\)"):
        wang.clicks(answer, "accept")
    wang.clicks(answer, "submit")
    wang.wait_for_modal()
    with pytest.raises(NotPossible, match="'url' must be filled in"):
        wang.submits({})
    with pytest.raises(NotPossible, match="takes 2 files"):
        wang.fills({"file": [("a", b"1"), ("b", b"2"), ("c", b"3")]})
    with pytest.raises(NotPossible):
        slack.person("li").says(channel, "我也在")
    slack.run(lambda: slack.workspace.delete(answer))
    with pytest.raises(NotPossible, match="not there"):
        wang.clicks(answer, "submit")
    slack.settle()
