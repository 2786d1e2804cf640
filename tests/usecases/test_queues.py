"""What administrators do with queues and languages, on a real database."""

from dataclasses import replace

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Channel
from invo_booking.domain.assignment import Mode
from invo_booking.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from invo_booking.usecases.admin.affected import AffectedAppointmentsError
from invo_booking.usecases.admin.catalogue import answers, languages, queues
from invo_booking.usecases.admin.catalogue.queues import QueueDraft
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.usecases.admin.uses import uses_in_words
from invo_booking.usecases.booking import booking
from invo_booking.usecases.slots import offers
from invo_booking.usecases.staff import appointments
from tests.support.bank import at
from tests.support.drafts import staff_draft


@pytest.fixture
def ada(bank):
    return bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=())


def book(bank):
    bank.agent("Ana")
    wanted = bank.request(at(10, days=1))
    return booking.request_appointment(bank.deps, wanted, idempotency_key="k" * 22)


def assigned(bank, agent):
    max_ = bank.manager("Max", languages=())
    with bank.deps.unit_of_work() as work:
        work.catalogue.set_servers(bank.queue_id, join=[], leave=[max_.id])
        work.publish_roster_change()
    draft = staff_draft(
        bank,
        at(10, days=1),
        ends_at=at(11, days=1),
        answer_id=None,
        channel=Channel.PHONE,
        email="",
        agent_id=agent.id,
        phone="+13125550142",
    )
    return appointments.create_appointment(bank.deps, max_, draft).id


def test_a_new_queue_is_there_for_everybody_at_once(deps, ada):
    made = queues.create_queue(
        deps, ada, QueueDraft(name="Cards", assignment=Mode.FEWEST)
    )

    with deps.unit_of_work() as work:
        assert work.roster.queues[made.id].assignment is Mode.FEWEST
    names = [one.queue.name for one in queues.queues_overview(deps, ada).queues]
    assert names == ["Cards", "Lending"]


def test_a_queue_tells_what_is_in_it(deps, bank, ada):
    book(bank)

    (lending,) = queues.queues_overview(deps, ada).queues

    assert lending.answers == ("Mortgage advice",)
    assert [person.name for person in lending.people] == ["Ada", "Ana"]
    assert lending.live == 1


def test_a_changed_queue_is_noted_with_before_and_after(deps, bank, ada):
    wanted = QueueDraft(name="Home lending", assignment=Mode.CHOSEN)

    changed = queues.change_queue(deps, ada, bank.queue_id, wanted, version=1)

    assert changed.version == 2
    with deps.unit_of_work() as work:
        (entry,) = work.audit.history(str(bank.queue_id))
    assert entry.detail == {
        "before": {"name": "Lending", "assignment": "unassigned"},
        "after": {"name": "Home lending", "assignment": "chosen"},
    }


def test_the_second_of_two_administrators_is_told(deps, bank, ada):
    queues.change_queue(deps, ada, bank.queue_id, QueueDraft(name="Loans"), version=1)

    with pytest.raises(ConflictError, match="Ada changed “Loans”"):
        queues.change_queue(
            deps, ada, bank.queue_id, QueueDraft(name="Homes"), version=1
        )


def test_a_queue_that_is_needed_stays_on_offer_and_says_by_what(deps, bank, ada):
    book(bank)
    off = QueueDraft(name="Lending", active=False)

    with pytest.raises(InvalidInputError) as refused:
        queues.change_queue(deps, ada, bank.queue_id, off, version=1)

    sentence = refused.value.fields["active"]
    assert "1 Answer (“Mortgage advice”) and 1 live appointment" in sentence


def test_a_queue_nobody_needs_can_be_taken_off_and_put_back(deps, bank, ada):
    answers.archive_answer(deps, ada, bank.answer_id, version=1)
    off = QueueDraft(name="Lending", active=False)

    queues.change_queue(deps, ada, bank.queue_id, off, version=1)
    with deps.unit_of_work() as work:
        assert bank.queue_id not in work.roster.queues
    queues.change_queue(deps, ada, bank.queue_id, replace(off, active=True), version=2)

    with deps.unit_of_work() as work:
        assert bank.queue_id in work.roster.queues


def test_who_serves_a_queue_is_changed_and_obeyed_at_once(deps, bank, ada):
    ana, ben = bank.agent("Ana"), bank.agent("Ben")
    seen = {ada.id, ana.id, ben.id}

    queues.set_queue_people(deps, ada, bank.queue_id, {ben.id}, seen=seen)

    with deps.unit_of_work() as work:
        people = work.roster.people
        (entry,) = work.audit.history(str(bank.queue_id))
    assert bank.queue_id in people[ben.id].queues
    assert bank.queue_id not in people[ana.id].queues
    assert entry.detail == {
        "before": {"people": ["Ada", "Ana", "Ben"]},
        "after": {"people": ["Ben"]},
    }


def test_who_leaves_a_queue_with_appointments_is_shown_before_it_is_saved(
    deps, bank, ada
):
    ana = bank.agent("Ana")
    mine = assigned(bank, ana)

    def leave(**dispositions):
        queues.set_queue_people(
            deps, ada, bank.queue_id, [], seen=[ada.id, ana.id], **dispositions
        )

    with pytest.raises(
        AffectedAppointmentsError, match="concerns 1 appointment"
    ) as refused:
        leave()
    assert [(one.id, one.agent) for one in refused.value.affected] == [(mine, "Ana")]
    leave(dispositions={mine: Disposition.KEEP})

    with deps.unit_of_work() as work:
        assert work.appointments.get(mine).agent_id is None
        assert work.roster.people[ana.id].queues == set()


def test_an_old_picture_of_who_serves_is_refused(deps, bank, ada):
    bank.agent("Ana")

    with pytest.raises(ConflictError):
        queues.set_queue_people(deps, ada, bank.queue_id, [], seen=[ada.id])
    with pytest.raises(NotFoundError):
        queues.set_queue_people(deps, ada, ada.id, [], seen=[])


def test_nobody_unknown_serves_a_queue(deps, bank, ada):
    with pytest.raises(InvalidInputError):
        queues.set_queue_people(
            deps, ada, bank.queue_id, [bank.queue_id], seen=[ada.id]
        )


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "lending", "a\nb"])
def test_a_name_that_cannot_be_used_is_refused(deps, ada, name):
    with pytest.raises(InvalidInputError) as refused:
        queues.create_queue(deps, ada, QueueDraft(name=name))

    assert list(refused.value.fields) == ["name"]


def test_a_language_is_added_by_its_code_and_renamed(deps, ada):
    languages.add_language(deps, ada, "pl")
    languages.rename_language(deps, ada, "pl", "Polski", seen="Polish")

    assert offers.public_site(deps).language_names == {
        "en": "English",
        "es": "Spanish",
        "pl": "Polski",
    }


@pytest.mark.parametrize(
    ("code", "name", "field"),
    [
        ("en", "", "code"),
        ("xx", "", "code"),
        ("EN", "", "code"),
        ("../", "", "code"),
        ("pl", "spanish", "name"),
        ("pl", "x" * 61, "name"),
    ],
)
def test_a_language_that_cannot_be_added_is_refused(deps, ada, code, name, field):
    with pytest.raises(InvalidInputError) as refused:
        languages.add_language(deps, ada, code, name)

    assert field in refused.value.fields


def test_a_language_in_use_names_what_uses_it(deps, bank, ada):
    book(bank)

    with pytest.raises(ConflictError) as refused:
        languages.remove_language(deps, ada, "en")

    assert (
        "English is still used by 1 Answer (“Mortgage advice”) and 1 person (“Ana”) "
        "and 1 live appointment." in str(refused.value)
    )


def test_a_language_nothing_uses_can_be_removed(deps, ada):
    languages.add_language(deps, ada, "pl")

    languages.remove_language(deps, ada, "pl")

    assert [one.code for one in languages.managed_languages(deps, ada)] == ["en", "es"]
    with pytest.raises(NotFoundError):
        languages.remove_language(deps, ada, "pl")


def test_a_language_renamed_meanwhile_is_not_renamed_again(deps, ada):
    languages.rename_language(deps, ada, "es", "Español", seen="Spanish")

    with pytest.raises(ConflictError, match="Ada changed"):
        languages.rename_language(deps, ada, "es", "Castellano", seen="Spanish")


def test_only_administrators_may(deps, bank):
    max_ = bank.manager()

    for ask in (
        lambda: queues.queues_overview(deps, max_),
        lambda: queues.create_queue(deps, max_, QueueDraft(name="Cards")),
        lambda: queues.change_queue(
            deps, max_, bank.queue_id, QueueDraft(name="Cards"), version=1
        ),
        lambda: queues.set_queue_people(deps, max_, bank.queue_id, [], seen=[]),
        lambda: languages.managed_languages(deps, max_),
        lambda: languages.add_language(deps, max_, "pl"),
        lambda: languages.rename_language(deps, max_, "es", "Español", seen="Spanish"),
        lambda: languages.remove_language(deps, max_, "es"),
    ):
        with pytest.raises(NotAllowedError):
            ask()


def test_many_names_are_cut_short():
    people = tuple("ABCDEFG")

    assert uses_in_words(answers=(), people=people).endswith("“D”, “E” and 2 more)")
    assert uses_in_words(answers=()) == ""
