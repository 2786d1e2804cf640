"""The institution, its closed days and how it begins, on a real database."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
)
from invo_booking.domain.interval import Interval
from invo_booking.usecases.accounts import links, sessions
from invo_booking.usecases.admin import institution
from invo_booking.usecases.admin.affected import AffectedAppointmentsError
from invo_booking.usecases.admin.catalogue import closures
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.usecases.admin.institution import FirstAdmin, InstitutionDraft
from invo_booking.usecases.booking import booking
from invo_booking.usecases.slots import offers
from tests.support.bank import PASSWORD, at

THANKSGIVING = date(2026, 11, 26)
DRAFT = InstitutionDraft(
    name="First Bank",
    tagline="Close to you",
    phone="+1 312 555 0142",
    time_zone="Europe/Berlin",
    country="DE",
)
ADMIN = FirstAdmin(name="Sam Hill", email="Sam@First.Example", password=PASSWORD)


def is_set_up(deps):
    with deps.unit_of_work() as work:
        return work.is_set_up


def seen(deps, actor):
    return institution.managed_institution(deps, actor).version


def test_a_change_is_seen_by_customers_at_once(deps, ada):
    institution.change_institution(deps, ada, DRAFT, version=seen(deps, ada))

    site = offers.public_site(deps)
    assert (site.name, site.tagline, site.phone) == (
        "First Bank",
        "Close to you",
        "+1 312 555 0142",
    )
    assert (site.time_zone, site.country) == ("Europe/Berlin", "DE")


def test_only_what_changed_is_noted(deps, ada):
    was = institution.managed_institution(deps, ada).institution
    wanted = InstitutionDraft(
        name="Renamed Bank", phone=was.phone, time_zone=was.zone.key, country="US"
    )

    institution.change_institution(deps, ada, wanted, version=seen(deps, ada))
    institution.change_institution(deps, ada, wanted, version=seen(deps, ada))

    with deps.unit_of_work() as work:
        (entry,) = work.audit.history("1")
    assert entry.detail == {
        "before": {"name": "Test Bank"},
        "after": {"name": "Renamed Bank"},
    }


def test_the_second_of_two_administrators_is_told(deps, ada):
    old = seen(deps, ada)
    institution.change_institution(deps, ada, DRAFT, version=old)

    with pytest.raises(ConflictError, match="Ada changed the institution's details"):
        institution.change_institution(
            deps, ada, replace(DRAFT, name="Other"), version=old
        )


def test_other_changes_do_not_make_the_picture_old(deps, bank, ada):
    version = seen(deps, ada)
    bank.holiday(THANKSGIVING, "Thanksgiving")

    institution.change_institution(deps, ada, DRAFT, version=version)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "x" * 121),
        ("tagline", "x" * 201),
        ("phone", "call us"),
        ("phone", "=1+1"),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", "utc"),
        ("time_zone", "Factory"),
        ("country", "XX"),
        ("country", ""),
    ],
)
def test_what_cannot_be_used_is_refused_beside_its_field(deps, ada, field, value):
    with pytest.raises(InvalidInputError) as refused:
        institution.change_institution(
            deps, ada, replace(DRAFT, **{field: value}), version=seen(deps, ada)
        )

    assert list(refused.value.fields) == [field]


def test_a_closed_day_has_no_slots_from_the_next_request_on(deps, bank, ada):
    bank.agent("Ana")
    offer = _slots(deps, bank)
    assert offer

    closures.change_closed_days(deps, ada, close={THANKSGIVING: "Thanksgiving"})
    assert _slots(deps, bank) == ()

    closures.change_closed_days(deps, ada, close={}, reopen=[THANKSGIVING])
    assert _slots(deps, bank) == offer


def _slots(deps, bank):
    day = Interval(at(0, days=3), at(24, days=3))
    return offers.offer_slots(deps, bank.answer_id, "en", day).slots


def test_appointments_on_a_day_to_close_are_shown_before_it_is_saved(deps, bank, ada):
    bank.agent("Ana")
    wanted = bank.request(at(10, days=3))
    booked = booking.request_appointment(deps, wanted, idempotency_key="k" * 22)
    close = {THANKSGIVING: "Thanksgiving"}

    with pytest.raises(AffectedAppointmentsError) as refused:
        closures.change_closed_days(deps, ada, close=close)
    assert closures.closed_days_overview(deps, ada).days == ()
    (one,) = refused.value.affected
    assert (one.id, one.why) == (
        booked.appointment.id,
        "The institution is closed for Thanksgiving.",
    )

    closures.change_closed_days(
        deps, ada, close=close, dispositions={one.id: Disposition.KEEP}
    )
    assert len(closures.closed_days_overview(deps, ada).days) == 1


def test_appointments_a_new_zone_puts_on_a_closed_day_are_shown_first(deps, bank, ada):
    bank.agent("Ana")
    friday = bank.request(at(16, days=4))
    booked = booking.request_appointment(deps, friday, idempotency_key="k" * 22)
    wanted = replace(DRAFT, time_zone="Pacific/Auckland", country="NZ")

    with pytest.raises(AffectedAppointmentsError, match="Nothing is saved") as refused:
        institution.change_institution(deps, ada, wanted, version=seen(deps, ada))
    (one,) = refused.value.affected
    assert one.why == "It is on a weekend."

    institution.change_institution(
        deps,
        ada,
        wanted,
        version=seen(deps, ada),
        dispositions={one.id: Disposition.KEEP},
    )
    with deps.unit_of_work() as work:
        assert work.appointments.get(one.id).starts_at == booked.appointment.starts_at
        assert work.roster.institution.zone.key == "Pacific/Auckland"


def test_public_holidays_of_a_country_are_offered_to_choose_from(deps, bank, ada):
    bank.holiday(THANKSGIVING, "Thanksgiving")

    found = closures.public_holidays(deps, ada, country="US", year=2026)

    assert [(one.day.isoformat(), one.closed) for one in found] == [
        ("2026-11-26", True),
        ("2026-12-25", False),
    ]


def test_public_holidays_have_the_names_that_the_calendar_knows(deps, ada):
    def christmas(country):
        found = closures.public_holidays(deps, ada, country=country, year=2026)
        (day,) = (it for it in found if it.day == date(2026, 12, 25))
        return day.name, {code: it["name"] for code, it in day.translations.items()}

    assert christmas("MX") == ("Christmas Day", {"es": "Navidad"})
    assert christmas("FR") == ("Christmas Day", {"fr": "Noël"})
    assert christmas("US") == ("Christmas Day", {})


def test_a_part_of_a_country_has_holidays_of_its_own(deps, ada):
    def names(part):
        found = closures.public_holidays(deps, ada, country="DE", part=part, year=2027)
        return {one.name for one in found}

    assert names("BY") - names("") >= {"Epiphany", "Corpus Christi"}
    assert closures.country_parts("DE")["BY"] == "Bayern"
    assert closures.country_parts("XX") == {}


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"country": "XX", "year": 2027}, "country"),
        ({"country": "US", "part": "BY", "year": 2027}, "part"),
        ({"country": "US", "year": 2025}, "year"),
        ({"country": "US", "year": 2032}, "year"),
    ],
)
def test_a_calendar_that_is_not_there_is_refused(deps, ada, asked, field):
    with pytest.raises(InvalidInputError) as refused:
        closures.public_holidays(deps, ada, **asked)

    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize("year", range(2026, 2032))
def test_every_public_holiday_that_is_offered_can_be_closed(deps, ada, year):
    found = closures.public_holidays(deps, ada, country="US", year=year)
    close = {one.day: one.name for one in found}

    closures.change_closed_days(deps, ada, close=close)

    closed = {one.day for one in closures.closed_days_overview(deps, ada).days}
    assert closed == set(close)


@pytest.mark.parametrize(
    ("close", "field"),
    [
        ({date(2026, 11, 22): "Yesterday"}, "day"),
        ({date(2032, 1, 1): "Far"}, "day"),
        ({THANKSGIVING: ""}, "name"),
        ({THANKSGIVING: "x" * 121}, "name"),
        ({THANKSGIVING + timedelta(n): "Many" for n in range(101)}, "day"),
    ],
)
def test_days_that_cannot_be_closed_are_refused(deps, ada, close, field):
    with pytest.raises(InvalidInputError) as refused:
        closures.change_closed_days(deps, ada, close=close)

    assert list(refused.value.fields) == [field]
    assert closures.closed_days_overview(deps, ada).days == ()


def test_closing_is_noted_once_with_before_and_after(deps, bank, ada):
    bank.holiday(THANKSGIVING, "Turkey day")

    for _ in range(2):
        closures.change_closed_days(deps, ada, close={THANKSGIVING: "Thanksgiving"})

    with deps.unit_of_work() as work:
        (entry,) = work.audit.history("all")
    assert entry.detail == {
        "before": {"2026-11-26": "Turkey day"},
        "after": {"2026-11-26": "Thanksgiving"},
    }


def test_only_administrators_may(deps, bank):
    max_ = bank.manager()

    for ask in (
        lambda: institution.managed_institution(deps, max_),
        lambda: institution.change_institution(deps, max_, DRAFT, version=""),
        lambda: closures.closed_days_overview(deps, max_),
        lambda: closures.public_holidays(deps, max_, country="US", year=2026),
        lambda: closures.change_closed_days(deps, max_, close={}),
    ):
        with pytest.raises(NotAllowedError):
            ask()


def test_an_institution_begins_with_one_super_admin_who_can_sign_in(deps):
    assert not is_set_up(deps)

    institution.create_institution(deps, DRAFT, ADMIN, languages=("de", "en"))

    assert is_set_up(deps)
    came = sessions.sign_in(deps, "sam@first.example", PASSWORD)
    assert isinstance(came, sessions.OwnPasswordFirst)
    links.use_password_link(deps, came.link, "words that only Sam knows")
    came = sessions.sign_in(deps, "sam@first.example", "words that only Sam knows")
    assert came.actor.roles == {Role.SUPER_ADMIN}
    assert offers.public_site(deps).language_names == {"de": "German", "en": "English"}


@pytest.mark.usefixtures("bank")
def test_a_second_institution_is_refused(deps):
    with pytest.raises(ConflictError, match="already"):
        institution.create_institution(deps, DRAFT, ADMIN, languages=("en",))


@pytest.mark.parametrize(
    ("admin", "field"),
    [
        ({"name": ""}, "admin_name"),
        ({"email": "nobody"}, "email"),
        ({"password": "short"}, "password"),
    ],
)
def test_a_first_person_who_could_not_sign_in_is_refused(deps, admin, field):
    with pytest.raises(InvalidInputError) as refused:
        institution.create_institution(
            deps, DRAFT, replace(ADMIN, **admin), languages=("en",)
        )

    assert list(refused.value.fields) == [field]
    assert not is_set_up(deps)


def test_unknown_languages_are_refused(deps):
    with pytest.raises(InvalidInputError, match="ISO 639-1"):
        institution.create_institution(deps, DRAFT, ADMIN, languages=("klingon",))
