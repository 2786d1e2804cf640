"""Open pages are emptied and led away by push, whichever process holds their socket."""

import asyncio
import contextlib
from uuid import uuid4

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.persistence.engine import make_engine
from invo_booking.usecases.accounts import sessions
from invo_booking.usecases.admin import people
from tests.matrix.conftest import Stage
from tests.matrix.crew import CUSTOMER, Visitor, person_of, session_of
from tests.matrix.registry import handlers
from tests.matrix.wire import Line
from tests.support.servers import House, without_pages

AT_ONCE = 30.0
"""Seconds for a machine that does many other things as well; alone it takes 0.2."""

LINES = 6
"""Enough that two processes hold some each."""

ALL = {it.name.partition("bookings_state")[2]: it.name for it in handlers()}
OPEN_BOOKINGS = ALL[".open_page"]
PLACE = "/bookings?scope=team&view=month"


@pytest.fixture(scope="module")
def stage(database, crew, tmp_path_factory):
    """Two web processes behind one port, with a broker between them."""
    folder = tmp_path_factory.mktemp("house")
    engine = make_engine(database)
    with House(folder, database, web_workers=2, **without_pages(folder)) as house:
        house.start_valkey()
        house.start_web("tests.matrix.served:create")
        url = house.url.replace("127.0.0.1", "localhost")
        yield Stage(url, crew, engine, (folder / "web.log").read_text)
    engine.dispose()


def newcomer(crew, role: Role) -> Visitor:
    """Take somebody on for one test and sign them in."""
    name = uuid4().hex
    token = session_of(crew.deps, person_of(crew.deps, name, role))
    return Visitor(name, frozenset({role}), token)


def sign_out(crew, who):
    sessions.sign_out(crew.deps, who.token)


def disable(crew, who):
    people.disable_person(crew.deps, f"{who.name}@bank.example")


@pytest.mark.parametrize("end", [sign_out, disable])
@pytest.mark.parametrize("role", list(Role))
def test_sockets_of_an_ended_session_are_emptied_led_to_sign_in_and_closed(
    stage, role, end
):
    who = newcomer(stage.crew, role)

    async def all_lines() -> None:
        async with asyncio.TaskGroup() as group:
            ready = asyncio.Barrier(LINES + 1)
            lines = [
                group.create_task(_one(stage.url, who, ready)) for _ in range(LINES)
            ]
            await ready.wait()
            await asyncio.to_thread(end, stage.crew, who)
        for line in lines:
            before, after = line.result()
            assert role is Role.AGENT or CUSTOMER in before.text
            assert CUSTOMER not in after.text
            assert after.ways[0].startswith("/sign-in?error=ended")
            assert any("bookings_state" in state for state in after.deltas)

    stage.run(all_lines())


async def _one(url, who, ready):
    async with Line(url, who) as line:
        before = await line.send(OPEN_BOOKINGS, {}, PLACE)
        await quiet(line)  # an update still on its way may name the customer by right
        await ready.wait()
        return before, await line.until_closed(AT_ONCE)


async def quiet(line) -> None:
    """Wait until what others did before has reached the page."""
    with contextlib.suppress(TimeoutError):
        while True:
            await line.until_told(1.0)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMINISTRATOR])
def test_who_may_do_less_is_emptied_and_led_to_the_dashboard_at_once(stage, role):
    who = newcomer(stage.crew, role)
    email = f"{who.name}@bank.example"

    async def demoted() -> None:
        async with Line(stage.url, who) as line:
            before = await line.send(OPEN_BOOKINGS, {}, PLACE)
            assert CUSTOMER in before.text
            await line.go_to("/")  # no page that all staff may open
            await quiet(line)
            await asyncio.to_thread(
                people.set_person_roles, stage.crew.deps, email, [Role.AGENT]
            )
            after = await line.until_told(AT_ONCE)
            assert CUSTOMER not in after.text
            assert after.ways == ["/dashboard"]
            again = await line.send(OPEN_BOOKINGS, {}, PLACE)
            assert CUSTOMER not in again.text

    stage.run(demoted())


def test_the_pages_of_colleagues_stay_as_they_are(stage):
    gone, here = (newcomer(stage.crew, Role.MANAGER) for _ in range(2))

    async def one_of_two() -> None:
        async with Line(stage.url, here) as line, Line(stage.url, gone) as other:
            await line.send(OPEN_BOOKINGS, {}, PLACE)
            await other.send(OPEN_BOOKINGS, {}, PLACE)
            await asyncio.to_thread(sessions.sign_out, stage.crew.deps, gone.token)
            await other.until_closed(AT_ONCE)
            with pytest.raises(TimeoutError):
                await line.until_closed(0.5)

    stage.run(one_of_two())
