"""Sentences and fields of refusals."""

import pytest

from invo_booking.domain.errors import (
    ConflictError,
    CustomerBusyError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)


def test_input_that_cannot_be_used_is_told_by_field_and_in_one_text():
    fields = {"name": "Please tell us your name.", "phone": "Please call us."}

    error = InvalidInputError(fields)

    assert str(error) == "Please tell us your name. Please call us."
    assert error.fields == fields


@pytest.mark.parametrize(
    "refusal", [NotAllowedError, NotFoundError, CustomerBusyError, ConflictError]
)
def test_refusal_says_what_it_is_told_to_and_otherwise_its_own_sentence(refusal):
    assert str(refusal("Only Max may do this.")) == "Only Max may do this."
    assert str(refusal()).endswith((".", "?"))
