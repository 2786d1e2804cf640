"""Where a request comes from reaches the audit trail."""

from dataclasses import replace
from uuid import uuid4

from invo_booking.domain.access.caller import Caller, Interface
from invo_booking.domain.access.roles import Role
from invo_booking.usecases.admin.catalogue import languages
from invo_booking.usecases.booking import booking
from invo_booking.usecases.staff import appointments
from tests.support.bank import at


def test_audit_entry_names_the_interface_the_address_and_the_request(bank, deps):
    bank.agent()
    caller = Caller(interface=Interface.API, address="203.0.113.7", request_id="r1")

    booked = booking.request_appointment(
        deps.for_caller(caller), bank.request(at(10)), idempotency_key=str(uuid4())
    )

    with deps.unit_of_work() as work:
        (entry,) = work.audit.history(str(booked.appointment.id))
    origin = entry.interface, entry.address, entry.request_id
    assert origin == ("api", "203.0.113.0/24", "r1")  # a customer's is cut


def test_entries_tell_two_people_of_one_name_apart_by_their_ids(bank, deps):
    ana = bank.agent("Ana", roles=(Role.ADMINISTRATOR,))
    namesake = replace(bank.agent("Eva", roles=(Role.ADMINISTRATOR,)), name="Ana")

    languages.add_language(deps, ana, "pl")
    languages.add_language(deps, namesake, "de")

    with deps.unit_of_work() as work:
        entries = [*work.audit.history("pl"), *work.audit.history("de")]
    assert [it.actor for it in entries] == ["Ana", "Ana"]
    assert [it.actor_id for it in entries] == [ana.id, namesake.id]


def test_history_of_an_appointment_knows_who_took_it_by_id(bank, deps):
    ana = bank.agent("Ana")
    booked = booking.request_appointment(
        deps, bank.request(at(10)), idempotency_key=str(uuid4())
    )

    appointments.take_appointment(deps, ana, booked.appointment.id)

    with deps.unit_of_work() as work:
        (*_, taken) = work.audit.history(str(booked.appointment.id))
    assert (taken.actor, taken.actor_id) == ("Ana", ana.id)
