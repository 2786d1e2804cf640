"""Guessing passwords is slow everywhere, and nobody is locked out by it."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from invo_booking.domain.access.guessing import ACCOUNT, NETWORK
from invo_booking.domain.access.roles import Role
from invo_booking.domain.errors import (
    InvalidInputError,
    NotAllowedError,
    TooManyRequestsError,
)
from invo_booking.persistence.accounts.guesses import Guess
from invo_booking.usecases.accounts import guessing, profile, sessions
from invo_booking.usecases.upkeep import delivery
from invo_booking.usecases.upkeep.attention import Topic, most_urgent_attention
from tests.support.accounts import at_address, try_in_vain
from tests.support.bank import PASSWORD

OFFICE, HOME = "198.51.100.7", "203.0.113.9"
WRONG, EARLY = "NotAllowedError", "TooManyRequestsError"


@pytest.fixture
def ana(bank):
    return bank.agent("Ana", password=PASSWORD)


def enter(deps, person, address=HOME, browser=""):
    return sessions.sign_in(
        at_address(deps, address), person.email, PASSWORD, browser=browser
    )


def failures(deps):
    with deps.unit_of_work() as work:
        return [
            entry
            for object_id in ("unknown", *map(str, work.roster.people))
            for entry in work.audit.history(object_id)
            if entry.action == guessing.FAILED
        ]


def test_one_account_is_slowed_down_over_all_addresses(deps, ana):
    came = [try_in_vain(deps, ana.email, f"203.0.113.{n}") for n in range(120)]

    assert came[: ACCOUNT.free] == [WRONG] * ACCOUNT.free
    assert set(came[ACCOUNT.free :]) == {EARLY}
    with pytest.raises(TooManyRequestsError, match="Wait 15 seconds"):
        enter(deps, ana, "192.0.2.1")


def test_wait_grows_to_a_quarter_of_an_hour_and_always_passes(deps, ana, clock):
    for n in range(12):
        while try_in_vain(deps, ana.email, f"203.0.113.{n}") == EARLY:
            clock.advance(timedelta(minutes=1))

    clock.advance(ACCOUNT.longest + timedelta(seconds=1))
    assert enter(deps, ana, "192.0.2.1").token


def test_one_network_is_slowed_down_over_all_its_addresses_and_accounts(deps, bank):
    bank.agent("Ana", password=PASSWORD)
    came = [
        try_in_vain(deps, f"somebody{n}@bank.example", f"2001:db8:0:1::{n:x}")
        for n in range(1, 26)
    ]

    assert came == [WRONG] * NETWORK.free + [EARLY] * (25 - NETWORK.free)
    assert try_in_vain(deps, "else@bank.example", "2001:db8:0:2::1") == WRONG


def test_an_office_full_of_wrong_tries_lets_people_in_from_browsers_they_know(
    deps, bank, ana
):
    ben = bank.agent("Ben", password=PASSWORD)
    known = enter(deps, ana, OFFICE).browser
    for n in range(62):
        try_in_vain(deps, f"somebody{n}@bank.example", OFFICE)
        try_in_vain(deps, ana.email, f"203.0.113.{n}")

    assert enter(deps, ana, OFFICE, browser=known).token
    assert enter(deps, ben, HOME).token
    with pytest.raises(TooManyRequestsError):
        enter(deps, ben, OFFICE)


def test_who_waits_behind_a_busy_address_waits_a_minute_at_most(deps, bank, clock):
    ben = bank.agent("Ben", password=PASSWORD)
    for n in range(62):
        try_in_vain(deps, f"somebody{n}@bank.example", OFFICE)
        clock.advance(timedelta(seconds=20))

    clock.advance(NETWORK.longest)
    assert enter(deps, ben, OFFICE).token


def test_a_known_browser_is_no_way_to_guess_faster(deps, ana, clock):
    known = enter(deps, ana).browser

    came = [try_in_vain(deps, ana.email, HOME, browser=known) for _ in range(30)]

    assert came.count(WRONG) == 10
    with pytest.raises(TooManyRequestsError):
        enter(deps, ana, browser=known)
    clock.advance(timedelta(minutes=15))
    assert enter(deps, ana, browser=known).token


def test_a_browser_is_known_only_for_whoever_signed_in_with_it(deps, bank, ana):
    ben = bank.agent("Ben", password=PASSWORD)
    known = enter(deps, ana).browser

    came = [try_in_vain(deps, ben.email, HOME, browser=known) for _ in range(6)]
    invented = secrets.token_urlsafe(32)
    came += [try_in_vain(deps, ana.email, HOME, browser=invented) for _ in range(6)]

    assert came == ([WRONG] * 5 + [EARLY]) * 2


def test_a_hundred_tries_at_once_are_a_hundred(deps, ana):
    with ThreadPoolExecutor(12) as pool:
        came = list(
            pool.map(
                lambda n: try_in_vain(deps, ana.email, f"203.0.113.{n}"), range(24)
            )
        )

    assert came.count(WRONG) == ACCOUNT.free


def test_a_try_waits_until_the_one_before_it_is_counted(deps):
    guess = Guess(account="a" * 64, network="203.0.113.7", browser="")

    def begin():
        with deps.unit_of_work() as work:
            return guessing.begin_guess(work, guess, deps.now())

    for _ in range(ACCOUNT.free - 1):
        begin()
    with ThreadPoolExecutor(1) as pool:
        with deps.unit_of_work() as work:
            last, _ = guessing.begin_guess(work, guess, deps.now())
            after = pool.submit(begin)
            with pytest.raises(TimeoutError):
                after.result(timeout=0.5)
        assert last is not None
        assert after.result(timeout=60)[0] is None


def test_right_passwords_are_not_counted(deps, ana):
    for n in range(7):
        assert enter(deps, ana, f"203.0.113.{n}").token


def test_asking_for_the_present_password_shares_the_count(deps, ana):
    here = enter(deps, ana).token
    for n in range(3):
        try_in_vain(deps, ana.email, f"203.0.113.{n}")
    for _ in range(2):
        with pytest.raises(InvalidInputError):
            profile.change_password(deps, ana, here, ("wrong", "a good new password"))

    with pytest.raises(TooManyRequestsError):
        profile.change_password(deps, ana, here, (PASSWORD, "a good new password"))
    assert try_in_vain(deps, ana.email, HOME) == EARLY


def test_failures_tell_who_was_tried_and_from_where_and_nothing_of_strangers(deps, ana):
    try_in_vain(deps, "ANA@bank.example", HOME)
    try_in_vain(deps, "stranger@elsewhere.example", OFFICE)

    unknown, known = failures(deps)
    assert (known.object_id, known.address) == (str(ana.id), HOME)
    assert (unknown.object_id, unknown.address) == ("unknown", OFFICE)
    assert "stranger" not in str(unknown)


def test_the_audit_trail_is_not_filled_by_an_attack(deps, bank, clock):
    bank.agent("Ana")
    with deps.unit_of_work() as work:
        for n in range(guessing.MOST_NOTED - 1):
            guess = guessing.Guess(account=f"{n}", network=f"{n}")
            work.guesses.add(guess, clock())

    for n in range(5):
        try_in_vain(deps, f"somebody{n}@bank.example", f"203.0.113.{n}")

    (last,) = failures(deps)
    assert guessing.SILENCE in last.detail


def alarms(deps, postbox):
    delivery.deliver_due_mails(deps)
    return [mail for mail in postbox.sent if "trying passwords" in mail.subject]


def spray(deps, people, address=OFFICE):
    for n in range(people):
        try_in_vain(deps, f"somebody{n}@bank.example", address)


def test_administrators_are_alarmed_once_for_each_incident(deps, bank, postbox, clock):
    ada = bank.agent("Ada", roles=(Role.ADMINISTRATOR,))
    spray(deps, guessing.MOST_ACCOUNTS_FROM_NETWORK - 1)
    assert alarms(deps, postbox) == []
    assert most_urgent_attention(deps, ada) is None

    spray(deps, 18)

    (mail,) = alarms(deps, postbox)
    assert mail.to == ada.email
    assert OFFICE in mail.text
    found = most_urgent_attention(deps, ada)
    assert found is not None
    assert found.topic is Topic.SIGN_INS
    assert most_urgent_attention(deps, bank.agent("Ana")) is None
    clock.advance(guessing.OVER_AFTER + timedelta(minutes=1))
    assert len(alarms(deps, postbox)) == 1
    assert most_urgent_attention(deps, ada) is None
    spray(deps, 18)
    assert len(alarms(deps, postbox)) == 2


def test_an_attack_on_one_account_from_many_places_alarms_as_well(
    deps, bank, ana, postbox, clock
):
    bank.agent("Ada", roles=(Role.ADMINISTRATOR,))
    for n in range(guessing.MOST_OF_ACCOUNT):
        while try_in_vain(deps, ana.email, f"203.0.113.{n}") == EARLY:
            clock.advance(timedelta(minutes=1))

    assert len(alarms(deps, postbox)) == 1


def test_a_person_who_mistypes_alarms_nobody(deps, bank, ana, postbox):
    bank.agent("Ada", roles=(Role.ADMINISTRATOR,))
    for _ in range(20):
        try_in_vain(deps, ana.email, HOME)

    assert alarms(deps, postbox) == []


@pytest.mark.usefixtures("ana")
def test_known_and_unknown_people_cost_the_same_work(deps):
    def statements(email):
        asked = []

        class Counting:
            def __init__(self, inner):
                self.inner = inner

            def __enter__(self):
                work = self.inner.__enter__()
                execute = work.session.connection().execute

                def counted(statement, *rest, **more):
                    asked.append(str(statement).partition(" ")[0])
                    return execute(statement, *rest, **more)

                work.session.connection().execute = counted
                return work

            def __exit__(self, *error):
                return self.inner.__exit__(*error)

        watched = replace(deps, begin=lambda caller: Counting(deps.begin(caller)))
        with pytest.raises(NotAllowedError):
            sessions.sign_in(at_address(watched, HOME), email, "wrong")
        return asked

    assert statements("ana@bank.example") == statements("nobody@bank.example")
