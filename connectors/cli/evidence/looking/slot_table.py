"""Slots as a table on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.conversation.meaning.naming import line_of
from assistant.errors import UsageError
from assistant.register.facts.slot_ids import SlotId
from assistant.register.papers.said.described import measured
from assistant.register.papers.said.words import dotted, first_line, periods, standing_word
from assistant.register.ports import overdue
from assistant.texts import say
from connectors.cli.output import note, wide_console

if TYPE_CHECKING:
    from datetime import date

    from assistant.register.facts.slots import Entry
    from connectors.cli.opened import Opened

_WHOLE = ("owing", "state", "due")
"""Columns that stand on one line; ids, periods, people and the guide's words take a second one where the screen is narrow. None is cut."""
_SHORT, _LONG = 20, 48  # characters of the guide's words
_COLOURS = {"accepted": "green", "submitted": "cyan", "missing": "yellow", "to_confirm": "magenta", "not_applicable": "dim"}
_COLOURS |= {"returned": "red", "expired": "red"}


def one_of(value: str, known: tuple[str, ...]) -> Any:
    """A value from a short list, None for an empty one."""
    if value and value not in known:
        raise UsageError("cli.bad_choice", value=value, known=known)
    return value or None


def draw(desk: Opened, entries: list[Entry]) -> None:
    """Slots as a table: colours for the state, red for what is late, the kind of thing owed, and what sets a number or a term.

    The number or term stands before the guide's words; a narrow screen has no reviewer. Years of one line that stand alike are one row.
    """
    from rich.cells import cell_len
    from rich.table import Table

    lang = desk.settings.lang
    if not entries:
        note(say("evidence.none", lang))
        return
    screen = wide_console()
    wide = screen.width >= 110
    columns = ("slot", "owing", "period", "state", "due", "owner", *(("reviewer",) if wide else ()), "text")
    heads = [say(f"evidence.column.{column}", lang) for column in columns]
    table = Table(box=None, pad_edge=False, header_style="bold")
    groups = _alike(entries, desk.today, lang)
    rows = [_row(desk, same, wide) for same in groups]
    for column, head in zip(columns, heads, strict=True):
        table.add_column(head, no_wrap=column in _WHOLE, overflow="fold")
    used = sum(max(map(cell_len, column)) + 2 for column in zip(heads, *rows, strict=False))
    room = min(max((screen.width - used) // 2, _SHORT), _LONG)
    for same, cells in zip(groups, rows, strict=True):
        shown, state = same[0].shown(desk.today), columns.index("state")
        late = any(overdue(e, desk.today) for e in same)
        marked = [plain(cell) for cell in cells]
        marked[state] = f"[{_COLOURS[shown]}]{marked[state]}[/{_COLOURS[shown]}]"
        marked[state + 1] = f"[red]{marked[state + 1]}[/red]" if late else marked[state + 1]
        measure = measured(same[0].slot, lang)
        table.add_row(*marked, plain(first_line(dotted(measure, same[0].slot.text), max(room, len(measure) + 1))))
    screen.print(table)


def _row(desk: Opened, same: list[Entry], wide: bool) -> list[str]:
    """The cells before the guide's words."""
    e, lang = same[0], desk.settings.lang
    more = [desk.called(e.reviewer)] if wide else []
    days = sorted({one.due for one in same if one.due is not None and one.owed})
    due = "" if not days else str(days[0]) if len(days) == 1 else say("evidence.due_from", lang, day=days[0])
    when, state = periods([one.slot.spoken for one in same], lang), standing_word(e, desk.today, lang)
    return [ids(same), say(f"slot.owing.{e.slot.owing}", lang), when, state, due, desk.called(e.owner), *more]


def _alike(entries: list[Entry], today: date, lang: str) -> list[list[Entry]]:
    """Entries together that are periods of one line with one owner, reviewer and state."""
    found: dict[tuple[object, ...], list[Entry]] = {}
    for e in entries:
        row = SlotId.of(e.slot.id).row
        found.setdefault((line_of(e.slot.id), row, e.owner, e.reviewer, standing_word(e, today, lang), e.open(today), e.owed), []).append(e)
    return [sorted(same, key=lambda e: e.slot.period) for same in found.values()]


def ids(same: list[Entry]) -> str:
    """The id that commands take; of several years, which stand in their order, the first and the last."""
    first, last = same[0].slot.id, same[-1].slot.period
    return first if len(same) == 1 else first.replace(f"@{same[0].slot.period}", f"@{same[0].slot.period}…{last}", 1)


def plain(text: str) -> str:
    """Text whose brackets the table does not take for markup."""
    from rich.markup import escape

    return escape(text)
