"""What each shape says of a value, kept to the letter in ``shapes.json``.

After a change that is meant, run this file as a module to keep the new answers.
"""

import json
from pathlib import Path

import pytest

from invo_booking.api import health, images
from invo_booking.api.admin import (
    audit,
    branches,
    calendars_shapes,
    catalogue_shapes,
    people_shapes,
    programs_shapes,
    settings_shapes,
)
from invo_booking.api.core import shapes
from invo_booking.api.public import program_shapes
from invo_booking.api.staff import host_conflicts
from invo_booking.api.staff import shapes as staff_shapes
from invo_booking.domain.access.scopes import Program
from invo_booking.domain.access.tokens import ApiToken
from invo_booking.domain.appointment import Appointment
from invo_booking.domain.calendars.connection import Connection
from invo_booking.domain.calendars.outside import ConnectionFinding, HostCalendar
from invo_booking.domain.images import StoredImage
from invo_booking.domain.institution import Person
from invo_booking.domain.interval import Interval
from invo_booking.usecases.accounts.programs import ManagedProgram, NewProgram
from invo_booking.usecases.accounts.tokens import OwnedToken
from invo_booking.usecases.admin.audit_log import AuditPage
from invo_booking.usecases.admin.catalogue.answers import AnswersOverview
from invo_booking.usecases.admin.catalogue.branches import BranchesOverview
from invo_booking.usecases.admin.catalogue.closures import (
    ClosedDaysOverview,
    PublicHoliday,
)
from invo_booking.usecases.admin.catalogue.languages import ManagedLanguage
from invo_booking.usecases.admin.catalogue.queues import QueuesOverview
from invo_booking.usecases.admin.institution import ManagedInstitution
from invo_booking.usecases.admin.settings_saving import SavedSettings
from invo_booking.usecases.admin.staffing import PersonFile
from invo_booking.usecases.admin.switching import Consequences
from invo_booking.usecases.booking.booking import AnswerOption, BookingResult
from invo_booking.usecases.booking.manage import Visit
from invo_booking.usecases.calendars.connections import ConnectionPanel
from invo_booking.usecases.shared.settings import SettingEntry, SettingHistoryEntry
from invo_booking.usecases.slots.assigning import AgentChoice
from invo_booking.usecases.slots.why import StartJudgment
from invo_booking.usecases.staff.calendar import Board
from invo_booking.usecases.staff.catalogue import StaffCatalogue
from invo_booking.usecases.staff.detail import Detail
from invo_booking.usecases.staff.host_conflicts import Conflict
from invo_booking.usecases.upkeep.audit_seals import SealState
from invo_booking.usecases.upkeep.health import Check
from tests.support.filled import filled

KEPT = Path(__file__).with_name("shapes.json")
SOURCES = [
    (catalogue_shapes.ManagedAnswersResponse, AnswersOverview),
    (catalogue_shapes.QueuesResponse, QueuesOverview),
    (branches.ManagedBranchesResponse, BranchesOverview),
    (catalogue_shapes.InstitutionResponse, ManagedInstitution),
    (catalogue_shapes.HolidaysResponse, ClosedDaysOverview),
    (programs_shapes.ProgramResponse, ManagedProgram),
    (programs_shapes.NewProgramTokenResponse, NewProgram),
    (programs_shapes.TokenResponse, ApiToken),
    (settings_shapes.SavedSettingsResponse, SavedSettings),
    (calendars_shapes.ConnectionResponse, Connection),
    (calendars_shapes.CalendarsResponse, ConnectionPanel),
    (calendars_shapes.ConsequencesResponse, Consequences),
    (people_shapes.PersonResponse, PersonFile),
    (audit.AuditEntriesResponse, AuditPage),
    (audit.AuditSealResponse, SealState),
    (program_shapes.OwnProgramResponse, Program),
    (program_shapes.ProgramAppointmentResponse, Appointment),
    (images.ImageResponse, StoredImage),
    (host_conflicts.ConflictResponse, Conflict),
    (staff_shapes.AppointmentResponse, Appointment),
    (staff_shapes.AppointmentDetailResponse, Detail),
    (staff_shapes.SpanResponse, Interval),
    (staff_shapes.StartJudgmentResponse, StartJudgment),
    (staff_shapes.BoardResponse, Board),
    (staff_shapes.CatalogueResponse, StaffCatalogue),
    (health.HealthCheckResponse, Check),
    (shapes.VisitResponse, Visit),
]
LISTS = [
    (catalogue_shapes.LanguagesResponse, "languages", ManagedLanguage),
    (catalogue_shapes.PublicHolidaysResponse, "holidays", PublicHoliday),
    (settings_shapes.SettingsResponse, "settings", SettingEntry),
    (settings_shapes.SettingHistoryResponse, "changes", SettingHistoryEntry),
    (calendars_shapes.HostCalendarsResponse, "hosts", HostCalendar),
    (people_shapes.PeopleResponse, "people", Person),
]


def said(*, bare):
    """Return what every shape says, by its name."""
    told = [shape.of(filled(source, bare=bare)) for shape, source in SOURCES]
    for shape, name, kind in LISTS:
        told.append(shape.of({name: filled(tuple[kind, ...], bare=bare)}))
    findings = filled(tuple[ConnectionFinding, ...], bare=bare)
    told.append(
        calendars_shapes.FindingsResponse.of({"ok": bare, "findings": findings})
    )
    option, agents = filled(AnswerOption), filled(tuple[AgentChoice, ...], bare=bare)
    told.append(shapes.AnswerResponse.of(option, agents=agents))
    booked = filled(BookingResult, bare=bare)
    page = f"https://bank/a/{booked.token}"
    told.append(shapes.BookingResponse.of(booked, status_url=page))
    owned = filled(OwnedToken, bare=bare)
    told.append(programs_shapes.OwnedTokenResponse.of(owned.token, owner=owned.owner))
    return {type(it).__name__: json.loads(it.model_dump_json()) for it in told}


@pytest.mark.parametrize("bare", [False, True])
def test_every_shape_says_what_it_said(bare):
    kept = json.loads(KEPT.read_text("utf-8"))

    before = kept["bare" if bare else "full"]
    now = said(bare=bare)
    assert now == before
    for name, value in now.items():
        assert json.dumps(value) == json.dumps(before[name])


if __name__ == "__main__":
    answers = {"full": said(bare=False), "bare": said(bare=True)}
    KEPT.write_text(json.dumps(answers, indent=1) + "\n", "utf-8")
