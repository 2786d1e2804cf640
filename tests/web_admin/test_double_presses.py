"""A press that arrives twice makes one thing, on every page where something is made."""

import asyncio

import pytest

from invo_booking.web.admin.answers.state import AnswersState
from invo_booking.web.admin.queues.languages_state import LanguagesState
from invo_booking.web.admin.queues.state import QueuesState
from tests.web_admin.test_catalogue_pages import answer_form

KEY = {"submit_key": "the-key-this-form-was-opened-with"}
MAKES = {
    "answer": (AnswersState, "submit_form", "/answers?new=1", answer_form),
    "queue": (QueuesState, "submit_form", "/queues?new=1", lambda _: {"name": "Cards"}),
    "language": (
        LanguagesState,
        "add_language",
        "/queues",
        lambda _: {"code": "pl", "name": "Polish"},
    ),
}


@pytest.mark.parametrize("kind", MAKES)
def test_a_press_that_arrives_twice_makes_one(bank, grace, sign_in, kind):
    state, handler, at, form_of = MAKES[kind]
    client, form = sign_in(grace), form_of(bank) | KEY

    async def press_twice():
        for _ in range(2):
            await client.send(state, "open_page", at=at)
            await client.send(state, handler, form, at=at)
        return await client.see(state)

    seen = asyncio.run(press_twice())

    assert (seen.problem, seen.errors) == ("", {})
    with bank.deps.unit_of_work() as work:
        made = work.session.connection().exec_driver_sql(
            "SELECT count(*) FROM audit WHERE object_kind = %s", (kind,)
        )
        assert made.scalar() == 1
