"""Mails about visits: what the clock at the branch shows comes first."""

from datetime import UTC, datetime
from html import escape

import pytest

from invo_booking.domain.appointment import Channel
from invo_booking.domain.interval import Interval
from invo_booking.mail.messages import MailKind, compose_mail, letter_link_label
from tests.mail.test_messages import plain

CHICAGO, LOS_ANGELES = "America/Chicago", "America/Los_Angeles"


@pytest.mark.parametrize(
    "kind", [MailKind.REQUESTED, MailKind.CONFIRMED, MailKind.REMINDER]
)
def test_visit_is_told_on_the_clock_of_the_branch_first(appointment, facts, kind):
    visit = appointment(channel=Channel.BRANCH, time_zone=LOS_ANGELES)

    mail = compose_mail(kind, facts(visit))
    text = plain(mail.text)
    assert "10:15 - 10:45 AM\n  Central Standard Time (Chicago)" in text
    assert "Your time:\n  8:15 - 8:45 AM, Pacific Standard Time (Los Angeles)" in text
    assert text.index("10:15") < text.index("8:15 - 8:45")
    assert "8:15" not in mail.subject


def test_moved_visit_tells_its_former_time_on_the_same_clock(appointment, facts):
    visit = appointment(channel=Channel.BRANCH, time_zone=LOS_ANGELES)
    before = Interval(
        datetime(2026, 11, 24, 18, 30, tzinfo=UTC),
        datetime(2026, 11, 24, 19, 0, tzinfo=UTC),
    )

    text = plain(compose_mail(MailKind.CHANGED, facts(visit, previous=before)).text)

    assert "12:30 - 1:00 PM" in text


def test_link_of_a_visit_is_called_by_the_time_at_the_branch(appointment):
    visit = appointment(channel=Channel.BRANCH, time_zone=LOS_ANGELES)

    assert letter_link_label(visit, CHICAGO) == (
        "Mortgage advice, Tue, Nov 24, 10:15 AM, Central Standard Time (Chicago)"
    )


def test_visit_is_told_with_the_place_and_on_its_clock_wherever_the_bank_is(
    appointment, facts, denver
):
    visit = appointment(channel=Channel.BRANCH, time_zone=CHICAGO)

    mail = compose_mail(MailKind.CONFIRMED, facts(visit, branch=denver))

    text = plain(mail.text)
    assert "9:15 - 9:45 AM\n  Mountain Standard Time (Denver)" in text
    assert (
        "Where:\n  Union Station\n  1701 Wynkoop Street\n  Denver, CO 80202\n"
        "  Next to the flower shop.\n"
        f"  Show on a map: {denver.map_url}\n  303 555 0177\n"
    ) in text
    assert 'href="tel:3035550177"' in mail.html
    assert f'href="{escape(denver.map_url)}"' in mail.html
    assert "LOCATION:Union Station" in mail.ics


def test_mail_about_a_visit_that_is_off_names_no_place(appointment, facts, denver):
    visit = appointment(channel=Channel.BRANCH)

    text = compose_mail(MailKind.CANCELLED, facts(visit, branch=denver)).text

    assert "Where" not in text
