"""Programs: accounts of the bank's own digital channels."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from invo_booking.domain.access.caller import Caller, Interface
from invo_booking.domain.access.roles import Role
from invo_booking.domain.access.scopes import TokenScope
from invo_booking.domain.appointment import Status
from invo_booking.domain.errors import (
    IdempotencyMismatchError,
    InvalidInputError,
    LimitReachedError,
    NotAllowedError,
    NotFoundError,
    TooManyRequestsError,
)
from invo_booking.domain.interval import Interval
from invo_booking.usecases.accounts import programs, sessions, tokens
from invo_booking.usecases.accounts.programs import ProgramDraft, Renewal
from invo_booking.usecases.booking import booking, program_appointments
from invo_booking.usecases.upkeep import delivery
from tests.support.bank import PASSWORD, at


@pytest.fixture
def ada(bank):
    return bank.agent(
        "Ada", roles=(Role.ADMINISTRATOR,), languages=(), password=PASSWORD
    )


def make(deps, actor, name="Kiosk", **more):
    fit = {"scope": TokenScope.WRITE, "all_queues": "queues" not in more}
    draft = ProgramDraft(name=name, contact="Digital", **(fit | more))
    return programs.make_program(deps, actor, draft, PASSWORD)


def called_by(deps, secret):
    """Return the parts for a program, and the program."""
    program = programs.program_of_token(deps, secret)
    caller = Caller(interface=Interface.API, address="192.0.2.1", program=program)
    return deps.for_caller(caller), program


def book(bank, secret, starts_at, *, identified=True, key=None, **more):
    deps, program = called_by(bank.deps, secret)
    return booking.request_appointment(
        deps,
        bank.request(starts_at, **more),
        idempotency_key=key or uuid4().hex,
        proven_by=program if identified else None,
    )


def history(deps, appointment):
    with deps.unit_of_work() as work:
        return work.audit.history(str(appointment.id))


def test_database_holds_no_part_of_a_programs_token(deps, ada):
    made = make(deps, ada)

    with deps.unit_of_work() as work:
        stored = work.session.connection().execute(text("SELECT * FROM program_token"))
        told = str(stored.all())
    assert made.secret.removeprefix("invop_")[:8] not in told


def test_program_is_no_person_and_its_token_no_session(deps, ada):
    made = make(deps, ada)

    assert programs.program_of_token(deps, made.secret) is not None
    assert tokens.actor_of_api_token(deps, made.secret) is None
    assert sessions.actor_of_session(deps, made.secret) is None


def test_only_an_administrator_at_a_browser_makes_renews_and_revokes(deps, bank, ada):
    made = make(deps, ada)
    by_token = replace(ada, scope=TokenScope.ADMIN)

    for actor in (bank.manager("Max", password=PASSWORD), by_token):
        with pytest.raises(NotAllowedError):
            make(deps, actor, "Another")
        with pytest.raises(NotAllowedError):
            programs.renew_program_token(
                deps, actor, made.program.id, Renewal(overlap=0), PASSWORD
            )
        with pytest.raises(NotAllowedError):
            programs.revoke_program(deps, actor, made.program.id)
    assert programs.program_of_token(deps, made.secret) is not None


def test_making_a_program_needs_the_current_password(deps, ada):
    draft = ProgramDraft(
        name="Kiosk", contact="Digital", scope=TokenScope.WRITE, all_queues=True
    )

    with pytest.raises(InvalidInputError) as refused:
        programs.make_program(deps, ada, draft, "a wrong password")

    assert list(refused.value.fields) == ["password"]
    assert programs.programs_overview(deps, ada).programs == ()


def test_renewing_a_programs_token_needs_the_current_password(deps, ada):
    made = make(deps, ada)
    wanted, renewal = made.program.id, Renewal(overlap=0)

    with pytest.raises(InvalidInputError) as refused:
        programs.renew_program_token(deps, ada, wanted, renewal, "a wrong password")

    assert list(refused.value.fields) == ["password"]
    assert programs.program_of_token(deps, made.secret) is not None


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"name": ""}, {"name"}),
        ({"name": "x" * 81, "contact": ""}, {"name", "contact"}),
        ({"scope": TokenScope.ADMIN}, {"scope"}),
        ({"days": 31}, {"days"}),
        ({"queues": frozenset({UUID(int=1)}), "all_queues": False}, {"queues"}),
        ({"queues": frozenset({UUID(int=1)})}, {"queues"}),
        ({"all_queues": False}, {"queues"}),
        ({"name": "KIOSK"}, {"name"}),
    ],
)
def test_program_that_cannot_be_used_is_refused(deps, ada, wrong, fields):
    make(deps, ada)
    fit = {
        "name": "App",
        "contact": "Digital",
        "scope": TokenScope.READ,
        "all_queues": True,
    }

    with pytest.raises(InvalidInputError) as refused:
        programs.make_program(deps, ada, ProgramDraft(**(fit | wrong)), PASSWORD)

    assert set(refused.value.fields) == fields


def test_token_ends_with_its_program_and_not_before_unless_so_made(deps, clock, ada):
    lasting, short = make(deps, ada), make(deps, ada, "App", days=30)

    clock.advance(timedelta(days=30) - timedelta(seconds=1))
    assert programs.program_of_token(deps, short.secret) is not None
    clock.advance(timedelta(seconds=1))
    assert programs.program_of_token(deps, short.secret) is None
    clock.advance(timedelta(days=1_000))
    assert programs.program_of_token(deps, lasting.secret) is not None

    programs.revoke_program(deps, ada, lasting.program.id)

    assert programs.program_of_token(deps, lasting.secret) is None
    with pytest.raises(NotFoundError):
        programs.renew_program_token(
            deps, ada, lasting.program.id, Renewal(overlap=0), PASSWORD
        )


def test_former_token_works_for_the_overlap_of_a_renewal(deps, clock, ada):
    former = make(deps, ada)
    renewed = programs.renew_program_token(
        deps, ada, former.program.id, Renewal(overlap=7), PASSWORD
    )

    clock.advance(timedelta(days=7) - timedelta(seconds=1))
    assert programs.program_of_token(deps, former.secret) is not None
    clock.advance(timedelta(seconds=1))

    assert programs.program_of_token(deps, former.secret) is None
    assert programs.program_of_token(deps, renewed.secret) is not None


def test_renewal_without_overlap_ends_the_former_token_at_once(deps, ada):
    former = make(deps, ada)

    programs.renew_program_token(
        deps, ada, former.program.id, Renewal(overlap=0), PASSWORD
    )

    assert programs.program_of_token(deps, former.secret) is None


def test_identified_customer_has_a_confirmed_appointment_at_once(
    deps, bank, ada, postbox
):
    bank.agent()
    made = make(deps, ada)

    booked = book(bank, made.secret, at(12))

    assert booked.appointment.status is Status.CONFIRMED
    assert booked.confirm_by is None
    (entry,) = history(deps, booked.appointment)
    assert (entry.action, entry.actor) == ("created", "program Kiosk")
    assert entry.actor_id == made.program.id
    delivery.deliver_due_mails(deps)
    (subject,) = postbox.subjects()
    assert "confirmed" in subject.lower()


def test_request_without_identification_waits_to_be_confirmed(deps, bank, ada):
    bank.agent()
    made = make(deps, ada)

    booked = book(bank, made.secret, at(12), identified=False)

    assert booked.appointment.status is Status.REQUESTED
    assert history(deps, booked.appointment)[0].actor == "program Kiosk"


def test_identified_customers_are_not_taken_for_strangers_who_fill_a_mailbox(
    deps, bank, ada
):
    for name in ("Ana", "Bea"):
        bank.agent(name)
    bank.set(booking.general.MOST_PER_DAY, "0")
    made = make(deps, ada)

    for hour in (10, 11, 12):
        book(bank, made.secret, at(hour), identified=False)

    assert book(bank, made.secret, at(13)).appointment.status is Status.CONFIRMED
    with pytest.raises(TooManyRequestsError):
        book(bank, made.secret, at(14), identified=False)


def test_identified_customers_keep_the_limit_of_a_day(deps, bank, ada):
    bank.agent()
    bank.set(booking.general.MOST_PER_DAY, "1")
    made = make(deps, ada)
    book(bank, made.secret, at(10))

    with pytest.raises(LimitReachedError):
        book(bank, made.secret, at(12))


def test_retry_books_once_and_another_programs_key_is_another_key(deps, bank, ada):
    for name in ("Ana", "Bea"):
        bank.agent(name)
    kiosk, app = make(deps, ada), make(deps, ada, "App")

    first = book(bank, kiosk.secret, at(12), key="the same key")
    again = book(bank, kiosk.secret, at(12), key="the same key")
    other = book(bank, app.secret, at(12), key="the same key", email="eva@example.com")

    assert again.appointment.id == first.appointment.id
    assert other.appointment.id != first.appointment.id
    with pytest.raises(IdempotencyMismatchError):
        book(bank, kiosk.secret, at(12), key="the same key", identified=False)


def test_program_books_in_its_queues_only(deps, bank, ada):
    bank.agent()
    other = uuid4()
    made = make(deps, ada, queues=frozenset({bank.queue_id}))
    deps, program = called_by(deps, made.secret)
    elsewhere = replace(program, queues=frozenset({other}))

    assert book(bank, made.secret, at(12))
    with pytest.raises(InvalidInputError) as refused:
        booking.request_appointment(
            deps.for_caller(replace(deps.caller, program=elsewhere)),
            bank.request(at(14)),
            idempotency_key=uuid4().hex,
        )
    assert list(refused.value.fields) == ["answer"]


def test_program_sees_moves_and_cancels_its_own_appointments_and_no_others(
    deps, bank, ada
):
    bank.agent()
    kiosk, app = make(deps, ada), make(deps, ada, "App")
    mine = book(bank, kiosk.secret, at(12)).appointment
    theirs = book(bank, app.secret, at(14)).appointment
    anybodys = booking.request_appointment(
        deps, bank.request(at(15), email="b@example.com"), idempotency_key="somebody's"
    ).appointment
    parts, program = called_by(deps, kiosk.secret)
    today = Interval(at(0), at(23))

    listed = program_appointments.appointments_of_program(parts, program, today)
    assert [it.id for it in listed] == [mine.id]
    for other in (theirs, anybodys):
        with pytest.raises(NotFoundError):
            program_appointments.read_program_visit(parts, program, other.id)
        with pytest.raises(NotFoundError):
            program_appointments.cancel_for_program(parts, program, other.id, "")
        with pytest.raises(NotFoundError):
            program_appointments.reschedule_for_program(
                parts, program, other.id, at(16), None
            )

    program_appointments.reschedule_for_program(parts, program, mine.id, at(16), None)
    seen = program_appointments.cancel_for_program(
        parts, program, mine.id, "Changed my mind"
    )

    assert seen.appointment.status is Status.CANCELLED
    assert seen.appointment.starts_at == at(16)
    told = [(entry.action, entry.actor) for entry in history(deps, mine)]
    assert told[1:] == [("moved", "program Kiosk"), ("cancelled", "program Kiosk")]


def test_limits_count_by_token_and_not_by_the_address_all_channels_share(deps, ada):
    kiosk, app = make(deps, ada), make(deps, ada, "App")

    networks = {called_by(deps, it.secret)[0].caller.network for it in (kiosk, app)}

    assert len(networks) == 2
    assert "192.0.2.1" not in networks
