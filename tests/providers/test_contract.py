"""What is true of every provider of calendars."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.calendars.busy_times import clip_spans
from invo_booking.domain.calendars.outside import EventDraft
from invo_booking.domain.calendars.provider_errors import (
    EventChangedError,
    EventGoneError,
    MailboxUnknownError,
    PermissionMissingError,
    ProviderDownError,
)
from invo_booking.domain.interval import Interval
from tests.providers.contract import OutlookWorld, OwnCalendarWorld, PlainWorld
from tests.providers.emulator_world import EmulatorWorld, running_emulator
from tests.providers.exchange_world import ExchangeWorld
from tests.providers.google_world import GoogleWorld

NINE = datetime(2027, 3, 8, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
TODAY = Interval(NINE - 9 * HOUR, NINE + 15 * HOUR)
TEN_TO_ELEVEN = Interval(NINE + HOUR, NINE + 2 * HOUR)
ANA, BEN, CLEO = (f"{name}@bank.example" for name in ("ana", "ben", "cleo"))


WORLDS = {
    "outlook": ("outlook", OutlookWorld),
    "outlook-own": ("outlook", OwnCalendarWorld),
    "google": ("google", GoogleWorld),
    "exchange": ("exchange", ExchangeWorld),
}
"""Each vendor's, with the fixture that is its server; each host there can be."""


@pytest.fixture
def emulator(tmp_path):
    """A server by another author, fresh."""
    with running_emulator(tmp_path, ANA, BEN, CLEO) as server:
        yield server


@pytest.fixture(params=[*WORLDS, "stand-in"])
def world(request):
    """Each provider, one after the other, and what stands in for them elsewhere."""
    if request.param == "stand-in":
        return PlainWorld()
    if request.param == "emulator":
        return EmulatorWorld(request.getfixturevalue("emulator"))
    server, kind = WORLDS[request.param]
    return kind(request.getfixturevalue(server))


vendors_only = pytest.mark.parametrize("world", list(WORLDS), indirect=True)
"""For what use cases never ask a stand-in."""


everywhere = pytest.mark.parametrize(
    "world", [*WORLDS, "stand-in", "emulator"], indirect=True
)
"""For what a server by another author has, too."""

makers_only = pytest.mark.parametrize("world", ["outlook", "google"], indirect=True)
"""For providers at which a calendar can be made to host appointments."""

askers_only = pytest.mark.parametrize(
    "world", ["outlook", "outlook-own", "google"], indirect=True
)
"""For providers that ask for permissions; Exchange has rights of mailboxes instead."""


def draft(period=TEN_TO_ELEVEN, **fields):
    given = {"key": uuid4(), "subject": "Mortgage", "body": "Ana Diaz, by video"}
    return EventDraft(**{**given, "period": period, **fields})


def busy_of(world, mailbox, window=TODAY):
    return list(world.calendar.free_busy([mailbox], window)[0].busy)


# free and busy


@everywhere
def test_who_has_nothing_to_do_is_free(world):
    [answer] = world.calendar.free_busy([ANA], TODAY)

    assert answer.busy == ()
    assert answer.problem is None


@everywhere
def test_answers_come_in_the_order_asked_one_for_each(world):
    world.busy(BEN, NINE, NINE + HOUR, "busy")

    answers = world.calendar.free_busy([CLEO, BEN, ANA], TODAY)

    assert [answer.mailbox for answer in answers] == [CLEO, BEN, ANA]
    assert [len(answer.busy) for answer in answers] == [0, 1, 0]


@everywhere
@pytest.mark.parametrize("status", ["busy", "tentative", "oof", "unknown"])
def test_whatever_may_take_time_does(world, status):
    world.busy(ANA, NINE, NINE + HOUR, status)

    assert busy_of(world, ANA) == [Interval(NINE, NINE + HOUR)]


@everywhere
@pytest.mark.parametrize("status", ["free", "workingElsewhere"])
def test_what_is_marked_as_free_takes_no_time(world, status):
    world.busy(ANA, NINE, NINE + HOUR, status)

    assert busy_of(world, ANA) == []


def test_entries_at_the_same_time_are_told_apart_or_said_not_to_be(world):
    world.busy(ANA, NINE, NINE + HOUR, "busy")
    world.busy(ANA, NINE, NINE + HOUR, "busy")

    [answer] = world.calendar.free_busy([ANA], TODAY)

    times = 1 if answer.is_merged else 2
    assert list(answer.busy) == [Interval(NINE, NINE + HOUR)] * times


@everywhere
def test_short_question_is_answered_as_well(world):
    world.busy(ANA, NINE, NINE + HOUR, "busy")

    window = Interval(NINE, NINE + timedelta(minutes=15))

    assert list(clip_spans(busy_of(world, ANA, window), window)) == [window]


def test_mailbox_nobody_knows_spoils_no_other_and_is_not_free(world):
    world.unknown(BEN)
    world.busy(ANA, NINE, NINE + HOUR, "busy")

    ana, ben = world.calendar.free_busy([ANA, BEN], TODAY)

    assert len(ana.busy) == 1
    assert isinstance(ben.problem, MailboxUnknownError | PermissionMissingError)


def test_mailbox_that_is_not_shared_spoils_no_other(world):
    world.hidden(BEN)

    ana, ben = world.calendar.free_busy([ANA, BEN], TODAY)

    assert ana.problem is None
    assert isinstance(ben.problem, PermissionMissingError)


def test_mailbox_that_fails_spoils_no_other_and_is_not_free(world):
    world.broken(BEN)

    ana, ben = world.calendar.free_busy([ANA, BEN], TODAY)

    assert ana.problem is None
    assert isinstance(ben.problem, ProviderDownError)


# appointments


def test_appointment_stands_where_it_was_written(world):
    written = world.calendar.create(draft())

    assert written.period == TEN_TO_ELEVEN
    assert world.calendar.events(TODAY).events == (written,)
    assert world.calendar.event(written.id) == written


def test_our_own_are_known_by_their_key_and_others_have_none(world):
    ours = draft()
    world.calendar.create(ours)
    world.foreign(NINE + 3 * HOUR, NINE + 4 * HOUR)

    assert [event.key for event in world.calendar.events(TODAY).events] == [
        ours.key,
        None,
    ]


@vendors_only
def test_appointment_takes_its_agents_time(world):
    world.calendar.create(draft(attendees=((ANA, "Ana Diaz"),)))

    assert busy_of(world, ANA) == [TEN_TO_ELEVEN]
    assert busy_of(world, BEN) == []


def test_writing_twice_with_one_key_makes_one_event(world):
    wanted = draft()

    first, second = world.calendar.create(wanted), world.calendar.create(wanted)

    assert first.id == second.id
    assert world.standing() == 1


def test_key_used_again_for_other_times_moves_the_event_that_stands(world):
    wanted = draft()
    first = world.calendar.create(wanted)
    later = Interval(NINE + 2 * HOUR, NINE + 3 * HOUR)

    second = world.calendar.create(draft(later, key=wanted.key))

    assert (second.id, second.period) == (first.id, later)
    assert world.standing() == 1


def test_what_was_deleted_can_be_written_again_with_its_key(world):
    wanted = draft()
    world.delete(world.calendar.create(wanted).id)

    again = world.calendar.create(wanted)

    assert again.key == wanted.key
    assert world.standing() == 1


def test_event_is_found_by_its_key_around_its_time(world):
    wanted = draft()
    written = world.calendar.create(wanted)

    assert world.calendar.find(wanted.key, TEN_TO_ELEVEN) == written
    assert world.calendar.find(uuid4(), TEN_TO_ELEVEN) is None


def test_changed_appointment_has_another_version_and_the_same_id(world):
    wanted = draft()
    first = world.calendar.create(wanted)
    later = Interval(NINE + 2 * HOUR, NINE + 3 * HOUR)

    second = world.calendar.change(first, draft(later, key=wanted.key))

    assert second.id == first.id
    assert second.version != first.version
    assert second.period == later
    assert world.calendar.event(first.id).key == wanted.key


def test_what_somebody_else_moved_is_not_overwritten(world):
    wanted = draft()
    written = world.calendar.create(wanted)
    world.move(written.id, NINE + 3 * HOUR, NINE + 4 * HOUR)

    with pytest.raises(EventChangedError):
        world.calendar.change(written, wanted)

    seen = world.calendar.event(written.id)
    assert seen.period == Interval(NINE + 3 * HOUR, NINE + 4 * HOUR)
    assert seen.version != written.version


def test_deleted_event_is_gone_for_whoever_asks(world):
    wanted = draft()
    written = world.calendar.create(wanted)
    world.delete(written.id)

    with pytest.raises(EventGoneError):
        world.calendar.event(written.id)
    with pytest.raises(EventGoneError):
        world.calendar.change(written, wanted)
    assert world.calendar.find(wanted.key, TEN_TO_ELEVEN) is None


@everywhere
def test_cancelling_removes_the_event_and_is_done_once_only(world):
    written = world.calendar.create(draft())

    world.calendar.cancel(written.id)
    world.calendar.cancel(written.id)

    assert world.standing() == 0


@everywhere
def test_all_that_touches_the_window_is_listed_and_nothing_else(world):
    for hours in range(-2, 4):
        world.foreign(NINE + hours * HOUR, NINE + (hours + 1) * HOUR)

    seen = world.calendar.events(Interval(NINE + HOUR / 2, NINE + 2 * HOUR)).events

    assert [event.period.start for event in seen] == [NINE, NINE + HOUR]


# the connection


@makers_only
def test_host_made_by_us_is_among_those_to_choose_from(world):
    made = world.calendar.create_host("Appointments of Harbor & Söhne")

    assert made in world.calendar.hosts()
    assert made.is_owner


@vendors_only
def test_everything_that_is_needed_is_found_in_order(world):
    assert [it.name for it in world.calendar.check(probe=ANA) if not it.ok] == []


@vendors_only
def test_check_tells_what_a_probed_mailbox_lacks(world):
    world.unknown(ANA)

    bad = [finding for finding in world.calendar.check(probe=ANA) if not finding.ok]

    assert [ANA in finding.sentence for finding in bad] == [True]


@vendors_only
def test_check_writes_nothing(world):
    world.calendar.check(probe=ANA)

    assert world.standing() == 0


@askers_only
def test_every_permission_has_a_purpose_and_is_told_apart(world):
    needed = world.calendar.permissions(frozenset())
    every = frozenset(permission.name for permission in needed)

    assert all(permission.purpose.endswith(".") for permission in needed)
    assert not any(permission.granted for permission in needed)
    assert all(it.granted for it in world.calendar.permissions(every))
