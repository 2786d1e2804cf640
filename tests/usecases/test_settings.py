"""What administrators are shown."""

import pytest

from invo_booking.domain.errors import NotFoundError
from invo_booking.settings.registry import ENTRIES, search_settings
from invo_booking.settings.spec import Page, SettingKind
from invo_booking.usecases.shared import settings


def test_pages_together_show_every_setting_once_in_order(deps, grace):
    pages = [settings.settings_page(deps, grace, page) for page in Page]

    shown = [row.key for page in pages for row in page.rows]
    assert shown == [entry.key for entry in ENTRIES]
    assert [page.slug for page in pages] == [
        "general",
        "time",
        "calendars",
        "calls",
        "ux",
        "mailer",
        "branding",
    ]


def test_fresh_institution_has_no_trouble_and_shows_every_default(deps, grace):
    rows = settings.all_setting_entries(deps, grace)

    by_hand = {"general.public_scheduling", "time.public_window", "calls.room"}
    assert {row.key for row in rows if row.is_set} == by_hand
    assert not any(row.broken or row.warning for row in rows)
    assert all(row.text == row.default for row in rows if row.key not in by_hand)


def test_rows_say_what_their_control_needs(deps, grace):
    rows = {row.key: row for row in settings.all_setting_entries(deps, grace)}

    interval = rows["time.interval"]
    assert (interval.kind, interval.unit) == (SettingKind.MINUTES, "minutes")
    assert (interval.minimum, interval.maximum) == (5, 240)
    assert interval.deprecated
    contact = rows["general.contact_requirement"]
    assert [choice.value for choice in contact.choices] == [
        "email",
        "phone",
        "both",
        "neither",
    ]


def test_search_shows_what_is_found_as_the_pages_show_it(deps, grace):
    shown = {row.key: row for row in settings.all_setting_entries(deps, grace)}

    found = settings.search_setting_entries(deps, grace, "customer")

    assert [row.key for row in found] == [
        entry.key for entry in search_settings("customer")
    ]
    assert len(found) > 1
    assert all(row == shown[row.key] for row in found)


def test_settings_found_by_label_come_before_those_found_by_help(deps, grace):
    found = [
        row.label for row in settings.search_setting_entries(deps, grace, "reminder")
    ]

    assert found[0] == "Time for reminder email before the call"


def test_words_that_no_setting_holds_find_nothing_and_no_words_find_all(deps, grace):
    assert settings.search_setting_entries(deps, grace, "reminder zebra") == ()
    assert len(settings.search_setting_entries(deps, grace, " ")) == len(ENTRIES)


def test_setting_that_does_not_exist_has_no_history(deps, grace):
    with pytest.raises(NotFoundError):
        settings.setting_history(deps, grace, "time.travel")
