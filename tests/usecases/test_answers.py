"""What administrators do with Answers, on a real database."""

from dataclasses import replace
from uuid import uuid4

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Channel
from invo_booking.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from invo_booking.usecases.admin.catalogue import answers
from invo_booking.usecases.admin.catalogue.answers import AnswerDraft
from invo_booking.usecases.booking import booking
from invo_booking.usecases.slots import offers
from invo_booking.usecases.staff.calendar import staff_catalogue as catalogue_of
from tests.support.bank import at

NOBODY = uuid4()


@pytest.fixture
def draft(bank):
    return AnswerDraft(
        title="Open an account",
        description="Become a member.",
        queue_id=bank.queue_id,
        duration_minutes=45,
        buffer_after_minutes=5,
        languages=("es", "en"),
        channels=(Channel.BRANCH, Channel.VIDEO),
        documents=("Photo ID", "", "Photo ID", "Proof of address"),
    )


def trail_of(deps, object_id):
    with deps.unit_of_work() as work:
        return work.audit.history(str(object_id))


def public_titles(deps):
    return [answer.title for answer in offers.public_site(deps).answers]


def test_a_new_answer_is_on_offer_at_once_at_the_end_of_the_list(deps, ada, draft):
    made = answers.create_answer(deps, ada, draft)

    assert public_titles(deps) == ["Mortgage advice", "Open an account"]
    assert made.languages == ("en", "es")
    assert made.channels == (Channel.VIDEO, Channel.BRANCH)
    assert made.documents == ("Photo ID", "Proof of address")


def test_a_change_is_obeyed_by_the_next_booking(deps, bank, ada, draft):
    wanted = replace(draft, title="Advice", duration_minutes=60)

    answers.change_answer(deps, ada, bank.answer_id, wanted, version=1)
    booked = booking.request_appointment(
        deps, bank.request(at(10, days=1)), idempotency_key="k" * 22
    )

    assert booked.appointment.title == "Advice"
    assert booked.appointment.ends_at == at(11, days=1)


def test_without_a_duration_the_institutions_default_applies(deps, bank, ada, draft):
    wanted = replace(draft, duration_minutes=None)

    answers.change_answer(deps, ada, bank.answer_id, wanted, version=1)

    (option,) = offers.public_site(deps).answers
    assert option.duration_minutes == 30


def test_an_archived_answer_is_gone_and_its_appointments_keep_their_title(
    deps, bank, ada
):
    booked = booking.request_appointment(
        deps, bank.request(at(10, days=1)), idempotency_key="k" * 22
    )

    answers.archive_answer(deps, ada, bank.answer_id, version=1)

    assert public_titles(deps) == []
    with deps.unit_of_work() as work:
        kept = work.appointments.get(booked.appointment.id)
    assert kept.title == "Mortgage advice"
    (managed,) = answers.answers_overview(deps, ada).answers
    assert (managed.answer.archived, managed.live) == (True, 1)


def test_a_restored_answer_waits_to_be_made_schedulable(deps, bank, ada, draft):
    answers.create_answer(deps, ada, draft)
    answers.archive_answer(deps, ada, bank.answer_id, version=1)

    answers.restore_answer(deps, ada, bank.answer_id, version=2)

    desk = answers.answers_overview(deps, ada)
    assert [one.answer.title for one in desk.answers] == [
        "Open an account",
        "Mortgage advice",
    ]
    assert not desk.answers[1].answer.schedulable
    assert public_titles(deps) == ["Open an account"]


def test_new_and_restored_answers_come_last_whatever_was_archived_before(
    deps, bank, ada, draft
):
    second = answers.create_answer(deps, ada, draft)
    answers.create_answer(deps, ada, replace(draft, title="Third"))
    answers.archive_answer(deps, ada, bank.answer_id, version=1)
    answers.archive_answer(deps, ada, second.id, version=1)

    answers.create_answer(deps, ada, replace(draft, title="A fourth"))
    answers.restore_answer(deps, ada, bank.answer_id, version=2)

    listed = [it.answer for it in answers.answers_overview(deps, ada).answers]
    assert [it.title for it in listed if not it.archived] == [
        "Third",
        "A fourth",
        "Mortgage advice",
    ]


def test_a_title_in_use_again_cannot_be_restored(deps, bank, ada, draft):
    answers.archive_answer(deps, ada, bank.answer_id, version=1)
    answers.create_answer(deps, ada, replace(draft, title="mortgage ADVICE"))

    with pytest.raises(InvalidInputError) as refused:
        answers.restore_answer(deps, ada, bank.answer_id, version=2)

    assert "already" in refused.value.fields["title"]


def test_of_two_administrators_the_second_is_told_and_nothing_is_lost(
    deps, bank, ada, draft
):
    eve = bank.agent("Eve", roles=(Role.ADMINISTRATOR,))
    answers.change_answer(deps, ada, bank.answer_id, draft, version=1)

    with pytest.raises(ConflictError, match="Ada changed"):
        answers.change_answer(
            deps, eve, bank.answer_id, replace(draft, title="Other"), version=1
        )
    with pytest.raises(ConflictError, match="Ada changed"):
        answers.archive_answer(deps, eve, bank.answer_id, version=1)

    assert public_titles(deps) == ["Open an account"]


def test_saving_what_is_there_changes_nothing(deps, bank, ada, draft):
    changed = answers.change_answer(deps, ada, bank.answer_id, draft, version=1)

    again = answers.change_answer(deps, ada, bank.answer_id, draft, version=2)

    assert again == changed
    assert len(trail_of(deps, bank.answer_id)) == 1


def test_the_trail_tells_what_was_before_and_after(deps, bank, ada, draft):
    answers.change_answer(deps, ada, bank.answer_id, draft, version=1)

    (entry,) = trail_of(deps, bank.answer_id)
    assert (entry.actor, entry.action) == ("Ada", "changed")
    assert entry.detail["before"]["title"] == "Mortgage advice"
    assert entry.detail["after"]["title"] == "Open an account"
    assert "queue_id" not in entry.detail["after"]


def test_order_is_the_order_customers_read(deps, bank, ada, draft):
    made = answers.create_answer(deps, ada, draft)

    answers.arrange_answers(
        deps, ada, [made.id, bank.answer_id], seen=[bank.answer_id, made.id]
    )

    assert public_titles(deps) == ["Open an account", "Mortgage advice"]


@pytest.mark.parametrize("order", ["missing", "old"])
def test_an_order_made_from_an_old_list_is_refused(deps, bank, ada, draft, order):
    made = answers.create_answer(deps, ada, draft)
    seen = {"missing": [bank.answer_id], "old": [made.id, bank.answer_id]}[order]

    with pytest.raises(ConflictError):
        answers.arrange_answers(deps, ada, seen, seen=seen)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 121),
        ("title", "Mortgage advice"),
        ("title", "a\0b"),
        ("description", "x" * 501),
        ("queue_id", NOBODY),
        ("duration_minutes", 0),
        ("duration_minutes", 481),
        ("buffer_before_minutes", -1),
        ("buffer_after_minutes", 241),
        ("languages", ()),
        ("languages", ("tlh",)),
        ("channels", ()),
        ("documents", ("x" * 121,)),
        ("documents", tuple(f"Paper {n}" for n in range(13))),
    ],
)
def test_what_cannot_be_used_is_refused_beside_its_field(
    deps, ada, draft, field, value
):
    with pytest.raises(InvalidInputError) as refused:
        answers.create_answer(deps, ada, replace(draft, **{field: value}))

    assert list(refused.value.fields) == [field]
    assert public_titles(deps) == ["Mortgage advice"]


def test_languages_nobody_serves_are_named(deps, bank, ada):
    bank.agent("Ana", languages=("en",))

    (managed,) = answers.answers_overview(deps, ada).answers

    assert managed.unserved == ("Spanish",)


def test_what_is_not_there_cannot_be_changed(deps, ada, draft):
    with pytest.raises(NotFoundError):
        answers.change_answer(deps, ada, NOBODY, draft, version=1)


@pytest.mark.parametrize("role", [Role.AGENT, Role.BOOKING_MANAGER, Role.MANAGER])
def test_only_administrators_may(deps, bank, draft, role):
    actor = bank.agent("Mo", roles=(role,))

    for ask in (
        lambda: answers.answers_overview(deps, actor),
        lambda: answers.create_answer(deps, actor, draft),
        lambda: answers.change_answer(deps, actor, bank.answer_id, draft, version=1),
        lambda: answers.archive_answer(deps, actor, bank.answer_id, version=1),
        lambda: answers.restore_answer(deps, actor, bank.answer_id, version=1),
        lambda: answers.arrange_answers(deps, actor, [], seen=[]),
    ):
        with pytest.raises(NotAllowedError):
            ask()


def test_staff_make_appointments_of_a_topic_that_customers_cannot_book(
    deps, bank, ada, draft
):
    bank.agent("Ana", languages=("en", "es"))
    made = answers.create_answer(deps, ada, replace(draft, schedulable=False))

    catalogue = catalogue_of(deps, ada)

    assert made.id in {it.id for it in catalogue.answers}
    assert made.id not in {it.id for it in catalogue.offered}
    assert public_titles(deps) == ["Mortgage advice"]


def test_nobody_is_offered_a_topic_that_is_archived(deps, ada, draft):
    made = answers.create_answer(deps, ada, replace(draft, schedulable=False))
    answers.archive_answer(deps, ada, made.id, version=made.version)

    assert made.id not in {it.id for it in catalogue_of(deps, ada).answers}
