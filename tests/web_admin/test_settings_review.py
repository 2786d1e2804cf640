"""Settings that concern appointments are saved once these were reviewed."""

from datetime import time as clock_time

import pytest

from invo_booking.domain.appointment import Channel
from invo_booking.persistence.tables.core import WorkingHoursRow
from invo_booking.settings import calls, time
from invo_booking.settings.spec import Page
from invo_booking.usecases.staff import appointments
from invo_booking.web.admin.settings.history_state import SettingHistoryState
from tests.support.bank import at
from tests.usecases.test_appointments import draft
from tests.web_admin.test_settings_pages import Desk
from tests.web_staff.conftest import run

WHO_CALLS = calls.PHONE_CALLER
WEEKEND = time.WEEKENDS_OFF
MORNING, EVENING = clock_time(9), clock_time(17)


@pytest.fixture
def call(bank, grace):
    """A phone appointment with Ana."""
    assert grace.administers
    ana, max_ = bank.agent("Ana"), bank.manager("Max", languages=())
    wanted = draft(bank, at(10, days=1), channel=Channel.PHONE, agent_id=ana.id)
    return appointments.create_appointment(bank.deps, max_, wanted)


@pytest.fixture
def desk(sign_in, grace):
    return Desk(sign_in(grace), Page.CALLS)


def stored(bank, setting):
    with bank.deps.unit_of_work() as work:
        return work.settings[setting]


def choose(desk, value):
    desk.do("edit_setting", WHO_CALLS.key, value)
    desk.do("save_changes")


def test_calls_are_shown_before_it_is_saved_who_calls(bank, desk, call):
    choose(desk, "customer")

    (shown,) = desk.page.affected
    assert shown.id == str(call.id)
    assert "Who calls whom, or the number, changes" in shown.why
    assert (stored(bank, WHO_CALLS), desk.page.problem) == ("bank", "")

    desk.do("keep_affected")
    assert (stored(bank, WHO_CALLS), desk.page.affected) == ("customer", [])
    assert desk.page.done


def test_review_says_whom_saving_mails_and_offers_nothing_to_hand_over(
    bank, desk, call
):
    choose(desk, "customer")

    (shown,), review = desk.page.affected, desk.page.affected_review
    assert (shown.instead, shown.kept) == ("", "It stays as it is.")
    assert shown.mail == "Saving mails the customer the new details."
    assert (review.can_hand_over, review.save) == (False, "Save and mail the customers")
    assert review.mails.startswith("Saving mails the new details of 1 appointment")
    desk.do("hand_over_affected")  # as a program might; there is nothing to hand over
    assert stored(bank, WHO_CALLS) == "customer"
    assert call.is_live


def test_going_back_keeps_what_was_typed_and_saves_nothing(bank, desk, call):
    assert call.is_live
    choose(desk, "customer")

    desk.do("close_affected")
    desk.do("keep_affected")

    assert stored(bank, WHO_CALLS) == "bank"
    assert (desk.page.affected, desk.page.count) == ([], 1)


def test_undoing_and_going_back_in_history_show_them_too(bank, desk, call):
    choose(desk, "customer")
    desk.do("keep_affected")

    desk.do("undo_save")
    assert [it.id for it in desk.page.affected] == [str(call.id)]
    desk.do("keep_affected")
    assert stored(bank, WHO_CALLS) == "bank"

    def history(name, *arguments):
        run(desk.client.send(SettingHistoryState, name, *arguments, at=desk.at))

    history("open_history", WHO_CALLS.key)
    with bank.deps.unit_of_work() as work:
        number = work.stored_settings.last_changes([WHO_CALLS.key])[
            WHO_CALLS.key
        ].number
    history("restore_value", number)
    assert [it.id for it in desk.page.affected] == [str(call.id)]
    desk.do("keep_affected")
    assert stored(bank, WHO_CALLS) == "customer"


def test_weekends_off_shows_the_appointments_on_weekends(bank, sign_in, grace):
    bank.set(WEEKEND, "off")
    max_ = bank.manager("Max")
    with bank.deps.unit_of_work() as work:
        work.session.add(
            WorkingHoursRow(
                person_id=max_.id, weekday=5, starts_time=MORNING, ends_time=EVENING
            )
        )
        work.publish_roster_change()
    late = draft(bank, at(10, days=5))
    booked = appointments.create_appointment(bank.deps, max_, late)
    desk = Desk(sign_in(grace), Page.TIME)

    desk.do("switch_setting", WEEKEND.key, True)
    desk.do("save_changes")

    assert [it.id for it in desk.page.affected] == [str(booked.id)]
    review = desk.page.affected_review
    assert (review.can_hand_over, review.mails, review.save) == (True, "", "Save")
    desk.do("hand_over_affected")
    assert stored(bank, WEEKEND)
