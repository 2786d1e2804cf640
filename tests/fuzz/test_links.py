"""Requests that follow the schema's links, from one answer to the next."""

import json
from contextlib import suppress

import pytest
from hypothesis import seed
from hypothesis.errors import FlakyStrategyDefinition
from schemathesis.core.transport import Response

from invo_booking.domain.access.roles import Role
from tests.fuzz.sending import quickly, visitor
from tests.support.examples import how_many

ROUNDS, PATHS, STEPS = 3, 4, 8
"""How often links are followed from how many places, and how far."""


@pytest.mark.parametrize("who", ["anonymous", *Role, "token", "program"])
def test_links_of_the_schema_can_be_followed_by(sender, schema, who):
    somebody, outcomes = visitor(sender, who), []

    class Following(schema.as_state_machine()):
        def before_call(self, case):
            sender.make_real(case)

        def call(self, case, **kwargs):
            del kwargs
            answer = sender.send(case, sender.crew.again(somebody))
            outcomes.append((case.operation.label, answer.status_code))
            return Response.from_any(answer)

        def validate_response(self, response, case, **kwargs):
            """Leave it to the sender, who has looked at the answer already."""

    for number in range(how_many(ROUNDS)):
        # Answers steer what can be drawn next. Where the bank has changed since a path
        # began in the same way, Hypothesis ends the round; the next one goes on.
        with suppress(FlakyStrategyDefinition):
            seed(number)(Following).run(settings=quickly(PATHS, STEPS))

    assert not sender.wrong, json.dumps(sender.wrong, indent=1)
    assert {label for label, status in outcomes if status in {200, 201}}
