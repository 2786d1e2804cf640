"""What is stored of a value is read back as it was."""

from dataclasses import replace

import pytest

from invo_booking.domain.appointment import Appointment
from invo_booking.domain.calendars.connection import Connection
from invo_booking.domain.calendars.host_events import StoredEvent
from invo_booking.domain.institution import Answer, Institution, Queue
from invo_booking.persistence import appointments, catalogue, roster
from invo_booking.persistence.accounts import links, programs, tokens
from invo_booking.persistence.calendars import connections, host_events
from invo_booking.persistence.mapping import columns_of
from invo_booking.persistence.tables.accounts import AccountLinkRow
from invo_booking.persistence.tables.core import (
    AnswerRow,
    ApiTokenRow,
    AppointmentRow,
    InstitutionRow,
    QueueRow,
)
from invo_booking.persistence.tables.programs import ProgramTokenRow
from tests.support.filled import filled


@pytest.mark.parametrize("bare", [False, True])
def test_appointment_is_read_as_it_was_stored(bare):
    stored = filled(Appointment, bare=bare)

    row = AppointmentRow(**appointments._columns(stored))  # noqa: SLF001

    assert appointments._appointment(row) == stored  # noqa: SLF001
    assert type(row.status) is str


@pytest.mark.parametrize("bare", [False, True])
def test_connection_is_read_as_it_was_stored(bare):
    stored = filled(Connection, bare=bare)
    if stored.host is not None:  # asked of the provider each time
        stored = replace(stored, host=replace(stored.host, is_member=None))

    row = connections._row(stored)  # noqa: SLF001

    assert connections._connection(row) == stored  # noqa: SLF001
    assert row.scopes == sorted(stored.scopes)


@pytest.mark.parametrize("bare", [False, True])
def test_event_of_the_host_calendar_is_read_as_it_was_stored(bare):
    stored = filled(StoredEvent, bare=bare)

    row = host_events._row(stored)  # noqa: SLF001

    assert host_events._kept(row) == stored  # noqa: SLF001


@pytest.mark.parametrize("bare", [False, True])
def test_catalogue_is_read_as_it_was_stored(bare):
    queue = replace(filled(Queue, bare=bare), version=1)
    answer = replace(filled(Answer, bare=bare), version=1, archived=False)
    institution = filled(Institution, bare=bare)

    read_queue = QueueRow(id=queue.id, **catalogue.queue_columns(queue))
    values = catalogue.answer_columns(answer)
    read_answer = AnswerRow(id=answer.id, position=0, **values)
    values = catalogue.institution_columns(institution)
    read_institution = InstitutionRow(revision=institution.revision, **values)

    assert roster._queue(read_queue) == queue  # noqa: SLF001
    assert roster._answer(read_answer) == answer  # noqa: SLF001
    assert roster._institution(read_institution) == institution  # noqa: SLF001


@pytest.mark.parametrize("bare", [False, True])
def test_tokens_and_links_are_read_as_they_were_stored(bare):
    for kind, table, read in (
        (tokens.ApiToken, ApiTokenRow, tokens._token),  # noqa: SLF001
        (programs.ProgramToken, ProgramTokenRow, programs._token),  # noqa: SLF001
    ):
        stored = filled(kind, bare=bare)
        row = table(hash=stored.key, **columns_of(stored, "key"))
        assert read(row) == stored
    link = filled(links.AccountLink, bare=bare)
    assert links._link(AccountLinkRow(**columns_of(link))) == link  # noqa: SLF001
