"""The address of a room in the form of an Answer."""

from invo_booking.web.admin.answers.state import AnswersState
from tests.web_admin.test_catalogue_pages import OPEN, answer_form, run


def test_room_of_an_answer_is_checked_and_shown_with_an_example(bank, client):
    here, typed = f"/answers?edit={bank.answer_id}", answer_form(bank)
    events = (OPEN, ("submit_form", typed | {"room": "https://a:b@meet.example/x"}))
    state, _ = run(client, AnswersState, *events, at=here)
    assert state.errors == {
        "room": "Leave out the user name and password before the @."
    }

    room = "https://meet.bank.example/{appointment}"
    run(client, AnswersState, ("submit_form", typed | {"room": room}), at=here)
    state, _ = run(client, AnswersState, OPEN, at=here)
    assert state.form.texts["room"] == room
    assert state.form.room_example.startswith(
        "Customers join at https://meet.bank.example/"
    )
