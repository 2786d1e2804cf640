"""Many customers at one moment, through the real web process."""

from collections import Counter

import pytest

from tests.support.callers import (
    Form,
    booked_ids,
    codes,
    statuses,
    submit_all_at_once,
    working_starts,
)
from tests.support.invariants import check

CUSTOMERS = 200


@pytest.mark.parametrize("agents", [1, 5])
def test_of_200_customers_on_one_slot_as_many_get_it_as_agents_are_free(
    house, today_bank, database_url, agents
):
    for number in range(agents):
        today_bank.agent(f"Agent{number}")
    house.start_web()
    slot = working_starts(1)[4]
    forms = [Form(str(today_bank.answer_id), slot) for _ in range(CUSTOMERS)]

    answers = submit_all_at_once(house.url, forms)

    refused = CUSTOMERS - agents
    assert Counter(it.status_code for it in answers) == {201: agents, 409: refused}
    assert codes(answers) == {"slot_taken"}
    assert all(it.json()["nearest"] for it in answers if it.status_code == 409)
    check(database_url, booked_ids(answers))


def test_two_customers_race_for_each_of_many_slots_and_one_gets_each(
    house, today_bank, database_url
):
    today_bank.agent()
    house.start_web()
    starts = working_starts(3)[::2]
    forms = [
        Form(str(today_bank.answer_id), start) for start in starts for _ in range(2)
    ]

    answers = submit_all_at_once(house.url, forms)

    won = Counter(it.json()["starts_at"] for it in answers if it.status_code == 201)
    assert statuses(answers) == [201] * len(starts) + [409] * len(starts)
    assert set(won.values()) == {1}
    check(database_url, booked_ids(answers))


def test_one_form_sent_twenty_times_at_once_is_one_appointment(
    house, today_bank, database_url
):
    today_bank.agent("Ana")
    today_bank.agent("Ben")
    house.start_web()
    form = Form(str(today_bank.answer_id), working_starts(1)[4])

    answers = submit_all_at_once(house.url, [form] * 20)

    assert statuses(answers) == [201] * 20
    assert len({it.text for it in answers}) == 1
    check(database_url, booked_ids(answers))


def test_one_key_with_other_data_at_once_books_once_and_is_refused_else(
    house, today_bank, database_url
):
    """Different days have different locks, so the key alone must keep them apart."""
    today_bank.agent()
    house.start_web()
    forms = [
        Form(str(today_bank.answer_id), start, key="one-key-for-all")
        for start in working_starts(10)[4::16]
    ]

    answers = submit_all_at_once(house.url, forms)

    assert statuses(answers) == [201] + [409] * (len(forms) - 1)
    assert codes(answers) == {"idempotency_mismatch"}
    check(database_url, booked_ids(answers))
