"""Texts in other languages on the page of Answers, without a browser."""

import asyncio

import pytest

from invo_booking.web.admin.answers.state import AnswersState


@pytest.fixture
def client(grace, sign_in):
    return sign_in(grace)


def run(client, *events, at):
    async def all_of_them():
        for event in events:
            await client.send(AnswersState, *event, at=at)
        return await client.see(AnswersState)

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

    assert state.form.translations["title-es"] == "Abrir una cuenta"
    assert state.form.translations["documents-es"] == "Pasaporte\nComprobante"
    assert state.form.translations["title-pl"] == ""
    (row,) = state.rows
    assert "Français, Polski" in row.untranslated
