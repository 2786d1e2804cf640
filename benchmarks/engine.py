"""What availability costs, in processor time, without a database and without HTTP.

``python -m benchmarks.engine``. The bank is drawn from a seed. Figures are the best of
several runs, because other programs can only make a run slower. Ends with an error if
the kept counts, the engine and its definition ever disagree.
"""

import argparse
import ctypes
import gc
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count, islice

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.engine_data import DAY, FIRST_DAY, QUEUES, SIX_ZONES, Bank, Size
from invo_booking.domain.interval import Interval
from invo_booking.domain.slots.index import AgentBusy, AgentDay, AvailabilityIndex
from invo_booking.domain.slots.open_slots import merge_slots
from invo_booking.domain.slots.search import Group, Rules
from invo_booking.domain.wall import floor_minute
from tests.domain import definition
from tests.domain.reference import open_slots, told_waiting

GROUP = Group(QUEUES[0], "en")
RUNS = 7
CHANGES = 200
MINUTE = timedelta(minutes=1)
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
SECOND = "Six zones, 350 busy spans each, 62 days"
TARGETS = {
    "Cold by a bare pass, 500 agents": "1.5",
    "Cold by a bare pass, 5,000 agents": "1.5",
    "List of 62 days, 500 agents": "0.05 ms",
    "List of 62 days, 5,000 agents": "0.05 ms",
    "Cold: hours and diaries to counts": "25 ms",
    "New group": "2 ms",
    "Query, one day": "0.1 ms",
    "Query, 31 days": "0.1 ms",
    "Query, 62 days": "0.1 ms",
    "One agent's change and the next list": "0.4 ms",
    "5,000 agents, cold": "300 ms",
    "5,000 agents, memory": "100 MB",
}


def main() -> None:
    """Measure, compare and print."""
    _keep_memory()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=500)
    parser.add_argument("--no-large", action="store_true", help="leave 5,000 out")
    asked = parser.parse_args()
    console = Console()
    wrong = [*_against_definition(console), *_against_engine()]
    console.print(_table(f"{asked.agents} agents, 62 days", _costs(asked.agents)))
    console.print(_table("How the cost grows: cold, new group", _growth()))
    console.print(_table("500 agents, 62 days, by branches", _with_branches()))
    sizes = (500,) if asked.no_large else (500, 5000)
    second = (row for agents in sizes for row in _beside_a_bare_pass(agents))
    console.print(_table(SECOND, second))
    if not asked.no_large:
        console.print(_table("A large bank, 62 days", _large()))
    if wrong:
        console.print(f"[red]Answers differ: {', '.join(wrong)}[/red]")
        sys.exit(1)
    console.print("All answers are the same.")


def _keep_memory() -> None:
    """Let the process keep freed memory, with the C library of GNU.

    Otherwise arrays are given back to the kernel and fetched again, or not, by chance,
    and on virtual machines this can take longer than what is measured.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_TRIM_THRESHOLD, 1 << 30)
        mallopt(_MMAP_THRESHOLD, 1 << 30)


def _costs(agents: int) -> Iterator[tuple[str, str]]:
    bank = Bank(Size(agents=agents))
    diaries = list(bank.diaries())
    book, rules, fresh = _book(bank, diaries), bank.rules(), _unasked(bank.rules())
    day = Interval(bank.span.start + 7 * DAY, bank.span.start + 8 * DAY)
    month = Interval(day.start, day.start + 31 * DAY)
    nine = day.start + timedelta(hours=9)
    actions: dict[str, Callable[[], object]] = {
        "Cold: hours and diaries to counts": lambda: _counted(bank, diaries),
        "New group": lambda: book.open_slots(next(fresh), GROUP, _moment(bank)),
        "New group, its first list of 62 days": lambda: book.open_slots(
            next(fresh), GROUP, bank.span
        ),
        "Query, one day": lambda: book.open_slots(rules, GROUP, day),
        "Query, 31 days": lambda: book.open_slots(rules, GROUP, month),
        "Query, 62 days": lambda: book.open_slots(rules, GROUP, bank.span),
        "The same, with an object of each slot": lambda: list(
            book.open_slots(rules, GROUP, bank.span)
        ),
        "Judging one start": lambda: book.judge(rules, GROUP, nine),
        "Every start of a day with its reasons": lambda: book.survey(rules, GROUP, day),
    }
    for what, action in actions.items():
        yield what, f"{_best(action):.3g} ms"
    best = _best(_change_and_list(bank, _book(bank, diaries)), CHANGES)
    yield "One agent's change and the next list", f"{best:.3g} ms"


def _with_branches() -> Iterator[tuple[str, str]]:
    """The same bank without branches and with 40, where visits and calls wait."""
    yield from _with_queues_for_branches()
    for branches in (0, 40):
        bank = Bank(Size(branches=branches))
        diaries = list(bank.diaries())
        told = f"{branches} branches"
        cold = _best(lambda: _counted(bank, diaries), 5)  # noqa: B023  (used at once)
        yield f"Cold, {told}", f"{cold:.3g} ms"
        group = GROUP._replace(branch_id=bank.places()[0]) if branches else GROUP
        new = _best(lambda: _listed_first(bank, diaries, group), 3)  # noqa: B023
        yield f"Cold and its first list of 62 days, {told}", f"{new:.3g} ms"
        yield from _after_preparation(bank, diaries, group, told)
        book = _book(bank, diaries)
        yield from _lists_of(bank, book, told, GROUP)
        if branches:
            visits = GROUP._replace(branch_id=bank.places()[0])
            yield from _lists_of(bank, book, f"visits at one of {told}", visits)
            everywhere = [GROUP._replace(branch_id=it) for it in bank.places()]
            yield from _lists_of_all(bank, book, told, everywhere)
        change = _best(_change_and_list(bank, book), CHANGES)
        yield f"One agent's change and the next list, {told}", f"{change:.3g} ms"


def _with_queues_for_branches() -> Iterator[tuple[str, str]]:
    """The same work without branches: visits at each branch have their own queues."""
    bank = Bank(Size(branches=40))
    group = GROUP._replace(queue_id=bank.queue_at(GROUP.queue_id, bank.places()[0]))
    diaries = [
        replace(it, owner_id=bank.queue_at(it.owner_id, it.branch_id), branch_id=None)
        if it.branch_id
        else it
        for it in bank.diaries()
    ]
    bank.turn_branches_into_queues()
    told = "queues instead of 40 branches"
    cold = _best(lambda: _counted(bank, diaries), 5)
    yield f"Cold, {told}", f"{cold:.3g} ms"
    new = _best(lambda: _listed_first(bank, diaries, group), 3)
    yield f"Cold and its first list of 62 days, {told}", f"{new:.3g} ms"
    yield from _after_preparation(bank, diaries, group, told)


def _after_preparation(
    bank: Bank, diaries: list[AgentBusy], group: Group, told: str
) -> Iterator[tuple[str, str]]:
    """What a process does when it starts, and then its first list."""
    rules = bank.rules()
    prepare, listed = float("inf"), float("inf")
    for _ in range(RUNS):
        book = _book(bank, diaries)
        prepare = min(prepare, _best(lambda: [*book.preparation(rules.now)], 1))  # noqa: B023
        first = _best(lambda: book.open_slots(rules, group, bank.span), 1)  # noqa: B023
        listed = min(listed, first)
    yield f"Preparation of a process, {told}", f"{prepare:.3g} ms"
    yield f"First list of 62 days of a prepared process, {told}", f"{listed:.3g} ms"


def _lists_of_all(
    bank: Bank, book: AvailabilityIndex, told: str, groups: list[Group]
) -> Iterator[tuple[str, str]]:
    """The first and the next list of all branches in one."""
    rules, fresh = bank.rules(), _unasked(bank.rules())
    first = _best(lambda: _merged(book, next(fresh), groups, bank.span), 5)
    yield f"First list of 62 days of all {told}, merged", f"{first:.3g} ms"
    every = _best(lambda: _merged(book, rules, groups, bank.span))
    yield f"List of 62 days of all {told}, merged", f"{every:.3g} ms"


def _change_and_list(bank: Bank, book: AvailabilityIndex) -> Callable[[], object]:
    """Change an agent's day, and list a month: counts are updated when asked for."""
    drawn = iter(list(islice(_changes(bank), CHANGES)))
    rules, month = bank.rules(), Interval(bank.span.start, bank.span.start + 31 * DAY)

    def run() -> object:
        book.write(next(drawn))
        return book.open_slots(rules, GROUP, month)

    return run


def _lists_of(
    bank: Bank, book: AvailabilityIndex, told: str, group: Group
) -> Iterator[tuple[str, str]]:
    """The first list of a group, all its waiting appointments matched, and the next."""
    fresh = _unasked(bank.rules())
    first = _best(lambda: book.open_slots(next(fresh), group, bank.span), 5)
    yield f"First list of 62 days, {told}", f"{first:.3g} ms"
    rules = bank.rules()
    whole = _best(lambda: book.open_slots(rules, group, bank.span), 30)
    yield f"List of 62 days, {told}", f"{whole:.3g} ms"


def _merged(
    book: AvailabilityIndex, rules: Rules, groups: list[Group], span: Interval
) -> object:
    found = [book.open_slots(rules, group, span) for group in groups]
    return merge_slots(rules.length, found)


def _growth() -> Iterator[tuple[str, str]]:
    sizes = {
        f"{agents} agents": Size(agents=agents) for agents in (125, 250, 500, 1000)
    }
    sizes |= {f"{days} days": Size(days=days) for days in (31, 62, 124)}
    sizes |= {f"{booked} appointments a day": Size(booked=booked) for booked in (2, 10)}
    for name, size in sizes.items():
        bank = Bank(size)
        diaries = list(bank.diaries())
        book, fresh = _book(bank, diaries), _unasked(bank.rules())
        cold = _best(lambda: _counted(bank, diaries), 5)  # noqa: B023  (used at once)
        new = _best(
            lambda: book.open_slots(next(fresh), GROUP, _moment(bank))  # noqa: B023
        )
        yield name, f"{cold:.3g} ms, {new:.3g} ms"


def _beside_a_bare_pass(agents: int) -> Iterator[tuple[str, str]]:
    """A bank whose agents are in six zones, compared with the least numpy can do."""
    bank = Bank(Size(agents=agents, zones=SIX_ZONES))
    diaries = list(bank.diaries())
    rules, told = bank.rules(), f"{agents:,} agents"
    book = _counted(bank, diaries)
    pairs = [
        (_best(lambda: _counted(bank, diaries), 2), _best(_bare_pass(book), 2))
        for _ in range(5)
    ]
    cold, bare = (min(figures) for figures in zip(*pairs, strict=True))
    yield f"Cold, {told}", f"{cold:.3g} ms"
    yield f"A bare pass over the same arrays, {told}", f"{bare:.3g} ms"
    yield f"Cold by a bare pass, {told}", f"{cold / bare:.2f}"
    every = _best(lambda: _every_group(bank, diaries), 3)
    yield f"Cold, all {len(bank.groups())} groups, {told}", f"{every:.3g} ms"
    whole = _best(lambda: book.open_slots(rules, GROUP, bank.span), 30)
    yield f"List of 62 days, {told}", f"{whole:.3g} ms"
    change = _best(_change_and_list(bank, book), CHANGES)
    yield f"One agent's change and the next list, {told}", f"{change:.3g} ms"


def _bare_pass(book: AvailabilityIndex) -> Callable[[], object]:
    """Everybody's free gaps: one sort and one running maximum, and nothing kept."""
    first, last = floor_minute(book.span.start), floor_minute(book.span.end)
    everybody = np.arange(len(book._records.agent_index))  # noqa: SLF001
    duty = book._records._duty.near(everybody, first, last)  # noqa: SLF001
    taken, _ = book._records._taken_near(everybody, (first, last), (0, 0))  # noqa: SLF001

    def run() -> object:
        stride = last - first + 1
        line = duty.agent * stride
        start = np.concatenate((line + duty.end, taken.agent * stride + taken.start))
        end = np.concatenate((line + duty.start, taken.agent * stride + taken.end))
        order = start.argsort(kind="stable")
        reach = np.maximum.accumulate(end[order])
        free = np.flatnonzero(start[order][1:] > reach[:-1])
        return reach[free], start[order][free + 1]

    return run


def _large() -> Iterator[tuple[str, str]]:
    bank = Bank(Size(agents=5000))
    diaries = list(bank.diaries())
    yield "5,000 agents, cold", f"{_best(lambda: _counted(bank, diaries), 5):.3g} ms"
    gc.collect()
    tracemalloc.start()
    books = [_every_group(bank, diaries)]
    gc.collect()
    megabytes = tracemalloc.get_traced_memory()[0] / 1e6
    books.clear()
    tracemalloc.stop()
    yield "5,000 agents, memory", f"{megabytes:.0f} MB, {len(bank.groups())} groups"


def _against_definition(console: Console) -> Iterator[str]:
    """The engine and the definition on a bank the definition can cope with."""
    bank = Bank(Size(agents=12, days=3, waiting=0))
    book, rules = _book(bank, list(bank.diaries())), bank.rules()
    data = book.calendars(bank.span), told_waiting(book, bank.span)
    for group in bank.groups():
        told = definition.open_starts(rules, group, *data, bank.span)
        found = open_slots(rules, group, *data, bank.span)
        if not found == told == book.open_slots(rules, group, bank.span):
            yield f"definition, {group}"
    asked = rules, GROUP, *data, bank.span
    slow = _best(lambda: definition.open_starts(*asked), 2)
    anew = _best(lambda: open_slots(*asked))
    kept = _best(lambda: book.open_slots(rules, GROUP, bank.span))
    console.print(
        f"The definition takes {slow / anew:,.0f} times as long as the engine anew,"
        f" {slow / kept:,.0f} times as long as from kept counts (12 agents, 3 days)."
    )


def _against_engine() -> Iterator[str]:
    """Kept counts, after changes too, and the engine on the same calendars."""
    yield from _disagreements(Bank(Size(agents=60, days=10)))
    yield from _disagreements(Bank(Size(agents=60, days=5, branches=6, waiting=4)))


def _disagreements(bank: Bank) -> Iterator[str]:
    book, rules, changes = (
        _book(bank, list(bank.diaries())),
        bank.rules(),
        _changes(bank),
    )
    visits = [GROUP._replace(branch_id=it) for it in bank.places()]
    for _ in range(3):
        data = book.calendars(bank.span), told_waiting(book, bank.span)
        for group in (*bank.groups(), *visits):
            kept = book.open_slots(rules, group, bank.span)
            if kept != open_slots(rules, group, *data, bank.span):
                yield f"kept counts, {group}"
        for _ in range(20):
            book.write(next(changes))


def _book(bank: Bank, diaries: list[AgentBusy]) -> AvailabilityIndex:
    book = bank.empty_book()
    book.load(diaries)
    return book


def _counted(bank: Bank, diaries: list[AgentBusy]) -> AvailabilityIndex:
    book = _book(bank, diaries)
    book.open_slots(bank.rules(), GROUP, _moment(bank))
    return book


def _every_group(bank: Bank, diaries: list[AgentBusy]) -> AvailabilityIndex:
    book = _book(bank, diaries)
    for group in bank.groups():
        book.open_slots(bank.rules(), group, _moment(bank))
    return book


def _listed_first(bank: Bank, diaries: list[AgentBusy], group: Group) -> object:
    return _book(bank, diaries).open_slots(bank.rules(), group, bank.span)


def _moment(bank: Bank) -> Interval:
    """Hardly any window: an answer costs no more than its counts."""
    return Interval(bank.span.start + 7 * DAY, bank.span.start + 7 * DAY + MINUTE)


def _unasked(rules: Rules) -> Iterator[Rules]:
    """Rules nobody has asked with yet, so that nothing is kept for them."""
    return (replace(rules, buffer_before=number * MINUTE) for number in count(1))


def _changes(bank: Bank) -> Iterator[AgentDay]:
    """New sheets of a working day, by turns of all who serve the group."""
    day = FIRST_DAY + 9 * DAY
    while True:
        for agent in bank.agents:
            if GROUP.queue_id in agent.queues and GROUP.language in agent.languages:
                yield AgentDay(agent.id, "", day, bank.page(day))


def _best(action: Callable[[], object], runs: int = RUNS) -> float:
    """Return the least processor time of several runs, in milliseconds."""
    least = float("inf")
    for _ in range(runs):
        begun = time.process_time_ns()
        action()
        least = min(least, (time.process_time_ns() - begun) / 1e6)
    return least


def _table(title: str, rows: Iterator[tuple[str, str]]) -> Table:
    table = Table("What", "Cost", "Target", title=title, title_justify="left")
    for what, cost in rows:
        table.add_row(what, cost, TARGETS.get(what, ""))
    return table


if __name__ == "__main__":
    main()
