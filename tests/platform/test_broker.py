import json
import socket
import threading
import time
from collections import Counter
from types import SimpleNamespace

import pytest
import redis

from invo_booking import broker
from invo_booking.broker import (
    ANSWER,
    DELIVER,
    MAIL_QUEUE,
    QUESTIONS,
    QUEUE,
    WOKEN,
    Waker,
    celery,
)
from invo_booking.config import load_config
from invo_booking.mail.smtp import LETTER_SECONDS
from invo_booking.run import instance
from invo_booking.run.embedded import Valkey
from invo_booking.tasks.beat import OneWaitingScheduler
from invo_booking.tasks.delivery import MAIL_BATCH, MAIL_SECONDS
from invo_booking.tasks.schedule import EVERY_SECONDS

NOBODY = "redis://127.0.0.1:1/0"


@pytest.fixture
def silent():
    """Address of a broker that takes calls and answers none."""
    with socket.create_server(("127.0.0.1", 0)) as there:
        yield f"redis://127.0.0.1:{there.getsockname()[1]}/0"


def test_wake_with_the_broker_down_takes_no_time_and_never_raises(
    tmp_path, monkeypatch, silent
):
    monkeypatch.setenv("INVO_DATA_DIR", str(tmp_path))
    started = time.monotonic()
    for url in (NOBODY, silent):
        monkeypatch.setenv("INVO_REDIS_URL", url)
        for _ in range(100):
            broker.wake()

    assert time.monotonic() - started < 10, "a hundred that wait take twenty seconds"


def test_failed_call_is_told_to_nobody_but_the_log():
    assert Waker(NOBODY).send() is False


class CountingWaker(Waker):
    """Notes that it was about to send a call."""

    def __init__(self, url) -> None:
        super().__init__(url)
        self.sending = threading.Event()

    def send(self) -> bool:
        self.sending.set()
        return True


def test_without_a_broker_nothing_is_sent():
    with_one, without = CountingWaker(NOBODY), CountingWaker("")
    with_one.wake()
    without.wake()

    assert with_one.sending.wait(60)
    assert not without.sending.wait(0.3)


def test_mail_has_a_queue_and_two_processes_of_its_own(tmp_path):
    config = load_config({"INVO_DATA_DIR": str(tmp_path), "INVO_REDIS_URL": NOBODY})

    def queue_of(task) -> str:
        return celery.amqp.router.route({}, task)["queue"].name

    def options_of(command) -> set[str]:
        return {it for it in command if it.startswith(("--queues", "--concurrency"))}

    assert queue_of(DELIVER) == MAIL_QUEUE
    assert {queue_of(it) for it in EVERY_SECONDS if it != DELIVER} == {QUEUE}
    assert queue_of(ANSWER) == QUESTIONS
    assert options_of(instance.mail_worker_command(config)) == {
        f"--queues={MAIL_QUEUE}",
        "--concurrency=2",
    }
    assert f"--queues={QUEUE},{QUESTIONS}" in options_of(
        instance.worker_command(config)
    )


def test_no_mail_task_is_stopped_in_the_middle_of_a_letter():
    longest = MAIL_SECONDS + MAIL_BATCH * LETTER_SECONDS

    assert longest < celery.conf.task_soft_time_limit


def test_many_calls_become_few(folder, eventually):
    with Valkey(folder) as server, redis.Redis.from_url(server.url) as client:
        waker = Waker(server.url)
        for _ in range(200):
            waker.wake()

        eventually(lambda: client.llen("invo") > 0)
        assert client.llen("invo") < 200


def test_call_reaches_a_broker_that_came_back(folder):
    server = Valkey(folder)
    with server:
        waker = Waker(server.url)
        assert waker.send()
    assert not waker.send()


def test_waking_works_after_a_fork(folder, eventually):
    with Valkey(folder) as server, redis.Redis.from_url(server.url) as client:
        waker = Waker(server.url)
        assert waker.send()
        client.flushdb()
        waker._process = -1  # noqa: SLF001 - what a forked child finds
        waker.wake()

        eventually(lambda: client.llen(QUEUE) == len(WOKEN) - 1)
        assert client.llen(MAIL_QUEUE) == 1


def test_promises_do_not_depend_on_the_broker():
    conf = celery.conf

    assert conf.task_acks_late
    assert conf.task_reject_on_worker_lost
    assert conf.worker_prefetch_multiplier == 1
    assert conf.result_backend is None
    assert list(conf.accept_content) == ["json"]
    assert conf.task_time_limit < conf.broker_transport_options["visibility_timeout"]


def test_every_task_is_scheduled_and_every_scheduled_task_exists():
    celery.loader.import_default_modules()

    assert set(EVERY_SECONDS) | {ANSWER} == {
        name for name in celery.tasks if not name.startswith("celery.")
    }
    assert EVERY_SECONDS["upkeep.tell_audit_head"] <= 3600
    assert EVERY_SECONDS[DELIVER] <= 10, "how soon a mail goes out once it is due"


@pytest.fixture
def beat(folder, monkeypatch):
    """Beat with a broker that no worker reads, and the broker's client."""
    with Valkey(folder) as server, redis.Redis.from_url(server.url) as client:
        monkeypatch.setenv("INVO_DATA_DIR", str(folder))
        monkeypatch.setenv("INVO_REDIS_URL", server.url)
        with celery.connection_for_write(server.url) as connection:
            producer = celery.amqp.Producer(connection, auto_declare=False)
            scheduler = OneWaitingScheduler(app=celery, lazy=True)
            scheduler.setup_schedule()
            yield SimpleNamespace(
                client=client,
                entries=scheduler.schedule.values(),
                send=lambda entry: scheduler.apply_entry(entry, producer),
            )


def headers_of(client) -> list[dict]:
    waiting = [*client.lrange(QUEUE, 0, -1), *client.lrange(MAIL_QUEUE, 0, -1)]
    return [json.loads(message)["headers"] for message in waiting]


def test_one_message_of_each_task_waits_while_no_worker_runs(beat):
    for _ in range(3):
        for entry in beat.entries:
            beat.send(entry)

    assert Counter(it["task"] for it in headers_of(beat.client)) == dict.fromkeys(
        EVERY_SECONDS, 1
    )

    beat.client.delete(MAIL_QUEUE)  # a worker has fetched it
    for entry in beat.entries:
        beat.send(entry)

    assert beat.client.llen(MAIL_QUEUE) == 1


def test_worker_drops_no_message_because_its_clock_differs_from_that_of_beat(beat):
    for entry in beat.entries:
        beat.send(entry)

    headers = headers_of(beat.client)
    assert {it["task"] for it in headers} == set(EVERY_SECONDS)
    assert {(it["expires"], it["eta"]) for it in headers} == {(None, None)}


def test_queue_that_cannot_be_read_keeps_no_message_back(monkeypatch, folder):
    monkeypatch.setenv("INVO_DATA_DIR", str(folder))
    monkeypatch.setenv("INVO_REDIS_URL", NOBODY)

    assert not broker.is_waiting(DELIVER)
