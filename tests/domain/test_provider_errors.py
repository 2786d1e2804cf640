"""What a provider's trouble tells whoever has to deal with it."""

from datetime import timedelta

from invo_booking.domain.calendars.provider_errors import (
    PermissionMissingError,
    ProviderDownError,
    ProviderError,
    ThrottledError,
)

SENTENCE = "Outlook answers nothing. Try again later."
WAIT = timedelta(minutes=2)


def test_trouble_is_a_sentence_and_the_reference_support_asks_for():
    for error in (
        ProviderError(SENTENCE, reference="4f"),
        PermissionMissingError(SENTENCE, reference="4f"),
        ThrottledError(SENTENCE, WAIT, reference="4f"),
        ProviderDownError(SENTENCE, reference="4f"),
    ):
        assert (str(error), error.reference) == (SENTENCE, "4f")


def test_trouble_without_a_reference_has_an_empty_one():
    for error in (
        ProviderError(SENTENCE),
        PermissionMissingError(SENTENCE),
        ThrottledError(SENTENCE, WAIT),
        ProviderDownError(SENTENCE),
    ):
        assert error.reference == ""


def test_trouble_says_what_to_do_next():
    missing = PermissionMissingError(SENTENCE, iter(["Calendars.Read"])).missing
    assert missing == ("Calendars.Read",)
    assert ThrottledError(SENTENCE, WAIT).wait == WAIT


def test_a_call_that_failed_was_not_carried_out_unless_it_says_so():
    assert ProviderDownError(SENTENCE).ambiguous is False
    assert ProviderDownError(SENTENCE, ambiguous=True).ambiguous is True
