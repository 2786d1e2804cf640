"""Every language says everything the English one says."""

from datetime import date

import pytest
from babel.dates import format_date

from invo_booking.domain.appointment import CancelledBy, Status
from invo_booking.mail.messages import MailKind, compose_mail
from invo_booking.mail.words import mail_languages, mail_words, readable_mail_locale
from invo_booking.usecases.admin.catalogue.code_lists import countries, languages

DAY = date(2026, 11, 24)


@pytest.mark.parametrize("language", sorted(mail_languages()))
def test_language_has_every_sentence_with_the_same_blanks(language):
    english, other = mail_words("en").catalogue, mail_words(language).catalogue

    assert set(other) == set(english)
    for key in english:
        assert other[key].blanks == english[key].blanks, key
        assert bool(other[key].template) == bool(english[key].template), key


def test_language_without_words_is_english():
    assert mail_words("tlh").language == "en"
    assert mail_words("../../etc/passwd").language == "en"


@pytest.mark.parametrize(
    ("tag", "locale"),
    [
        ("es-MX", "es_MX"),
        ("pl-US", "pl"),
        ("fr-US", "fr"),
        ("fr", "fr"),
        ("en-DE", "en_DE"),
        ("en-XX", "en_US"),
        ("sv-SE", "en_SE"),
        ("zh-Hant-TW", "en_US"),
        ("nonsense", "en_US"),
    ],
)
def test_dates_are_told_in_the_language_of_the_mail(tag, locale):
    assert str(readable_mail_locale(tag)) == locale


def test_dates_can_be_told_to_readers_of_every_language_and_country():
    tags = [*languages(), *(f"sv-{country}" for country in countries())]

    told = {tag: format_date(DAY, locale=readable_mail_locale(tag)) for tag in tags}

    assert len(told) > 300
    assert told["vi"] == told["de"] == "Nov 24, 2026"


def test_spanish_customer_reads_spanish(appointment, facts):
    asked = appointment(
        locale="es-US",
        language="en",
        status=Status.REQUESTED,
        confirmed_at=None,
        confirm_by=appointment().requested_at,
    )

    mail = compose_mail(MailKind.REQUESTED, facts(asked))

    assert (
        mail.subject
        == "Confirme, por favor: Mortgage advice, mar, 24 de nov, 10:15 a.m."
    )
    assert "martes, 24 de noviembre de 2026" in mail.text
    assert "hora estándar central (Chicago)" in mail.text
    assert "Idioma:\n  Inglés" in mail.text
    assert '<html lang="es" dir="ltr">' in mail.html


@pytest.mark.parametrize(
    ("by", "sentence"),
    [
        (CancelledBy.CUSTOMER, "Usted canceló"),
        (CancelledBy.PROVIDER, "Hemos tenido que cancelar esta cita."),
    ],
)
def test_spanish_cancellation_says_by_whom(appointment, facts, by, sentence):
    gone = appointment(locale="es", status=Status.CANCELLED, cancelled_by=by)

    assert sentence in compose_mail(MailKind.CANCELLED, facts(gone)).text
