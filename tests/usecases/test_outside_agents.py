"""Whose calendars are asked for, as people come, change and go."""

from dataclasses import replace

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.settings.calendars import COMPUTE_AVAILABILITY
from invo_booking.usecases.admin import staffing
from invo_booking.usecases.admin.catalogue import queues
from invo_booking.usecases.admin.staff_drafts import PersonDraft
from invo_booking.usecases.calendars import poll
from tests.obeyed.conftest import offered
from tests.support.accounts import with_password_given
from tests.support.bank import ZONE
from tests.support.plain_calendar import connected
from tests.support.plain_fixtures import deps, elsewhere
from tests.support.readings import known, span, stored

__all__ = ["deps", "elsewhere"]


@pytest.fixture
def root(bank):
    root = bank.agent("Root", roles=(Role.SUPER_ADMIN,), languages=())
    return with_password_given(root)


@pytest.fixture
def ana(bank, root):
    """An agent whose calendar was read; the only one."""
    assert root
    ana = bank.agent("Ana")
    connected(bank)
    poll.poll_if_due(bank.deps)
    return ana


def change(bank, by, person, **more):
    held = staffing.person_file(bank.deps, by, person.id)
    wanted = replace(held.draft, **more)
    return staffing.save_person(
        bank.deps, by, person.id, wanted, version=held.person.version
    )


def serve(bank, by, people, *, seen):
    """Set who serves the queue; the administrator, who speaks no language, does."""
    ids, before = ({by.id, *(one.id for one in each)} for each in (people, seen))
    queues.set_queue_people(bank.deps, by, bank.queue_id, ids, seen=before)


def test_new_agent_is_not_free_until_the_calendar_was_asked_for(
    bank, root, ana, elsewhere
):
    change(bank, root, ana, queues=frozenset())
    assert known(bank) == {}
    draft = PersonDraft(
        name="Ben Ode",
        email="ben@bank.example",
        time_zone=ZONE,
        roles=frozenset({Role.AGENT}),
        queues=frozenset({bank.queue_id}),
        languages=frozenset({"en"}),
    )

    hired = staffing.create_person(bank.deps, root, draft)

    (row,) = known(bank).values()
    assert (row.agent_id, row.read_at) == (hired.person_id, None)
    elsewhere.asked.clear()
    assert poll.poll_if_due(bank.deps).read == 1
    assert elsewhere.asked[0] == ["ben@bank.example"]


def test_agent_with_a_new_address_is_unknown_until_asked_for_by_it(
    bank, root, ana, elsewhere
):
    elsewhere.busy["ana@bank.example"] = [span(10, 12)]
    poll.poll_if_due(bank.deps, at_once=True)
    assert offered(bank)

    change(bank, root, ana, email="ana.cruz@bank.example")

    assert stored(bank, ana) == []
    assert offered(bank) == []
    assert poll.poll_if_due(bank.deps).read == 1
    assert offered(bank)


def test_of_an_agent_who_is_disabled_nothing_is_kept(bank, root, ana, elsewhere):
    elsewhere.busy["ana@bank.example"] = [span(10, 12)]
    poll.poll_if_due(bank.deps, at_once=True)
    assert stored(bank, ana)

    change(bank, root, ana, active=False)

    assert stored(bank, ana) == []
    assert known(bank) == {}


def test_change_of_anything_else_leaves_the_calendar_known(bank, root, ana):
    change(bank, root, ana, name="Ana Cruz")

    assert offered(bank)
    assert poll.poll_if_due(bank.deps) is None


@pytest.mark.usefixtures("ana")
def test_nobody_is_asked_for_while_calendars_do_not_count(bank, root):
    bank.set(COMPUTE_AVAILABILITY, "off")
    ben = bank.agent("Ben")

    change(bank, root, ben, name="Ben Ode")

    assert "ben@bank.example" not in known(bank)


def test_agent_whom_the_queues_page_adds_is_not_free_until_asked_for(bank, root, ana):
    change(bank, root, ana, queues=frozenset())
    poll.poll_if_due(bank.deps, at_once=True)

    serve(bank, root, [ana], seen=[])

    assert [row.read_at for row in known(bank).values()] == [None]
    assert offered(bank) == []
    assert poll.poll_if_due(bank.deps).read == 1
    assert offered(bank)


def test_of_an_agent_whom_the_queues_page_removes_nothing_is_kept(
    bank, root, ana, elsewhere
):
    elsewhere.busy["ana@bank.example"] = [span(10, 12)]
    poll.poll_if_due(bank.deps, at_once=True)
    assert stored(bank, ana)

    serve(bank, root, [], seen=[ana])

    assert stored(bank, ana) == []
    assert known(bank) == {}
