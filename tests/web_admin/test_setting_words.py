"""Values of settings as people say them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from invo_booking.settings import calendars, calls, general, mailer, time, ux
from invo_booking.web.admin.setting_words import (
    longer_setting_words,
    setting_change_time_text,
    setting_value_text,
)
from invo_booking.web.kit.text import times
from invo_booking.web.kit.text.words import ViewerContext
from tests.web_admin.test_desk import row

NOON = datetime(2026, 11, 23, 18, tzinfo=UTC)
EYES = ViewerContext(ZoneInfo("America/Chicago"), times.locale_of("en-GB"), NOON)
EXAMPLE = "https://meet.example/5d41402abc4b2a76b9719d911017c592?as=customer"
ASSIGN = next(iter(general.WHO_CAN.values()))


@pytest.mark.parametrize(
    ("entry", "text", "told"),
    [
        (time.JOIN_BEFORE, "45", "45 minutes"),
        (time.REMINDERS, "60, 1440", "60, 1440 minutes"),
        (time.REMINDERS, "0", "none"),
        (time.WEEKENDS_OFF, "on", "on"),
        (calendars.PRIMARY_PROVIDER, "outlook", "Outlook 365"),
        (ASSIGN, "agent, manager", "agents, managers"),
        (ASSIGN, "", "nobody but super admins"),
        (mailer.SENDER_NAME, "", "empty"),
        (mailer.PASSWORD, "", "nothing"),
        (ux.SLOT_TEXT, "#000000", "#000000"),
    ],
)
def test_value_is_said_with_its_unit_or_its_label(entry, text, told):
    assert setting_value_text(row(entry), text) == told


@pytest.mark.parametrize(
    ("entry", "text", "told"),
    [
        (time.JOIN_BEFORE, "45", ""),
        (time.JOIN_BEFORE, "soon", ""),
        (time.JOIN_BEFORE, "90", "1 hour 30 minutes"),
        (time.CONFIRM_TIMEOUT, "2880", "2 days"),
        (time.REMINDERS, "1440, 60", "1 hour, 1 day"),
        (time.REMINDERS, "0", "No reminder is sent"),
        (time.HORIZON, "60", ""),
        (calls.ROOM, "https://meet.bank.example/{room}", ""),
        (calls.ROOM, "", ""),
        (
            calls.ROOM,
            "https://meet.example/{appointment}?as={role}",
            f"For example {EXAMPLE}",
        ),
    ],
)
def test_what_is_hard_to_read_is_also_said_in_other_words(entry, text, told):
    assert longer_setting_words(row(entry), text) == told


@pytest.mark.parametrize(
    ("passed", "told"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=1), "a minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=2), "today at 10:00"),
        (timedelta(days=20), "3 Nov 2026"),
    ],
)
def test_change_is_told_by_its_age_or_its_day(passed, told):
    assert setting_change_time_text(NOON - passed, EYES) == told
