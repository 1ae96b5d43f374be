"""A question about one line, asked from its card: shown in the card's thread, answered there like any other question."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pydantic import Field
from slack_bolt import Ack, App

from assistant.conversation.jobs import OwnTask
from assistant.conversation.meaning.naming import line_name
from assistant.conversation.ports import Job
from assistant.conversation.post import Post
from assistant.errors import AeoError
from assistant.register.papers.said.words import slot_name
from assistant.register.rules.evidence.life import clean
from assistant.texts import say
from connectors.slack.calls.posting import direct, once
from connectors.slack.cards.blocks.parts import line, quote, rich, value, words
from connectors.slack.cards.blocks.text import escape
from connectors.slack.cards.carried import Click, Json
from connectors.slack.cards.evidence.forms import ASK_FORM
from connectors.slack.context import desk_of
from connectors.slack.listeners.click import form_of, sentence, tell
from connectors.slack.listeners.unexpected import lost

if TYPE_CHECKING:
    from typing import Any

    from connectors.slack.context import Deps

_KIND = "evidence_ask"


class LineQuestion(OwnTask):
    """A question about a slot's line, from a form."""

    slot: str
    channel: str = Field(alias="c")
    thread: str = Field(alias="t")
    question: str


def listen(app: App, deps: Deps) -> None:
    """Register the form."""
    deps.work.handles(_KIND, LineQuestion, partial(_ask, deps), lost(deps))

    def asked(ack: Ack, body: Json, view: dict[str, Any]) -> None:
        click, question = form_of(body), clean(value(view, "question"))
        if not question:
            ack(response_action="errors", errors={"question": say("evidence_slack.wrong.question", deps.lang)})
            return
        task = LineQuestion(user=click.user, slot=click.slot, channel=click.channel, thread=click.thread, question=question)
        deps.work.add(_KIND, click.team, f"view:{view['id']}", task)
        ack()

    app.view(ASK_FORM)(asked)


def _ask(deps: Deps, job: Job, task: LineQuestion) -> None:
    click = Click(job.team, task.user, job.key, task.channel, task.thread, task.slot)
    try:
        entry = desk_of(deps, job.team).service.entry(click.slot)
    except AeoError as error:
        tell(deps, click, sentence(deps, click.team, error))
        return
    channel = click.channel or direct(deps, job.team, click.user)
    said = say("evidence_slack.asked", deps.lang, slot=line_name([entry], deps.lang))
    shown = [rich("asked", line(words(said, bold=True)), quote(task.question, 1_000))]
    root = once(deps, job.team, f"asked:{job.key}", channel, click.thread or None, escape(f"{said} {task.question}"), shown)
    thread = click.thread or root
    text = f"{slot_name(entry.slot.id, entry.slot.kind, deps.lang)}：{task.question}"
    deps.talk.accept(Post(job.team, channel, click.user, root, thread, text, "direct", direct=True, reply=True, key=f"post:{job.key}"))
