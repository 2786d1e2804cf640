"""The fields of administrators' forms, each declared once."""

from dataclasses import fields
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.domain.branches import LINE_LIMITS, Branch
from invo_booking.domain.errors import InvalidInputError
from invo_booking.persistence.tables.core import BranchRow
from invo_booking.usecases.admin.catalogue.answers import AnswerDraft
from invo_booking.usecases.admin.catalogue.branches import BranchDraft
from invo_booking.usecases.admin.catalogue.queues import QueueDraft
from invo_booking.usecases.admin.institution import InstitutionDraft
from invo_booking.usecases.admin.staff_drafts import PersonDraft
from invo_booking.web.admin.answers.fields import FIELDS as ANSWER
from invo_booking.web.admin.branches.fields import FIELDS as BRANCH
from invo_booking.web.admin.form_fields import form_texts, typed_values
from invo_booking.web.admin.institution.fields import FIELDS as INSTITUTION
from invo_booking.web.admin.people.fields import FIELDS as PERSON
from invo_booking.web.admin.queues.fields import FIELDS as QUEUE

HOURS = {"opening_hours"}
OF_OTHER_PANELS = {"active", "branches", "week", "exceptions", "absences"}
LINES = st.text("abc", min_size=1, max_size=9)


@pytest.mark.parametrize(
    ("draft", "rows", "others"),
    [
        (BranchDraft, BRANCH, HOURS),
        (QueueDraft, QUEUE, HOURS),
        (InstitutionDraft, INSTITUTION, HOURS),
        (AnswerDraft, ANSWER, set()),
        (PersonDraft, PERSON, OF_OTHER_PANELS),
    ],
)
def test_every_field_of_a_draft_is_in_its_form(draft, rows, others):
    typed = typed_values(rows, {})

    assert set(typed) | others == {it.name for it in fields(draft)}


@given(
    st.lists(LINES, max_size=3),
    st.none() | st.integers(-90_000, 90_000).map(lambda it: it / 1_000),
    st.booleans(),
    st.dictionaries(st.just("es"), st.fixed_dictionaries({"name": LINES})),
)
def test_what_a_form_shows_is_read_as_it_is_stored(street, degrees, active, texts):
    branch = Branch(
        id=UUID(int=7),
        name="Harbor",
        street=tuple(street),
        town="Chicago",
        country="US",
        zone=ZoneInfo("America/Chicago"),
        latitude=degrees,
        longitude=degrees,
        active=active,
        translations=texts,
    )
    shown = form_texts(BRANCH, branch)
    sent = {
        name: text for name, text in shown.items() if name != "active" or branch.active
    }

    typed = typed_values(BRANCH, sent)

    typed["translations"] = {
        code: {"name": it["name"]}
        for code, it in typed["translations"].items()
        if it["name"]
    }
    zone = typed.pop("time_zone")
    assert zone == "America/Chicago"
    assert typed == {name: getattr(branch, name) for name in typed}


def test_every_field_that_cannot_be_read_has_its_message():
    with pytest.raises(InvalidInputError) as refusal:
        typed_values(BRANCH, {"latitude": "north", "longitude": "87 W"})

    assert set(refusal.value.fields) == {"latitude", "longitude"}


def test_a_line_is_never_longer_than_its_column():
    columns = BranchRow.__table__.columns

    assert {name: columns[name].type.length for name in LINE_LIMITS} == LINE_LIMITS
