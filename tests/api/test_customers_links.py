"""The language, the hours and the refusals of a customer's link, without scripts."""

import re

import pytest

from invo_booking.domain.appointment import Channel
from invo_booking.persistence.tables.core import BranchRow
from invo_booking.settings.general import PURGE_OUTDATED
from invo_booking.usecases.booking import manage
from invo_booking.usecases.booking.booking import request_appointment
from invo_booking.usecases.upkeep import delivery
from invo_booking.usecases.upkeep.purge import purge_outdated
from tests.api.test_status_page import FOREIGN, FORM, confirmed, waiting
from tests.support.bank import at

__all__ = ["confirmed", "waiting"]


def test_language_can_be_chosen_without_scripts(api, confirmed):
    page = api.get(f"/es/a/{confirmed}").text
    links = re.findall(r'<a href="([^"]+)" hreflang="(\w\w)"', page)

    assert {code: address for address, code in links} == {
        "en": f"/a/{confirmed}",
        "es": f"/es/a/{confirmed}",
        "fr": f"/fr/a/{confirmed}",
        "pl": f"/pl/a/{confirmed}",
    }


def test_branch_of_a_visit_says_when_it_is_open(api, bank):
    bank.offer_visits()
    bank.agent("Ana")
    with bank.deps.unit_of_work() as work:
        row = work.session.get(BranchRow, bank.branch_id)
        row.opening_hours = ["0 09:00-17:00", "1 09:00-17:00"]
        work.session.add(row)
        work.publish_roster_change()
    wanted = bank.request(at(10), channel=Channel.BRANCH, branch_id=bank.branch_id)
    token = request_appointment(bank.deps, wanted, idempotency_key="v" * 20).token

    page = api.get(f"/a/{token}").text

    assert "Opening hours: Mon to Tue 9:00 AM to 5:00 PM (Chicago time)" in page


@pytest.mark.parametrize("language", ["", "/es"])
def test_refusals_of_links_are_pages_of_the_institution(api, confirmed, language):
    page = api.post(
        f"{language}/a/{confirmed}", data={"do": "cancelled"}, headers=FOREIGN
    )

    assert page.status_code == 403
    assert page.headers["content-type"].startswith("text/html")
    assert "Test Bank" in page.text
    sentence = "se envió desde otro sitio" if language else "sent from another site"
    assert sentence in page.text.lower()
    assert f'href="{language}/a/{confirmed}"' in page.text


def test_method_that_a_link_does_not_take_is_a_page(api, confirmed):
    page = api.put(f"/a/{confirmed}", headers=FORM)

    assert page.status_code == 405
    assert page.headers["allow"]
    assert "We could not do this" in page.text


@pytest.mark.parametrize("language", ["", "/es"])
def test_link_of_a_purged_appointment_says_that_it_is_over(
    api, bank, confirmed, clock, language
):
    manage.cancel_by_link(bank.deps, confirmed)
    delivery.deliver_due_mails(bank.deps)
    bank.set(PURGE_OUTDATED, "on")
    clock.now = at(8, days=3)
    assert purge_outdated(bank.deps) == 1

    page = api.get(f"{language}/a/{confirmed}")
    limit = api.get(f"{language}/a/{confirmed}/limit")
    for_programs = api.get(f"/api/v1/appointments/{confirmed}")

    assert (page.status_code, limit.status_code, for_programs.status_code) == (410,) * 3
    heading = "Esta cita ha terminado" if language else "This appointment is over"
    assert f"<h1>{heading}</h1>" in page.text
    assert for_programs.json()["code"] == "gone"
    assert (
        api.post(f"/a/{confirmed}", data={"do": "late"}, headers=FORM).status_code
        == 410
    )
