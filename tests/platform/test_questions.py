"""Questions of a process and the worker's answers, on their way through Valkey."""

import base64
import json
import threading

import pytest
import redis

from invo_booking import broker
from invo_booking.broker import QUESTIONS
from invo_booking.domain.calendars.provider_errors import (
    WorkerFailedError,
    WorkerSilentError,
)
from invo_booking.run.embedded import Valkey

NOBODY = "redis://127.0.0.1:1/0"
PATIENT = 60.0
SHORT = 0.3


@pytest.fixture
def valkey(folder, tmp_path, monkeypatch):
    with Valkey(folder) as server, redis.Redis.from_url(server.url) as client:
        monkeypatch.setenv("INVO_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("INVO_REDIS_URL", server.url)
        yield client


def number_of(message: bytes) -> str:
    """Return the number of the question that a message of Celery names."""
    [[number], *_] = json.loads(_body(json.loads(message)))
    return number


def _body(message) -> bytes:
    return base64.b64decode(message["body"])


def answering(client, answer) -> threading.Thread:
    """Take one question like a worker, in a thread."""

    def run():
        _, message = client.blpop([QUESTIONS], timeout=PATIENT)
        broker.answer_question(number_of(message), answer)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def test_answer_comes_back_to_who_asked_and_nothing_is_left(valkey):
    thread = answering(valkey, lambda question: f"{question}, answered")

    assert broker.ask_worker("asked", PATIENT) == "asked, answered"

    thread.join()
    assert valkey.keys("invo:question:*") == []
    assert valkey.keys("invo:answer:*") == []


def test_question_is_not_in_the_message_and_is_taken_once(valkey):
    taken = []
    with pytest.raises(WorkerSilentError):
        broker.ask_worker("sealed question", SHORT)
    message = valkey.lpop(QUESTIONS)
    assert b"sealed" not in _body(json.loads(message))

    # Asked again, and delivered twice.
    number = number_of(message)
    valkey.set(f"invo:question:{number}", "sealed question")
    for _ in range(2):
        broker.answer_question(number, lambda it: taken.append(it) or "answer")

    assert taken == ["sealed question"]


def test_question_that_nobody_takes_is_gone_and_had_no_effect(valkey):
    with pytest.raises(WorkerSilentError, match="worker") as raised:
        broker.ask_worker("asked", SHORT)

    assert not raised.value.ambiguous
    assert valkey.keys("invo:question:*") == []


def test_question_and_answer_are_kept_for_seconds_only(valkey):
    kept = []

    def answer(_question):
        return "answer"

    def run():
        _, message = valkey.blpop([QUESTIONS], timeout=PATIENT)
        number = number_of(message)
        kept.append(valkey.pttl(f"invo:question:{number}"))
        broker.answer_question(number, answer)
        broker.answer_question(number, answer)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert broker.ask_worker("asked", PATIENT) == "answer"
    thread.join()

    assert 0 < kept[0] <= 12_000
    number = "1" * 32
    valkey.set(f"invo:question:{number}", "late")
    broker.answer_question(number, answer)
    assert 0 < valkey.ttl(f"invo:answer:{number}") <= broker.KEPT_SECONDS


def test_worker_that_fails_is_told_at_once_and_may_have_had_its_effect(valkey, caplog):
    def fail(_question):
        raise RuntimeError("out of order")

    def run():
        _, message = valkey.blpop([QUESTIONS], timeout=PATIENT)
        with pytest.raises(RuntimeError):
            broker.answer_question(number_of(message), fail)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    with pytest.raises(WorkerFailedError) as raised:
        broker.ask_worker("asked", PATIENT)
    thread.join()

    assert raised.value.ambiguous
    assert "does not answer" not in str(raised.value)
    assert raised.value.reference in str(raised.value)
    assert raised.value.reference in caplog.text


@pytest.mark.parametrize("address", [NOBODY, ""])
def test_without_a_broker_nobody_is_asked(tmp_path, monkeypatch, address):
    monkeypatch.setenv("INVO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("INVO_REDIS_URL", address)

    with pytest.raises(WorkerSilentError):
        broker.ask_worker("asked", PATIENT)
