"""What of a contact may be left out, and what two spellings of it stand for."""

import pytest

from invo_booking.domain.contact import (
    clean_email,
    clean_name,
    clean_optional_email,
    clean_optional_phone,
    clean_phone,
    clean_text,
    clean_time_zone,
    email_to_count_by,
    email_to_look_up,
    language_of_locale,
    locale_to_write,
    masked_email,
    phone_url,
    plain_text,
    text_to_compare,
)
from invo_booking.texts import speak_within


def test_contact_that_is_given_is_kept_and_one_that_is_not_is_empty():
    assert clean_optional_email("Ana@Example.com") == "ana@example.com"
    assert clean_optional_email(" \u200b") == ""
    assert clean_optional_phone("(312) 555-0142") == "+13125550142"
    assert clean_optional_phone("020 7946 0958", "GB") == "+442079460958"
    assert clean_optional_phone(" ") == ""


def test_mailbox_that_needs_an_extension_of_mail_servers_is_refused():
    with pytest.raises(ValueError, match="e-mail address"):
        clean_email("josé@example.com")


def test_name_for_a_mailbox_counts_as_the_mailbox():
    assert email_to_count_by("ana+bank@example.com") == "ana@example.com"
    assert masked_email("ana@example.com") == "a•••@example.com"


def test_what_cannot_be_seen_does_not_count_up_to_ten_times_the_limit():
    assert clean_text("x" * 50 + "\u200b" * 450, limit=50) == "x" * 50
    with pytest.raises(ValueError, match="at most 50"):
        clean_text("x" * 50 + "\u200b" * 451, limit=50)


@pytest.mark.parametrize(
    ("number", "url"),
    [
        ("+13125550142", "tel:+13125550142"),
        ("(312) 555-0142", "tel:3125550142"),
        ("", ""),
        ("ask us", ""),
    ],
)
def test_number_becomes_a_link_of_its_digits(number, url):
    assert phone_url(number) == url


@pytest.mark.parametrize("between", ["", "\u200d"])
def test_flood_of_combining_marks_is_cut_after_six_whatever_stands_between(between):
    name = clean_name("Z" + ("\u0335" * 6 + between) * 50 + "oe")

    assert name == "Z" + "\u0335" * 6 + "oe"


def test_search_finds_what_looks_alike_in_other_letters_and_spaces():
    assert text_to_compare(" Anna\u200b  MÜLLER-Groß ") == "anna müller-gross"


def test_text_that_is_no_address_is_counted_alike_in_other_letters():
    assert email_to_look_up(" Not An Address\u200b") == "not an address"


@pytest.mark.parametrize(
    ("locale", "language"),
    [("es", "es"), ("ES-mx", "es"), ("es_MX", "es"), ("zh-Hant_TW", "zh"), ("", "")],
)
def test_language_is_the_first_part_of_a_locale(locale, language):
    assert language_of_locale(locale) == language


@pytest.mark.parametrize(
    ("locale", "language", "written"),
    [
        ("en-US", "es", "es-US"),
        ("en_us", "es", "es-US"),
        ("zh-Hant-TW", "pl", "pl-TW"),
        ("en-001", "es", "es-001"),
        ("en", "es", "es"),
        ("", "es", "es"),
        ("*", "es", "es"),
        ("es-MX", "es", "es-MX"),
        ("en-US", "vi", "en-US"),
    ],
)
def test_mails_in_another_language_keep_the_country(locale, language, written):
    assert locale_to_write(locale, language) == written


def test_codes_lose_the_joiners_between_letters_that_look_drawn():
    assert plain_text("\u24d0\u200d\u24d1") == "ab"


def test_phone_number_may_be_written_in_forty_characters():
    longest = "+1" + " " * 28 + "3125550142"

    assert clean_phone(longest) == "+13125550142"
    with pytest.raises(ValueError, match="phone number"):
        clean_phone(longest.replace("+1", "+1 "))


@pytest.mark.parametrize("language", ["es", "fr", "pl"])
@pytest.mark.parametrize(
    ("clean", "typed"),
    [
        (clean_name, "Ana\nRuiz"),
        (clean_name, "\ud800"),
        (clean_name, "Ana\0"),
        (clean_name, "123"),
        (clean_name, "x" * 121),
        (clean_email, "ana@"),
        (clean_phone, "12"),
        (clean_phone, "+1 312 555 0142 ext. 7"),
        (clean_time_zone, "Mars"),
    ],
)
def test_what_is_wrong_is_said_in_the_language_of_the_page(language, clean, typed):
    english = refusal(clean, typed)

    with speak_within(language):
        assert refusal(clean, typed) != english


def refusal(clean, typed):
    """What the reader is told about what was typed."""
    with pytest.raises(ValueError, match=r"\.$") as refused:
        clean(typed)
    return str(refused.value)
