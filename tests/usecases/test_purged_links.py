"""What stays of the links of purged appointments."""

import pytest

from invo_booking.domain.errors import NotFoundError, PurgedError
from invo_booking.settings.general import PURGE_OUTDATED
from invo_booking.usecases.booking import booking, manage
from invo_booking.usecases.upkeep import delivery, periodic
from invo_booking.usecases.upkeep.purge import purge_outdated
from tests.support.bank import at


def test_link_of_a_purged_appointment_is_forgotten_in_the_end(bank, clock):
    bank.agent()
    bank.set(PURGE_OUTDATED, "on")
    tokens = []
    for day in (0, 1):
        clock.now = at(8, days=day)
        request = bank.request(at(12, days=day), email=f"rosa{day}@example.com")
        key = f"{day}" * 20
        booked = booking.request_appointment(bank.deps, request, idempotency_key=key)
        manage.cancel_by_link(bank.deps, booked.token)
        delivery.deliver_due_mails(bank.deps)
        tokens.append(booked.token)
        clock.now = at(8, days=day + 1 if day == 0 else 500)
        assert purge_outdated(bank.deps) == 1
        periodic.seal_and_forget(bank.deps)

    with pytest.raises(NotFoundError) as refused:
        manage.read_visit(bank.deps, tokens[0])

    assert refused.value.code == "not_found"


def test_links_are_forgotten_after_purging_was_switched_off(bank, clock):
    bank.agent()
    bank.set(PURGE_OUTDATED, "on")
    booked = booking.request_appointment(
        bank.deps, bank.request(at(12)), idempotency_key="k" * 22
    )
    manage.cancel_by_link(bank.deps, booked.token)
    delivery.deliver_due_mails(bank.deps)
    clock.now = at(8, days=1)
    assert purge_outdated(bank.deps) == 1
    bank.set(PURGE_OUTDATED, "off")

    clock.now = at(8, days=399)
    periodic.seal_and_forget(bank.deps)
    with pytest.raises(PurgedError):
        manage.read_visit(bank.deps, booked.token)

    clock.now = at(8, days=402)
    periodic.seal_and_forget(bank.deps)
    with pytest.raises(NotFoundError) as refused:
        manage.read_visit(bank.deps, booked.token)
    assert refused.value.code == "not_found"
