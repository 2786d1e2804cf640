"""Random people do random things at once, and processes die in the middle of them.

Afterwards everything must hold that anybody was told: in the manner of Jepsen. How much
is done, and from which seed, can be given:

    INVO_TEST_OPERATIONS=100000 INVO_TEST_SEED=7 python -m pytest \
        tests/concurrency/test_random_operations.py

A seed says what each thread wants to do; who comes first is the machine's to decide.
"""

import multiprocessing
import os
import secrets
import threading
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from multiprocessing.process import BaseProcess
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from invo_booking.config import Config
from invo_booking.domain.access.roles import Role
from invo_booking.persistence.tables.core import PersonBranchRow
from invo_booking.settings.general import MOST_PER_DAY, PURGE_OUTDATED
from invo_booking.usecases.upkeep import ticks
from tests.concurrency.operating import PEOPLE, TIME, Part, play
from tests.concurrency.operations import Journal, SharedClock, load_told, save_cast
from tests.support.bank import MONDAY, branch_row
from tests.support.host_calendar import connected
from tests.support.invariants import violations

OPERATIONS = int(os.environ.get("INVO_TEST_OPERATIONS", "2000"))
SEED = os.environ.get("INVO_TEST_SEED") or secrets.token_hex(4)
ROUND = 2000
"""Operations after which everything stands still and is looked at."""

WEBS = {"web 1": PEOPLE, "web 2": PEOPLE}
EVERYBODY = {**WEBS, "worker": TIME}
VICTIMS = ("web 1", "worker", "web 2")
KILLS = 3
"""In each round, one process after the other, with ``kill -9``."""

FORKS = multiprocessing.get_context("forkserver")
"""A killed process is back at once, for nothing has to be loaded again."""

_WAIT = threading.Event()  # never set: a pause that needs no clock


@dataclass
class Town:
    """A bank, and the processes that people and time work through.

    Attributes:
        processes: Who works in each of them, by its name.
        agents: Who is kept out and let in again while they work.
    """

    config: Config
    folder: Path
    processes: dict[str, str]
    agents: list[UUID]
    careless: bool = False

    @property
    def journal(self) -> Journal:
        """What was done so far."""
        return Journal(self.folder)

    def work(self, seed: str, most: int, kills: int) -> None:
        """Let everybody work until so much is done, killing processes meanwhile."""
        began, seeds = self.journal.size(), (f"{seed}-{number}" for number in count())
        due = [began + (most - began) * n // (kills + 1) for n in range(1, kills + 1)]
        with ExitStack() as stack:

            def start(name: str) -> BaseProcess:
                return self._start(stack, self.processes[name], next(seeds), most)

            running = {name: start(name) for name in self.processes}
            while any(it.is_alive() for it in running.values()):
                if due and self.journal.size() >= due[0]:
                    victim = VICTIMS[len(due) % len(VICTIMS)]
                    due.pop(0)
                    running[victim].kill()
                    running[victim].join()
                    running[victim] = start(victim)
                _WAIT.wait(0.05)
            assert {it.exitcode for it in running.values()} == {0}
        assert not due

    def _start(self, stack, who, seed, most) -> BaseProcess:
        part = Part(self.config, self.folder, who, seed, most, self.careless)
        process = FORKS.Process(target=play, args=(part,))
        process.start()
        stack.callback(process.join)
        stack.callback(process.kill)
        return process


@pytest.fixture
def town(bank, config, tmp_path) -> Town:
    bank.set(MOST_PER_DAY, "0")
    bank.set(PURGE_OUTDATED, "on")
    spoken = {"Ana": ("en",), "Ben": ("en", "es"), "Cleo": ("es",), "Dan": ("en", "es")}
    agents = [bank.agent(name, languages=spoken[name]) for name in spoken]
    save_cast(
        tmp_path,
        branches=two_branches(bank, agents[0], agents[3]),
        answer=bank.answer_id,
        queue=bank.queue_id,
        agents=[it.id for it in agents],
        manager=bank.manager("Max", languages=("en",)).id,
        administrator=bank.agent("Ada", roles=(Role.SUPER_ADMIN,), languages=()).id,
    )
    connected(bank)
    for kind in ticks.KINDS:  # nights pass in a moment here, so much is due at once
        ticks.accept_amount(bank.deps, kind, 1_000_000)
    SharedClock(tmp_path / "clock").set(MONDAY)
    FORKS.set_forkserver_preload(["tests.concurrency.operating"])
    return Town(config, tmp_path, EVERYBODY, [it.id for it in agents])


def two_branches(bank, here, there) -> list[UUID]:
    """Open a second branch; of two agents, each works at one of them alone."""
    bank.offer_visits()
    branch_id = uuid4()
    with bank.deps.unit_of_work() as work:
        work.session.add(branch_row(branch_id, "Union Station", town="Denver"))
        work.session.flush()
        for agent, where in ((here, bank.branch_id), (there, branch_id)):
            work.session.add(PersonBranchRow(person_id=agent.id, branch_id=where))
        work.publish_roster_change()
    return [bank.branch_id, branch_id]


def rounds() -> list[int]:
    """Return after how many operations in all everything is looked at."""
    return [min(end, OPERATIONS) for end in range(ROUND, OPERATIONS + ROUND, ROUND)]


def test_whatever_happens_and_whoever_dies_all_that_anybody_was_told_is_true(town):
    for end in rounds():
        town.work(f"{SEED}-{end}", end, KILLS)

        told = [str(appointment) for appointment, _ in load_told(town.journal)]
        found = [
            *town.journal.lines("broken"),
            *violations(town.config.database_url, told, left=town.agents),
        ]
        assert not found, f"seed {SEED}, by operation {end}: " + "\n".join(found[:40])
    outcomes = Counter(town.journal.lines("done"))
    assert outcomes["+"] > OPERATIONS / 4
    assert outcomes["-"] > OPERATIONS / 20


def test_without_the_lock_of_the_day_the_same_operations_strand_somebody(town):
    town.careless, town.processes = True, WEBS

    for end in range(200, 3200, 200):
        town.work(f"{SEED}-{end}", end, 0)
        found = violations(town.config.database_url, left=town.agents)
        if found:
            break

    assert "I2" in {line.partition(":")[0] for line in found}, f"seed {SEED}"
