"""Pages of what is on offer and of the institution, without a browser."""

import asyncio

import pytest

from invo_booking.domain.appointment import Channel
from invo_booking.texts import say
from invo_booking.usecases.admin.catalogue import answers, queues
from invo_booking.usecases.appointment.drafts import AppointmentDraft
from invo_booking.usecases.slots import offers
from invo_booking.usecases.staff import appointments
from invo_booking.web.admin.answers.state import AnswersState
from invo_booking.web.admin.closures.state import ClosuresState
from invo_booking.web.admin.institution.state import InstitutionState
from invo_booking.web.admin.queues.languages_state import LanguagesState
from invo_booking.web.admin.queues.state import QueuesState
from tests.support.bank import PASSWORD, at

OPEN = ("open_page",)


def run(client, state, *events, at="/answers"):
    async def all_of_them():
        told = [await client.send(state, *event, at=at) for event in events]
        return await client.see(state), told[-1]

    return asyncio.run(all_of_them())


def answer_form(bank, **more):
    form = {
        "title": "Open an account",
        "description": "",
        "queue_id": str(bank.queue_id),
        "schedulable": "on",
        "duration_minutes": "45",
        "buffer_before_minutes": "0",
        "buffer_after_minutes": "5",
        "documents": "Photo ID\n\nProof of address",
        "language-en": "on",
        "channel-video": "on",
    }
    return form | more


def booked(bank, by, agent, start):
    draft = AppointmentDraft(
        queue_id=bank.queue_id,
        language="en",
        channel=Channel.VIDEO,
        starts_at=start,
        ends_at=start + (at(11) - at(10)),
        agent_id=agent.id,
        name="Rosa Delgado",
        email="rosa@example.com",
    )
    return appointments.create_appointment(bank.deps, by, draft)


def holder(bank, appointment):
    """Return who has an appointment by now."""
    with bank.deps.unit_of_work() as work:
        return work.appointments.get(appointment.id).agent_id


def test_a_filled_in_form_makes_an_answer_and_leads_back_to_the_list(bank, client):
    open_page, submit = OPEN, ("submit_form", answer_form(bank))

    state, told = run(client, AnswersState, open_page, submit, at="/answers?new=1")
    assert state.form.heading == "New Answer"
    assert "/answers" in str(told.args)

    state, _ = run(client, AnswersState, open_page)
    assert state.done == "“Open an account” is saved."
    assert [row.title for row in state.rows] == ["Mortgage advice", "Open an account"]
    assert state.rows[1].line == "Lending · 45 minutes"
    assert not state.is_editing


def test_what_is_wrong_is_told_beside_its_field(bank, client):
    wrong = answer_form(bank, title="", duration_minutes="soon")
    fixed = answer_form(bank, title="")

    state, _ = run(client, AnswersState, OPEN, ("submit_form", wrong))
    assert state.errors == {"duration_minutes": "Enter a whole number."}
    state, _ = run(client, AnswersState, ("submit_form", fixed))

    assert list(state.errors) == ["title"]
    assert state.problem == say("kit.put_right")


def test_an_answer_changed_meanwhile_is_shown_as_it_is_now(bank, grace, client):
    here = f"/answers?edit={bank.answer_id}"
    run(client, AnswersState, OPEN, at=here)
    with bank.deps.unit_of_work() as work:
        seen = work.roster.answers[bank.answer_id]
    draft = answers.AnswerDraft(
        title="Changed",
        queue_id=seen.queue_id,
        languages=seen.languages,
        channels=seen.channels,
    )
    answers.change_answer(bank.deps, grace, bank.answer_id, draft, version=1)

    state, _ = run(client, AnswersState, ("submit_form", answer_form(bank)), at=here)
    assert "Grace changed “Changed” in the meantime" in state.problem
    state, _ = run(client, AnswersState, ("reload_form",), at=here)

    assert (state.form.heading, state.form.version, state.problem) == ("Changed", 2, "")


def test_archiving_asks_first_and_can_be_taken_back(bank, client):
    here = f"/answers?edit={bank.answer_id}"

    state, _ = run(client, AnswersState, OPEN, ("ask_to_archive",), at=here)
    assert state.asks_to_archive
    run(client, AnswersState, ("archive_answer",), at=here)
    state, _ = run(client, AnswersState, OPEN)
    assert [row.title for row in state.archived] == ["Mortgage advice"]
    assert state.rows == []

    restored = ("restore_answer", str(bank.answer_id), 2)
    state, _ = run(client, AnswersState, restored)
    assert [row.title for row in state.rows] == ["Mortgage advice"]
    assert not state.rows[0].is_open


def test_answers_are_moved_up_and_down(bank, client):
    run(client, AnswersState, ("submit_form", answer_form(bank)), OPEN)
    state, _ = run(client, AnswersState, OPEN)
    last = state.rows[1].id

    state, _ = run(client, AnswersState, ("move_answer_up", last))
    assert state.rows[0].title == "Open an account"
    state, _ = run(
        client, AnswersState, ("move_answer_down", last), ("move_answer_down", last)
    )

    assert [row.id for row in state.rows][1] == last
    assert state.problem == ""


@pytest.mark.parametrize(
    "odd", ["", "x", "../", "00000000-0000-0000-0000-000000000009"]
)
def test_odd_ids_change_nothing(client, odd):
    events = [
        OPEN,
        ("move_answer_up", odd),
        ("restore_answer", odd, 1),
        ("archive_answer",),
    ]

    state, _ = run(client, AnswersState, *events, at=f"/answers?edit={odd}")

    assert [row.title for row in state.rows] == ["Mortgage advice"]
    assert not state.is_editing


def test_a_queue_is_saved_and_tells_who_serves_it(bank, client):
    bank.agent("Ana")
    here = f"/queues?edit={bank.queue_id}"
    form = {"name": "Loans", "active": "on", "assignment": "fewest"}

    run(client, QueuesState, OPEN, ("submit_form", form), at=here)
    state, _ = run(client, QueuesState, OPEN, at="/queues")

    assert state.done == "“Loans” is saved."
    assert state.rows[0].mode == "Round robin"
    assert state.rows[0].people == "Ana, Grace"


def test_a_queue_that_is_needed_cannot_be_switched_off(bank, client):
    here = f"/queues?edit={bank.queue_id}"

    state, _ = run(
        client, QueuesState, OPEN, ("submit_form", {"name": "Lending"}), at=here
    )

    assert "“Mortgage advice”" in state.errors["active"]


@pytest.mark.parametrize("decide", ["keep_affected", "hand_over_affected"])
def test_appointments_of_who_leaves_are_shown_before_it_is_saved(
    bank, grace, client, decide
):
    ana, ben = bank.agent("Ana"), bank.agent("Ben")
    made = booked(bank, grace, ana, at(10, days=1))
    here = f"/queues?edit={bank.queue_id}"
    stays = {f"person-{ben.id}": "on", f"person-{grace.id}": "on"}

    state, _ = run(client, QueuesState, OPEN, ("submit_people", stays), at=here)
    (shown,) = state.affected
    assert shown.who == "Rosa Delgado: Lending with Ana"
    assert "Ana does not serve Lending." in shown.why
    run(client, QueuesState, (decide,), at=here)

    with bank.deps.unit_of_work() as work:
        assert bank.queue_id not in work.roster.people[ana.id].queues
    left = holder(bank, made)
    assert left != ana.id, "who left keeps nothing"
    assert (left is None) is (decide == "keep_affected")


def test_going_back_leaves_the_queue_as_it_is(bank, grace, client):
    ana = bank.agent("Ana")
    booked(bank, grace, ana, at(10, days=1))
    here = f"/queues?edit={bank.queue_id}"

    events = [OPEN, ("submit_people", {}), ("close_affected",)]
    state, _ = run(client, QueuesState, *events, at=here)

    assert state.affected == []
    (lending,) = queues.queues_overview(bank.deps, grace).queues
    assert len(lending.people) == 2


def test_languages_are_added_renamed_and_removed(client):
    state, _ = run(
        client,
        LanguagesState,
        OPEN,
        ("add_language", {"code": "pl", "name": ""}),
        ("open_rename", "pl"),
        ("rename_language", {"new_name": "Polski"}),
        at="/queues",
    )
    assert [row.name for row in state.rows] == ["English", "Spanish", "Polski"]
    assert "pl" not in {option.value for option in state.to_add}

    state, _ = run(client, LanguagesState, ("remove_language", "en"), at="/queues")
    assert "still used by" in state.problem
    state, _ = run(client, LanguagesState, ("remove_language", "pl"), at="/queues")
    assert [row.code for row in state.rows] == ["en", "es"]


def test_a_name_that_is_taken_is_told_beside_its_field(client):
    state, _ = run(
        client,
        LanguagesState,
        OPEN,
        ("open_rename", "es"),
        ("rename_language", {"new_name": "english"}),
        at="/queues",
    )

    assert "already" in state.errors["new_name"]
    assert state.renaming == "es"


def details(**more):
    form = {
        "name": "First Bank",
        "tagline": "",
        "phone": "312 555 0142",
        "time_zone": "Chicago time",
        "country": "US",
    }
    return form | more


def test_details_are_saved_and_a_zone_is_found_by_its_place(bank, client):
    wanted = details(time_zone="berlin")

    state, _ = run(
        client, InstitutionState, OPEN, ("submit_form", wanted), at="/institution"
    )

    assert state.done == "The institution's details are saved."
    assert state.form.texts["time_zone"] == "Berlin time"
    assert offers.public_site(bank.deps).time_zone == "Europe/Berlin"


def test_a_zone_nobody_lives_in_is_refused_beside_its_field(client):
    wanted = details(time_zone="Atlantis")

    state, _ = run(
        client, InstitutionState, OPEN, ("submit_form", wanted), at="/institution"
    )

    assert list(state.errors) == ["time_zone"]


@pytest.mark.parametrize("decide", ["keep_affected", "hand_over_affected"])
def test_a_zone_that_displaces_is_saved_once_that_was_decided(
    bank, grace, client, decide
):
    ana = bank.agent("Ana")
    found = booked(bank, grace, ana, at(16, days=4))
    wanted = details(time_zone="Auckland time")
    events = OPEN, ("submit_form", wanted)

    state, _ = run(client, InstitutionState, *events, at="/institution")
    (shown,) = state.affected
    assert "weekend" in shown.why
    state, _ = run(client, InstitutionState, (decide,), at="/institution")

    assert state.form.texts["time_zone"] == "Auckland time"
    assert state.affected == []
    assert (holder(bank, found) == ana.id) is (decide == "keep_affected")


def test_days_are_closed_one_by_one_and_opened_again(client):
    wanted = {"day": "2026-12-31", "day_name": "Year's end"}

    state, _ = run(
        client, ClosuresState, OPEN, ("submit_form", wanted), at="/institution"
    )
    assert [(day.day, day.name) for day in state.days] == [("2026-12-31", "Year's end")]
    assert state.days[0].when == "Thursday, 31 December 2026"
    state, _ = run(
        client, ClosuresState, ("reopen_day", "2026-12-31"), at="/institution"
    )

    assert state.days == []


def test_public_holidays_are_looked_up_ticked_and_closed(client):
    state, _ = run(
        client,
        ClosuresState,
        OPEN,
        ("choose_country", "DE"),
        ("choose_part", "BY"),
        ("choose_year", "2027"),
        at="/institution",
    )
    epiphany = next(one for one in state.suggestions if one.name == "Epiphany")
    ticked = {epiphany.field: "on", "holiday-2027-01-02": "on"}
    state, _ = run(
        client, ClosuresState, ("submit_holidays", ticked), at="/institution"
    )

    assert [day.name for day in state.days] == ["Epiphany"]
    assert next(one for one in state.suggestions if one.name == "Epiphany").is_closed


@pytest.mark.parametrize("decide", ["keep_affected", "hand_over_affected"])
def test_appointments_on_a_day_to_close_are_decided_first(bank, grace, client, decide):
    ana = bank.agent("Ana")
    found = booked(bank, grace, ana, at(10, days=3))
    wanted = {"day": "2026-11-26", "day_name": "Thanksgiving"}

    state, _ = run(
        client, ClosuresState, OPEN, ("submit_form", wanted), at="/institution"
    )
    (shown,) = state.affected
    assert shown.instead
    assert state.days == []
    state, _ = run(client, ClosuresState, (decide,), at="/institution")

    assert [day.name for day in state.days] == ["Thanksgiving"]
    assert (holder(bank, found) == ana.id) is (decide == "keep_affected")


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (("submit_form", {"day": "soon", "day_name": "x"}), "day"),
        (("submit_form", {"day": "2026-12-31", "day_name": ""}), "day_name"),
        (("submit_form", {}), "holidays"),
        (("choose_country", "XX"), "calendar"),
        (("choose_year", "never"), "year"),
    ],
)
def test_what_cannot_be_closed_is_told_beside_its_field(client, event, field):
    state, _ = run(client, ClosuresState, OPEN, event, at="/institution")

    assert field in state.errors


@pytest.mark.parametrize(
    "state",
    [AnswersState, QueuesState, LanguagesState, InstitutionState, ClosuresState],
)
def test_a_manager_sees_nothing(bank, sign_in, state):
    client = sign_in(bank.manager(password=PASSWORD))

    _, told = run(client, state, OPEN)

    assert "/sign-in" in str(told.args) or "/dashboard" in str(told.args)
