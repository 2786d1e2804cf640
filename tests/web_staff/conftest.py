"""States of the pages of staff, made without a browser."""

import asyncio
from datetime import timedelta

import pytest

from invo_booking import bootstrap
from invo_booking.domain.access.cookie import NAME
from invo_booking.domain.appointment import Channel
from invo_booking.usecases.accounts import sessions
from invo_booking.usecases.appointment.drafts import AppointmentDraft
from invo_booking.usecases.staff import appointments
from tests.support.bank import PASSWORD
from tests.support.page_client import ADDRESS, Client

__all__ = ["ADDRESS", "Client"]

HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def product(deps):
    """The product's parts, used by the pages as well."""
    bootstrap.use_deps(deps)
    return deps


@pytest.fixture
def sign_in(product):
    """Sign somebody in and return the client they use."""

    def client_of(person) -> Client:
        found = sessions.sign_in(product, person.email, PASSWORD)
        return Client(f"{NAME}={found.token}")

    return client_of


@pytest.fixture
def ana(bank):
    return bank.agent("Ana", password=PASSWORD)


@pytest.fixture
def max_(bank):
    return bank.manager("Max", password=PASSWORD)


def book(product, bank, by, start, agent=None, *, lasts=HALF_HOUR, **who):
    draft = AppointmentDraft(
        answer_id=bank.answer_id,
        queue_id=bank.queue_id,
        language="en",
        starts_at=start,
        ends_at=start + lasts,
        agent_id=agent.id if agent else None,
        **(
            {
                "channel": Channel.VIDEO,
                "name": "Rosa Delgado",
                "email": "rosa@example.com",
            }
            | who
        ),
    )
    return appointments.create_appointment(product, by, draft)


def run(*steps):
    async def all_of_them():
        return [await step for step in steps]

    return asyncio.run(all_of_them())


def see(client: Client, state):
    return asyncio.run(client.see(state))
