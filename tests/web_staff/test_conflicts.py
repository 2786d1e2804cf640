"""What staff are shown, and may decide, where the host calendar does not agree."""

from datetime import timedelta

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.interval import Interval
from invo_booking.settings.calendars import CANCEL_DELETED
from invo_booking.web.bookings.appointment.drawer_state import DrawerState
from invo_booking.web.bookings.state import BookingsState
from invo_booking.web.core import routes
from invo_booking.web.kit.calendar.conflicts_state import ConflictsState
from tests.support.bank import PASSWORD, at
from tests.support.host_calendar import (
    connected,
    now_is,
    poll,
    write,
)
from tests.support.host_fixtures import deps, host
from tests.web_staff.calendar_rows import bands as bands_of
from tests.web_staff.conftest import book, run, see

__all__ = ["deps", "host"]

HOUR = timedelta(hours=1)
MANY = 24
NIGHT = Interval(at(3, days=1), at(3, 30, days=1))
TWO = Interval(at(14), at(14, 30))
BOARD = "/bookings?scope=queues&view=day&date=2026-11-23"


@pytest.fixture
def made(product, bank, max_, ana):
    connected(bank)
    appointment = book(product, bank, max_, at(10), agent=ana)
    write(product)
    return appointment


@pytest.fixture
def both(product, bank, max_, ana, made):
    """Two appointments that stand in the host calendar, for staff to decide about."""
    bank.set(CANCEL_DELETED, "off")
    other = book(product, bank, max_, at(11), agent=ana)
    write(product)
    return made, other


@pytest.fixture
def desk(sign_in, max_):
    client = sign_in(max_)

    class Desk:
        def do(self, name, *arguments):
            run(client.send(ConflictsState, name, *arguments, at=routes.DASHBOARD))
            return see(client, ConflictsState)

    return Desk()


def test_nothing_is_shown_as_long_as_both_agree(desk, made):
    del made

    assert desk.do("open_page").conflicts == []


def test_move_that_cannot_be_followed_says_where_to_and_why(desk, host, made, product):
    host.move(host.only.id, NIGHT)
    poll(product, host)

    (conflict,) = desk.do("open_page").conflicts

    assert conflict.kind == "moved"
    assert conflict.head.startswith("Moved in the host calendar to ")
    assert "Rosa Delgado with Ana" in conflict.line
    assert conflict.why
    assert conflict.href.endswith(f"&a={made.id}")


def test_staff_put_it_back(desk, host, made, product):
    host.move(host.only.id, NIGHT)
    poll(product, host)

    seen = desk.do("restore_in_host", str(made.id))
    write(product)

    assert (seen.conflicts, seen.problem) == ([], "")
    assert "put back" in seen.done
    assert host.only.period == made.period


def test_following_what_is_still_impossible_is_refused_with_the_reason(
    desk, host, made, product
):
    host.move(host.only.id, NIGHT)
    poll(product, host)

    seen = desk.do("follow_host", str(made.id))

    assert seen.problem
    assert len(seen.conflicts) == 1
    assert now_is(product, made).period == made.period


def test_deleted_one_is_written_again(desk, host, made, bank, product):
    bank.set(CANCEL_DELETED, "off")
    host.delete(host.only.id)
    poll(product, host)
    (conflict,) = desk.do("open_page").conflicts
    assert (conflict.kind, conflict.head) == ("deleted", "Deleted in the host calendar")

    desk.do("write_to_host", str(made.id))
    write(product)

    assert host.only.period == made.period


def test_who_may_not_edit_sees_it_without_the_choices(
    sign_in, host, made, product, ana
):
    del made
    host.move(host.only.id, NIGHT)
    poll(product, host)
    client = sign_in(ana)

    run(client.send(ConflictsState, "open_page", at=routes.DASHBOARD))

    seen = see(client, ConflictsState)
    assert len(seen.conflicts) == 1
    assert not seen.may_decide


def test_made_up_appointment_is_a_sentence(desk, made):
    del made

    assert desk.do("follow_host", "nothing").problem


@pytest.mark.parametrize("scope", ["queues", "team"])
def test_others_events_are_bands_on_each_lane_of_team_and_queues(
    sign_in, bank, host, made, product, scope
):
    del made
    host.foreign(TWO)
    poll(product, host)
    client = sign_in(bank.manager("Tom", password=PASSWORD))

    run(client.send(BookingsState, "open_page", at=BOARD.replace("queues", scope)))

    seen = see(client, BookingsState)
    bands = [band for band in bands_of(seen) if band.kind == "host"]
    assert {band.label for band in bands} == {"Busy in the host calendar"}
    assert {band.lane for band in bands} == {lane.id for lane in seen.lanes} != set()
    assert seen.host_is_busy


def test_others_events_are_not_on_ones_own_calendar(sign_in, host, made, product, ana):
    del made
    host.foreign(TWO)
    poll(product, host)
    client = sign_in(ana)

    run(client.send(BookingsState, "open_page", at=BOARD.replace("queues", "me")))

    assert not see(client, BookingsState).host_is_busy


def test_conflicts_are_for_those_who_may_see_the_appointment(
    sign_in, bank, host, made, product
):
    del made
    host.move(host.only.id, NIGHT)
    poll(product, host)
    stranger = bank.agent(
        "Stan", roles=(Role.AGENT,), password=PASSWORD, languages=("pl",)
    )
    client = sign_in(stranger)

    run(client.send(ConflictsState, "open_page", at=routes.DASHBOARD))

    assert see(client, ConflictsState).conflicts == []


def test_all_deleted_ones_are_written_again_with_one_press(desk, host, both, product):
    for event_id in list(host.kept):
        host.delete(event_id)
    poll(product, host)
    assert desk.do("open_page").number_deleted == 2

    seen = desk.do("write_all_to_host")
    write(product)

    assert (seen.conflicts, seen.problem) == ([], "")
    assert seen.done.startswith("2 events")
    assert [it.event.period for it in host.ours] == [it.period for it in both]


def write_all(product):
    """Let the worker write until nothing is due."""
    while write(product):
        pass


@pytest.fixture
def many(product, bank, host, max_, ana):
    """Appointments of two days whose events were moved by an hour at the same time."""
    connected(bank)
    starts = (
        at(10, 30 * number, days=day) for day in (0, 1) for number in range(MANY // 2)
    )
    made = [book(product, bank, max_, start, agent=ana) for start in starts]
    write_all(product)
    for one in host.ours:
        period = one.event.period
        host.move(one.event.id, Interval(period.start + HOUR, period.end + HOUR))
    poll(product, host)
    return made


def test_many_moved_ones_are_followed_with_one_press(desk, many, product):
    seen = desk.do("open_page")
    assert seen.number_moved_at_once == MANY
    assert seen.moved_at_once.startswith(f"{MANY} events were moved at the same time.")
    assert all("many others" in it.why for it in seen.conflicts)

    seen = desk.do("follow_all")

    assert (seen.conflicts, seen.problem) == ([], "")
    assert seen.done.startswith(f"{MANY} appointments are moved.")
    assert [now_is(product, it).starts_at - it.starts_at for it in many] == [
        HOUR
    ] * MANY


def test_earliest_conflicts_are_shown_and_more_with_a_press(desk, many):
    seen = desk.do("open_page")
    assert (seen.number, seen.more) == (MANY, "Show 4 more")
    earliest = [str(it.id) for it in many]
    assert [it.id for it in seen.conflicts] == earliest[:20]

    seen = desk.do("show_more")

    assert [it.id for it in seen.conflicts] == earliest
    assert seen.more == ""


def test_drawer_shows_the_conflict_of_its_appointment(sign_in, max_, many):
    client, last = sign_in(max_), str(many[-1].id)
    run(client.send(DrawerState, "open_appointment", last, at=routes.BOOKINGS))

    assert [it.id for it in see(client, DrawerState).conflicts] == [last]

    for name, arguments in (("restore_in_host", [last]), ("follow_host", [last])):
        run(client.send(ConflictsState, name, *arguments, at=routes.BOOKINGS))
    run(client.send(DrawerState, "open_from_address", at=routes.BOOKINGS))

    assert see(client, DrawerState).conflicts == []


def test_many_moved_ones_are_put_back_with_one_press(desk, host, many, product):
    seen = desk.do("restore_all_in_host")
    write_all(product)

    assert (seen.conflicts, seen.problem) == ([], "")
    assert seen.done.startswith(f"{MANY} events are put back")
    assert [it.event.period for it in host.ours] == [it.period for it in many]
