"""Visits are held at a branch, and administrators say where that is."""

from dataclasses import replace
from uuid import uuid4

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Channel
from invo_booking.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from invo_booking.usecases.admin.affected import AffectedAppointmentsError
from invo_booking.usecases.admin.catalogue import branches
from invo_booking.usecases.admin.catalogue.branches import BranchDraft
from invo_booking.usecases.admin.effects import Disposition, UndecidedError
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.booking import booking, manage
from invo_booking.usecases.staff import appointments, detail
from tests.support.bank import at, branch_row, confirm
from tests.support.drafts import staff_draft

DRAFT = BranchDraft(
    name="Main branch",
    street=("120 Harbor Street",),
    town="Chicago",
    region="IL",
    postal_code="60601",
    country="US",
    phone="+13125550143",
    directions="The entrance is on Lake Street.",
    time_zone="America/Chicago",
)


@pytest.fixture
def ada(bank):
    """An administrator of a bank that customers may visit."""
    bank.offer_visits()
    return bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=())


def visit(bank, hour=10, **more):
    wanted = bank.request(at(hour, days=1), channel=Channel.BRANCH, **more)
    return booking.request_appointment(bank.deps, wanted, idempotency_key=f"{uuid4()}")


def mails(bank, appointment_id):
    with bank.deps.unit_of_work() as work:
        return work.outbox.newest("mail", appointment_id)


def test_nobody_is_asked_where_there_is_one_branch(bank, ada):
    bank.agent("Ana")

    booked = visit(bank)

    seen = manage.read_visit(bank.deps, booked.token)
    assert seen.branch.name == "Main branch"
    assert seen.branch.address_lines == ("120 Harbor Street", "Chicago, IL 60601")
    assert detail.appointment_detail(bank.deps, ada, booked.appointment.id).branch == (
        seen.branch
    )


@pytest.mark.usefixtures("ada")
def test_a_call_is_held_at_no_branch_even_if_one_is_named(bank):
    bank.agent("Ana")
    wanted = bank.request(at(10, days=1), branch_id=bank.branch_id)

    booked = booking.request_appointment(bank.deps, wanted, idempotency_key="k" * 22)

    assert booked.appointment.branch_id is None
    assert manage.read_visit(bank.deps, booked.token).branch is None


@pytest.mark.usefixtures("ada")
def test_a_branch_that_does_not_exist_is_refused(bank):
    bank.agent("Ana")

    with pytest.raises(InvalidInputError) as refused:
        visit(bank, branch_id=uuid4())

    assert refused.value.fields == {"branch": "Choose one of our branches."}


@pytest.mark.usefixtures("ada")
def test_staff_make_a_call_a_visit_and_a_call_again(bank):
    max_, ana = bank.manager("Max"), bank.agent("Ana")
    draft = staff_draft(
        bank,
        at(10, days=1),
        ends_at=at(11, days=1),
        answer_id=None,
        channel=Channel.PHONE,
        email="",
        agent_id=ana.id,
        phone="+13125550142",
    )
    made = appointments.create_appointment(bank.deps, max_, draft)

    there = appointments.change_appointment(
        bank.deps, max_, made.id, AppointmentChange(channel=Channel.BRANCH)
    )
    again = appointments.change_appointment(
        bank.deps, max_, made.id, AppointmentChange(channel=Channel.PHONE)
    )

    assert (made.branch_id, again.branch_id) == (None, None)
    assert there.branch_id == bank.branch_id


def test_customers_of_a_branch_that_moves_are_mailed_once_they_were_reviewed(bank, ada):
    bank.agent("Ana")
    booked = visit(bank)
    confirm(bank.deps, booked.token)
    moved = replace(DRAFT, street=("9 Pier Road",), time_zone="America/Denver")

    def change(dispositions=None):
        return branches.change_branch(
            bank.deps,
            ada,
            bank.branch_id,
            moved,
            version=1,
            dispositions=dispositions,
        )

    with pytest.raises(AffectedAppointmentsError) as shown:
        change()
    (one,) = shown.value.affected
    assert "way to find Main branch changes" in one.why
    assert branches.branches_overview(bank.deps, ada).branches[0].branch.version == 1

    change({one.id: Disposition.KEEP})

    told = mails(bank, one.id)
    seen = manage.read_visit(bank.deps, booked.token)
    assert (told["mail"], told["sequence"]) == ("changed", 1)
    assert seen.branch.address_lines[0] == "9 Pier Road"
    assert seen.appointment.period == booked.appointment.period


def test_other_details_of_a_branch_concern_no_appointment(bank, ada):
    bank.agent("Ana")
    booked = visit(bank)
    told = replace(DRAFT, phone="+1 (312) 555-0143", latitude=41.9, longitude=-87.6)

    changed = branches.change_branch(bank.deps, ada, bank.branch_id, told, version=1)

    assert (changed.version, changed.coordinates) == (2, (41.9, -87.6))
    assert mails(bank, booked.appointment.id)["mail"] == "requested"


def test_the_only_branch_stays_open_and_says_why(bank, ada):
    off = replace(DRAFT, active=False)

    with pytest.raises(InvalidInputError) as refused:
        branches.change_branch(bank.deps, ada, bank.branch_id, off, version=1)

    assert "the only open branch" in refused.value.fields["active"]


def test_visits_are_named_before_their_branch_closes(bank, ada):
    bank.agent("Ana")
    with bank.deps.unit_of_work() as work:
        work.session.add(branch_row(uuid4(), "Oak Park"))
        work.publish_roster_change()
    booked = visit(bank, branch_id=bank.branch_id)
    held, off = booked.appointment, replace(DRAFT, active=False)

    def close(**more):
        branches.change_branch(bank.deps, ada, bank.branch_id, off, version=1, **more)

    with pytest.raises(UndecidedError) as shown:
        close()
    (one,) = shown.value.affected
    assert (one.id, one.why) == (held.id, "Main branch is closed for visits.")
    assert one.instead == "Nobody else can take it then; it stays as it is."
    close(dispositions={held.id: Disposition.KEEP})

    with bank.deps.unit_of_work() as work:
        assert not work.roster.branches[bank.branch_id].active
        assert work.appointments.get(held.id).branch_id == bank.branch_id
    with pytest.raises(InvalidInputError):
        visit(bank, 14, branch_id=bank.branch_id, email="tom@example.com")
    assert not manage.read_visit(bank.deps, booked.token).can_reschedule
    with pytest.raises(InvalidInputError):
        manage.reschedule_by_link(bank.deps, booked.token, at(14, days=1))


def test_visits_are_told_by_the_new_clock_before_their_branch_moves(bank, ada):
    bank.agent("Ana")
    visit(bank)
    moved = replace(DRAFT, time_zone="America/Denver")

    with pytest.raises(AffectedAppointmentsError) as shown:
        branches.change_branch(bank.deps, ada, bank.branch_id, moved, version=1)

    (one,) = shown.value.affected
    assert one.why.endswith("In the new time zone, it begins on Tuesday at 9:00.")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("street", ()),
        ("street", ("a", "b", "c", "d")),
        ("town", ""),
        ("country", "XX"),
        ("phone", "call us"),
        ("time_zone", "Mars/Olympus"),
        ("latitude", 91.0),
        ("latitude", float("nan")),
        ("longitude", 12.0),
        ("directions", "x" * 501),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(bank, ada, field, value):
    wrong = replace(DRAFT, **{field: value})

    with pytest.raises(InvalidInputError) as refused:
        branches.change_branch(bank.deps, ada, bank.branch_id, wrong, version=1)

    assert set(refused.value.fields) & {field, "latitude"}


def test_a_branch_is_changed_by_who_saw_it_and_administers(bank, ada):
    other = replace(DRAFT, phone="312 555 0111")
    branches.change_branch(bank.deps, ada, bank.branch_id, other, version=1)

    with pytest.raises(ConflictError, match="Ada changed “Main branch”"):
        branches.change_branch(bank.deps, ada, bank.branch_id, DRAFT, version=1)
    with pytest.raises(NotFoundError):
        branches.change_branch(bank.deps, ada, uuid4(), DRAFT, version=1)
    with pytest.raises(NotAllowedError):
        branches.branches_overview(bank.deps, bank.manager("Max"))
