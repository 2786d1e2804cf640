"""What the states of the public pages do with the use cases, on a real database."""
# ruff: noqa: SLF001 - stands in for Reflex, which calls what is private to it

import asyncio
import inspect
from datetime import timedelta

import pytest
from sqlmodel import select

from invo_booking.domain.appointment import Channel
from invo_booking.persistence.tables.audit import AuditRow
from invo_booking.persistence.tables.core import AnswerRow, AppointmentRow, OutboxRow
from invo_booking.settings.general import PUBLIC_SCHEDULING
from invo_booking.usecases.booking import booking, joining, manage
from invo_booking.usecases.booking.booking import BookingRequest
from invo_booking.web.core import routes
from invo_booking.web.core.effort import FASTEST
from invo_booking.web.customer.state import StatusState
from invo_booking.web.kit.picker.search import picker_instant
from invo_booking.web.kit.picker.state import PickerState
from invo_booking.web.landing.state import LandingState
from invo_booking.web.limit.state import LimitState
from invo_booking.web.scheduler.request_state import RequestState
from invo_booking.web.scheduler.state import ScheduleState
from tests.support.bank import confirm, proof_of
from tests.support.page_client import Client

PUBLIC = (
    LandingState,
    LimitState,
    ScheduleState,
    PickerState,
    RequestState,
    StatusState,
)
CONTACT = {"name": "Ana Rivera", "email": "ana@example.com", "phone": "", "notes": ""}


class Visitor:
    """A browser at the other end of a websocket, well-behaved or not."""

    def __init__(self) -> None:
        self.client = Client()
        self.root = self.client.root
        self.at("/schedule")

    def at(self, path):
        router = {"headers": {}, "token": "t", "asPath": path, "pathname": path}
        before = self.root.router_data
        self.root.router_data = self.root._update_router_vars(router, before)

    def send(self, state, name, *arguments):
        """Send an event, and follow where it leads within the scheduler."""

        async def handle():
            page = await self.root.get_state(state)
            answer = state.event_handlers[name].fn(page, *arguments)
            if inspect.isasyncgen(answer):
                return [step async for step in answer]
            return await answer

        answer = asyncio.run(handle())
        if (page := page_of(answer)).startswith("/schedule"):
            self.open(page)
        return answer

    def open(self, page="/schedule"):
        """Go to an address, or load the page there again, with what it then loads."""
        return self._load(self.client.open, page)

    def connect(self):
        """Get a new socket on the page that is open, after its line was lost."""
        return self._load(self.client.connect, self.page())

    def _load(self, load, page):
        self.at(page)
        answers = asyncio.run(load(at=page))
        return next((it for it in map(page_of, answers) if it), "")

    def page(self):
        """Return the address the browser is at."""
        return self.root.router_data["asPath"]

    def see(self, state):
        return asyncio.run(self.root.get_state(state))

    def begin(self, state, bank):
        """Begin to type, and take as long as people do."""
        self.send(state, "begin_effort")
        bank.clock.advance(FASTEST)

    def reach_times(self, bank, **choice):
        """Open the times of a topic, by default in English and by video."""
        known = {"answer": str(bank.answer_id), "language": "en", "channel": "video"}
        self.open(routes.schedule_route(known | choice))

    def pick_soonest(self):
        """Press the first free time where a press does not go on."""
        self.send(PickerState, "pick_start", self.see(PickerState).view.soonest.key)

    def take_soonest(self):
        """Press the first free time of the scheduler."""
        self.send(ScheduleState, "take_start", self.see(PickerState).view.soonest.key)

    def reach_details(self, bank):
        self.begin(RequestState, bank)
        self.send(PickerState, "adopt_browser", "America/Chicago", "en-GB")
        self.reach_times(bank)
        self.take_soonest()

    def request(self, contact=CONTACT):
        """Fill in the form and press its button."""
        return self.send(RequestState, "submit_request", contact)


def page_of(redirect):
    """Return where an answer leads, which comes last; empty for nowhere."""
    last = redirect[-1] if redirect and isinstance(redirect, list) else redirect
    known = dict(getattr(last, "args", ()))
    names = {str(name): str(value) for name, value in known.items()}
    return names.get("path", "").strip('"')


def rows(deps, table):
    with deps.unit_of_work() as work:
        return len(work.session.exec(select(table)).all())


def traces(deps):
    return [rows(deps, table) for table in (AppointmentRow, AuditRow, OutboxRow)]


def request(bank, starts_at, email="other@example.com"):
    return BookingRequest(
        answer_id=bank.answer_id,
        language="en",
        channel=Channel.VIDEO,
        starts_at=starts_at,
        name="Other",
        email=email,
        time_zone="America/Chicago",
    )


def book(product, bank, starts_at):
    return booking.request_appointment(
        product,
        request(bank, starts_at),
        idempotency_key=booking.new_idempotency_key(),
    )


def soonest(product, bank):
    return booking.next_open_slot(product, bank.answer_id, "en").start


def test_visitor_comes_from_topic_to_a_held_slot(product, bank, visitor):
    visitor.reach_details(bank)
    assert visitor.see(ScheduleState).step == "details"

    redirect = visitor.request()

    assert rows(product, AppointmentRow) == 1
    assert "/a/" in page_of(redirect)


def test_submitting_twice_books_once(product, bank, visitor):
    visitor.reach_details(bank)

    visitor.request()
    visitor.request()

    assert rows(product, AppointmentRow) == 1


def test_two_tabs_of_one_form_book_once_for_one_key(product, bank, visitor):
    visitor.reach_details(bank)
    key = visitor.see(RequestState)._key
    other = Visitor()
    other.reach_details(bank)
    other.see(RequestState)._key = key

    visitor.request()
    other.request()

    assert rows(product, AppointmentRow) == 1


def test_steps_cannot_be_skipped(product, bank, visitor):
    visitor.open()
    visitor.request()
    visitor.reach_times(bank)
    visitor.request()

    assert rows(product, AppointmentRow) == 0
    assert visitor.see(ScheduleState).step == "when"


def test_start_that_is_not_on_offer_is_not_picked(visitor, bank):
    visitor.reach_details(bank)
    picked = visitor.see(PickerState)._search.picked

    for key in ("1", "-5", "9" * 40, "", "x", "٣"):
        visitor.send(PickerState, "pick_start", key)

    assert visitor.see(PickerState)._search.picked == picked


def test_lost_slot_is_marked_and_the_nearest_are_offered(product, bank, visitor):
    visitor.reach_details(bank)
    picked = visitor.see(PickerState)._search.picked
    book(product, bank, picker_instant(picked))

    visitor.request()
    picker = visitor.see(PickerState)

    assert visitor.see(RequestState).was_lost
    assert picked in picker._search.taken
    assert len(picker.nearest) == 3

    visitor.send(RequestState, "take_nearest", picker.nearest[0].key)
    visitor.request()

    assert rows(product, AppointmentRow) == 2


def test_slot_that_goes_while_looking_stays_in_place_as_taken(product, bank, visitor):
    visitor.reach_details(bank)
    visitor.reach_times(bank)
    start = visitor.see(PickerState)._search.starts[1]
    book(product, bank, picker_instant(start))

    visitor.send(PickerState, "refresh_day")
    view = visitor.see(PickerState).view

    taken = [slot for part in view.parts for slot in part.slots if slot.taken]
    assert str(start) in [slot.key for slot in taken]
    assert "no longer free" in visitor.see(PickerState).message


def test_wrong_contact_is_told_beside_its_field(visitor, bank):
    visitor.reach_details(bank)
    visitor.request({**CONTACT, "email": "ana.example.com"})

    assert visitor.see(ScheduleState).step == "details"
    assert "e-mail" in visitor.see(RequestState).errors.email


def test_likely_slip_in_an_address_is_asked_about_once(product, bank, visitor):
    visitor.reach_details(bank)
    slip = CONTACT | {"email": "ana@gmial.com"}

    visitor.request(slip)
    assert visitor.see(RequestState).suggestion == "ana@gmail.com"
    assert rows(product, AppointmentRow) == 0
    visitor.request(slip)

    assert rows(product, AppointmentRow) == 1


def test_likely_address_replaces_the_typed_one(bank, visitor):
    visitor.reach_details(bank)
    visitor.send(RequestState, "check_field", "email", "ana@gmial.com")

    visitor.send(RequestState, "take_suggestion")

    page = visitor.see(RequestState)
    assert (page.contact.email, page.suggestion) == ("ana@gmail.com", "")
    assert visitor.send(RequestState, "take_suggestion") is None


def test_only_choice_is_not_asked_for(product, bank, visitor):
    with product.unit_of_work() as work:
        answer = work.session.get_one(AnswerRow, bank.answer_id)
        answer.languages, answer.channels = ["en"], ["video"]
        work.session.add(answer)
        work.session.flush()
        work.publish_roster_change()

    visitor.open()

    schedule = visitor.see(ScheduleState)
    assert schedule.step == "when"
    assert [step.key for step in schedule.steps] == ["when", "details"]


def test_switched_off_scheduling_leads_back_with_a_sentence(product, bank, visitor):
    visitor.reach_details(bank)
    with product.unit_of_work() as work:
        work.stored_settings.put(PUBLIC_SCHEDULING.key, "off", "test", product.now())
        work.publish_roster_change()

    visitor.request()

    assert "switched off" in visitor.see(RequestState).problem
    assert rows(product, AppointmentRow) == 0


def test_looking_at_a_link_changes_nothing(product, bank, visitor):
    token = book(product, bank, soonest(product, bank)).token
    before = traces(product)
    visitor.at(f"/a/{token}")

    visitor.send(StatusState, "open_page")
    visitor.send(StatusState, "refresh_page")
    visitor.send(StatusState, "adopt_browser", "Europe/Berlin", "de-DE")
    for panel in ("cancel", "late", "move", ""):
        visitor.send(StatusState, "show_panel", panel)

    assert traces(product) == before
    assert visitor.see(StatusState).visit.phase == "requested"


def test_link_serves_the_whole_life_of_an_appointment(product, bank, clock, visitor):
    start = soonest(product, bank)
    token = book(product, bank, start).token
    visitor.at(f"/a/{proof_of(product, token)}")
    status = visitor.see(StatusState)

    visitor.send(StatusState, "confirm_appointment")
    assert status.visit.phase == "upcoming"
    clock.now = start - timedelta(minutes=10)
    visitor.send(StatusState, "refresh_page")
    assert status.visit.can_join
    joining.enter_room(product, token)
    visitor.send(StatusState, "refresh_page")
    assert status.visit.phase == "in_call"
    clock.now = start + timedelta(hours=1)
    visitor.send(StatusState, "refresh_page")
    assert status.visit.phase == "completed"


def test_customer_moves_and_cancels(product, bank, visitor):
    token = book(product, bank, soonest(product, bank)).token
    confirm(product, token)
    visitor.at(f"/a/{token}")
    visitor.send(StatusState, "open_page")
    visitor.send(StatusState, "show_panel", "move")
    visitor.pick_soonest()

    visitor.send(StatusState, "move_appointment")
    moved = manage.read_visit(product, token).appointment
    assert moved.sequence == 1
    assert visitor.see(StatusState).panel == ""

    visitor.send(StatusState, "cancel_appointment", {"reason": "changed my mind"})
    assert manage.read_visit(product, token).phase == "cancelled"


def test_link_nobody_was_sent_says_so(visitor):
    for token in ("nonsense", "", "../../etc/passwd", "%00", "a" * 32):
        visitor.at(f"/a/{token}")
        visitor.send(StatusState, "open_page")

        assert visitor.see(StatusState).is_missing


def test_answer_is_the_same_whether_an_address_has_appointments(product, bank, visitor):
    book(product, bank, soonest(product, bank))
    visitor.begin(LandingState, bank)
    answers = []
    for address in ("other@example.com", "nobody@example.com"):
        visitor.send(LandingState, "send_links", {"mail": address})
        landing = visitor.see(LandingState)
        answers.append((landing.sent_to == address, landing.problem))

    assert answers == [(True, ""), (True, "")]


FORMS = {"submit_request", "send_links", "cancel_appointment", "change_address"}
HOSTILE = ("", "x" * 10_000, "\x00", "٣", "null", "-1", "a;DROP TABLE x", "\ud800")


@pytest.mark.parametrize("state", PUBLIC, ids=lambda state: state.__name__)
def test_no_event_of_a_public_page_fails_on_hostile_words(product, visitor, state):
    before = rows(product, AppointmentRow)
    visitor.send(ScheduleState, "open_page")

    for name, handler in state.event_handlers.items():
        wanted = len(inspect.signature(handler.fn).parameters) - 1
        if handler.fn.__module__.startswith("invo_booking"):
            for words in HOSTILE:
                forms = name in FORMS and wanted
                arguments = [{"mail": words, "reason": words}] if forms else [words]
                visitor.send(state, name, *(arguments * wanted))

    assert rows(product, AppointmentRow) == before
