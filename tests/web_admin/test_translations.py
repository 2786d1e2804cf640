"""Texts in other languages on the page of Answers, without a browser."""

import asyncio

from invo_booking.web.admin.answers.state import AnswersState
from invo_booking.web.admin.branches.state import BranchesState
from invo_booking.web.admin.queues.state import QueuesState


def run(client, *events, at, state=AnswersState):
    async def all_of_them():
        for event in events:
            await client.send(state, *event, at=at)
        return await client.see(state)

    return asyncio.run(all_of_them())


def test_texts_in_other_languages_are_typed_kept_and_missed_where_there_are_none(
    bank, client
):
    here = f"/answers?edit={bank.answer_id}"
    typed = {
        "title": "Open an account",
        "queue_id": str(bank.queue_id),
        "schedulable": "on",
        "language-en": "on",
        "channel-video": "on",
        "title-es": "Abrir una cuenta",
        "documents-es": "Pasaporte\nComprobante",
    }

    run(client, ("open_page",), ("submit_form", typed), at=here)
    state = run(client, ("open_page",), at=here)

    assert state.form.texts["title-es"] == "Abrir una cuenta"
    assert state.form.texts["documents-es"] == "Pasaporte\nComprobante"
    assert state.form.texts["title-pl"] == ""
    (row,) = state.rows
    assert "Français, Polski" in row.untranslated


def test_branch_has_name_and_directions_in_other_languages(bank, client):
    here = f"/branches?edit={bank.branch_id}"
    typed = {
        "name": "Main branch",
        "street": "120 Harbor Street",
        "town": "Chicago",
        "country": "US",
        "time_zone": "America/Chicago",
        "directions": "By the lake.",
        "active": "on",
        "name-es": "Sucursal central",
        "directions-es": "Junto al lago.",
    }

    form = run(
        client, ("open_page",), ("submit_form", typed), at=here, state=BranchesState
    )
    assert (form.errors, form.problem) == ({}, "")
    state = run(client, ("open_page",), at=here, state=BranchesState)

    assert state.form.texts["name-es"] == "Sucursal central"
    assert state.form.texts["directions-es"] == "Junto al lago."
    (row,) = state.rows
    assert row.untranslated == "Directions only in English for: Fran\u00e7ais, Polski"


def test_queue_has_its_name_in_other_languages(bank, client):
    here = f"/queues?edit={bank.queue_id}"
    typed = {"name": "Home lending", "active": "on", "name-pl": "Kredyty"}

    run(client, ("open_page",), ("submit_form", typed), at=here, state=QueuesState)
    state = run(client, ("open_page",), at=here, state=QueuesState)

    assert state.form.texts["name-pl"] == "Kredyty"
    (row,) = state.rows
    assert row.untranslated == "Espa\u00f1ol, Fran\u00e7ais"
