"""Who signs in and out and reads what, in the audit trail; customers by id only."""

import json
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from invo_booking.domain.access.caller import Caller, Interface
from invo_booking.domain.access.roles import Role
from invo_booking.domain.audit import AuditQuery
from invo_booking.persistence.audit.entries import AuditEntry
from invo_booking.usecases.accounts import profile, sessions
from invo_booking.usecases.admin import audit_log
from invo_booking.usecases.admin.settings_saving import SettingEdit as SettingChange
from invo_booking.usecases.admin.settings_saving import save_settings
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.booking import booking, lateness, manage
from invo_booking.usecases.shared import refusals
from invo_booking.usecases.shared.links import hash_secret
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.staff.detail import SAME_READING, appointment_detail
from invo_booking.usecases.upkeep import audit_seals, periodic
from tests.support.audit_words import words_of_customers
from tests.support.bank import at, confirm

PASSWORD = "correct horse battery"
CANARY = "quokka"
NUMBER, ADDRESS = "+13125550142", "198.51.100.77"


@pytest.fixture
def ada(bank):
    return bank.agent("Ada", roles=(Role.ADMINISTRATOR,), password=PASSWORD)


def booked(bank, hour, **words):
    return booking.request_appointment(
        bank.deps, bank.request(at(hour), **words), idempotency_key=str(uuid4())
    )


def actions(deps, actor, **query):
    found = audit_log.read_audit_page(deps, actor, AuditQuery(**query)).entries
    return [(it.action, it.object_kind, it.actor_id) for it in reversed(found)]


def test_reading_a_customers_details_is_one_entry_in_fifteen_minutes(
    bank, deps, ada, clock
):
    bank.agent()
    wanted = booked(bank, 10).appointment.id

    for _ in range(3):
        appointment_detail(deps, ada, wanted)
    clock.advance(SAME_READING)
    shown = appointment_detail(deps, ada, wanted)

    read = [("read", "customer details", ada.id)] * 2
    assert actions(deps, ada, action="read") == read
    assert [line.action for line in shown.history] == ["requested"]


def test_two_people_reading_the_same_are_two_entries(bank, deps, ada):
    ana = bank.agent("Ana")
    wanted = booked(bank, 10).appointment.id

    for actor in (ada, ana):
        appointment_detail(deps, actor, wanted)

    assert {who for _, _, who in actions(deps, ada, action="read")} == {ada.id, ana.id}


def test_reading_does_not_stand_in_the_way_of_an_undo(bank, deps):
    ana = bank.agent("Ana")
    wanted = booked(bank, 10).appointment.id
    appointments.take_appointment(deps, ana, wanted)
    appointment_detail(deps, ana, wanted)

    given_back = appointments.give_back_appointment(deps, ana, wanted)

    assert given_back.agent_id is None


def test_signing_in_and_out_are_entries_with_the_address(deps, ada):
    caller = Caller(interface=Interface.PAGE, address=ADDRESS, request_id="r7")
    here = deps.for_caller(caller)

    token = sessions.sign_in(here, ada.email, PASSWORD).token
    profile.sign_out_others(here, ada, hash_secret(token))
    sessions.sign_out(here, token)
    sessions.sign_out(here, token)

    found = audit_log.read_audit_page(deps, ada, AuditQuery(actor_id=ada.id)).entries
    assert [it.action for it in reversed(found)] == [
        "signed in",
        "signed out elsewhere",
        "signed out",
    ]
    assert {(it.interface, it.address, it.request_id) for it in found} == {
        ("page", ADDRESS, "r7")
    }


def test_signing_out_one_other_browser_is_an_entry(deps, ada):
    here, _ = (sessions.sign_in(deps, ada.email, PASSWORD).token for _ in range(2))
    browsers = profile.own_profile(deps, ada, hash_secret(here)).browsers
    (other,) = (it.key for it in browsers if not it.is_this)

    profile.sign_out_browser(deps, ada, other)

    assert len(actions(deps, ada, action="signed out elsewhere")) == 1


def test_session_that_ended_by_itself_is_not_signed_out(deps, ada, clock):
    token = sessions.sign_in(deps, ada.email, PASSWORD).token
    clock.advance(timedelta(days=2))
    periodic.seal_and_forget(deps)

    sessions.sign_out(deps, token)

    assert actions(deps, ada, action="signed out") == []


def test_brief_list_leaves_out_sign_ins_and_reading(bank, deps, ada):
    bank.agent()
    wanted = booked(bank, 10).appointment.id
    sessions.sign_in(deps, ada.email, PASSWORD)
    appointment_detail(deps, ada, wanted)

    told = [action for action, _, _ in actions(deps, ada, is_brief=True)]

    assert told == ["requested"]


def test_entries_of_one_person_are_found_whoever_shares_the_name(bank, deps, ada):
    namesake = replace(bank.agent("Eva"), name="Ada")
    for actor in (ada, namesake):
        refusals.record_refusal(deps, actor, "PUT /settings")

    assert actions(deps, ada, actor_id=namesake.id) == [
        ("refused", "request", namesake.id)
    ]


def test_people_who_share_a_name_are_told_apart_by_their_address(bank, deps, ada):
    eva = bank.agent("Eva")
    with deps.unit_of_work() as work:
        work.session.connection().execute(
            text("UPDATE person SET name = 'Ada' WHERE id = :id"), {"id": eva.id}
        )
        work.publish_roster_change()

    page = audit_log.read_audit_page(deps, ada, AuditQuery())

    assert page.namesakes == {
        ada.id: "ada@bank.example",
        eva.id: "eva@bank.example",
    }


def test_changed_setting_is_called_by_its_label(deps, ada):
    save_settings(deps, ada, {"general.public_scheduling": SettingChange(text="off")})

    page = audit_log.read_audit_page(deps, ada, AuditQuery())

    (entry,) = page.entries
    assert page.names[entry.object_id] == "Allow public user to schedule a call"
    assert set(entry.detail) == {"before", "after"}


def test_word_of_a_customer_in_the_trail_fails_whatever_test_wrote_it(bank, deps):
    bank.agent()
    found = booked(bank, 10).appointment
    thing = ("appointment", str(found.id))
    with deps.unit_of_work() as work:
        detail = {"to": found.customer.email}
        work.audit.add(AuditEntry.by("system", "mailed", thing, deps.now(), detail))

    told = words_of_customers(deps.config.database_url)

    with deps.unit_of_work() as work:
        connection = work.session.connection()
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("DELETE FROM audit"))
    assert told == [(found.customer.email, "mailed", "appointment")]


def test_nothing_a_customer_typed_or_came_from_is_sealed(bank, deps, ada):
    """Every use case that writes entries, with a canary in all that customers give."""
    ana = bank.agent("Ana")
    theirs = deps.for_caller(Caller(interface=Interface.PAGE, address=ADDRESS))
    bank.deps = theirs
    words = {
        "name": f"{CANARY} Smith",
        "email": f"{CANARY}@mail.example",
        "phone": NUMBER,
        "notes": f"my {CANARY}",
    }
    tokens = [booked(bank, hour, **words) for hour in (10, 11)]
    for it in tokens:
        confirm(theirs, it.token)
    bank.clock.now = at(9, 30)
    lateness.report_late(theirs, tokens[0].token)
    lateness.withdraw_late_report(theirs, tokens[0].token)
    manage.reschedule_by_link(theirs, tokens[0].token, at(14))
    manage.cancel_by_link(theirs, tokens[0].token, f"because of {CANARY}")
    wanted = tokens[1].appointment.id
    appointments.take_appointment(deps, ana, wanted)
    corrected = AppointmentChange(name=f"{CANARY} Jones", notes=f"no {CANARY}")
    appointments.change_appointment(deps, ada, wanted, corrected)
    appointment_detail(deps, ada, wanted)
    appointments.cancel_appointment(deps, ada, wanted, f"{CANARY} called")
    query = AuditQuery(actor=CANARY, object_id=CANARY, action=CANARY)
    list(audit_log.export_audit_log(deps, ada, query))
    audit_seals.seal_audit_entries(deps)

    with deps.unit_of_work() as work:
        rows = work.session.connection().execute(
            text("SELECT to_jsonb(audit) FROM audit")
        )
        sealed = [json.dumps(row[0]) for row in rows]
    assert len(sealed) > 10
    found = [
        it for it in sealed for planted in (CANARY, NUMBER, ADDRESS) if planted in it
    ]
    assert found == []
