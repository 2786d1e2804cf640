"""What Google refuses, and what each refusal means."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from invo_booking.domain.calendars.outside import EventDraft, Limits
from invo_booking.domain.calendars.provider_errors import (
    PermissionMissingError,
    ProviderDownError,
    ProviderError,
    ProviderRefusedError,
    ReconnectError,
    ThrottledError,
)
from invo_booking.domain.interval import Interval
from tests.providers.google_world import GoogleTokens, GoogleWorld, opened
from tests.support.google.google import SCOPE

NINE = datetime(2027, 3, 8, 9, tzinfo=UTC)
TODAY = Interval(NINE, NINE + timedelta(days=1))
ANA = "ana@bank.example"
SHORT = Limits(
    mailboxes_per_call=50, longest_window=timedelta(days=42), call_seconds=1.0
)


@pytest.fixture
def world(google):
    return GoogleWorld(google)


def refusal(world, status, reason="", **how):
    world.google.misbehave("GET", "/calendars/*", status=status, reason=reason, **how)
    with pytest.raises(ProviderError) as caught:
        world.calendar.events(TODAY)
    return caught.value


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("accessNotConfigured", "overview?project=1029384756; some minutes later"),
        ("insufficientPermissions", "calendar.events.owned"),
        ("forbiddenForServiceAccounts", "Domain"),
        ("requiredAccessLevel", "read the calendar only"),
        ("forbidden", "read the calendar only"),
        ("notACalendarUser", "no Google Calendar"),
        ("somethingNew", "(somethingNew)"),
    ],
)
def test_each_missing_permission_has_a_sentence_of_its_own(world, reason, words):
    error = refusal(world, 403, reason)

    assert isinstance(error, PermissionMissingError)
    assert words.lower() in str(error).lower()


def test_event_of_somebody_else_is_a_matter_of_that_event_only(world):
    error = refusal(world, 403, "forbiddenForNonOrganizer")

    assert isinstance(error, ProviderRefusedError)
    assert "belongs to somebody else" in str(error)


@pytest.mark.parametrize("reason", ["rateLimitExceeded", "userRateLimitExceeded"])
def test_too_many_calls_are_waited_out(world, reason):
    for status in (403, 429):
        error = refusal(world, status, reason)
        assert isinstance(error, ThrottledError)
        assert error.wait == timedelta(seconds=30)
    assert refusal(world, 403, reason, retry_after=7).wait == timedelta(seconds=7)
    assert refusal(world, 429, reason, retry_after=7).wait == timedelta(seconds=7)


@pytest.mark.parametrize("reason", ["quotaExceeded", "dailyLimitExceeded"])
def test_used_up_quota_is_waited_for_an_hour_and_said(world, reason):
    error = refusal(world, 403, reason)

    assert isinstance(error, ThrottledError)
    assert error.wait == timedelta(hours=1)
    assert "quota" in str(error)


def test_address_in_a_refusal_is_repeated_only_if_it_is_googles(world):
    message = (
        "Enable it by visiting https://evil.example/overview?project=1 then retry."
    )
    body = (
        '{"error": {"errors": [{"reason": "accessNotConfigured"}], "message": "'
        f'{message}"}}}}'
    )
    world.google.misbehave("GET", "/calendars/*", status=403, body=body)

    with pytest.raises(PermissionMissingError) as caught:
        world.calendar.events(TODAY)
    assert "evil" not in str(caught.value)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_trouble_of_googles_own_is_tried_again(world, status):
    assert isinstance(refusal(world, status), ProviderDownError)


def test_request_google_never_takes_is_refused_with_its_word(world):
    error = refusal(world, 400)

    assert isinstance(error, ProviderRefusedError)
    assert "(badRequest)" in str(error)


def test_refused_token_is_renewed_once(google):
    tokens = GoogleTokens(google)
    calendar = opened(google, google.host(), tokens=tokens)
    google.expire_access_tokens()

    assert calendar.events(TODAY).events == ()
    assert tokens.renewals == 1


def test_token_refused_twice_needs_a_person(google):
    google.misbehave("*", "*", status=401, times=None)
    tokens = GoogleTokens(google)

    with pytest.raises(ReconnectError, match="Sign in again"):
        opened(google, google.host(), tokens=tokens).events(TODAY)
    assert tokens.renewals == 1


def test_scope_that_was_not_granted_is_named(google):
    tokens = GoogleTokens(google, f"{SCOPE}calendar.events.owned")
    calendar = opened(google, google.host(), tokens=tokens)

    with pytest.raises(PermissionMissingError) as caught:
        calendar.free_busy([ANA], TODAY)
    assert caught.value.missing == ("calendar.freebusy",)
    assert "tick every box" in str(caught.value)


@pytest.mark.parametrize("body", ["malformed", "truncated", "[]", '{"items": 1}', "3"])
def test_answer_that_cannot_be_read_is_tried_again(world, body):
    world.foreign(NINE, NINE + timedelta(hours=1))
    world.google.misbehave("GET", "/calendars/*", body=body)

    with pytest.raises(ProviderDownError):
        world.calendar.events(TODAY)


def test_page_of_a_proxy_is_named_as_what_it_is(world):
    world.google.misbehave("GET", "/calendars/*", body="page")

    with pytest.raises(ProviderDownError, match="A web page came back"):
        world.calendar.events(TODAY)


def test_list_without_end_is_given_up(world):
    body = '{"items": [], "nextPageToken": "page-0"}'
    world.google.misbehave("GET", "/calendars/*", body=body, times=None)

    with pytest.raises(ProviderDownError, match="no end"):
        world.calendar.events(TODAY)


@pytest.mark.parametrize("how", [{"drip": True}, {"hang": True}])
def test_slow_answer_is_given_up_in_time(google, how):
    world = GoogleWorld(google, SHORT)
    google.misbehave("GET", "/calendars/*", **how)

    with pytest.raises(ProviderDownError, match="did not answer in time"):
        world.calendar.events(TODAY)


def test_huge_answer_is_not_read(world):
    world.google.misbehave("GET", "/calendars/*", body="huge")

    with pytest.raises(ProviderDownError, match="more than any right answer"):
        world.calendar.events(TODAY)


def test_lost_write_may_have_happened_and_a_lost_read_has_not(world):
    draft = EventDraft(key=uuid4(), subject="S", body="B", period=TODAY)
    world.google.misbehave("POST", "*", drop="after", times=None)

    with pytest.raises(ProviderDownError) as written:
        world.calendar.create(draft)
    assert written.value.ambiguous
    world.google.misbehave("GET", "*", drop="after")
    with pytest.raises(ProviderDownError) as read:
        world.calendar.events(TODAY)
    assert not read.value.ambiguous
