"""Customers' pages speak the language of their address, completely."""

import json
import re
from datetime import date

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.config import PROJECT
from invo_booking.mail.words import mail_languages
from invo_booking.texts import (
    TextCatalogue,
    count,
    html_language,
    in_language,
    language_name,
    own_language_name,
    page_languages,
    preferred_language,
    say,
    speak,
    speak_within,
    split_language,
    text_direction,
)
from invo_booking.texts.catalogue import NUMBER, PLURAL_FORMS
from invo_booking.texts.speech import customer_texts
from invo_booking.usecases.admin.catalogue.code_lists import languages
from invo_booking.web.core.language_choice import words_for_scripts
from invo_booking.web.kit.text import times, zones

OTHERS = page_languages()[1:]
LETTERS = re.compile(r"[^\W\d_]{4,}")
SAME_EVERYWHERE = {
    "fr": {"kit.times.zone", "kit.zones.place"},
    "pl": {"kit.times.zone", "kit.zones.place"},
}


def plain_and_plural(texts: TextCatalogue) -> tuple[set[str], dict[str, set[str]]]:
    """Return the keys of single texts, and the forms of each plural one."""
    plain, forms = set(), {}
    for key in texts:
        above, _, form = key.rpartition(".")
        if form in PLURAL_FORMS and f"{above}.other" in texts:
            forms.setdefault(above, set()).add(form)
        else:
            plain.add(key)
    return plain, forms


def test_english_comes_first_and_mails_have_the_same_languages():
    assert page_languages() == ("en", "es", "fr", "pl")
    assert mail_languages() == set(page_languages())
    assert [own_language_name(it) for it in OTHERS] == ["Español", "Français", "Polski"]


def test_every_language_an_institution_may_add_has_a_name():
    names = {code: own_language_name(code) for code in languages()}

    assert len(names) > 150
    assert names["vi"] == "Tiếng Việt"
    assert names["sm"] == "Samoan"  # whose own words are not known


@pytest.mark.parametrize("language", OTHERS)
def test_language_has_every_text_of_customers_and_no_other(language):
    english, other = customer_texts("en"), customer_texts(language)

    plain, plurals = plain_and_plural(other)
    assert (plain, set(plurals)) == (
        plain_and_plural(english)[0],
        set(plain_and_plural(english)[1]),
    )


@pytest.mark.parametrize("language", OTHERS)
def test_texts_have_the_same_blanks_in_each_language(language):
    english, other = customer_texts("en"), customer_texts(language)

    for key in plain_and_plural(other)[0]:
        assert other[key].blanks == english[key].blanks, key
    for key, forms in plain_and_plural(other)[1].items():
        expected = english[f"{key}.other"].blanks - {NUMBER}
        for form in forms:
            assert other[f"{key}.{form}"].blanks - {NUMBER} == expected, key


@pytest.mark.parametrize("language", OTHERS)
def test_numbers_have_all_forms_of_the_language(language):
    wanted = {Locale(language).plural_form(number) for number in range(200)}

    for key, forms in plain_and_plural(customer_texts(language))[1].items():
        assert wanted | {"other"} <= forms, key


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_was_left_in_english(language):
    english, other = customer_texts("en"), customer_texts(language)
    same = {
        key
        for key in plain_and_plural(other)[0]
        if other[key].template == english[key].template
        and len(LETTERS.findall(re.sub(r"\{\w+\}", "", other[key].template))) > 1
    }

    assert same - SAME_EVERYWHERE.get(language, set()) == set()


def test_a_page_is_spoken_in_the_language_of_its_address():
    with speak_within("es"):
        assert say("customer.badge.confirmed") == "Confirmada"
        assert count("public.minutes", 1) == "1 minuto"
    assert say("customer.badge.confirmed") == "Confirmed"


def test_polish_numbers_have_their_forms():
    with speak_within("pl"):
        said = [count("public.minutes", n) for n in (1, 2, 5, 22)]

    assert said == ["1 minuta", "2 minuty", "5 minut", "22 minuty"]


def test_what_only_staff_read_stays_english():
    with speak_within("fr"):
        assert say("menu.queues") == "Queues and languages"


@pytest.mark.parametrize(
    ("path", "language", "bare"),
    [
        ("/", "en", "/"),
        ("/schedule", "en", "/schedule"),
        ("/es", "es", "/"),
        ("/es/", "es", "/"),
        ("/fr/schedule", "fr", "/schedule"),
        ("/pl/a/x/limit", "pl", "/a/x/limit"),
        ("/en/schedule", "en", "/en/schedule"),
        ("/estimate", "en", "/estimate"),
        ("/de/schedule", "en", "/de/schedule"),
    ],
)
def test_an_address_tells_its_language(path, language, bare):
    assert split_language(path) == (language, bare)


@pytest.mark.parametrize("language", page_languages())
@pytest.mark.parametrize("path", ["/", "/schedule", "/a/x"])
def test_an_address_in_a_language_is_read_back(language, path):
    assert split_language(in_language(path, language)) == (language, path)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en;q=0.2, pl;q=0.7", "pl"),
        ("de-DE, pl;q=0.7", "pl"),
        ("fr;q=high, es", "fr"),
        ("", "en"),
        ("*", "en"),
        (",,;;--", "en"),
        ("ES", "es"),
    ],
)
def test_language_with_the_most_weight_is_preferred(header, language):
    assert preferred_language(header, page_languages()) == language


@given(st.text())
def test_any_header_prefers_a_language_on_offer(header):
    assert preferred_language(header, page_languages()) in page_languages()


def test_only_the_beginning_of_a_header_is_read():
    assert preferred_language("de," * 50 + "pl", page_languages()) == "pl"
    assert preferred_language("de," * 70 + "pl", page_languages()) == "en"


def test_there_are_no_addresses_in_other_languages():
    assert in_language("/schedule", "de") == "/schedule"


@pytest.mark.parametrize(
    ("language", "day", "clock"),
    [
        ("en", "Tuesday, November 24", "en_US"),
        ("es", "martes, 24 de noviembre", "es_US"),
        ("fr", "mardi 24 novembre", "fr"),
        ("pl", "wtorek, 24 listopada", "pl"),
    ],
)
def test_days_are_told_in_the_language_of_the_page(language, day, clock):
    with speak_within(language):
        locale = times.locale_of("en-US")
        assert times.long_day_text(date(2026, 11, 24), locale) == day

    assert str(locale) == clock


@pytest.mark.parametrize("language", page_languages())
def test_every_zone_that_is_offered_is_found(language):
    with speak_within(language):
        missing = [it for it in zones.zone_options() if not zones.find_zone(it)]

    assert missing == []


def test_a_place_is_found_by_its_name_here_and_in_english():
    with speak_within("es"):
        assert zones.find_zone("Nueva York") == "America/New_York"
        assert zones.find_zone("New York") == "America/New_York"
        assert zones.find_zone("Alemania") == zones.find_zone("Germany") != ""


def test_no_spanish_sentence_ends_with_a_period_after_that_of_a_time():
    """Times in Spanish end in *a.m.* and *p.m.* where clocks have 12 hours."""
    texts = customer_texts("es")

    sentences = [texts[key].template for key in plain_and_plural(texts)[0]]

    assert [it for it in sentences if re.search(r"\{(\w*time|clocks)\}\.", it)] == []


def test_languages_are_named_in_the_language_of_the_page():
    with speak_within("fr"):
        assert language_name("es") == "Espagnol"


@pytest.mark.parametrize("language", page_languages())
def test_scripts_find_every_sentence_they_say(language):
    texts = customer_texts(language)
    scripts = [
        *(PROJECT / "invo_booking" / "web").rglob("*.jsx"),
        *(PROJECT / "assets").glob("*.js"),
    ]
    calls = re.compile(r"""\b(word|counted)\??\.?\(\s*(?:[\w ]+\? )?"([a-z_.]+)""")
    said = {
        (f"browser.{key}.other" if how == "counted" else f"browser.{key}")
        for path in scripts
        for how, key in calls.findall(path.read_text("utf-8"))
    }

    assert len(said) > 10
    assert {key for key in said if key not in texts} == set()


@pytest.fixture(autouse=True)
def _speak_english_afterwards():
    yield
    speak("en")


@pytest.mark.parametrize("language", ["ar", "fa", "he", "ur"])
def test_language_written_from_right_to_left_is_laid_out_so(language):
    assert text_direction(language) == "rtl"
    assert html_language(language) == f'<html lang="{language}" dir="rtl"'


@pytest.mark.parametrize("language", [*page_languages(), "de", "no such language"])
def test_other_languages_are_laid_out_from_left_to_right(language):
    assert text_direction(language) == "ltr"
    assert html_language(language) == f'<html lang="{language}"'


def test_scripts_learn_how_each_language_is_written():
    words = json.loads(json.loads(str(words_for_scripts().content)))

    assert {it: words[it]["direction"] for it in words} == dict.fromkeys(
        page_languages(), "ltr"
    )
