"""The status page without scripts: every state can be read, and its forms work."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from invo_booking.persistence.tables.core import InstitutionRow, OutboxRow
from invo_booking.settings.general import (
    CONTACT_REQUIREMENT,
    MOST_PER_DAY,
)
from invo_booking.usecases.booking import manage
from invo_booking.usecases.booking.booking import request_appointment
from invo_booking.usecases.shared import links
from tests.api.conftest import ORIGIN
from tests.support.bank import at, confirm, proof_of

FORM = {"origin": ORIGIN}
FOREIGN = {"origin": "https://evil.example"}
NOWHERE = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6Zm9v"


@pytest.fixture
def waiting(bank):
    """The secret of the page of a request that waits for its mail."""
    bank.agent("Ana")
    request = bank.request(at(10), email="rosa@example.com")
    return request_appointment(bank.deps, request, idempotency_key="k" * 20).token


@pytest.fixture
def confirmed(bank, waiting):
    confirm(bank.deps, waiting)
    return waiting


def ask(bank, hour):
    request = bank.request(at(hour), email="rosa@example.com")
    booked = request_appointment(bank.deps, request, idempotency_key=f"{hour}" * 10)
    return booked.token


def phase(bank, token):
    return manage.read_visit(bank.deps, token).phase


def post(api, token, do, text="", headers=FORM):
    return api.post(f"/a/{token}", data={"do": do, "text": text}, headers=headers)


def mails(bank):
    with bank.deps.unit_of_work() as work:
        return len(work.session.exec(select(OutboxRow)).all())


def forms(html):
    return set(re.findall(r'name="do" value="([a-z-]+)"', html))


def test_waiting_request_can_be_read_and_helped_but_not_confirmed(api, waiting):
    page = api.get(f"/a/{waiting}")

    assert page.status_code == 200
    assert "One step left: open our mail" in page.text
    assert "Mortgage advice" in page.text
    assert "Chicago time (CST)" in page.text
    assert "+13125550142" in page.text
    assert forms(page.text) == {"sent-again", "address-changed", "cancelled"}


def test_address_that_is_probably_mistyped_is_asked_about(api, bank):
    bank.agent("Ana")
    request = bank.request(at(10), email="rosa@gmial.com")
    token = request_appointment(bank.deps, request, idempotency_key="m" * 20).token
    page = api.get(f"/a/{token}")

    assert "It ends in gmial.com; perhaps you meant gmail.com." in page.text
    assert "rosa@" not in page.text


def test_mailed_link_offers_to_confirm(api, bank, waiting):
    page = api.get(f"/a/{proof_of(bank.deps, waiting)}")

    assert "confirmed" in forms(page.text)
    assert "Confirm the appointment" in page.text


def test_confirmed_appointment_says_when_it_can_be_joined(api, confirmed):
    page = api.get(f"/a/{confirmed}")

    assert "You can join from" in page.text
    assert "Photo ID" in page.text
    assert f"/api/v1/appointments/{confirmed}/calendar.ics" in page.text
    assert forms(page.text) == {"cancelled"}


def test_soon_the_call_can_be_joined_and_lateness_told(api, confirmed, clock):
    clock.now = at(9, 55)
    page = api.get(f"/a/{confirmed}")

    assert f'href="/a/{confirmed}/room"' in page.text
    assert forms(page.text) == {"late", "cancelled"}


def test_late_customer_can_still_join(api, confirmed, clock):
    clock.now = at(10, 20)
    page = api.get(f"/a/{confirmed}")

    assert "Your call has started" in page.text
    assert f'href="/a/{confirmed}/room"' in page.text


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("over", "This appointment is over"),
        ("cancelled", "This appointment is cancelled"),
        ("expired", "This request was not confirmed in time"),
    ],
)
def test_what_is_over_is_gone_and_says_so(api, bank, waiting, clock, end, words):
    if end == "over":
        confirm(bank.deps, waiting)
        clock.now = at(11)
    if end == "cancelled":
        manage.cancel_by_link(bank.deps, waiting)
    if end == "expired":
        clock.advance(timedelta(days=2))
    page = api.get(f"/a/{waiting}")

    assert page.status_code == 410
    assert words in page.text
    assert "Book again" in page.text
    assert forms(page.text) == set()


@pytest.mark.parametrize("token", [NOWHERE, "nonsense", "a" * 400])
def test_unknown_link_is_not_found_in_the_dress_of_the_bank(api, bank, token):
    bank.agent("Ana")
    page = api.get(f"/a/{token}")

    assert page.status_code == 404
    assert "<title>Your appointment - Test Bank</title>" in page.text
    assert "We cannot find this appointment" in page.text
    assert 'href="tel:+13125550142"' in page.text


def test_page_of_a_secret_is_neither_kept_nor_passed_on_nor_listed(api, waiting):
    for answer in (api.get(f"/a/{waiting}"), api.head(f"/a/{waiting}")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in answer.headers["x-robots-tag"]


def test_looking_changes_nothing(api, bank, waiting):
    before = mails(bank)
    for _ in range(3):
        api.head(f"/a/{proof_of(bank.deps, waiting)}")
        api.get(f"/a/{proof_of(bank.deps, waiting)}?done=cancelled")

    assert phase(bank, waiting) == "requested"
    assert mails(bank) == before


def test_form_confirms_and_the_page_says_so(api, bank, waiting):
    proof = proof_of(bank.deps, waiting)
    answer = post(api, proof, "confirmed")

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/a/{proof}?done=confirmed"
    page = api.get(answer.headers["location"])
    assert 'role="status" tabindex="-1" autofocus' in page.text
    assert "Your appointment is confirmed. We are sending you a mail" in page.text


def test_second_press_has_no_second_effect(api, bank, waiting):
    proof = proof_of(bank.deps, waiting)
    post(api, proof, "confirmed")
    once = mails(bank)

    assert post(api, proof, "confirmed").status_code == 303
    assert mails(bank) == once
    post(api, proof, "cancelled", "no time")
    gone = mails(bank)
    assert post(api, proof, "cancelled").status_code == 303
    assert mails(bank) == gone
    assert manage.read_visit(bank.deps, waiting).appointment.cancel_reason == "no time"


def test_lateness_is_told_and_taken_back(api, bank, confirmed, clock):
    clock.now = at(9, 30)
    told = api.get(post(api, confirmed, "late").headers["location"])
    assert "We have told your adviser that you are running late." in told.text
    assert forms(told.text) == {"in-time", "cancelled"}

    back = api.get(post(api, confirmed, "in-time").headers["location"])
    assert "you come in time" in back.text
    assert not manage.read_visit(bank.deps, confirmed).is_running_late


def test_only_the_mailed_link_confirms(api, bank, waiting):
    answer = post(api, waiting, "confirmed")

    assert answer.status_code == 403
    assert "Only the link in our mail confirms" in answer.text
    assert phase(bank, waiting) == "requested"


def test_refusal_stands_beside_the_button_that_was_pressed(api, waiting):
    answer = post(api, waiting, "address-changed", "no address")

    assert answer.status_code == 422
    form = answer.text.partition("<details open>")[2].partition("</form>")[0]
    assert "Please enter an e-mail address" in form
    assert answer.text.count("Please enter an e-mail address") == 1


def test_refusal_without_its_button_stands_at_the_head(api, confirmed, clock):
    clock.now = at(11)
    answer = post(api, confirmed, "cancelled")

    assert answer.status_code == 410
    head = answer.text.partition("<header")[2].partition("</article>")[0]
    assert 'role="alert"' in head


def test_limit_of_mails_holds_for_forms(api, waiting):
    answers = [post(api, waiting, "sent-again") for _ in range(6)]

    assert answers[0].status_code == 303
    assert answers[-1].status_code == 429
    assert "many mails" in answers[-1].text


@pytest.mark.parametrize("do", ["confirmed", "cancelled", "sent-again"])
def test_forms_of_other_sites_are_refused(api, bank, waiting, do):
    before = mails(bank)
    token = proof_of(bank.deps, waiting)

    assert post(api, token, do, headers=FOREIGN).status_code == 403
    assert phase(bank, waiting) == "requested"
    assert mails(bank) == before


@pytest.mark.parametrize("do", ["", "moved", "nothing", "__class__"])
def test_unknown_action_does_nothing(api, bank, waiting, do):
    answer = post(api, waiting, do)

    assert answer.status_code == 422
    assert phase(bank, waiting) == "requested"


@pytest.mark.parametrize("done", ["confirmed", "cancelled", "late", "x<b>", "in-time"])
def test_address_cannot_make_the_page_say_what_is_not_so(api, waiting, done):
    page = api.get(f"/a/{waiting}?done={done}")

    assert 'role="status"' not in page.text


def test_typed_text_stays_text(api, waiting):
    post(api, waiting, "address-changed", "<script>alert(1)</script>@x.example")
    page = api.get(f"/a/{waiting}")

    assert "<script>alert" not in page.text


def test_without_an_address_the_page_confirms_and_asks_to_be_kept(api, bank):
    bank.agent("Ana")
    bank.set(CONTACT_REQUIREMENT, "neither")
    request = replace(bank.request(at(10)), email="", phone="")
    token = request_appointment(bank.deps, request, idempotency_key="n" * 20).token
    page = api.get(f"/a/{token}")

    assert "confirmed" in forms(page.text)
    assert "Keep this link" in page.text


def test_bank_without_a_telephone_says_how_to_move_the_appointment(
    api, bank, confirmed
):
    by_phone = api.get(f"/a/{confirmed}").text
    with bank.deps.unit_of_work() as work:
        work.session.execute(update(InstitutionRow).values(phone=""))
        work.publish_roster_change()

    online = api.get(f"/a/{confirmed}").text

    assert "and we move the appointment for you" in by_phone
    assert "and we move the appointment for you" not in online
    assert "You can also cancel the appointment here and book another one." in online


def test_server_error_at_a_press_is_a_sentence(failing, waiting):
    broken = failing(ValueError("secret detail"))
    for answer in (broken.get(f"/a/{waiting}"), post(broken, waiting, "confirmed")):
        assert answer.status_code == 500
        assert answer.headers["content-type"].startswith("text/html")
        assert "check whether it was done before you try again" in answer.text
        assert "secret detail" not in answer.text


def test_page_without_a_database_asks_to_try_again(failing, waiting):
    away = failing(OperationalError("SELECT", {}, Exception("gone")))
    answer = away.get(f"/a/{waiting}")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert "Load the page again" in answer.text


def test_secret_of_a_page_is_in_no_log(failing, waiting, caplog, capsys):
    broken = failing(ValueError(waiting))
    broken.get(f"/a/{waiting}")
    post(broken, waiting, "cancelled")
    printed = capsys.readouterr()

    assert waiting not in caplog.text + printed.out + printed.err


def test_mailed_link_to_cancel_asks_and_cancels_nothing(api, bank, confirmed):
    page = api.get(f"/a/{confirmed}?open=cancel")

    assert "<details open data-opened>" in page.text
    assert "<details open" not in api.get(f"/a/{confirmed}?open=move").text
    assert phase(bank, confirmed) == "upcoming"


def test_page_speaks_the_language_of_its_address(api, bank, waiting):
    page = api.get(f"/es/a/{waiting}")

    assert '<html lang="es"' in page.text
    assert 'href="/es"' in page.text
    answer = api.post(f"/es/a/{waiting}", data={"do": "cancelled"}, headers=FORM)
    assert answer.headers["location"] == f"/es/a/{waiting}?done=cancelled"
    assert "Su cita está cancelada." in api.get(answer.headers["location"]).text
    assert phase(bank, waiting) == "cancelled"


def test_page_to_make_room_says_what_it_needs_and_whom_to_call(api, bank):
    bank.agent("Ana")
    bank.agent("Ben")
    bank.set(MOST_PER_DAY, "1")
    tokens = [ask(bank, hour) for hour in (10, 12)]
    confirm(bank.deps, tokens[0])
    with bank.deps.unit_of_work() as work:
        held = links.open_link(work, tokens[1])
    with bank.deps.unit_of_work() as work:
        address = links.limit_url(bank.deps, work, held)
    page = api.get(address.partition("8000")[2])

    assert page.status_code == 200
    assert "Choose which appointment to cancel - Test Bank" in page.text
    assert 'href="tel:+13125550142"' in page.text


def test_unknown_page_to_make_room_is_not_found(api, bank):
    bank.agent("Ana")
    page = api.get(f"/a/{NOWHERE}/limit")

    assert page.status_code == 404
    assert "We cannot find this appointment" in page.text
