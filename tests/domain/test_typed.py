"""One value has one form, whatever came along with it; machines are never refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invo_booking.domain.contact import (
    NOTES_LIMIT,
    Requirement,
    clean_email,
    clean_name,
    clean_optional_email,
    clean_optional_phone,
    clean_phone,
    contact_problems,
    email_to_look_up,
    known_locale,
    known_zone,
    plain_text,
    text_to_compare,
    visible_text,
)
from invo_booking.persistence.tables.core import AppointmentRow
from tests.domain.test_contact import anything, told
from tests.support.examples import how_many

MARKS = [*map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))]
MARKS += [*map(chr, range(0x200B, 0x2010)), "\u2060", "\ufeff", "\u00ad", "\ufe0f"]

marked = st.text(
    st.sampled_from([*MARKS, *"aI. \u0301\u0335\u0130\uff20\ufdfa\u0938\u2764\u845b"]),
    max_size=30,
)


def wide(text):
    """The same in full-width forms, where there are any."""
    return "".join(chr(ord(it) + 0xFEE0) if "!" <= it <= "~" else it for it in text)


laws = settings(deadline=None, max_examples=how_many(300))


@laws
@given(anything | marked)
@pytest.mark.parametrize(
    "clean", [visible_text, plain_text, text_to_compare, email_to_look_up]
)
def test_cleaning_twice_is_the_same_as_once(clean, text):
    once = clean(text)

    assert clean(once) == once


@laws
@given(st.emails() | st.just("ana@example.com"), st.data())
def test_address_is_found_as_it_was_stored_whatever_came_along(address, data):
    stored = told(clean_email, address)

    if not isinstance(stored, ValueError):
        typed = data.draw(st.sampled_from(MARKS)) + wide(address).join((" ", "\u2069"))
        assert clean_email(typed) == stored == email_to_look_up(typed)
        assert email_to_look_up(stored) == stored


@laws
@given(st.sampled_from(["+1 312 555 0100", "(312) 555-0142"]), st.data())
def test_number_is_found_as_it_was_stored_whatever_came_along(number, data):
    at = data.draw(st.integers(0, len(number)))
    mark = data.draw(st.sampled_from(MARKS))

    assert clean_phone(wide(number[:at]) + mark + number[at:]) == clean_phone(number)


@pytest.mark.parametrize("mark", MARKS)
def test_value_of_marks_alone_is_no_value(mark):
    assert (
        clean_optional_email(mark)
        == clean_optional_phone(mark)
        == clean_name(mark)
        == ""
    )
    assert set(
        contact_problems(
            Requirement.BOTH, name=mark, email=mark, phone=mark, region="US"
        )
    ) == {"name", "email", "phone"}


@pytest.mark.parametrize(
    "said",
    ["Etc/Unknown", "undefined", "+05:30", "", "\ud800", 7, None, ["UTC"], "x" * 5000],
)
def test_machine_in_no_zone_is_taken_to_be_where_the_institution_is(said):
    assert known_zone(said, "America/Chicago") == "America/Chicago"
    assert known_zone("Europe/Kyiv", "America/Chicago") == "Europe/Kyiv"


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        ("en-US@posix", "en-US"),
        ("en-US-u-ca-gregory-hc-h23-nu-latn", "en-US"),
        ("de-DE-u-co-phonebk-" + "x-" * 60 + "y", "de-DE"),
        ("en_US.UTF-8", "en-US"),
        ("ZH-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("es", "es"),
        *((said, "en-IE") for said in ("", "C", "POSIX", "undefined", "UND", "12")),
        *((said, "en-IE") for said in ("x" * 500, "\ud800", 7, None)),
    ],
)
def test_machine_says_a_language_or_has_the_one_it_falls_back_to(said, tag):
    assert known_locale(said, "en-IE") == tag
    assert len(tag) <= 20


def test_database_holds_notes_of_the_very_limit():
    assert AppointmentRow.__table__.c.notes.type.length == NOTES_LIMIT == 1000
