"""The register asked in words: what is mine, what is missing, how one clause stands, who is late, how far we are, and what to do next.

Everybody sees their own part; the compliance lead sees all of it. In a channel nothing of it is said: it goes to whoever asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from assistant.answers.question.reading import TO_REGISTER, Reading
from assistant.conversation.chat import REMIND_OWNER, Button, ChatItem, Press, Saying, words
from assistant.conversation.in_words import reminding, standing, waiting
from assistant.conversation.in_words.seeing import MOST, first_due, gaps, leads, of_people, offered_gaps, others, reviewed_by, shortened
from assistant.conversation.meaning.about import About, about
from assistant.conversation.meaning.naming import lines_named
from assistant.conversation.meaning.wishes import Wish
from assistant.conversation.post import Place, Post
from assistant.guide import KINDS
from assistant.register.acts.doing.who import Who
from assistant.register.facts.slots import TO_DO, Entry
from assistant.register.papers.reports.coverage import Ready, counted, heat, readiness, total
from assistant.register.papers.said.words import kind_word
from assistant.register.ports import Filter
from assistant.register.rules.demands.periods import VISIT_LEAD, ready_by
from assistant.texts import listed, say

if TYPE_CHECKING:
    from assistant.conversation.context import Context
    from assistant.conversation.enterprise import Desk

_MOST = 10  # lines of a card; chosen


def asked(ctx: Context, post: Post, wish: Wish, desk: Desk, reading: Reading, of: About | None = None) -> bool:
    """Answer what was asked of the register; False where it turns out to be no such question.

    ``of``: what it is about, where that is known already.
    """
    act = _ACTS.get(wish)
    if act is None:
        return False
    who = ctx.who(post.team, post.user)
    here = said_here(ctx, post)
    of = of or about(ctx, post, desk, reading, who)
    said = act(replace(ctx, lang=of.lang), post, desk, who, of)
    if said is None and wish == "state" and post.direct and not reading.surely_asks:
        said = standing.unplaced(replace(ctx, lang=of.lang), post, desk, who, of)
    if said is None:
        return False
    if isinstance(said, Saying):
        ctx.chat.say(here, f"{wish}:{post.key}", said)
    if_directly(ctx, post)
    return True


def left_open(ctx: Context, post: Post, desk: Desk, reading: Reading) -> bool:
    """What is said to no question that is nothing that the register is known to be asked: how what it names stands, or what can be done.

    Of small talk only what names somebody of the register is of it (陈杰那边怎么样); False for all other.
    """
    who = ctx.who(post.team, post.user)
    of = about(ctx, post, desk, reading, who)
    there = replace(ctx, lang=of.lang)
    if reading.act not in TO_REGISTER and not others(of, who):
        return False
    if reading.act not in TO_REGISTER or reading.act == "status":
        said = standing.state(there, post, desk, who, of) or standing.unplaced(there, post, desk, who, of)
    else:
        said = cannot(there, post, desk, who, of)
    ctx.chat.say(said_here(ctx, post), f"open:{post.key}", said)
    return True


def decided_elsewhere(ctx: Context, post: Post, desk: Desk, reading: Reading) -> bool:
    """Where a return or an acceptance belongs that a reviewer writes on its own, of what it names; or that nothing waits for them."""
    who = ctx.who(post.team, post.user)
    of, theirs = about(ctx, post, desk, reading, who), _reviewing(desk, who)
    waiting = [e for e in theirs if of.fits(e)] or theirs
    rows = tuple(ChatItem((t,)) for t in lines_named(waiting, ctx.lang))
    said = Saying(head=(say("talk.review.there", ctx.lang),), parts=rows) if waiting else words(say("talk.review.nothing_here", ctx.lang))
    ctx.chat.say(said_here(ctx, post), f"back:{post.key}", said)
    if_directly(ctx, post)
    return True


def commented(ctx: Context, post: Post, desk: Desk, reading: Reading) -> bool:
    """The same of a word that may be a reviewer's: False where nothing waits for them."""
    return bool(_reviewing(desk, ctx.who(post.team, post.user))) and decided_elsewhere(ctx, post, desk, reading)


def said_here(ctx: Context, post: Post) -> Place:
    """Where states may be said: in direct messages and the channels that are open for it; else to the person directly."""
    here = post.direct or (not post.response_url and ctx.open(post.channel))
    return Place(post.team, post.user, post.channel, post.thread, post.direct) if here else post.place.own


def if_directly(ctx: Context, post: Post) -> None:
    """A word in the channel where what was wanted there is said to the person directly."""
    if said_here(ctx, post).channel != post.channel or post.response_url:
        ctx.chat.whisper(post.place, words(say("evidence_slack.told_directly", ctx.lang)))


def _mine(ctx: Context, post: Post, desk: Desk, who: Who, of: About) -> Saying:
    lang, today = ctx.lang, desk.service.day(who.at)
    if others(of, who):
        return _theirs(desk, who, of, lang)
    own = [e for e in desk.service.standing(who.at, Filter(owner=who.actor)) if e.owed]
    reviews = _reviewing(desk, who)
    if not own:
        text = say("talk.mine.review_only" if reviews else "talk.mine.none", lang, count=len(reviews))
        return words(text)
    left = [e for e in own if e.open(today) and e.shown(today) in TO_DO]
    head = say("talk.mine.head", lang, count=len(own), left=len(left), reviews=len(reviews))
    note = reviewed_by(ctx.names(post.team), own, lang)
    return Saying(head=(head,), parts=_by_item(desk, own, left, lang), buttons=offered_gaps(left, lang), note=note)


def _reviewing(desk: Desk, who: Who) -> list[Entry]:
    """What waits for somebody's review."""
    return [e for e in desk.service.standing(who.at, Filter(reviewer=who.actor)) if e.planned and e.state.name == "submitted"]


def _by_item(desk: Desk, own: Sequence[Entry], left: Sequence[Entry], lang: str) -> tuple[ChatItem, ...]:
    items: list[ChatItem] = []
    for item in dict.fromkeys(e.slot.item for e in own):
        theirs, theirs_left = [e for e in own if e.slot.item == item], [e for e in left if e.slot.item == item]
        title = desk.guide.items[item].title if item in desk.guide.items else ""
        text = say("talk.mine.item", lang, item=item, title=title, count=len(theirs), left=len(theirs_left))
        items.append(ChatItem((text + first_due(theirs_left, "talk.mine.due", lang),)))
    return shortened(items, lang)


def _theirs(desk: Desk, who: Who, of: About, lang: str) -> Saying:
    """What somebody else is in charge of."""
    today = desk.service.day(who.at)
    own, instead = of_people(desk, who, of)
    if instead is not None:
        return instead
    left = [e for e in own if e.open(today) and e.shown(today) in TO_DO]
    head = say("talk.whose.mine", lang, name=listed(of.called, lang), count=len(own), left=len(left))
    return Saying(head=(head,), parts=_by_item(desk, own, left, lang))


def _missing(ctx: Context, post: Post, desk: Desk, who: Who, of: About) -> Saying | bool | None:
    if others(of, who) or of.topic or of.years:
        return _missing_of(desk, who, of, ctx.lang)
    return missing(ctx, said_here(ctx, post), desk, who, f"missing:{post.key}", of.level, of.target)


def _missing_of(desk: Desk, who: Who, of: About, lang: str) -> Saying:
    """What is missing of somebody else, or of a line that is named by its words."""
    today = desk.service.day(who.at)
    if not of.people and not leads(desk, who):
        of = replace(of, people=(who.actor,))
    found, instead = of_people(desk, who, of)
    if instead is not None:
        return instead
    left = sorted((e for e in found if e.open(today) and e.shown(today) in TO_DO), key=lambda e: (e.due or date.max, e.slot.position))
    name = " ".join(n for n in (listed(of.called, lang), of.where if of.placed else "") if n)
    if not left:
        return words(say("talk.whose.none", lang, name=name))
    buttons = tuple(
        Button(REMIND_OWNER, say("talk.remind.button", lang, name=called), f"{p}\n{of.target if of.level != 'all' else ''}")
        for p, called in zip(of.people, of.called, strict=False)
        if p != who.actor and leads(desk, who) and any(e.owner == p for e in left)
    )
    head = say("talk.whose.missing", lang, name=name, count=len(left))
    return Saying(head=(head,), parts=tuple(ChatItem((t,)) for t in lines_named(left, lang, MOST)), buttons=buttons)


def missing(ctx: Context, place: Place, desk: Desk, who: Who, key: str, level: str = "all", target: str = "*") -> Saying | bool:
    """What is missing: a card that follows the register, or a sentence when nothing is."""
    found, where = gaps(desk, who, level, target), "" if level == "all" else target
    if not found:
        return words(say("evidence_slack.nothing_missing_in" if where else "evidence_slack.nothing_missing", ctx.lang, where=where))
    ctx.chat.slots(place, key, found[:_MOST], max(0, len(found) - _MOST), ctx.lang)
    return True


def _overdue(ctx: Context, post: Post, desk: Desk, who: Who, of: About) -> Saying:
    lang, today = ctx.lang, desk.service.day(who.at)
    if others(of, who):
        theirs, instead = of_people(desk, who, of)
        late = [e for e in theirs if e.open(today) and e.due is not None and e.due < today and e.shown(today) in TO_DO]
        name = listed(of.called, lang)
        head = say("talk.whose.overdue" if late else "talk.whose.on_time", lang, name=name, count=len(late))
        return instead or Saying(head=(head,), parts=tuple(ChatItem((t,)) for t in lines_named(late, lang, MOST)))
    own = "" if leads(desk, who) else who.actor
    found = [e for e in desk.service.standing(who.at, Filter(owner=own, overdue=True)) if e.owed and e.open(today)]
    if not found:
        coming = [e for e in desk.service.standing(who.at, Filter(owner=own)) if e.owed and e.shown(today) in TO_DO]
        none = say("talk.overdue.none" if not own else "talk.overdue.none_yours", lang)
        text, called_as = none + first_due(coming, "talk.overdue.next", lang), ctx.names(post.team)
        open_ = Counter(e.owner for e in coming if e.open(today)) if not own else Counter()
        owing = [ChatItem((say("talk.overdue.open", lang, owner=called_as.get(o, o), count=n),)) for o, n in open_.most_common()]
        return Saying(parts=((text,), *shortened(owing, lang)))
    if own:
        return Saying(
            head=(say("talk.overdue.yours", lang, count=len(found)),),
            parts=tuple(ChatItem((t,)) for t in lines_named(found, lang)),
            buttons=offered_gaps(found, lang),
        )
    called_as, behind = ctx.names(post.team), Counter(e.owner for e in found)
    rows = [ChatItem((say("talk.overdue.row", lang, owner=called_as.get(o, o), count=n),)) for o, n in behind.most_common(MOST)]
    buttons = [
        Button(
            REMIND_OWNER,
            say("talk.remind.button", lang, name=called_as.get(o, o)),
            o,
            sure=say(f"talk.remind.sure_{ctx.sends}", lang, name=called_as.get(o, o), count=n),
        )
        for o, n in behind.most_common(4)
        if o != who.actor
    ]
    return Saying(head=(say("talk.overdue.head", lang, people=len(behind), count=len(found)),), parts=tuple(rows), buttons=tuple(buttons))


def _progress(ctx: Context, post: Post, desk: Desk, who: Who, of: About) -> Saying | None:
    lang, today = ctx.lang, desk.service.day(who.at)
    if others(of, who) or of.placed:
        return standing.state(ctx, post, desk, who, of)
    own = "" if leads(desk, who) else who.actor
    counts = counted(desk.service.standing(who.at, Filter(owner=own)), today)
    whole = total(counts)
    if own and not whole.owed:
        return _mine(ctx, post, desk, who, of)
    name = "talk.progress.all" if not own else "talk.progress.yours"
    values = {"owed": whole.owed, "ready": whole.ready, "pending": whole.pending, "open": whole.open, "overdue": whole.overdue}
    head = say(name, lang, share=round(100 * whole.share), **values, later=whole.later)
    kinds = readiness(counts, "kind")
    found = [(k, kinds[k]) for k in KINDS if k in kinds]
    rows = [ChatItem((say("evidence_slack.lead.row", lang, name=kind_word(k, lang), ready=r.ready, owed=r.owed),)) for k, r in found]
    visit = getattr(desk.profile, "visit_on", None)
    note = _visit(visit, today, lang) if visit and visit >= today else ""
    return Saying(head=(head,), parts=tuple(rows), note=note, table=table(desk, who, lang).table if not own else ())


def _visit(visit: date, today: date, lang: str) -> str:
    """By when everything is wanted for the visit, and how long that is."""
    ready = ready_by(visit)
    left = max((ready - today).days, 0)
    name = "talk.progress.visit" if left else "talk.progress.visit_near"
    return say(name, lang, visit=visit, ready=ready, lead=VISIT_LEAD.days, days=left)


def table(desk: Desk, who: Who, lang: str) -> Saying:
    """Item by kind, ready of owed, as a table."""
    counts = counted(desk.service.standing(who.at), desk.service.day(who.at))
    cells, kinds = heat(counts), readiness(counts, "kind")
    shown = [k for k in KINDS if k in kinds]
    names = ("table_item", *shown, "table_all", "table_late")
    rows = [tuple(kind_word(k, lang) if k in shown else say(f"evidence_slack.lead.{k}", lang) for k in names)]
    for item in desk.guide.items.values():
        whole = sum((cells[item.number, k] for k in shown if (item.number, k) in cells), Ready())
        if whole.owed:
            own = [cells.get((item.number, k), Ready()) for k in shown]
            told = [f"{r.ready}/{r.owed}" if r.owed else "—" for r in own]
            rows.append((f"{item.number} {item.title}", *told, f"{whole.ready}/{whole.owed}", str(whole.overdue or "—")))
    return Saying(head=(say("evidence_slack.lead.table_head", lang),), table=tuple(rows))


def see_missing(ctx: Context, press: Press) -> None:
    """The button that shows what is missing."""
    desk = ctx.register(press.place.team)
    said = missing(ctx, press.place, desk, ctx.who(press.place.team, press.place.user), f"missing:{press.key}")
    if isinstance(said, Saying):
        ctx.chat.say(press.place, f"missing:{press.key}", said)


def _how(ctx: Context, _: Post, desk: Desk, who: Who, __: About) -> Saying:
    lang, left = ctx.lang, gaps(desk, who)
    ways, after = (("path", "place", "link"), "later") if ctx.origin == "cli" else (("drop", "button", "words"), "after")
    return Saying(
        head=(say("talk.how.head", lang),),
        parts=tuple(ChatItem((say(f"talk.how.{way}", lang),)) for way in ways),
        buttons=offered_gaps(left, lang),
        note=say(f"talk.how.{after}", lang),
    )


def cannot(ctx: Context, post: Post, desk: Desk, who: Who, of: About) -> Saying:
    """That something is not done here, and what is."""
    return replace(_abilities(ctx, post, desk, who, of), head=(say("talk.help.cannot", ctx.lang),))


def _abilities(ctx: Context, _: Post, desk: Desk, who: Who, __: About) -> Saying:
    lang = ctx.lang
    ways = ("guide", "mine", "hand_in", "lead") if leads(desk, who) else ("guide", "mine", "hand_in")
    parts = tuple(ChatItem((say(f"talk.help.{way}", lang),)) for way in ways)
    return Saying(head=(say("talk.help.head", lang),), parts=parts, buttons=offered_gaps(gaps(desk, who), lang))


_ACTS: dict[str, Callable[[Context, Post, Desk, Who, About], Saying | bool | None]] = {
    "mine": _mine,
    "missing": _missing,
    "state": standing.state,
    "returned": standing.returned,
    "overdue": _overdue,
    "progress": _progress,
    "reviews": waiting.reviews,
    "charge": waiting.charge,
    "due": waiting.due,
    "remind": reminding.ask_whom,
    "how": _how,
    "abilities": _abilities,
}
