"""When a web process prepares its lists of slots."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from invo_booking.domain.notifications import MISSED, SESSIONS, SETTINGS, Notification
from invo_booking.usecases.slots.preparation import Preparation
from invo_booking.web.core.live import ListPreparation, follow_changes
from tests.web_staff.test_open_pages import Sockets

APPOINTMENT = Notification(frozenset({"id"}), frozenset({"an appointment"}))
PEOPLE = Notification(frozenset({SETTINGS}), frozenset({""}))
SESSION = Notification(frozenset({SESSIONS}), frozenset({""}))
LONG = timedelta(hours=9)


class Preparations:
    """Stands in for the use case; records what was begun and computed."""

    def __init__(self, *until_midnight):
        self.begun = 0
        self.computed = 0
        self._pauses = list(until_midnight)
        self._changed = asyncio.Event()

    def begin(self, _deps):
        self.begun += 1
        pause = self._pauses.pop(0) if self._pauses else LONG
        if pause is None:
            raise OperationalError("SELECT", {}, Exception())
        return Preparation(self._parts(), pause)

    def _parts(self):
        for _ in range(3):
            self.computed += 1
            yield

    async def reach(self, begun):
        """Wait until the last of so many preparations is computed."""
        await until(lambda: (self.begun, self.computed) == (begun, 3 * begun))


async def until(is_reached):
    async with asyncio.timeout(30):
        for _ in iter(is_reached, True):
            await asyncio.sleep(0.01)


def play(preparations, steps):
    """Run the steps while a process is being prepared."""

    async def run():
        lists = ListPreparation(preparations.begin, settle_seconds=0)
        task = asyncio.create_task(lists.run())
        await steps(lists)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(run())


@pytest.mark.usefixtures("product")
@pytest.mark.parametrize("change", [PEOPLE, MISSED])
def test_process_is_prepared_at_the_start_and_after_a_change_of_people(change):
    preparations = Preparations()

    async def steps(lists):
        await preparations.reach(1)
        lists.follow(change)
        await preparations.reach(2)

    play(preparations, steps)


@pytest.mark.usefixtures("product")
def test_appointments_and_sessions_cause_no_preparation():
    preparations = Preparations()

    async def steps(lists):
        await preparations.reach(1)
        lists.follow(APPOINTMENT)
        lists.follow(SESSION)
        await asyncio.sleep(0.2)

    play(preparations, steps)

    assert preparations.begun == 1


@pytest.mark.usefixtures("product")
def test_process_is_prepared_at_midnight():
    preparations = Preparations(timedelta(seconds=0.05), LONG)

    async def steps(_lists):
        await preparations.reach(2)

    play(preparations, steps)


@pytest.mark.usefixtures("product")
def test_process_is_prepared_after_the_database_is_back():
    preparations = Preparations(None)

    async def steps(lists):
        await until(lambda: preparations.begun == 1)
        lists.follow(MISSED)
        await until(lambda: preparations.computed == 3)

    play(preparations, steps)

    assert preparations.begun == 2


@pytest.mark.usefixtures("product")
def test_change_of_people_in_the_database_reaches_the_preparation(bank):
    preparations = Preparations()

    async def steps(lists):
        await preparations.reach(1)
        follows = asyncio.create_task(follow_changes(Sockets({}), lists))
        await preparations.reach(2)  # changes may have been missed before
        await asyncio.to_thread(bank.agent, "Ben")
        await preparations.reach(3)
        follows.cancel()
        with suppress(asyncio.CancelledError):
            await follows

    play(preparations, steps)
