"""Customers hear of facts of the institution that make an earlier mail wrong."""

from dataclasses import replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Channel
from invo_booking.settings import calls, general
from invo_booking.usecases.admin import institution, settings_saving
from invo_booking.usecases.admin.affected import AffectedAppointmentsError
from invo_booking.usecases.admin.catalogue import answers, branches
from invo_booking.usecases.admin.catalogue.answers import AnswerDraft
from invo_booking.usecases.admin.effects import Disposition, UndecidedError
from invo_booking.usecases.admin.institution import InstitutionDraft
from invo_booking.usecases.admin.settings_saving import SettingEdit
from invo_booking.usecases.appointment.drafts import AppointmentChange
from invo_booking.usecases.appointment.last_mailed import UNDO
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.upkeep import delivery
from tests.support.bank import ZONE, at
from tests.usecases.test_appointments import draft
from tests.usecases.test_branches import DRAFT as BRANCH

CUSTOMER_CALLS = {calls.PHONE_CALLER.key: SettingEdit(text="customer")}
WE_CALL = {calls.PHONE_CALLER.key: SettingEdit(text="bank")}
BANK = InstitutionDraft(
    name="Test Bank", phone="+1 312 555 0142", time_zone=ZONE, country="US"
)
HOURS = time(9), time(17)


@pytest.fixture
def ada(bank):
    """An administrator of a bank that customers may visit."""
    bank.offer_visits()
    return bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=())


@pytest.fixture
def ana(bank):
    return bank.agent("Ana", languages=("en", "es"))


@pytest.fixture
def make(bank, ada, ana, postbox):
    """Make an appointment of one channel; its customer was mailed it."""
    assert ada.administers
    max_ = bank.manager("Max", languages=())

    def make(channel, hour=10, **more):
        wanted = draft(bank, at(hour, days=1), channel=channel, agent_id=ana.id, **more)
        made = appointments.create_appointment(bank.deps, max_, wanted)
        delivery.deliver_due_mails(bank.deps)
        postbox.sent.clear()
        return made

    return make


def change_branch(bank, by, wanted, **more):
    return branches.change_branch(
        bank.deps, by, bank.branch_id, wanted, version=1, **more
    )


def shown(change, error=AffectedAppointmentsError):
    """Return the appointments that a change shows before it is saved."""
    with pytest.raises(error) as refused:
        change()
    return refused.value.affected


def keep(affected):
    return {it.id: Disposition.KEEP for it in affected}


def stored(bank, made):
    with bank.deps.unit_of_work() as work:
        return work.appointments.get(made.id)


def change_phone(bank, by, phone, **more):
    seen = institution.managed_institution(bank.deps, by).version
    wanted = replace(BANK, phone=phone)
    return institution.change_institution(bank.deps, by, wanted, version=seen, **more)


def test_customers_who_call_are_mailed_the_new_number_once_they_were_reviewed(
    bank, ada, make, news
):
    bank.set(calls.PHONE_CALLER, "customer")
    call = make(Channel.PHONE)
    make(Channel.VIDEO, 11, email="tom@example.com")
    make(Channel.BRANCH, 12, email="eva@example.com")

    affected = shown(lambda: change_phone(bank, ada, "+1 312 555 0177"))

    assert [it.id for it in affected] == [call.id]
    assert "Who calls whom, or the number, changes" in affected[0].why
    change_phone(bank, ada, "+1 312 555 0177", dispositions=keep(affected))
    (mail,) = news()
    assert (mail.to, mail.subject[:8]) == ("rosa@example.com", "Changed:")
    assert "Please call us at +1 312 555 0177" in mail.text
    assert "SEQUENCE:1" in mail.ics


def test_the_same_number_written_in_another_way_concerns_nobody(bank, ada, make, news):
    bank.set(calls.PHONE_CALLER, "customer")
    make(Channel.PHONE)

    change_phone(bank, ada, "(1) 312-555-0142")

    assert news() == []


def test_the_number_of_an_institution_that_calls_itself_concerns_nobody(
    bank, ada, make, news
):
    make(Channel.PHONE)

    change_phone(bank, ada, "+1 312 555 0177")

    assert news() == []


def test_who_calls_is_mailed_to_customers_of_phone_appointments(bank, ada, make, news):
    call = make(Channel.PHONE)
    make(Channel.VIDEO, 11, email="tom@example.com")

    def save(wanted, **more):
        settings_saving.save_settings(bank.deps, ada, wanted, **more)

    affected = shown(lambda: save(CUSTOMER_CALLS))
    with bank.deps.unit_of_work() as work:
        assert work.settings[calls.PHONE_CALLER] == "bank"
    save(CUSTOMER_CALLS, dispositions=keep(affected))

    assert [it.id for it in affected] == [call.id]
    (mail,) = news()
    assert "Please call us at" in mail.text
    assert [it.id for it in shown(lambda: save(WE_CALL))] == [call.id]


def test_undoing_and_resetting_a_setting_shows_them_too(bank, ada, make, news):
    bank.set(calls.PHONE_CALLER, "customer")
    call = make(Channel.PHONE)
    key = calls.PHONE_CALLER.key

    affected = shown(lambda: settings_saving.reset_setting(bank.deps, ada, key))
    settings_saving.reset_setting(bank.deps, ada, key, dispositions=keep(affected))
    with bank.deps.unit_of_work() as work:
        change = work.stored_settings.last_changes([key])[key]

    def undo(**more):
        settings_saving.undo_setting_change(bank.deps, ada, change.number, **more)

    undone = shown(undo)
    undo(dispositions=keep(undone))
    assert [it.id for it in (*affected, *undone)] == [call.id, call.id]
    (mail,) = news()
    assert "Please call us at" in mail.text


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"phone": "+13125550199"}, "+13125550199"),
        ({"directions": "Use the back door."}, "Use the back door."),
        ({"name": "Lake branch"}, "Lake branch"),
        ({"translations": {"es": {"name": "Sucursal"}}}, "Sucursal"),
        ({"translations": {"es": {"directions": "Por atrás"}}}, "Por atrás"),
    ],
)
def test_customers_are_mailed_how_to_find_their_branch(
    bank, ada, make, news, change, text
):
    visit = make(Channel.BRANCH, language="es")
    make(Channel.VIDEO, 11, email="tom@example.com")

    affected = shown(lambda: change_branch(bank, ada, replace(BRANCH, **change)))
    change_branch(bank, ada, replace(BRANCH, **change), dispositions=keep(affected))

    assert [it.id for it in affected] == [visit.id]
    assert text in news()[0].text


def test_texts_in_another_language_concern_only_who_reads_them(bank, ada, make, news):
    make(Channel.BRANCH, language="en")
    wanted = replace(BRANCH, translations={"es": {"name": "Sucursal"}})

    change_branch(bank, ada, wanted)

    assert news() == []


def test_first_coordinates_of_a_branch_make_no_mail_wrong(bank, ada, make, news):
    make(Channel.BRANCH)
    there = replace(BRANCH, latitude=41.9, longitude=-87.6)

    change_branch(bank, ada, there)

    assert news() == []
    elsewhere = replace(there, latitude=41.8)
    assert shown(
        lambda: branches.change_branch(
            bank.deps, ada, bank.branch_id, elsewhere, version=2
        )
    )


def test_customer_without_an_address_is_named_for_staff_to_tell(bank, ada, make, news):
    visit = make(Channel.BRANCH, email="", phone="+13125550111")
    wanted = replace(BRANCH, phone="+13125550199")

    (one,) = shown(lambda: change_branch(bank, ada, wanted))

    assert one.id == visit.id
    assert (one.is_mailed, one.kept) == (False, "It stays as it is.")
    assert one.mail.startswith("The customer has no e-mail address.")
    change_branch(bank, ada, wanted, dispositions=keep([one]))
    assert news() == []


def test_mail_about_a_branch_still_names_the_time_before_a_move(bank, ada, make, news):
    visit = make(Channel.BRANCH)
    there = AppointmentChange(starts_at=at(14, days=1), ends_at=at(14, 30, days=1))
    appointments.change_appointment(bank.deps, ada, visit.id, there)

    wanted = replace(BRANCH, street=("9 Pier Road",))
    change_branch(bank, ada, wanted, dispositions=keep([visit]))

    (mail,) = news()
    assert "9 Pier Road" in mail.text
    assert "Before" in mail.text
    assert "10:00" in mail.text.partition("Before")[2]


def test_move_that_is_undone_does_not_withdraw_the_mail_about_a_branch(
    bank, ada, make, news
):
    visit = make(Channel.BRANCH)
    wanted = replace(BRANCH, street=("9 Pier Road",))
    change_branch(bank, ada, wanted, dispositions=keep([visit]))
    there = AppointmentChange(starts_at=at(14, days=1), ends_at=at(14, 30, days=1))
    moved = appointments.change_appointment(bank.deps, ada, visit.id, there)
    back = AppointmentChange(starts_at=at(10, days=1), ends_at=at(10, 30, days=1))

    appointments.undo_change(bank.deps, ada, moved.id, back, version=moved.version)

    (mail,) = news()
    assert "9 Pier Road" in mail.text
    assert "Before" not in mail.text


def test_visit_is_agreed_on_the_corrected_clock_of_its_branch(bank, ada, make):
    visit = make(Channel.BRANCH)
    wanted = replace(BRANCH, time_zone="America/Denver")

    change_branch(bank, ada, wanted, dispositions=keep([visit]))

    with bank.deps.unit_of_work() as work:
        (agreed,) = work.wall_times.ahead(bank.clock())
    assert agreed.wall_zone == "America/Denver"
    assert agreed.by_todays_rules(ZoneInfo("UTC")) == visit.starts_at


def test_new_address_and_shorter_hours_leave_the_choice_to_hand_over(bank, ada, make):
    visit = make(Channel.BRANCH)
    late = tuple((day, time(11), time(17)) for day in range(5))
    wanted = replace(BRANCH, street=("9 Pier Road",), opening_hours=late)

    (one,) = shown(lambda: change_branch(bank, ada, wanted), UndecidedError)

    assert one.id == visit.id
    assert "outside the opening hours" in one.why
    assert "way to find Main branch changes" in one.why
    assert one.instead
    assert one.is_mailed


def test_customers_are_mailed_where_they_join_once_their_topic_has_no_room(
    bank, ada, make, news
):
    call = make(Channel.VIDEO)
    without = {calls.ROOM.key: SettingEdit(text=None)}

    affected = shown(lambda: settings_saving.save_settings(bank.deps, ada, without))
    settings_saving.save_settings(bank.deps, ada, without, dispositions=keep(affected))
    wanted = AnswerDraft(
        title="Mortgage advice",
        queue_id=bank.queue_id,
        languages=["en", "es"],
        channels=list(Channel),
        room="https://other.example/{appointment}",
    )

    def give_room(**more):
        answers.change_answer(bank.deps, ada, bank.answer_id, wanted, version=1, **more)

    again = shown(give_room)
    give_room(dispositions=keep(again))

    assert [it.id for it in (*affected, *again)] == [call.id, call.id]
    (mail,) = news()  # the first one waited, and was replaced
    assert "You join it from your appointment page." in mail.text
    assert stored(bank, call).sequence == 2


def test_mail_that_is_outdated_is_announced_and_leaves_nothing_to_hand_over(
    bank, ada, make, news
):
    visit = make(Channel.BRANCH)
    make(Channel.BRANCH, 12, email="", phone="+13125550111")
    wanted = replace(BRANCH, street=("9 Pier Road",))

    with pytest.raises(AffectedAppointmentsError) as refused:
        change_branch(bank, ada, wanted)

    affected = refused.value.affected
    assert "mails the new details of 1 appointment" in str(refused.value)
    assert [(it.is_mailed, it.can_be_reassigned) for it in affected] == [
        (True, False),
        (False, False),
    ]
    assert affected[0].mail == "Saving mails the customer the new details."
    moves = keep(affected) | {visit.id: Disposition.REASSIGN}
    again = shown(lambda: change_branch(bank, ada, wanted, dispositions=moves))
    assert again == affected
    assert news() == []


def test_first_phone_number_and_directions_of_a_branch_concern_nobody(
    bank, ada, make, news
):
    make(Channel.BRANCH)
    without = replace(BRANCH, phone="", directions="")
    affected = shown(lambda: change_branch(bank, ada, without))
    change_branch(bank, ada, without, dispositions=keep(affected))
    news().clear()

    branches.change_branch(bank.deps, ada, bank.branch_id, BRANCH, version=2)

    assert news() == []


def test_other_settings_concern_nobody(bank, ada, make, news):
    make(Channel.PHONE)

    settings_saving.save_settings(
        bank.deps, ada, {general.MOST_PER_DAY.key: SettingEdit(text="7")}
    )

    assert news() == []
    assert timedelta() < UNDO
