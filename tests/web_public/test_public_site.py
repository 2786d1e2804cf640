from dataclasses import replace
from datetime import time
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invo_booking.domain.appointment import Channel
from invo_booking.settings.contrast import contrast_ratio
from invo_booking.texts import speak_within
from invo_booking.usecases.booking.booking import AnswerOption, PublicSite
from invo_booking.web.core import theme
from invo_booking.web.core.site import public_site_view
from invo_booking.web.kit.text.names import minutes_text
from invo_booking.web.landing.view import landing_topics
from invo_booking.web.scheduler import view as public
from invo_booking.web.scheduler.address import ScheduleChoice

ANSWER = AnswerOption(
    id=UUID(int=5),
    title="Mortgage advice",
    description="",
    queue_id=UUID(int=6),
    queue_name="Home lending",
    duration_minutes=30,
    languages=("en", "es"),
    channels=(Channel.VIDEO,),
    documents=("Photo ID", "Two pay slips"),
)
COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
SITE = PublicSite(
    name="Harbor",
    tagline="",
    phone="312 555 0142",
    time_zone="America/Chicago",
    opening_hours=((0, ((time(9), time(17)),)),),
    country="US",
    scheduling_on=True,
    contact="both",
    customer_calls=False,
    brand="#0b6e62",
    slot_text="#000000",
    slot_available="#A7E3B5",
    slot_selected="#ffcc00",
    answers=(ANSWER,),
    branches=(),
    language_names={},
)


def test_the_same_hours_all_week_are_told_as_daily():
    hours = tuple((day, ((time(9), time(17)),)) for day in range(7))

    assert public_site_view(replace(SITE, opening_hours=hours)).hours == (
        "Opening hours: daily 9:00 AM to 5:00 PM (Chicago time)"
    )


def test_default_colours_leave_room_for_dark_mode():
    view = public_site_view(SITE)

    assert view.slot_available == "inherit"
    assert view.slot_selected == "#ffcc00"


def test_site_says_when_it_is_open_in_the_language_and_habits_of_its_readers():
    assert public_site_view(SITE).hours == (
        "Opening hours: Mon 9:00 AM to 5:00 PM (Chicago time)"
    )
    with speak_within("fr"):
        assert public_site_view(replace(SITE, country="FR")).hours == (
            "Horaires d\u2019ouverture : lun. 09:00 à 17:00 (Chicago)"
        )
    assert public_site_view(replace(SITE, opening_hours=())).hours == ""


def test_site_says_what_a_customer_must_leave():
    view = public_site_view(SITE)

    assert (view.needs_email, view.needs_phone) == (True, True)
    assert view.phone_url == "tel:3125550142"


@pytest.mark.parametrize(
    ("current", "asks", "names"),
    [
        ("when", (True, False), ["Topic", "When", "Details"]),
        ("when", (False, False), ["When", "Details"]),
        ("where", (True, True), ["Topic", "Where", "When", "Details"]),
        ("topic", (False, False), ["Topic", "When", "Details"]),
    ],
)
def test_step_without_a_choice_is_left_out(current, asks, names):
    topic, where = asks
    steps = public.scheduler_step_views(
        current, ScheduleChoice(), asks_topic=topic, asks_where=where
    )

    assert [step.name for step in steps] == names
    assert [step.key for step in steps if step.is_now] == [current]
    assert all(bool(step.page) == step.is_past for step in steps)


def test_past_step_is_an_address_without_what_is_chosen_there_and_later():
    choice = ScheduleChoice(
        answer="a",
        language="en",
        channel="branch",
        branch="b",
        agent="c",
        time="2026-12-01T15:00Z",
    )
    steps = public.scheduler_step_views(
        "details", choice, asks_topic=True, asks_where=True
    )

    assert [step.page for step in steps] == [
        "/schedule?language=en&channel=branch",
        "/schedule?answer=a&language=en&channel=branch",
        "/schedule?answer=a&language=en&channel=branch&branch=b&agent=c",
        "",
    ]


def test_languages_are_named_in_themselves_on_chips():
    chips = public.scheduler_language_choices(ANSWER, "es")

    assert [(chip.label, chip.picked) for chip in chips] == [
        ("English", False),
        ("Español", True),
    ]


def test_review_says_how_in_one_sentence():
    assert public.scheduler_how_sentence(ANSWER, "es", "video") == (
        "30 minutes, by video, in Spanish"
    )


def test_topic_card_names_what_to_have_ready():
    assert (
        public.scheduler_answer_view(ANSWER, ScheduleChoice()).need
        == "Photo ID · Two pay slips"
    )
    assert minutes_text(1) == "1 minute"


@pytest.mark.parametrize(
    ("channel", "ours", "told"),
    [
        ("phone", "", "We call you on this number."),
        (
            "phone",
            "312 555 0142",
            "You call us on 312 555 0142. We use your number only if we miss you.",
        ),
        ("video", "312 555 0142", "We call you only if the video does not work."),
        ("branch", "312 555 0142", ""),
        ("", "312 555 0142", ""),
    ],
)
def test_purpose_of_the_number_follows_who_calls(channel, ours, told):
    assert public.scheduler_phone_help(channel, ours) == told


@pytest.mark.parametrize(
    ("text", "available", "tint", "ink"),
    [
        ("#000000", "#A7E3B5", "inherit", "inherit"),
        ("#000000", "#ffd166", "#fff1d1", "#000000"),
        ("#FFFFFF", "#1b5e20", "#081c09", "#ffffff"),
    ],
)
def test_available_slot_has_a_pale_tint_of_its_color(text, available, tint, ink):
    assert theme.slot_tint(text, available) == tint
    assert theme.slot_ink(text, available) == ink


@given(COLORS, COLORS)
def test_time_is_never_harder_to_read_on_the_tint(text, available):
    tint = theme.slot_tint(text, available)

    if tint != "inherit":
        assert contrast_ratio(text, tint) >= contrast_ratio(text, available) - 0.1


def test_landing_page_leads_to_each_topic_where_there_are_several():
    (link, *others) = landing_topics(replace(SITE, answers=(ANSWER, ANSWER)))

    assert (link.title, len(others)) == (ANSWER.title, 1)
    assert link.page == f"/schedule?answer={ANSWER.id}"
    assert landing_topics(replace(SITE, answers=(ANSWER,))) == []
