"""Requests made from the schema, by everybody: what it says is what happens.

Nothing fails on our side, what it calls valid is not refused as invalid, what it calls
invalid is, and every answer is one it describes. The same requests at every run.
"""

import json

import pytest
from hypothesis import given
from schemathesis import GenerationMode

from invo_booking.api.core.policy import RoutePolicy
from invo_booking.domain.access.roles import Role
from tests.fuzz.sending import Sender, quickly, visitor
from tests.matrix.crew import Visitor
from tests.support.examples import how_many

EXAMPLES = {GenerationMode.POSITIVE: 2, GenerationMode.NEGATIVE: 1}
"""Of each operation, for one of those who may call it."""

OFFICES = {
    "anonymous": set(RoutePolicy) - {RoutePolicy.OPERATOR},
    Role.AGENT: {RoutePolicy.STAFF, RoutePolicy.BROWSER},
    Role.BOOKING_MANAGER: {RoutePolicy.STAFF, RoutePolicy.BROWSER},
    Role.MANAGER: {RoutePolicy.STAFF, RoutePolicy.BROWSER},
    Role.ADMINISTRATOR: {RoutePolicy.ADMIN, RoutePolicy.BROWSER_ADMIN},
    Role.SUPER_ADMIN: {RoutePolicy.ADMIN, RoutePolicy.BROWSER_ADMIN},
    "token": {RoutePolicy.STAFF, RoutePolicy.ADMIN},
    "program": {RoutePolicy.PUBLIC, RoutePolicy.PROGRAM},
}
"""Whose operations each calls; who may call none of somebody's is tested elsewhere."""


def has_parts(operation) -> bool:
    """Whether there is anything in a request that could be invalid."""
    raw = operation.definition.raw
    return bool(raw.get("parameters") or raw.get("requestBody"))


def ask(sender: Sender, who: Visitor, operation, mode, examples: int) -> None:
    """Send an operation's requests, right ones with things of the bank in them."""

    @quickly(examples)
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case):
        if mode is GenerationMode.POSITIVE:
            sender.make_real(case)
        sender.send(case, sender.crew.again(who))

    send()


@pytest.mark.parametrize("who", OFFICES)
def test_what_the_schema_says_is_what_happens_to(sender, schema, who):
    somebody = visitor(sender, who)
    for found in schema.get_all_operations():
        operation = found.ok()
        if RoutePolicy(operation.definition.raw["tags"][0]) not in OFFICES[who]:
            continue
        for mode, examples in EXAMPLES.items():
            if mode is GenerationMode.POSITIVE or has_parts(operation):
                ask(sender, somebody, operation, mode, how_many(examples))

    assert not sender.wrong, json.dumps(sender.wrong, indent=1)
    assert {status // 100 for status in sender.answered} >= {2, 4}
