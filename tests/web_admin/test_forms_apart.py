"""Forms that are on one page are filled in again by their own buttons only."""

import asyncio

from invo_booking.web.admin.closures.state import ClosuresState
from invo_booking.web.admin.people.week_state import WeekState
from invo_booking.web.admin.queues.languages_state import LanguagesState
from tests.web_admin.test_catalogue_pages import OPEN, run


def test_saving_a_day_leaves_the_ticked_holidays_and_the_other_way_round(client):
    day = {"day": "2026-12-30", "day_name": "Inventory"}
    before, _ = run(client, ClosuresState, OPEN, at="/institution")
    ticked = {before.suggestions[-1].field: "on"}

    state, _ = run(client, ClosuresState, ("submit_form", day), at="/institution")
    assert state.done
    assert (state.form.key, state.holidays_key) == ("1", "0")

    state, _ = run(
        client, ClosuresState, ("submit_holidays", ticked), at="/institution"
    )
    assert state.done
    assert (state.form.key, state.holidays_key) == ("1", "1")


def test_removing_a_language_leaves_the_form_that_adds_one(client):
    added = {"code": "de", "name": "", "submit_key": ""}
    state, _ = run(client, LanguagesState, OPEN, ("add_language", added), at="/queues")
    key = state.key
    assert key != "0"

    state, _ = run(client, LanguagesState, ("remove_language", "de"), at="/queues")

    assert state.done == "The language is no longer offered."
    assert state.key == key


def test_removing_a_date_leaves_the_forms_that_add_one(client):
    here = "/people?new=1"
    date = {"day": "2026-12-30", "kind": "off", "begins": "", "ends": ""}
    asyncio.run(client.open(at=here))

    state, _ = run(client, WeekState, ("add_exception", date), at=here)
    assert (len(state.offs), state.days_added, state.offs_added) == (1, 1, 0)

    state, _ = run(client, WeekState, ("remove_exception", state.offs[0].key), at=here)
    assert (len(state.offs), state.days_added, state.offs_added) == (0, 1, 0)
