"""A mailbox of an agent that is not the address of the sign-in."""

from dataclasses import replace

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.errors import InvalidInputError
from invo_booking.usecases.admin import staffing
from invo_booking.usecases.calendars import poll
from invo_booking.usecases.staff import appointments
from tests.support import host_calendar
from tests.support.bank import at
from tests.support.host_fixtures import host, max_
from tests.support.plain_fixtures import deps, elsewhere
from tests.support.readings import known, span, stored
from tests.usecases.test_appointments import draft
from tests.usecases.test_sync import connection

__all__ = ["connection", "deps", "elsewhere", "host", "max_"]

SHARED = "advice@bank.example"


@pytest.fixture
def ada(bank):
    actor = bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=())
    return replace(actor, gave_password=True)


def give_mailbox(bank, ada, person, mailbox):
    file = staffing.person_file(bank.deps, ada, person.id)
    changed = replace(file.draft, mailbox=mailbox)
    version = file.person.version
    return staffing.save_person(bank.deps, ada, person.id, changed, version=version)


@pytest.mark.usefixtures("connection")
def test_busy_times_are_those_of_the_mailbox(bank, elsewhere, ada, ana):
    elsewhere.busy["ana@bank.example"] = [span(9, 10)]
    elsewhere.busy[SHARED] = [span(14, 15)]
    poll.poll_if_due(bank.deps)
    assert stored(bank, ana) == [span(9, 10)]

    give_mailbox(bank, ada, ana, SHARED)
    poll.poll_if_due(bank.deps)

    assert list(known(bank)) == [SHARED]
    assert stored(bank, ana) == [span(14, 15)]

    give_mailbox(bank, ada, ana, "")
    poll.poll_if_due(bank.deps)
    assert stored(bank, ana) == [span(9, 10)]


def test_new_mailbox_is_invited_to_what_is_written_already(bank, host, ada, ana, max_):
    deps = replace(bank.deps, providers={"outlook": host_calendar.OneAccount(host)})
    host_calendar.connected(bank)
    for hour in (10, 12):
        wanted = draft(bank, at(hour), agent_id=ana.id)
        appointments.create_appointment(deps, max_, wanted)
    host_calendar.write(deps)

    give_mailbox(bank, ada, ana, SHARED)
    host_calendar.write(deps)

    assert [it.draft.attendees for it in host.ours] == [((SHARED, ana.name),)] * 2
    give_mailbox(bank, ada, ana, SHARED)
    assert host_calendar.write(deps) == 0
    assert [it.told for it in host.ours] == [2, 2]


def test_appointments_are_written_into_the_mailbox(bank, host, ada, ana, max_):
    deps = replace(bank.deps, providers={"outlook": host_calendar.OneAccount(host)})
    host_calendar.connected(bank)
    give_mailbox(bank, ada, ana, SHARED)
    appointments.create_appointment(deps, max_, draft(bank, at(10), agent_id=ana.id))
    host_calendar.write(deps)

    [event] = host.ours
    assert event.draft.attendees == ((SHARED, "Ana"),)


def test_mailbox_belongs_to_one_person(bank, ada, ana):
    ben = bank.agent("Ben")
    give_mailbox(bank, ada, ana, SHARED)

    for mailbox in (SHARED, " Advice@Bank.example "):
        with pytest.raises(InvalidInputError) as refused:
            give_mailbox(bank, ada, ben, mailbox)
        assert refused.value.fields == {
            "mailbox": "Another person already has this mailbox."
        }
    with pytest.raises(InvalidInputError):
        give_mailbox(bank, ada, ana, "ben@bank.example")
    with pytest.raises(InvalidInputError):
        give_mailbox(bank, ada, ben, "nobody")


def test_mailbox_that_is_the_address_of_the_sign_in_needs_no_entry(bank, ada, ana):
    saved = give_mailbox(bank, ada, ana, "Ana@bank.example")

    assert saved.person.mailbox == ""
    assert saved.person.calendar_address == "ana@bank.example"


def test_person_without_an_address_is_refused_for_the_address_only(bank, ada, ana):
    file = staffing.person_file(bank.deps, ada, ana.id)
    nobody = replace(file.draft, email="", mailbox="")

    version = file.person.version
    with pytest.raises(InvalidInputError) as refused:
        staffing.save_person(bank.deps, ada, ana.id, nobody, version=version)

    assert set(refused.value.fields) == {"email"}
