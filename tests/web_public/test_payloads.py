"""Events whose contents no page of ours sends."""

import inspect
import logging
from typing import Any

import pytest

from invo_booking.web.core.payload import accepts_event_payload
from invo_booking.web.customer.state import StatusState
from invo_booking.web.landing.state import LandingState
from invo_booking.web.scheduler.request_state import RequestState
from tests.web_public.test_public_flows import traces

FORMS = [None, "", "x", 7, True, [], [["x"]], "9" * 5_000]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("state", "name"),
    [
        (RequestState, "submit_request"),
        (LandingState, "send_links"),
        (StatusState, "change_address"),
        (StatusState, "cancel_appointment"),
    ],
)
def test_form_that_is_none_is_dropped_with_one_line(
    product, visitor, caplog, state, name, form
):
    before = traces(product)

    with caplog.at_level(logging.WARNING, "invo_booking.web.core.payload"):
        visitor.send(state, name, form)

    assert traces(product) == before
    assert [it.exc_info for it in caplog.records] in ([None], [])


@pytest.mark.parametrize("panel", [[], {}, [["x"]], {"a": 1}])
def test_choice_that_holds_others_is_dropped(visitor, panel):
    visitor.send(StatusState, "show_panel", panel)

    assert visitor.see(StatusState).panel == ""


def test_arguments_are_those_of_the_handler():
    async def handler(self: object, name: str, rows: list[str], form: dict[str, Any]):
        del self, name, rows, form

    signature = inspect.signature(handler)

    def fits(**sent: object) -> bool:
        return accepts_event_payload(signature, (None,), sent)

    assert fits(name="x", rows=[], form={})
    assert fits(name=7, rows=["a"], form={"a": 1})
    assert not fits(name="x", rows=[])
    assert not fits(name="x", rows=[], form={}, more=1)
    assert not fits(name=["x"], rows=[], form={})
    assert not fits(name="x", rows="x", form={})
    assert not fits(name="x", rows=[], form=None)
