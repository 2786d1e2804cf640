"""RELIABILITY 15: what anybody may ask for is limited, through whichever interface."""

import ast
import importlib
import inspect
from collections.abc import Iterable

import httpx
import pytest
from reflex_base.registry import RegistrationContext
from sqlalchemy import text

from invo_booking.api.application import create_api
from invo_booking.api.core.policy import RoutePolicy as ApiPolicy
from invo_booking.config import load_config
from invo_booking.usecases.booking import booking
from invo_booking.web.core.guard import POLICY, EventPolicy
from tests.matrix.doors import _below, _policy
from tests.matrix.registry import handlers
from tests.matrix.wire import Line, Told
from tests.support.work import proof_of

SERVED = "tests.matrix.served:create"
VARIABLES = {"INVO_RATE_LIMITS": "on"}
USECASES = "invo_booking.usecases"
LANDING = (
    "reflex___state____state.invo_booking___web___landing___state____landing_state"
)
WILHELMINA = "wilhelmina@customers.example"

LIMITED = {
    "accounts.links.ask_for_reset",
    "booking.booking.request_appointment",
    "booking.manage.reschedule_by_link",
    "booking.manage.mail_links",
}
"""What sends mail or holds a slot as often as it is asked for."""

ONCE_PER_APPOINTMENT = {
    "booking.request_mail.correct_address",
    "booking.request_mail.resend_request_mail",
    "booking.limit_resolution.keep_earlier",
    "booking.limit_resolution.swap_for_held",
    "booking.manage.cancel_by_link",
    "booking.manage.confirm_by_link",
    "booking.joining.enter_room",
    "booking.lateness.report_late",
    "booking.lateness.withdraw_late_report",
}
"""What changes an appointment once; how many there are is limited above."""

ONCE_PER_LINK = {"accounts.links.use_password_link"}
"""What a secret link does once; asking for such links is limited above."""

READING = {
    "booking.admission.expected_challenge",
    "booking.booking.find_request",
    "booking.booking.offer_slots",
    "booking.booking.public_site",
    "booking.joining.require_entrance",
    "booking.limit_resolution.read_limit_prompt",
    "booking.manage.calendar_file",
    "booking.manage.read_visit",
    "shared.links.page_url",
}
"""What changes nothing."""


def used_in(module: str, tree: ast.AST) -> set[str]:
    """Return the use cases a module names: package, module and function."""
    names = vars(importlib.import_module(module))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found |= named(getattr(names.get(node.value.id), node.attr, None))
        elif isinstance(node, ast.Name):
            found |= named(names.get(node.id))
    return found


def named(thing: object) -> set[str]:
    home = getattr(thing, "__module__", "") or ""
    if not (inspect.isfunction(thing) and home.startswith(f"{USECASES}.")):
        return set()
    origin = home.removeprefix(f"{USECASES}.")
    is_front = getattr(booking, thing.__name__, None) is thing
    spoken = "booking.booking" if is_front else origin
    takes_parts = "deps" in inspect.signature(thing).parameters
    return {f"{spoken}.{thing.__name__}"} if takes_parts else set()


def of_the_public_events() -> set[str]:
    known = RegistrationContext.ensure_context().event_handlers
    public = {
        state.__module__
        for entry in known.values()
        if getattr(entry.handler.fn, POLICY, None) is EventPolicy.PUBLIC
        for kind in entry.states
        for state in kind.__mro__
        if state.__module__.startswith("invo_booking.web.")
    }
    return together(public)


def together(modules: Iterable[str]) -> set[str]:
    found = [
        used_in(it, ast.parse(inspect.getsource(importlib.import_module(it))))
        for it in sorted(modules)
    ]
    return set().union(*found)


def of_the_public_routes() -> set[str]:
    public = [
        route.endpoint
        for _, route in _below(create_api(load_config({})).router)
        if _policy(route) in {ApiPolicy.PUBLIC, ApiPolicy.LINK}
    ]
    found = [
        used_in(it.__module__, ast.parse(inspect.getsource(it).lstrip()))
        for it in public
    ]
    return set().union(*found)


ELSEWHERE = {"assigning", "health", "images", "sessions", "signing_in", "pictures"}
"""Reading, or signing in, which is limited by accounts."""


@pytest.mark.parametrize("find", [of_the_public_events, of_the_public_routes])
def test_whatever_the_public_may_do_is_reading_or_limited(find):
    assert handlers()
    found = {it for it in find() if it.split(".")[1] not in ELSEWHERE}

    assert {"booking.booking.request_appointment", "booking.manage.mail_links"} <= found
    assert found - LIMITED - ONCE_PER_APPOINTMENT - ONCE_PER_LINK - READING == set()


def test_socket_and_http_share_the_count_and_a_stranger_gets_three_mails(stage):
    async def press() -> list[Told]:
        visitor = stage.crew.nobody()[0]
        async with Line(stage.url, visitor) as line:
            await line.send(f"{LANDING}.begin_effort", {})
            return [said for _ in range(5) for said in await press_once(line)]

    told = stage.run(press())
    answers = [asked_by_http(stage) for _ in range(3)]

    assert "challenge" in told[0].text, "sent at once, so it takes work"
    assert "three times today" in told[-1].text
    assert link_mails(stage) == 3
    assert {it.status_code for it in answers} == {429}
    assert not any("challenge" in it.json() for it in answers), "the work was done"


async def press_once(line: Line) -> list[Told]:
    """Ask for the links, with the work that is asked for."""
    form = {"form": {"mail": WILHELMINA}}
    said = await line.send(f"{LANDING}.send_links", form)
    challenge = said.deltas.get(LANDING, {}).get("challenge_rx_state_")
    if not challenge:
        return [said]
    proof = {"proof": proof_of(challenge)}
    return [said, await line.send(f"{LANDING}.submit_proof", proof)]


def asked_by_http(stage) -> httpx.Response:
    """Ask for the same links as a program does, with the work that is asked for."""
    links = f"{stage.url}/api/v1/appointments/links"
    asked = {"json": {"email": WILHELMINA}}
    answer = httpx.post(links, **asked)
    if challenge := answer.json().get("challenge"):
        headers = {"proof-of-work": proof_of(challenge)}
        answer = httpx.post(links, headers=headers, **asked)
    return answer


def link_mails(stage) -> int:
    counted = "SELECT count(*) FROM outbox WHERE payload->>'mail' = 'links'"
    with stage.engine.connect() as connection:
        return connection.execute(text(counted)).scalar_one()
