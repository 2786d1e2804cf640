# ruff: noqa: ARG001, SLF001 - handlers that only stand there, and Reflex's own parts
"""RELIABILITY 9 and case 75: every handler is an endpoint, and each says for whom."""

import asyncio
import inspect

import pytest
import reflex as rx
from reflex.event import EventSpec
from reflex.state import (
    EventHandlerSetVar,
    FrontendEventExceptionState,
    OnLoadInternalState,
    State,
    UpdateVarsInternalState,
)
from reflex_base.registry import RegistrationContext

from invo_booking import app
from invo_booking.domain.access.roles import Role
from invo_booking.usecases.accounts import sessions
from invo_booking.usecases.shared import refusals
from invo_booking.web.bookings.drag_state import DragState
from invo_booking.web.bookings.state import BookingsState
from invo_booking.web.core.guard import POLICY, EventPolicy, allow
from invo_booking.web.core.session import SessionState
from tests.support.bank import PASSWORD
from tests.web_staff.conftest import Client

FRAMEWORK = {
    (State, "hydrate"),
    (State, "set_is_hydrated"),
    (State, "hydrate_and_load"),
    (OnLoadInternalState, "on_load_internal"),
    (OnLoadInternalState, "set_is_hydrated"),
    (UpdateVarsInternalState, "update_vars_internal"),
    (FrontendEventExceptionState, "handle_frontend_exception"),
}
"""Reflex's own events. They send or load what a page of ours shows, and every handler
they lead to is guarded itself; the one that writes a log line is cut in length."""

REGISTERED = list(RegistrationContext.ensure_context().event_handlers.items())
OURS = [
    (name, entry.handler)
    for name, entry in REGISTERED
    if entry.states[0].__module__.startswith("invo_booking.")
    and not isinstance(entry.handler, EventHandlerSetVar)
]
GUARDED = [
    (name, handler)
    for name, handler in OURS
    if getattr(handler.fn, POLICY, None) is not EventPolicy.PUBLIC
]


def test_there_is_something_to_walk():
    assert len(OURS) > 20
    assert len(GUARDED) > 15
    assert app.app is not None  # its import registers every page and state


@pytest.mark.parametrize(("name", "handler"), OURS, ids=[name for name, _ in OURS])
def test_every_handler_declares_who_may_send_it(name, handler):
    policy = getattr(handler.fn, POLICY, None)

    assert policy in set(EventPolicy), f"{name} says nothing"


def test_every_handler_of_reflex_itself_was_looked_at():
    theirs = {
        (entry.states[0], name.rpartition(".")[2])
        for name, entry in REGISTERED
        if entry.states[0].__module__.startswith("reflex.state")
        and not isinstance(entry.handler, EventHandlerSetVar)
    }

    assert theirs <= FRAMEWORK


def test_no_state_offers_a_method_that_sets_vars():
    """Reflex gives every state ``setvar``, which calls a ``set_`` method by name."""
    ours = {
        entry.states[0]
        for _, entry in REGISTERED
        if entry.states[0].__module__.startswith("invo_booking.")
    }

    for state in ours:
        inherited = {"set_is_hydrated"}
        setters = {name for name in dir(state) if name.startswith("set_")} - inherited
        assert setters == set(), state


def test_nothing_a_browser_may_set_is_kept_in_the_browser():
    """Cookie and storage vars can be written by whoever holds the browser."""
    for _, handler in OURS:
        for field in handler.state.get_fields().values():
            assert not isinstance(field.default, rx.Cookie | rx.LocalStorage)


def plausible(handler) -> list:
    """Return an argument of the right kind for each a handler takes."""
    kinds = {str: "00000000-0000-0000-0000-000000000001", int: 1, dict: {}}
    return [
        next((v for k, v in kinds.items() if k.__name__ in str(p.annotation)), "")
        for p in list(inspect.signature(handler.fn).parameters.values())[1:]
    ]


@pytest.mark.usefixtures("product")
@pytest.mark.parametrize(("name", "handler"), GUARDED, ids=[n for n, _ in GUARDED])
def test_nobody_without_a_session_gets_or_changes_anything(name, handler):
    client = Client()
    event = name.rpartition(".")[2]

    answer = asyncio.run(client.send(handler.state, event, *plausible(handler)))

    assert isinstance(answer, EventSpec)
    assert "/sign-in" in str(answer.args)
    assert asyncio.run(client.delta()) == {}


@pytest.mark.parametrize("cookie", ["invo_session=", "other=1", "invo_session"])
def test_a_cookie_without_a_session_is_none(cookie):
    client = Client(cookie)

    answer = asyncio.run(client.send(BookingsState, "open_page"))

    assert "/sign-in" in str(answer.args)
    assert asyncio.run(client.delta()) == {}


@pytest.mark.parametrize(("name", "handler"), GUARDED, ids=[n for n, _ in GUARDED])
def test_a_made_up_session_is_refused_the_same_way(product, bank, name, handler):
    bank.agent()
    client = Client("invo_session=made-up-by-somebody")
    event = name.rpartition(".")[2]

    answer = asyncio.run(client.send(handler.state, event, *plausible(handler)))

    assert "/sign-in" in str(answer.args)
    assert asyncio.run(client.delta()) == {}


def test_a_session_that_ends_ends_at_the_next_event(product, bank, sign_in):
    person = bank.agent(password=PASSWORD)
    client = sign_in(person)
    assert asyncio.run(client.send(SessionState, "greet_person")) is None

    sessions.sign_out(product, client.cookie.partition("=")[2])

    assert "/sign-in" in str(
        asyncio.run(client.send(SessionState, "greet_person")).args
    )


def test_the_next_session_on_a_token_sees_nothing_of_the_one_before(bank, sign_in):
    client = sign_in(bank.agent("Ana", password=PASSWORD))
    asyncio.run(client.send(BookingsState, "open_page"))
    assert asyncio.run(client.see(SessionState)).person == "Ana"

    client.cookie = ""
    asyncio.run(client.send(DragState, "undo_drag"))

    assert asyncio.run(client.see(SessionState)).person == ""
    assert asyncio.run(client.see(BookingsState)).lanes == []


def test_refused_page_is_where_one_goes_back_to():
    here = "/bookings?scope=team&view=day"

    answer = asyncio.run(Client().send(BookingsState, "open_page", at=here))

    path = str(answer.args)
    assert "next=%2Fbookings%3Fscope%3Dteam%26view%3Dday" in path
    assert "error" not in path


def test_only_administrators_pass_the_policy_for_administrators(bank, sign_in):
    @allow(EventPolicy.ADMIN)
    async def touch(state) -> str:
        return "touched"

    agent = sign_in(bank.agent(password=PASSWORD))
    admin = sign_in(bank.agent("Ada", roles=(Role.ADMINISTRATOR,), password=PASSWORD))

    assert asyncio.run(touched(agent, touch)) != "touched"
    assert asyncio.run(touched(admin, touch)) == "touched"


def test_who_wanted_what_administrators_may_is_kept(product, bank, sign_in):
    @allow(EventPolicy.ADMIN)
    async def touch(state) -> None: ...

    for name, role in (("Ana", Role.AGENT), ("Ada", Role.ADMINISTRATOR)):
        person = bank.agent(name, roles=(role,), password=PASSWORD)
        asyncio.run(touched(sign_in(person), touch))

    with product.unit_of_work() as work:
        (kept,) = work.audit.history(touch.__qualname__[: refusals.LONGEST_NAME])
    assert (kept.actor, kept.action) == ("Ana", "refused")


async def touched(client: Client, handler) -> object:
    await client.send(SessionState, "greet_person")
    return await handler(await client.see(SessionState))


def test_a_guarded_handler_must_be_asynchronous():
    with pytest.raises(TypeError, match="must be async"):

        @allow(EventPolicy.STAFF)
        def touch(state) -> None: ...


def test_handlers_that_answer_in_steps_are_guarded_as_well():
    @allow(EventPolicy.STAFF)
    async def touch(state):
        yield "secret"

    async def answers() -> list:
        client = Client()
        client._arrive("/bookings")
        state = await client.see(SessionState)
        return [step async for step in touch(state)]

    (only,) = asyncio.run(answers())
    assert "/sign-in" in str(only.args)
