"""One press makes one thing: every use case that makes something takes a key."""

from dataclasses import replace

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.access.scopes import TokenScope
from invo_booking.domain.appointment import Channel
from invo_booking.domain.errors import (
    ConflictError,
    IdempotencyMismatchError,
    InvalidInputError,
    NotFoundError,
)
from invo_booking.usecases.accounts import programs, tokens
from invo_booking.usecases.accounts.programs import ProgramDraft
from invo_booking.usecases.accounts.tokens import TokenDraft
from invo_booking.usecases.admin import staffing
from invo_booking.usecases.admin.catalogue import answers, languages, queues
from invo_booking.usecases.admin.catalogue.answers import AnswerDraft
from invo_booking.usecases.admin.catalogue.queues import QueueDraft
from invo_booking.usecases.shared import mailing, submits
from invo_booking.usecases.staff import appointments
from tests.concurrency.racing import race
from tests.support.accounts import with_password_given
from tests.support.bank import PASSWORD, at
from tests.usecases.test_appointments import draft
from tests.usecases.test_staffing import draft as person

KEY = "one-press-of-a-button"


@pytest.fixture
def ada(bank):
    bank.agent("Ana")
    ada = bank.agent("Ada", roles=(Role.SUPER_ADMIN,), password=PASSWORD)
    return with_password_given(ada)


def make_appointment(deps, bank, ada, key, other):
    name = "Other" if other else "Rosa Delgado"
    wanted = draft(bank, at(10, days=1), name=name, despite_overlap=True)
    return appointments.create_appointment(deps, ada, wanted, key=key).id


def hire(deps, bank, ada, key, other):
    del bank
    name = "Other" if other else "Zoe"
    wanted = replace(person(), name=name, email=f"{name.lower()}@bank.example")
    return staffing.create_person(deps, ada, wanted, key=key)


def make_answer(deps, bank, ada, key, other):
    wanted = AnswerDraft(
        title="Other" if other else "Savings",
        queue_id=bank.queue_id,
        languages=("en",),
        channels=(Channel.VIDEO,),
    )
    return answers.create_answer(deps, ada, wanted, key=key).id


def make_queue(deps, bank, ada, key, other):
    del bank
    wanted = QueueDraft(name="Other" if other else "Wealth")
    return queues.create_queue(deps, ada, wanted, key=key).id


def add_language(deps, bank, ada, key, other):
    del bank
    return languages.add_language(deps, ada, "fr" if other else "pl", key=key)


def make_program(deps, bank, ada, key, other):
    del bank
    wanted = ProgramDraft(
        name="Other" if other else "App",
        contact="it@bank.example",
        scope=TokenScope.READ,
        all_queues=True,
    )
    return programs.make_program(deps, ada, wanted, PASSWORD, key=key).secret


def make_token(deps, bank, ada, key, other):
    del bank
    wanted = TokenDraft(
        name="Other" if other else "Import", scope=TokenScope.READ, days=30
    )
    return tokens.make_api_token(deps, ada, wanted, PASSWORD, key=key).secret


def send_test_mail(deps, bank, ada, key, other):
    del bank
    to = "other@bank.example" if other else "ada@bank.example"
    return mailing.send_test_mail(deps, ada, to, key=key)


MAKERS = [
    make_appointment,
    hire,
    make_answer,
    make_queue,
    add_language,
    make_program,
    make_token,
    send_test_mail,
]
COUNTED = """
SELECT (SELECT count(*) FROM appointment), (SELECT count(*) FROM person),
  (SELECT count(*) FROM answer), (SELECT count(*) FROM queue),
  (SELECT count(*) FROM language), (SELECT count(*) FROM api_token),
  (SELECT count(*) FROM program_token),
  (SELECT count(*) FROM outbox), (SELECT count(*) FROM audit)
"""


def counted(deps, postbox):
    with deps.unit_of_work() as work:
        row = work.session.connection().exec_driver_sql(COUNTED).one()
    return (*row, len(postbox.sent))


@pytest.mark.parametrize("make", MAKERS)
def test_a_repeated_press_gets_the_first_answer_and_makes_nothing(
    deps, bank, ada, postbox, make
):
    first = make(deps, bank, ada, KEY, other=False)
    before = counted(deps, postbox)

    again = make(deps, bank, ada, KEY, other=False)

    assert again == first
    assert counted(deps, postbox) == before


@pytest.mark.parametrize("make", [it for it in MAKERS if it is not send_test_mail])
def test_of_presses_at_the_same_moment_one_makes_it_and_all_are_told(
    deps, bank, ada, postbox, make
):
    made = race(*[lambda: make(deps, bank, ada, KEY, other=False)] * 4)

    after = counted(deps, postbox)
    assert [make(deps, bank, ada, KEY, other=False), *made[1:]] == [made[0]] * 4
    assert counted(deps, postbox) == after


@pytest.mark.parametrize("make", MAKERS)
def test_a_key_with_other_data_is_refused(deps, bank, ada, postbox, make):
    make(deps, bank, ada, KEY, other=False)
    before = counted(deps, postbox)

    with pytest.raises(IdempotencyMismatchError) as refused:
        make(deps, bank, ada, KEY, other=True)

    assert "nothing more was done" in str(refused.value)
    assert "book" not in str(refused.value), "most forms book nothing"
    assert counted(deps, postbox) == before


def test_a_key_of_another_kind_of_thing_is_refused(deps, bank, ada):
    make_queue(deps, bank, ada, KEY, other=False)

    with pytest.raises(IdempotencyMismatchError):
        make_answer(deps, bank, ada, KEY, other=False)


def test_nobody_gets_the_answer_to_the_key_of_somebody_else(deps, bank, ada):
    root = bank.agent("Root", roles=(Role.SUPER_ADMIN,), password=PASSWORD)
    made = make_token(deps, bank, ada, KEY, other=False)

    assert make_token(deps, bank, root, KEY, other=False) != made


def test_a_token_that_was_revoked_does_not_come_back_with_its_key(deps, ada):
    wanted = TokenDraft(name="Import", scope=TokenScope.READ, days=30)
    made = tokens.make_api_token(deps, ada, wanted, PASSWORD, key=KEY)
    tokens.revoke_own_api_token(deps, ada, made.token.key)

    with pytest.raises(NotFoundError):
        tokens.make_api_token(deps, ada, wanted, PASSWORD, key=KEY)


def test_what_was_refused_leaves_the_key_for_the_next_try(deps, ada):
    with pytest.raises(InvalidInputError):
        queues.create_queue(deps, ada, QueueDraft(name=""), key=KEY)

    assert (
        queues.create_queue(deps, ada, QueueDraft(name="Wealth"), key=KEY).name
        == "Wealth"
    )


def test_without_a_key_every_press_makes_something(deps, bank, ada):
    first = make_appointment(deps, bank, ada, "", other=False)

    assert make_appointment(deps, bank, ada, "", other=False) != first


@pytest.mark.parametrize("key", ["a" * 201, "schlüssel", "two\nlines"])
def test_a_key_that_cannot_be_one_is_refused(deps, bank, ada, key):
    with pytest.raises(InvalidInputError):
        make_queue(deps, bank, ada, key, other=False)


class LostError(Exception):
    """Stands for an answer that did not arrive."""

    def __init__(self, *, ambiguous: bool) -> None:
        super().__init__()
        self.ambiguous = ambiguous


def test_what_failed_outside_may_be_tried_again_unless_it_may_have_worked(deps, ada):
    def fail(*, ambiguous):
        raise LostError(ambiguous=ambiguous)

    for key, ambiguous in (("failed-well", False), ("who-knows", True)):
        with pytest.raises(LostError):
            submits.make_once_outside(
                deps, ada, key, "group", lambda unsure=ambiguous: fail(ambiguous=unsure)
            )

    assert (
        submits.make_once_outside(deps, ada, "failed-well", "group", lambda: "g") == "g"
    )
    with pytest.raises(ConflictError, match="still working on it"):
        submits.make_once_outside(deps, ada, "who-knows", "group", lambda: "g")
