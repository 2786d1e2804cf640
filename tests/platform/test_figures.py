"""The figures that docs/security.md names; other tests go by the code's own."""

from datetime import timedelta

from invo_booking.api.core import gate, incomplete, intake, sockets
from invo_booking.api.core.limiter import RATES, RequestKind
from invo_booking.api.personal import relay
from invo_booking.config import PROJECT, load_config
from invo_booking.domain.access import cookie, guessing, proof_of_work
from invo_booking.domain.access.guessing import GuessingPace
from invo_booking.domain.calendars import personal
from invo_booking.persistence.upkeep.contact_uses import ContactUse
from invo_booking.providers import id_claims, personal_events
from invo_booking.run.frontend import serve_command
from invo_booking.settings import general
from invo_booking.tasks.schedule import EVERY_SECONDS
from invo_booking.usecases.accounts import links, passwords, tokens
from invo_booking.usecases.admin import inviting
from invo_booking.usecases.appointment import limits
from invo_booking.usecases.booking import admission, request_mail
from invo_booking.usecases.calendars import checks, signing_in
from invo_booking.usecases.shared import mailing
from invo_booking.usecases.staff import sending_again
from invo_booking.usecases.upkeep import floods, periodic

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def limits_on_the_page() -> dict[str, str]:
    """Return the second column of the table of limits, by the first."""
    page = (PROJECT / "docs" / "security.md").read_text(encoding="utf-8")
    part = page.partition("## Limits")[2].partition("\n## ")[0]
    rows = [line.split(" | ") for line in part.splitlines() if line.startswith("| ")]
    return {row[0].removeprefix("| "): row[1].strip() for row in rows[2:]}


def kilobytes(number: int) -> str:
    return f"{number // 1024} kB"


def test_page_names_the_limits_of_the_code():
    """Rows whose figures other tests of this file compare are left to them."""
    most = {kind.value: f"{it.amount:,}" for kind, it in RATES.items()}
    a_day = limits.MOST_A_DAY
    account, browser, network = guessing.ACCOUNT, guessing.BROWSER, guessing.NETWORK
    told = {
        "headers of a request; its cookies; its address": (
            f"{kilobytes(gate.MOST_HEADER_BYTES)} and {gate.MOST_HEADERS} headers; "
            f"{kilobytes(cookie.MOST_BYTES)}; {kilobytes(gate.MOST_ADDRESS_BYTES)}"
        ),
        "requests of one address (IPv6: its /64) in a minute, to the API, forms and "
        "links": (
            f"{most['read']} that read, {most['write']} that change something, "
            f"{most['sign-in']} for signing in and setting passwords, "
            f"{most['links']} for link mails"
        ),
        "requests of one program in a minute": (
            f"{general.PROGRAM_REQUESTS.default} for its token (a setting), "
            "on every route"
        ),
        "websockets of one address": (
            f"{sockets.ANYBODY}, with signed-in people {sockets.SIGNED_IN}; "
            f"{sockets.ARRIVALS_PER_SECOND:.0f} new ones a second"
        ),
        "silence of a websocket": f"{sockets.SILENCE:.0f} s",
        "events of one websocket": (
            f"{sockets.EVENTS_PER_SECOND:.0f} a second, "
            f"{sockets.EVENTS_AT_ONCE:.0f} at once"
        ),
        "requests and link mails of one network (address, IPv6 /64)": (
            f"{admission.MOST_A_MINUTE} in a minute, {admission.MOST_A_DAY} in a day"
        ),
        "mails to an unproven address; link mails": (
            f"{a_day[ContactUse.UNPROVEN_MAIL]} a day; "
            f"{a_day[ContactUse.LINK_MAIL]} a day"
        ),
        "moves of one appointment by its customer": f"{admission.MOST_MOVES} a day",
        "*I am running late* and its withdrawal, for one appointment": (
            f"{admission.MOST_LATE_REPORTS} a day"
        ),
        "test mails of administrators": (
            f"{mailing.MOST_TRIALS} an hour for each administrator; "
            f"{mailing.MOST_TRIALS_TO_OTHERS} a day to any address but the "
            "administrator's own"
        ),
        "test appointments of administrators in the host calendar": (
            f"{checks.MOST_TRIALS} an hour for each administrator"
        ),
        "confirmations sent again by staff": (
            f"{sending_again.MOST_A_DAY} a day for an appointment"
        ),
        "wrong passwords of one account, from all addresses": (
            f"{account.free}, then delays of {account.first // SECOND} s, doubling to "
            f"{account.longest // MINUTE} min"
        ),
        "a question about personal calendars": (
            f"{personal.LONGEST_RANGE.days} days, {personal.MOST_CALENDARS} calendars, "
            f"{personal.MOST_EVENTS:,} events, {relay.SECONDS:.0f} s, "
            f"{relay.THREADS.total_tokens} at the same time in one process"
        ),
        "sign-ins at calendar providers that a person has begun and not finished": (
            f"{signing_in.MOST_UNFINISHED} in {signing_in.LASTS // MINUTE} minutes"
        ),
        "wrong passwords of one network": (
            f"{network.free} an hour, then delays of {network.first // SECOND} s, "
            f"doubling to {network.longest // SECOND} s"
        ),
        "wrong passwords in a browser that the owner has used before": (
            f"a separate count: {browser.free}, then delays of "
            f"{browser.first // SECOND} s, doubling to {browser.longest // MINUTE} min"
        ),
    }

    on_the_page = limits_on_the_page()

    assert {name: on_the_page.get(name) for name in told} == told


def test_requests_and_sockets_are_bounded_as_promised():
    assert (gate.MOST_HEADERS, gate.MOST_HEADER_BYTES) == (100, 32_768)
    assert (cookie.MOST_BYTES, gate.MOST_ADDRESS_BYTES) == (8_192, 8_192)
    assert (gate.BODY_SECONDS, sockets.MOST_BYTES) == (60, 65_536)
    assert (sockets.ANYBODY, sockets.SIGNED_IN) == (100, 600)
    assert (sockets.ARRIVALS_PER_SECOND, sockets.EVENTS_PER_SECOND) == (10, 20)
    assert (sockets.EVENTS_AT_ONCE, sockets.SILENCE) == (100, 60)
    assert (sockets.MOST_INCOMPLETE, incomplete.LOOK_SECONDS) == (262_144, 0.25)
    assert (intake.MOST_BYTES, intake.MOST_BYTES_OF_FILES) == (65_536, 4_194_304)
    assert "--http1-header-read-timeout=10000" in serve_command(load_config({}))
    rates = {
        kind: (it.amount, it.multiples, it.GRANULARITY.name)
        for kind, it in RATES.items()
    }
    minute = {
        RequestKind.READ: 3_000,
        RequestKind.WRITE: 600,
        RequestKind.SIGN_IN: 120,
        RequestKind.LINKS: 10,
    }
    assert rates == {kind: (most, 1, "minute") for kind, most in minute.items()}
    assert general.PROGRAM_REQUESTS.default == 120


def test_what_customers_ask_is_bounded_as_promised():
    assert (admission.MOST_A_MINUTE, admission.MOST_A_DAY) == (5, 30)
    assert proof_of_work.HARD_BITS - proof_of_work.ORDINARY_BITS == 3  # 8 times
    assert (timedelta(minutes=10), 10) == (floods.WITHIN, floods.FEWEST_REQUESTS)
    assert limits.MOST_PENDING == 3
    assert (limits.MOST_A_DAY, limits.DAY) == (
        {ContactUse.REQUEST: 5, ContactUse.UNPROVEN_MAIL: 5, ContactUse.LINK_MAIL: 3},
        DAY,
    )
    assert (admission.MOST_MOVES, admission.MOST_LATE_REPORTS) == (10, 10)
    assert request_mail.MOST_CHANGES == 3
    assert sending_again.MOST_A_DAY == 3
    trials = (mailing.MOST_TRIALS, mailing.HOUR, mailing.MOST_TRIALS_TO_OTHERS)
    assert (*trials, mailing.DAY) == (10, HOUR, 5, DAY)
    assert (checks.MOST_TRIALS, checks.HOUR) == (10, HOUR)


def test_guessing_is_slowed_down_as_promised():
    assert (
        GuessingPace(free=5, first=15 * SECOND, longest=15 * MINUTE, memory=DAY)
        == guessing.ACCOUNT
    )
    assert (
        GuessingPace(free=10, first=15 * SECOND, longest=15 * MINUTE, memory=DAY)
        == guessing.BROWSER
    )
    assert (
        GuessingPace(free=20, first=SECOND, longest=MINUTE, memory=HOUR)
        == guessing.NETWORK
    )


def test_passwords_links_and_tokens_are_as_promised():
    assert (passwords.SHORTEST, passwords.LONGEST) == (12, 256)
    assert links.LIFETIMES == {
        links.INVITATION: 72 * HOUR,
        links.RESET: 30 * MINUTE,
        links.FIRST: 30 * MINUTE,
    }
    assert (links.MOST_FOR_ACCOUNT, inviting.MOST) == (5, 5)
    assert (links.MOST_FROM_NETWORK, links.HOUR, inviting.DAY) == (20, HOUR, DAY)
    assert (passwords.MOST_AT_ONCE, passwords.MEMORY_KIB) == (4, 65_536)
    assert (general.SESSION_IDLE.default, general.SESSION_LONGEST.default) == (
        HOUR,
        12 * HOUR,
    )
    assert (tokens.MOST, periodic.BROWSERS_KEPT) == (20, 180 * DAY)
    assert id_claims.LEEWAY == 2 * MINUTE
    assert tokens.LIFETIMES == (30, 90, 365)


def test_audit_entries_are_sealed_and_told_as_often_as_promised():
    assert EVERY_SECONDS["upkeep.tidy"] == 60  # seals
    assert EVERY_SECONDS["upkeep.tell_audit_head"] == 3_600


def test_personal_calendars_are_bounded_as_promised():
    assert (personal.LONGEST_RANGE, personal.MOST_CALENDARS) == (63 * DAY, 5)
    assert (personal.MOST_EVENTS, personal.LONGEST_TITLE) == (2_000, 200)
    assert (relay.SECONDS, personal_events.SECONDS) == (8, 8)
    assert relay.THREADS.total_tokens == 16
    assert cookie.LONGEST_GRANT == 3_900
    assert periodic.SESSIONS_KEPT == DAY
