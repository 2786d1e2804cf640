"""Sockets that pages open by themselves, and the sessions of people."""

import asyncio
from datetime import timedelta

from invo_booking import bootstrap
from invo_booking.api import is_signed_in
from invo_booking.settings.general import SESSION_IDLE
from invo_booking.usecases.accounts import sessions
from tests.support.bank import PASSWORD

MINUTE = timedelta(minutes=1)


def test_socket_that_opens_again_does_not_prolong_the_session(bank, clock, kept_parts):
    del kept_parts
    bootstrap.use_deps(bank.deps)
    bank.set(SESSION_IDLE, "60")
    bank.agent("Ana", password=PASSWORD)
    token = sessions.sign_in(bank.deps, "ana@bank.example", PASSWORD).token

    clock.advance(59 * MINUTE)
    assert asyncio.run(is_signed_in(token))

    clock.advance(2 * MINUTE)
    assert not asyncio.run(is_signed_in(token))
