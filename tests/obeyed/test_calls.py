"""Video and Phone Calls: where customers and staff meet, and who is let in."""

from dataclasses import replace

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from invo_booking.domain.appointment import Channel
from invo_booking.domain.errors import NoRoomError
from invo_booking.settings import calls
from invo_booking.usecases.admin.catalogue.answers import AnswerDraft, change_answer
from invo_booking.usecases.admin.staff_drafts import person_draft
from invo_booking.usecases.admin.staffing import save_person
from invo_booking.usecases.booking import joining, manage
from invo_booking.usecases.shared.sealing import open_secret
from invo_booking.usecases.staff.appointments import assign_appointment
from invo_booking.usecases.staff.detail import appointment_detail
from invo_booking.usecases.staff.joining import enter_room_as_staff
from invo_booking.usecases.upkeep import delivery
from tests.obeyed.conftest import GRACE, book, refused
from tests.support.bank import at, confirm

SIGNED = "https://meet.bank.example/{appointment}?jwt={token}"
SECRET = "a secret of the room's server, long"


@pytest.fixture
def max_(bank):
    return bank.manager("Max")


@pytest.fixture
def booked(bank, max_, clock):
    assert max_
    booked = book(bank, at(10))
    confirm(bank.deps, booked.token)
    clock.now = at(9, 55)
    return booked


def claims_of(address, secret=SECRET):
    token = jwt.decode(address.partition("jwt=")[2], OctKey.import_key(secret))
    return token.claims


@pytest.mark.obeys("calls.room")
def test_room_is_at_the_nearest_address(bank, booked, max_, decide):
    def entered() -> str:
        return joining.enter_room(bank.deps, booked.token)

    decide({"calls.room": "https://one.example/{appointment}"})
    name = entered().removeprefix("https://one.example/")
    assert len(name) == 32
    assert str(booked.appointment.id) not in entered()

    with bank.deps.unit_of_work() as work:
        answer = work.roster.answers[bank.answer_id]
    draft = AnswerDraft(
        title=answer.title,
        queue_id=answer.queue_id,
        languages=answer.languages,
        channels=answer.channels,
        room="https://two.example/{appointment}",
    )
    change_answer(bank.deps, GRACE, answer.id, draft, version=answer.version)
    assert entered() == f"https://two.example/{name}"

    with bank.deps.unit_of_work() as work:
        person = work.roster.people[max_.id]
    draft = replace(person_draft(person, ()), room="https://three.example/max")
    save_person(bank.deps, GRACE, max_.id, draft, version=person.version)
    assert entered() == f"https://two.example/{name}"
    assign_appointment(bank.deps, max_, booked.appointment.id, max_.id)
    assert entered() == "https://three.example/max"
    assert enter_room_as_staff(bank.deps, max_, booked.appointment.id) == entered()


@pytest.mark.obeys("calls.room_servers")
def test_rooms_are_on_allowed_servers_only(bank, booked, decide):
    decide({"calls.room": "https://meet.bank.example/{appointment}"})
    assert joining.enter_room(bank.deps, booked.token)

    clash = refused(decide, {"calls.room_servers": "zoom.us"})
    assert "meet.bank.example is not one of" in clash.fields["calls.room_servers"]
    assert refused(decide, {"calls.room_servers": ""}, by=GRACE).code == "not_allowed"

    decide({"calls.room_servers": "bank.example"})
    assert joining.enter_room(bank.deps, booked.token)
    other = refused(decide, {"calls.room": "https://evil.example/{appointment}"})
    assert "evil.example is not one of" in other.fields["calls.room"]

    with bank.deps.unit_of_work() as work:
        work.stored_settings.put(
            "calls.room", "https://evil.example/{appointment}", "", bank.clock()
        )
        work.publish_roster_change()
    assert isinstance(refused(joining.enter_room, bank.deps, booked.token), NoRoomError)


@pytest.mark.obeys(
    "calls.token_secret",
    "calls.token_issuer",
    "calls.token_audience",
    "calls.token_subject",
)
def test_token_is_signed_for_one_person_and_the_time_of_the_call(
    bank, booked, max_, decide
):
    needed = refused(decide, {"calls.room": SIGNED})
    assert "Room token secret" in needed.fields["calls.room"]
    short = refused(decide, {"calls.token_secret": "short"})
    assert "at least 32" in short.fields["calls.token_secret"]

    decide({"calls.room": SIGNED, "calls.token_secret": SECRET})
    decide({"calls.token_issuer": "bank", "calls.token_audience": "rooms"})
    address = joining.enter_room(bank.deps, booked.token)
    guest = claims_of(address)
    host = claims_of(enter_room_as_staff(bank.deps, max_, booked.appointment.id))

    assert (guest["iss"], guest["aud"], guest["sub"]) == (
        "bank",
        "rooms",
        "meet.bank.example",
    )
    assert guest["nbf"] == int(at(9, 50).timestamp())
    assert guest["exp"] == int(at(10, 30).timestamp())
    assert f"/{guest['room']}?" in address
    assert guest["room"] == host["room"]
    assert guest["context"]["user"]["id"] != host["context"]["user"]["id"]
    names = [it["context"]["user"]["name"] for it in (guest, host)]
    assert names == ["Rosa Delgado", "Max"]
    assert (guest["moderator"], host["moderator"]) == (False, True)

    decide({"calls.token_subject": "tenant"})
    assert claims_of(joining.enter_room(bank.deps, booked.token))["sub"] == "tenant"
    with bank.deps.unit_of_work() as work:
        sealed = work.settings[calls.TOKEN_SECRET]
        assert SECRET not in sealed
        assert open_secret(bank.deps.config, work.settings, calls.TOKEN_SECRET)


@pytest.mark.obeys("calls.phone")
def test_everybody_reads_who_calls_whom(bank, max_, decide, postbox):
    def texts() -> str:
        booked = book(
            bank,
            at(11),
            channel=Channel.PHONE,
            phone="+13125550177",
            email=f"ana{len(postbox.sent)}@example.com",
        )
        confirm(bank.deps, booked.token)
        delivery.deliver_due_mails(bank.deps)
        detail = appointment_detail(bank.deps, max_, booked.appointment.id)
        visit = manage.read_visit(bank.deps, booked.token)
        assert detail.customer_calls == visit.customer_calls
        file = manage.calendar_file(bank.deps, booked.token).decode()
        manage.cancel_by_link(bank.deps, booked.token)
        return f"{postbox.sent[-1].text} {file} {visit.customer_calls}"

    ours = texts()
    assert "We call you at +1 312-555-0177" in ours
    assert ours.endswith("False")
    assert "LOCATION:We call you at +1 312-555-0177" in ours

    decide({"calls.phone": "customer"})
    theirs = texts()
    assert "Please call us at +13125550142" in theirs
    assert theirs.endswith("True")
