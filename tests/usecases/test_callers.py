"""Where a request comes from reaches the audit trail."""

from uuid import uuid4

from invo_booking.domain.caller import Caller, Interface
from invo_booking.usecases import booking
from tests.support.bank import at


def test_audit_entry_names_the_interface_the_address_and_the_request(bank, deps):
    bank.agent()
    caller = Caller(interface=Interface.API, address="203.0.113.7", request_id="r1")

    booked = booking.request_appointment(
        deps.called_by(caller), bank.request(at(10)), idempotency_key=str(uuid4())
    )

    with deps.unit_of_work() as work:
        (entry,) = work.audit.history(str(booked.appointment.id))
    origin = entry.interface, entry.address, entry.request_id
    assert origin == ("api", "203.0.113.7", "r1")
