"""A request is confirmed while its customer asks for the mail once more."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from invo_booking.domain.errors import LinkExpiredError
from invo_booking.persistence.unit_of_work import UnitOfWork
from invo_booking.usecases.booking import booking, manage, request_mail
from tests.concurrency.racing import working_with
from tests.support.bank import at, proof_of


class _Overtaken(UnitOfWork):
    """Lets the customer confirm just before the contact is locked."""

    deeds: list[Callable[[], Any]]

    def lock_customer(self, *contacts: str) -> None:
        if self.deeds:
            self.deeds.pop()()
        super().lock_customer(*contacts)


def test_no_mail_asks_for_what_was_confirmed(bank):
    bank.agent("Ana")
    made = booking.request_appointment(
        bank.deps, bank.request(at(11)), idempotency_key=uuid4().hex
    )
    proof = proof_of(bank.deps, made.token)
    deeds = [lambda: manage.confirm_by_link(bank.deps, proof)]

    def hand_over(work: Any, session: object) -> None:
        del session
        work.deeds = deeds

    with (
        working_with(bank.deps, _Overtaken, hand_over) as deps,
        pytest.raises(LinkExpiredError),
    ):
        request_mail.resend_request_mail(deps, made.token)

    with bank.deps.unit_of_work() as work:
        newest = work.outbox.newest("mail", made.appointment.id)
    assert newest["mail"] == "confirmed"
