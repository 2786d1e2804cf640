"""The matrix finds what it is for: otherwise that it finds nothing means nothing."""

from fastapi import APIRouter
from reflex.state import State
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import format_event_handler

from invo_booking.api.application import create_api
from invo_booking.api.core.policy import RoutePolicy as ApiPolicy
from invo_booking.api.core.policy import policy_router
from invo_booking.config import load_config
from tests.matrix import doors, evidence
from tests.matrix.crew import CUSTOMER, Visitor
from tests.matrix.holes import Hole
from tests.matrix.registry import handlers, read, undeclared
from tests.matrix.wire import Line, Told

SERVED = "tests.matrix.holes:create"
ANYBODY = Visitor("anonymous")


def test_a_handler_without_a_policy_is_found_decorated_or_not():
    known = RegistrationContext.ensure_context().event_handlers
    found = [read(n, it) for n, it in known.items() if Hole in it.states]

    names = sorted(name.rpartition(".")[2] for name in undeclared(found))
    assert names == ["tell", "write"]


def test_a_state_of_the_product_cannot_hide_from_the_matrix():
    known = {it.name.rpartition(".")[0] for it in handlers()}
    ours = [it for it in below(State) if it.__module__.startswith("invo_booking.")]

    assert len(ours) > 20
    assert {it.get_full_name() for it in ours if it.event_handlers} <= known


def below(state) -> list:
    return [it for child in state.get_substates() for it in (child, *below(child))]


def test_a_route_without_a_policy_is_found():
    api = create_api(load_config({}))
    before = doors.routes(api)
    forgetful, guarded = APIRouter(), policy_router(ApiPolicy.ADMIN)
    forgetful.add_api_route("/api/v1/forgotten", lambda: None, methods=["POST"])
    guarded.add_api_route("/api/v1/guarded", lambda: None, methods=["POST"])

    api.include_router(forgetful)
    api.include_router(guarded)
    api.openapi_schema = None

    assert len(doors.routes(api)) == len(before) + 2
    assert doors.undeclared(doors.routes(api)) == ["POST /api/v1/forgotten"]


def sent(stage, event: str) -> Told:
    """Send an event of the state with holes, as anybody."""
    name = format_event_handler(Hole.event_handlers[event])

    async def send() -> Told:
        async with Line(stage.url, ANYBODY) as line:
            return await line.send(name, {})

    return stage.run(send())


def test_an_unguarded_handler_is_seen_to_answer_and_to_leak(stage):
    told = sent(stage, "tell")

    assert not told.is_refused
    assert CUSTOMER in told.text


def test_an_unguarded_handler_is_seen_to_write(stage):
    before = evidence.digest(stage.engine)

    sent(stage, "write")

    after = evidence.digest(stage.engine)
    assert evidence.changed(before, after) == ["appointment"]


def test_a_handler_that_fails_is_seen_to_fail(stage):
    assert sent(stage, "crash").has_failed
