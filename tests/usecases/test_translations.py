"""What customers read of topics and of the institution in their language."""

from dataclasses import replace
from uuid import uuid4

import pytest

from invo_booking.domain.access.roles import Role
from invo_booking.domain.appointment import Channel
from invo_booking.domain.audit import AuditQuery
from invo_booking.domain.errors import InvalidInputError, SlotClosedError
from invo_booking.domain.interval import Interval
from invo_booking.texts import speak_within
from invo_booking.usecases.admin import audit_log, institution
from invo_booking.usecases.admin.catalogue import answers, branches, closures, queues
from invo_booking.usecases.admin.catalogue.answers import AnswerDraft
from invo_booking.usecases.admin.catalogue.closures import DayName
from invo_booking.usecases.admin.catalogue.queues import QueueDraft
from invo_booking.usecases.admin.institution import InstitutionDraft
from invo_booking.usecases.appointment.drafts import AppointmentDraft
from invo_booking.usecases.booking import booking, manage
from invo_booking.usecases.shared import links
from invo_booking.usecases.slots import offers
from invo_booking.usecases.staff import appointments, detail
from invo_booking.usecases.upkeep import delivery
from tests.support.bank import ZONE, at, confirm
from tests.usecases.test_branches import DRAFT

SPANISH = {
    "title": "Asesoría hipotecaria",
    "description": "Comprar una vivienda.",
    "documents": "Identificación\nNóminas",
}


@pytest.fixture
def ada(bank):
    return bank.agent("Ada", roles=(Role.ADMINISTRATOR,), languages=("en", "es"))


@pytest.fixture
def draft(bank):
    return AnswerDraft(
        title="Mortgage advice",
        queue_id=bank.queue_id,
        duration_minutes=30,
        languages=("en", "es"),
        channels=("video",),
        documents=("Photo ID",),
    )


@pytest.fixture
def translate(deps, bank, ada, draft):
    def save(**texts):
        wanted = replace(draft, translations={"es": texts})
        return answers.change_answer(deps, ada, bank.answer_id, wanted, version=1)

    return save


@pytest.fixture
def book(deps, bank):
    bank.agent("Ana", languages=("en", "es"))

    def request(language: str):
        wanted = bank.request(at(11), language=language)
        made = booking.request_appointment(deps, wanted, idempotency_key=uuid4().hex)
        confirm(deps, made.token)
        return made

    return request


def offered(deps, language: str):
    with speak_within(language):
        (option,) = offers.public_site(deps).answers
    return option


def test_topic_is_read_in_the_language_of_the_page(deps, translate):
    translate(**SPANISH)

    spanish, english = offered(deps, "es"), offered(deps, "en")

    assert (spanish.title, spanish.description) == (
        "Asesoría hipotecaria",
        "Comprar una vivienda.",
    )
    assert spanish.documents == ("Identificación", "Nóminas")
    assert (english.title, english.documents) == ("Mortgage advice", ("Photo ID",))


def test_text_that_is_missing_is_read_as_it_was_typed_first(deps, translate):
    translate(title="Asesoría hipotecaria", documents=" ")

    assert offered(deps, "es").title == "Asesoría hipotecaria"
    assert offered(deps, "es").documents == ("Photo ID",)
    assert offered(deps, "pl").title == "Mortgage advice"


def test_customer_is_mailed_the_topic_in_the_language_that_was_chosen(
    deps, postbox, translate, book
):
    translate(**SPANISH)

    booked = book("es")
    delivery.deliver_due_mails(deps)

    confirmed = postbox.sent[-1]
    assert "Asesoría hipotecaria" in confirmed.subject
    assert "Nóminas" in confirmed.text
    assert "Mortgage advice" not in confirmed.text
    assert booked.appointment.title == "Mortgage advice"


def test_status_page_names_the_topic_in_its_own_language(deps, translate, book):
    translate(**SPANISH)
    booked = book("en")

    with speak_within("es"):
        spanish = manage.read_visit(deps, booked.token)
    english = manage.read_visit(deps, booked.token)

    assert spanish.appointment.title == "Asesoría hipotecaria"
    assert spanish.documents == ("Identificación", "Nóminas")
    assert english.appointment.title == "Mortgage advice"


def test_title_of_an_earlier_booking_stays_when_the_topic_is_renamed(
    deps, bank, ada, draft, book
):
    booked = book("en")
    renamed = replace(draft, title="Home loans", translations={"es": SPANISH})
    answers.change_answer(deps, ada, bank.answer_id, renamed, version=1)

    with speak_within("es"):
        seen = manage.read_visit(deps, booked.token)

    assert seen.appointment.title == "Mortgage advice"


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        ({"es": {"title": "x" * 121}}, "title-es"),
        ({"es": {"title": "Asesoría\nhipotecaria"}}, "title-es"),
        ({"de": {"title": "Beratung"}}, "translations"),
        ({"en": {"title": "Advice"}}, "translations"),
        ({"es": {"queue": "Hipotecas"}}, "translations"),
        ({"es": {"documents": "\n".join(map(str, range(13)))}}, "documents-es"),
        ({"es": {"documents": "x" * 121}}, "documents-es"),
    ],
)
def test_what_cannot_be_translated_is_refused_by_its_field(
    deps, bank, ada, draft, texts, field
):
    wanted = replace(draft, translations=texts)

    with pytest.raises(InvalidInputError) as refused:
        answers.change_answer(deps, ada, bank.answer_id, wanted, version=1)

    assert set(refused.value.fields) == {field}


def test_tagline_is_read_in_the_language_of_the_page_or_left_out(deps, ada):
    managed = institution.managed_institution(deps, ada)
    details = InstitutionDraft(
        name="Test Bank",
        tagline="Talk with us.",
        time_zone=ZONE,
        country="US",
        translations={"es": {"tagline": "Hable con nosotros."}},
    )
    institution.change_institution(deps, ada, details, version=managed.version)

    said = {}
    for language in ("en", "es", "fr"):
        with speak_within(language):
            said[language] = offers.public_site(deps).tagline

    assert said == {"en": "Talk with us.", "es": "Hable con nosotros.", "fr": ""}


SPANISH_BRANCH = {"name": "Sucursal central", "directions": "Entrada por Lake Street."}


@pytest.fixture
def visit(deps, bank, ada):
    """A visit to a branch that has its name and directions in Spanish."""
    bank.offer_visits()
    bank.agent("Ana", languages=("en", "es"))
    wanted = replace(DRAFT, translations={"es": SPANISH_BRANCH})
    branches.change_branch(deps, ada, bank.branch_id, wanted, version=1)
    request = bank.request(
        at(11), language="es", channel=Channel.BRANCH, branch_id=bank.branch_id
    )
    made = booking.request_appointment(deps, request, idempotency_key=uuid4().hex)
    confirm(deps, made.token)
    return made


def test_branch_is_read_in_the_language_of_the_page(deps, visit):
    read = {}
    for language in ("en", "es", "fr"):
        with speak_within(language):
            branch = manage.read_visit(deps, visit.token).branch
            (offered_at,) = offers.public_site(deps).branches
        read[language] = branch.name, branch.directions, offered_at.name

    english = ("Main branch", "The entrance is on Lake Street.", "Main branch")
    assert read["es"] == ("Sucursal central", "Entrada por Lake Street.", read["es"][0])
    assert read["en"] == read["fr"] == english


def test_mails_of_a_visit_name_its_branch_in_their_language(deps, postbox, visit):
    assert visit
    delivery.deliver_due_mails(deps)

    text = postbox.sent[-1].text

    assert "Sucursal central" in text
    assert "Entrada por Lake Street." in text
    assert "Main branch" not in text


def test_staff_read_the_first_texts_of_a_branch(deps, bank, visit):
    max_ = bank.manager("Max", languages=("en", "es"))

    seen = detail.appointment_detail(deps, max_, visit.appointment.id)

    assert seen.branch.name == "Main branch"


def test_branches_of_a_slot_are_told_in_the_language_of_the_page(deps, bank, visit):
    assert visit
    with speak_within("es"):
        offer = offers.offer_slots(
            deps, bank.answer_id, "es", Interval(at(0), at(24)), branch=bank.branch_id
        )

    assert offer.branch.name == "Sucursal central"


def test_name_of_a_queue_is_read_in_the_language_of_the_page(deps, bank, ada):
    texts = {"es": {"name": "Hipotecas"}}
    draft = QueueDraft(name="Home lending", translations=texts)
    queues.change_queue(deps, ada, bank.queue_id, draft, version=1)

    assert offered(deps, "es").queue_name == "Hipotecas"
    assert offered(deps, "pl").queue_name == "Home lending"


def test_title_that_is_the_name_of_the_queue_is_told_in_the_language(deps, bank, ada):
    bank.agent("Ana", languages=("en", "es"))
    texts = {"es": {"name": "Hipotecas"}}
    draft = QueueDraft(name="Home lending", translations=texts)
    queues.change_queue(deps, ada, bank.queue_id, draft, version=1)
    max_ = bank.manager("Max", languages=())
    made = appointments.create_appointment(
        deps,
        max_,
        AppointmentDraft(
            queue_id=bank.queue_id,
            language="es",
            channel=Channel.VIDEO,
            starts_at=at(11),
            ends_at=at(11, 30),
            name="Rosa Delgado",
            email="rosa@example.com",
        ),
    )

    with speak_within("es"):
        seen = manage.read_visit(deps, links.token_of(deps, made))

    assert seen.appointment.title == "Hipotecas"


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        ({"es": {"directions": "x" * 501}}, "directions-es"),
        ({"es": {"name": "x" * 121}}, "name-es"),
        ({"es": {"street": "Avenida"}}, "translations"),
    ],
)
def test_what_cannot_be_translated_of_a_branch_is_refused_by_its_field(
    deps, bank, ada, texts, field
):
    wanted = replace(DRAFT, translations=texts)

    with pytest.raises(InvalidInputError) as refused:
        branches.change_branch(deps, ada, bank.branch_id, wanted, version=1)

    assert set(refused.value.fields) == {field}


CLOSED = at(0, days=3).date()
"""Thursday, 26 November 2026."""

NAMES = DayName("Thanksgiving", {"es": {"name": "Acción de Gracias"}})


def closed_days_read(deps, bank, language: str):
    day = Interval(at(0, days=3), at(24, days=3))
    with speak_within(language):
        return offers.offer_slots(deps, bank.answer_id, "en", day).closed_days


def test_closed_day_is_named_in_the_language_of_the_page_or_as_it_was_typed(
    deps, bank, ada
):
    bank.agent("Ana")
    closures.change_closed_days(deps, ada, close={CLOSED: NAMES})

    assert closed_days_read(deps, bank, "es") == {CLOSED: "Cerrado (Acción de Gracias)"}
    assert "Thanksgiving" in closed_days_read(deps, bank, "fr")[CLOSED]
    assert closed_days_read(deps, bank, "en") == {CLOSED: "Closed for Thanksgiving"}


def test_customer_is_refused_a_closed_day_by_its_name_in_their_language(
    deps, bank, ada
):
    bank.agent("Ana")
    closures.change_closed_days(deps, ada, close={CLOSED: NAMES})

    with speak_within("es"), pytest.raises(SlotClosedError) as refused:
        booking.request_appointment(
            deps, bank.request(at(10, days=3)), idempotency_key=uuid4().hex
        )

    assert "Acción de Gracias" in str(refused.value)


def test_name_of_a_closed_day_in_a_language_is_changed_and_recorded(deps, ada):
    closures.change_closed_days(deps, ada, close={CLOSED: "Thanksgiving"})

    closures.change_closed_days(deps, ada, close={CLOSED: NAMES})

    (day,) = closures.closed_days_overview(deps, ada).days
    assert day.translations == NAMES.translations
    newest = audit_log.read_audit_page(deps, ada, AuditQuery()).entries[0]
    assert "Thanksgiving; es: Acción de Gracias" in str(newest.detail)


def test_closed_day_of_a_branch_has_names_of_its_own(deps, bank, ada):
    works = DayName("Building works", {"es": {"name": "Obras"}})
    branch = bank.branch_id
    closures.change_closed_days(deps, ada, close={CLOSED: works}, branch_id=branch)

    def names_in(language: str) -> tuple[object, object]:
        with deps.unit_of_work() as work:
            roster = work.roster
        return roster.holidays_at(branch, language), roster.holidays_at(None, language)

    assert names_in("es") == ({CLOSED: "Obras"}, {})
    assert names_in("fr") == ({CLOSED: "Building works"}, {})
    closures.change_closed_days(deps, ada, close={CLOSED: "Thanksgiving"})
    assert names_in("es") == ({CLOSED: "Thanksgiving"}, {CLOSED: "Thanksgiving"})


@pytest.mark.parametrize("texts", [{"es": {"title": "x"}}, {"xx": {"name": "x"}}])
def test_what_cannot_be_translated_of_a_closed_day_is_refused(deps, ada, texts):
    with pytest.raises(InvalidInputError) as refused:
        closures.change_closed_days(deps, ada, close={CLOSED: DayName("x", texts)})

    assert list(refused.value.fields) == ["translations"]
