"""Questions: what people write to the app, routed to an answer, a few words, or silence where nobody spoke to it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from slack_bolt import App, BoltContext

from assistant.answers.question.references import references
from assistant.answers.reply.plan import language
from assistant.conversation.jobs import Later
from assistant.conversation.ports import Job
from assistant.conversation.post import Post, post_key
from assistant.conversation.threads import is_heard, leaves, means_help, means_stop, reference
from assistant.texts import say
from connectors.slack.cards.answer_message import answer_posts
from connectors.slack.cards.help import help_blocks
from connectors.slack.listeners import clause_buttons, commands, enquiries, feedback, messages_tab
from connectors.slack.listeners.answering import answer, answer_key, apologise, plainly, say_blocks, tell
from connectors.slack.listeners.heard import post_of
from connectors.slack.wire.errors import DISMISSED, Refused, called

if TYPE_CHECKING:
    from connectors.slack.context import Deps

log = logging.getLogger("aeo.slack.questions")

Json = Mapping[str, Any]
KIND = "post"


def listen(app: App, deps: Deps) -> None:
    """Register everything that has to do with questions."""
    deps.work.handles(KIND, lambda job: _act(deps, job), lambda job: _lost(deps, job))
    for event in ("app_mention", "message"):
        deps.intake.keeps(event, lambda body, context: _keep(deps, body, context))
    deps.intake.lost = lambda body, context: _unkept(deps, body, context)
    for part in (enquiries, messages_tab, clause_buttons, feedback):
        part.listen(app, deps)
    commands.listen(app, deps, accept)


def accept(deps: Deps, post: Post) -> bool:
    """Store what somebody wrote, to be acted on once; False when it was stored before.

    Raises:
        Unavailable: it could not be stored.
    """
    return deps.work.add(KIND, post.team, post.key, post.document(), lane=f"{post.channel}:{post.thread}")


def _keep(deps: Deps, body: Json, context: BoltContext) -> None:
    post = post_of(body["event"], context.team_id or "", context.bot_user_id or "")
    if post is None or (post.origin == "thread" and not _concerns(deps, post)):
        return
    accept(deps, post)


def _unkept(deps: Deps, body: Json, context: BoltContext) -> None:
    """The database is away and Slack will not ask again: a number is looked up, anything else gets an apology; nothing is kept.

    What was written in a channel without naming the app may concern others: without the database that cannot be known.
    """
    post = post_of(body["event"], context.team_id or "", context.bot_user_id or "")
    if post is None or not (post.direct or body["event"]["type"] == "app_mention"):  # a mention comes as a message too
        return
    lang = language(post.text, deps.lang)
    text = say("slack.talk.apology_busy", lang, reference=reference(post.key))
    blocks: list[dict[str, Any]] = []
    if references(post.text, deps.guide(None)):
        message = answer_posts(deps.assistant.ask(post.text), "", lang)[0]
        text, blocks = message.text, [b for b in message.blocks if b["type"] not in ("actions", "context_actions")]
    called(lambda: deps.client(post.team).chat_postMessage(channel=post.channel, thread_ts=post.thread, text=text, blocks=blocks or None))


def _concerns(deps: Deps, post: Post) -> bool:
    """Whether a thread is one of ours, or began with a question that is being answered just now; others are not stored."""
    if deps.store.thread(post.team, post.channel, post.thread) is not None:
        return True
    return deps.store.known(post.team, post_key(post.channel, post.thread))


def _act(deps: Deps, job: Job) -> None:
    post = Post.read(job.payload)
    if post.direct and post.ts:
        deps.store.saw(post.team, post.channel, post.ts)
    try:
        if not any(take(post) for take in deps.takers) and is_heard(deps.store, post):
            _reply(deps, post)
    except Refused as refused:
        _refused(deps, post, refused)


def _refused(deps: Deps, post: Post, refused: Refused) -> None:
    """A word in plain text where Slack did not take what was to be said; only who cannot be reached at all hears nothing."""
    number = reference(post.key)
    log.warning("Slack did not take what belongs to %s of %s, reference %s: %s", post.key, post.team, number, refused.code)
    if refused.unheard or refused.code in DISMISSED:
        return
    try:
        plainly(deps, post, f"refused:{post.key}", say("slack.talk.apology", language(post.text, deps.lang), reference=number))
    except Refused as again:
        log.warning("nobody can be told about %s of %s: %s", post.key, post.team, again.code)


def _reply(deps: Deps, post: Post) -> None:
    lang, spoken_to = language(post.text, deps.lang), post.origin != "thread"
    if means_stop(post.text):
        _stop(deps, post, lang)
        return
    if post.files and spoken_to:
        tell(deps, post, f"files:{post.key}", say("slack.talk.files", lang))
    if not means_help(post.text):
        answer(deps, post)
    elif spoken_to and not post.files:
        say_blocks(deps, post, answer_key(post), help_blocks(lang))


def _stop(deps: Deps, post: Post, lang: str) -> None:
    """Be quiet in this thread; what is written to the app directly is always meant for it."""
    if not post.direct:
        leaves(deps.store, post, deps.now())
    tell(deps, post, answer_key(post), say("slack.talk.stopped_direct" if post.direct else "slack.talk.stopped", lang))


def _lost(deps: Deps, job: Job) -> None:
    """A last word where no answer could be given."""
    post = Post.read(job.payload)
    try:
        apologise(deps, post, language(post.text, deps.lang), "apology_busy")
    except (Later, Refused) as error:
        log.error("no apology for %s of %s: %s", post.key, post.team, error)
