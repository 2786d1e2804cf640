"""Customers hear of documents to bring that earlier mails did not name."""

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Channel
from invo_booking.usecases.admin.affected import AffectedAppointmentsError
from invo_booking.usecases.admin.catalogue import answers
from invo_booking.usecases.admin.catalogue.answers import AnswerDraft
from invo_booking.usecases.admin.effects import Disposition
from invo_booking.usecases.staff import appointments
from invo_booking.usecases.upkeep import delivery
from tests.support.bank import at
from tests.usecases.test_appointments import draft

KNOWN = "Photo ID"


@pytest.fixture
def ada(bank):
    bank.offer_visits()
    return bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=())


@pytest.fixture
def book(bank, ada, postbox):
    """Make an appointment, whose customer is mailed to bring a photo ID."""
    assert ada.administers
    ana = bank.agent("Ana", languages=("en", "es"))
    max_ = bank.manager("Max", languages=())

    def book(channel=Channel.BRANCH, hour=10, **more):
        wanted = draft(bank, at(hour, days=1), channel=channel, agent_id=ana.id, **more)
        made = appointments.create_appointment(bank.deps, max_, wanted)
        delivery.deliver_due_mails(bank.deps)
        assert KNOWN in postbox.sent[-1].text
        postbox.sent.clear()
        return made

    return book


@pytest.fixture
def change_documents(bank, ada):
    def change(*documents, decided=None, **more):
        with bank.deps.unit_of_work() as work:
            version = work.roster.answers[bank.answer_id].version
        wanted = AnswerDraft(
            title="Mortgage advice",
            queue_id=bank.queue_id,
            languages=("en", "es"),
            channels=tuple(Channel),
            documents=documents,
            **more,
        )
        answers.change_answer(
            bank.deps,
            ada,
            bank.answer_id,
            wanted,
            version=version,
            dispositions={it.id: Disposition.KEEP for it in decided or ()},
        )

    return change


def shown(change):
    with pytest.raises(AffectedAppointmentsError) as refused:
        change()
    return refused.value.affected


@pytest.mark.parametrize("channel", list(Channel))
def test_customers_are_mailed_what_they_must_bring_in_addition(
    bank, book, news, change_documents, channel
):
    made = book(channel)

    affected = shown(lambda: change_documents(KNOWN, "Payslip"))
    change_documents(KNOWN, "Payslip", decided=affected)

    assert [it.id for it in affected] == [made.id]
    assert "more documents to bring" in affected[0].why
    (mail,) = news()
    assert "Payslip" in mail.text
    with bank.deps.unit_of_work() as work:
        entries = work.audit.history(str(made.id))
    assert ["documents"] in [it.detail.get("fields") for it in entries]


@pytest.mark.parametrize("documents", [(), (" photo  id ",)])
def test_fewer_documents_and_the_same_written_otherwise_concern_nobody(
    book, news, change_documents, documents
):
    book()

    change_documents(*documents)

    assert news() == []


def test_first_documents_concern_everybody_who_was_mailed_none(
    book, news, change_documents
):
    made = book()
    change_documents()
    assert news() == []

    assert [it.id for it in shown(lambda: change_documents(KNOWN))] == [made.id]


def test_documents_in_another_language_concern_only_who_reads_them(
    book, news, change_documents
):
    book(Channel.VIDEO, language="en")
    reader = book(Channel.VIDEO, 11, language="es", email="eva@example.com")
    spanish = {"es": {"documents": "Pasaporte"}}

    affected = shown(lambda: change_documents(KNOWN, translations=spanish))

    assert [it.id for it in affected] == [reader.id]
    assert news() == []


def test_new_address_and_documents_are_mailed_together(book, news, change_documents):
    made = book(Channel.VIDEO)
    room = "https://other.example/{appointment}"

    (one,) = shown(lambda: change_documents(KNOWN, "Payslip", room=room))

    assert one.id == made.id
    assert "more documents to bring" in one.why
    assert news() == []
