"""The page after a request: it waits for the mail, or is all there is."""
# ruff: noqa: SLF001 - stands in for Reflex, which calls what is private to it

import asyncio
from datetime import timedelta

from invo_booking.persistence.tables.core import OutboxRow
from invo_booking.settings.general import CONTACT_REQUIREMENT
from invo_booking.usecases.booking import booking, manage
from invo_booking.web.core import live
from invo_booking.web.customer.state import StatusState
from invo_booking.web.scheduler.state import ScheduleState
from tests.support.bank import confirm
from tests.web_public.test_public_flows import book, request, rows, soonest


def test_page_after_the_request_waits_and_cannot_confirm(product, bank, visitor):
    token = book(product, bank, soonest(product, bank)).token
    visitor.at(f"/a/{token}")
    visitor.send(StatusState, "open_page")
    shown = visitor.see(StatusState).visit

    visitor.send(StatusState, "confirm_appointment")

    assert (shown.is_waiting, shown.can_confirm) == (True, False)
    assert shown.confirm_until
    assert shown.mailed_to == "o\u2022\u2022\u2022@example.com"
    assert "Only the link in our mail" in visitor.see(StatusState).problem
    assert manage.read_visit(product, token).phase == "requested"


def test_page_says_at_once_that_the_mail_was_sent_again(product, bank, visitor):
    token = book(product, bank, soonest(product, bank)).token
    visitor.at(f"/a/{token}")
    visitor.send(StatusState, "open_page")
    before = rows(product, OutboxRow)

    visitor.send(StatusState, "send_confirmation")

    assert "o\u2022\u2022\u2022@example.com again" in visitor.see(StatusState).notice
    assert rows(product, OutboxRow) == before + 1
    for _ in range(4):
        visitor.send(StatusState, "send_confirmation")
    assert visitor.see(StatusState).notice == ""
    assert "many mails" in visitor.see(StatusState).problem


def test_wrong_address_is_corrected_on_the_page(product, bank, visitor):
    token = book(product, bank, soonest(product, bank)).token
    visitor.at(f"/a/{token}")
    visitor.send(StatusState, "open_page")
    visitor.send(StatusState, "show_panel", "address")

    visitor.send(StatusState, "change_address", {"email": "no address"})
    assert visitor.see(StatusState).address_problem
    assert visitor.see(StatusState).panel == "address"

    visitor.send(StatusState, "change_address", {"email": "new@example.com"})
    assert "n\u2022\u2022\u2022@example.com" in visitor.see(StatusState).notice
    assert visitor.see(StatusState).panel == ""
    assert (
        manage.read_visit(product, token).appointment.customer.email
        == "new@example.com"
    )


def test_waiting_page_is_refreshed_by_its_own_appointment_alone(product, bank, visitor):
    token = book(product, bank, soonest(product, bank)).token
    visitor.at(f"/a/{token}")
    visitor.send(StatusState, "open_page")
    client = visitor.see(StatusState).router.session.client_token
    own = str(manage.read_visit(product, token).appointment.id)

    assert live._is_concerned(client, {own})
    assert live._is_concerned(client, None)
    assert not live._is_concerned(client, {"another"})
    confirm(product, token)
    asyncio.run(visitor.see(StatusState)._refresh())

    assert visitor.see(StatusState).visit.phase == "upcoming"


def test_without_an_address_the_page_confirms_and_offers_its_link(
    product, bank, visitor
):
    bank.set(CONTACT_REQUIREMENT, "neither")
    wanted = request(bank, soonest(product, bank), email="")
    booked = booking.request_appointment(product, wanted, idempotency_key="k" * 24)
    visitor.at(f"/a/{booked.token}")
    visitor.send(StatusState, "open_page")
    visitor.send(StatusState, "confirm_appointment")

    status = visitor.see(StatusState)

    assert status.visit.phase == "upcoming"
    assert (status.visit.can_keep_link, status.visit.can_add) == (True, True)


def test_expired_request_offers_the_same_choice_again(product, bank, clock, visitor):
    token = book(product, bank, soonest(product, bank)).token
    clock.advance(timedelta(minutes=31))
    visitor.at(f"/a/{token}")
    visitor.send(StatusState, "open_page")
    shown = visitor.see(StatusState).visit
    assert shown.title == "This request was not confirmed in time"

    visitor.at(shown.again)
    visitor.send(ScheduleState, "open_page")

    schedule = visitor.see(ScheduleState)
    assert schedule.step == "when"
    assert (schedule.language, schedule.channel) == ("English", "Video call")


def test_likely_slip_in_a_corrected_address_is_asked_about_once(product, bank, visitor):
    token = book(product, bank, soonest(product, bank)).token
    visitor.at(f"/a/{token}")
    visitor.send(StatusState, "open_page")
    slip = {"email": "ana@gmial.com"}

    visitor.send(StatusState, "change_address", slip)
    assert "ana@gmail.com" in visitor.see(StatusState).address_problem
    visitor.send(StatusState, "change_address", slip)

    assert visitor.see(StatusState).visit.mailed_to == "a\u2022\u2022\u2022@gmial.com"
