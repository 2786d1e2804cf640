"""Which passwords are taken."""

import time
from threading import Event, Lock

import pytest
from argon2 import extract_parameters

from invo_booking.domain.errors import InvalidInputError
from invo_booking.usecases.accounts import passwords
from tests.concurrency.racing import race


@pytest.fixture(scope="module")
def quick_passwords() -> None:
    """Leave the product's own hashes as they are: this is about them."""


AROUND = ("Ana Ruiz-Morales", "ana.ruiz@harborbank.example", "Harbor Bank")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "12 to 256 characters"),
        ("x" * 257, "12 to 256 characters"),
        (" " * 12, "spaces only"),
        ("\u2003" * 12, "spaces only"),
        ("aaaaaaaaaaaa", "Repeats like"),
        ("abcabcabcabc", "Repeats like"),
        ("password1234", "very common password"),
        ("Password1234!", "common"),
        ("P@ssw0rd2026!", "common"),
        ("qwertyuiopasdf", "common"),
        ("123456789012", "common"),
        ("ana.ruiz@harborbank.example", "your name, your address"),
        ("Ana.Ruiz2026!", "your name, your address"),
        ("moralesruizana", "your name, your address"),
        ("HarborBank2026!", "your name, your address"),
        ("harbor-bank-12345", "your name, your address"),
        ("Invo-Booking-1", "your name, your address"),
    ],
)
def test_password_that_is_tried_first_is_refused_and_told_why(password, why):
    assert why in passwords.password_problem(password, AROUND)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "another good password",
        "kazoo violet 43 lamp",
        "Żółta łódź płynie nocą",
        "8#2k!9Qz$1@7%4&6",
        "ruiz eats purple ladders",
    ],
)
def test_unusual_words_are_taken_whatever_their_characters(password):
    assert passwords.password_problem(password, AROUND) == ""


def test_the_same_password_again_is_no_new_one():
    stored = passwords.hash_password("correct horse battery")

    with pytest.raises(InvalidInputError) as refused:
        passwords.hash_checked_password(
            "correct horse battery", (), field="new", present=stored
        )

    assert "have already" in refused.value.fields["new"]
    assert passwords.hash_checked_password(
        "another good password", (), field="new", present=stored
    )


def test_no_password_takes_long_to_judge():
    began = time.process_time()

    for nasty in ("4@8({[<369&#!1/|0$5+7%2" * 11, "a1" * 128, "@$" * 128):
        passwords.password_problem(nasty, AROUND)

    assert time.process_time() - began < 15  # a quadratic one takes minutes


def test_what_is_stored_is_slow_to_try_also_for_nobodys_account():
    stored = extract_parameters(passwords.hash_password("correct horse battery"))

    assert (stored.memory_cost, stored.time_cost) == (64 * 1024, 3)
    assert extract_parameters(passwords._NOBODY) == stored  # noqa: SLF001


class SlowHasher:
    """Hashes nothing, and notes how many ask it at the same time."""

    def __init__(self):
        self.most = self._now = 0
        self._as_many_as_allowed, self._crowd = Event(), Event()
        self._lock = Lock()

    def verify(self, _stored, _password):
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
            if self._now == passwords.MOST_AT_ONCE:
                self._as_many_as_allowed.set()
            if self._now > passwords.MOST_AT_ONCE:
                self._crowd.set()
        self._as_many_as_allowed.wait(60)
        self._crowd.wait(0.3)
        with self._lock:
            self._now -= 1
        return True


def test_few_passwords_are_hashed_at_the_same_time_however_many_are_tried(monkeypatch):
    slow = SlowHasher()
    monkeypatch.setattr(passwords, "_HASHER", slow)

    race(
        *[lambda: passwords.is_matching_password("stored", "typed")]
        * 2
        * passwords.MOST_AT_ONCE
    )

    assert slow.most == passwords.MOST_AT_ONCE == 4
