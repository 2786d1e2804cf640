import pytest

from invo_booking.web.core.site import SiteView
from invo_booking.web.scheduler.contact_view import (
    check_scheduler_contact,
    scheduler_contact_view,
    scheduler_errors_view,
)
from invo_booking.web.scheduler.view import ContactView

GOOD = ContactView(name="Ana Rivera", email="ana@example.com")


def test_good_contact_has_nothing_wrong():
    assert check_scheduler_contact(GOOD, SiteView(), "video") == {}


@pytest.mark.parametrize(
    ("contact", "field"),
    [
        (ContactView(email="ana@example.com"), "name"),
        (ContactView(name="Ana"), "email"),
        (ContactView(name="Ana", email="ana.example.com"), "email"),
        (ContactView(name="Ana", email="a@example.com", phone="12"), "phone"),
        (ContactView(name="Ana", email="a@example.com", notes="\x00"), "notes"),
    ],
)
def test_each_field_at_fault_gets_its_own_sentence(contact, field):
    assert list(check_scheduler_contact(contact, SiteView(), "video")) == [field]


def test_phone_call_needs_a_number():
    assert "phone" in check_scheduler_contact(GOOD, SiteView(), "phone")


def test_institution_that_asks_for_phone_and_mail_gets_both():
    site = SiteView(requirement="both")

    assert set(check_scheduler_contact(ContactView(name="Ana"), site, "video")) == {
        "email",
        "phone",
    }


def test_form_from_a_hostile_browser_is_read_as_short_text():
    view = scheduler_contact_view(
        {"name": ["x"], "email": None, "notes": "y" * 10**6, "z": 1}
    )

    assert view.name == "['x']"
    assert view.email == ""
    assert len(view.notes) == 4000


def test_errors_are_empty_for_fields_without_fault():
    assert scheduler_errors_view({"name": "Say it."}) == ContactView(name="Say it.")
