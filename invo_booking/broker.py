"""Define the Celery application, wake its workers, and have them call providers.

Mails and calendar writes are rows in the database, not messages at the broker. A
wake-up call only makes a worker query the rows at once; if the call is lost, a periodic
task finds the rows. The broker may therefore be down, lose its data or deliver twice.
To have a worker call a provider, a process sends the worker a *question*; if no answer
comes, the process sends the question again.
"""

import functools
import importlib
import json
import logging
import os
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import redis
from celery import Celery
from celery.apps import worker
from celery.signals import import_modules, setup_logging
from kombu.connection import Connection
from kombu.exceptions import KombuError

from invo_booking.config import load_config
from invo_booking.domain.calendars.provider_errors import (
    WorkerFailedError,
    WorkerSilentError,
)
from invo_booking.run import logs
from invo_booking.run.collector import collector_paused
from invo_booking.texts import say

DELIVER = "delivery.deliver_due"
"""Name of the task that sends the mails of the outbox."""

WRITE_CALENDARS = "delivery.write_calendars"
"""Name of the task that writes the outbox to the host calendar."""

SYNC = "sync.tick"
"""Name of the task that reads outside calendars."""

ANSWER = "calendars.answer_question"
"""Name of the task that answers a question of another process."""

WOKEN = (DELIVER, WRITE_CALENDARS, SYNC)
"""Tasks that a wake-up call starts."""

QUEUE, MAIL_QUEUE = "invo", "invo.mail"
"""Names of the broker's queues. Mail has its own queue and worker processes, so that a
slow mail server delays nothing else."""

QUESTIONS = "invo.questions"
"""Name of the broker's queue for questions, which must not wait for periodic tasks."""

TAKEN_SECONDS = 10.0
"""Seconds within which a worker must fetch a question before the question expires."""

KEPT_SECONDS = 30
"""Seconds for which an answer is kept for the process that waits for it."""

TASK_SECONDS = 300
"""Hard time limit of a task, in seconds: well below the time after which the broker
delivers the task again."""

MOST_READ = 500
"""Largest number of messages that are read from a queue to find out whether the message
of a task is in the queue."""

VISIBILITY_SECONDS = 3600
_CONNECT_SECONDS = 0.2
_PATIENT_SECONDS = 2.0
_REST_SECONDS = 3.0
_BREATH_SECONDS = 0.1

_log = logging.getLogger(__name__)


def _settings() -> dict[str, Any]:
    return {
        "broker_url": load_config().redis_url,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,  # retry for ever
        "broker_transport_options": {
            "visibility_timeout": VISIBILITY_SECONDS,
            "health_check_interval": 10,
            "socket_keepalive": True,
        },
        "result_backend": None,
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_time_limit": TASK_SECONDS,
        "task_soft_time_limit": TASK_SECONDS - 30,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_default_queue": QUEUE,
        "task_routes": {
            DELIVER: {"queue": MAIL_QUEUE},
            ANSWER: {"queue": QUESTIONS},
        },
        "worker_prefetch_multiplier": 1,
        "worker_cancel_long_running_tasks_on_connection_loss": True,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "worker_enable_remote_control": False,
        "timezone": "UTC",
    }


celery = Celery(
    "invo_booking",
    include=[
        "invo_booking.tasks.delivery",
        "invo_booking.tasks.questions",
        "invo_booking.tasks.sync",
        "invo_booking.tasks.upkeep",
        "invo_booking.tasks.schedule",
    ],
)
celery.add_defaults(_settings)  # called at first use, so importing reads nothing


@setup_logging.connect
def _set_up_logs(**_unused: object) -> None:
    """Set up the logs of Celery's processes."""
    logs.set_up_logs(load_config().log_level)
    logs.take_over_logs()
    worker.safe_say = logs.write_log_at_once


@import_modules.connect
def _load_tasks(**_unused: object) -> None:
    """Load the tasks before Celery does, with the garbage collector paused.

    This happens before the worker forks, so that its processes share what was loaded.
    """
    with collector_paused():
        for name in celery.conf.include:
            importlib.import_module(name)


def _connection(url: str, seconds: float) -> Connection:
    return Connection(
        url,
        transport_options={
            "socket_connect_timeout": seconds,
            "socket_timeout": seconds,
            "max_retries": 0,
            "retry_on_timeout": False,
        },
    )


class Waker:
    """Sends wake-up calls to workers from a separate thread.

    Calls in quick succession are combined, because one run of a worker processes the
    whole outbox anyway. A failed call is not repeated; the pause before the next call
    is then longer.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._wanted = threading.Event()
        self._thread: threading.Thread | None = None
        self._process = 0
        self._guard = threading.Lock()

    def wake(self) -> None:
        """Request a wake-up call soon. Returns at once and never raises."""
        if not self._url:
            return
        self._wanted.set()
        if self._process != os.getpid():  # threads do not survive a fork
            self._begin()

    def send(self) -> bool:
        """Send a wake-up call now; return whether the broker accepted it."""
        try:
            with _connection(self._url, _CONNECT_SECONDS) as connection:
                for task in WOKEN:
                    celery.send_task(task, connection=connection, retry=False)
        except (KombuError, OSError) as error:
            _log.warning("no wake-up call sent: %s", type(error).__name__)
            return False
        return True

    def _begin(self) -> None:
        with self._guard:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
            self._thread = threading.Thread(target=self._run, name="waker", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        rest = threading.Event()
        while self._wanted.wait():
            self._wanted.clear()
            rest.wait(_BREATH_SECONDS if self.send() else _REST_SECONDS)


@functools.cache
def _waker(_given: str) -> Waker:
    return Waker(load_config().redis_url)


def wake() -> None:
    """Wake the workers because the outbox has new messages.

    Returns at once and never raises: if the broker is down, the next run of a periodic
    task finds the messages.
    """
    _waker(os.environ.get("INVO_REDIS_URL", "")).wake()


def is_waiting(task: str) -> bool:
    """Whether a message of a task waits in the broker's queue for a worker.

    False if the broker does not answer, or if ``MOST_READ`` or more newer messages are
    in the queue. A second message, sent because of this wrong result, does no harm.
    """
    url = load_config().redis_url
    queue = celery.amqp.router.route({}, task)["queue"].name
    try:
        with _client(url, _PATIENT_SECONDS) as client:
            messages = client.lrange(queue, 0, MOST_READ - 1)
    except redis.RedisError as error:
        _log.warning("the queue was not read: %s", type(error).__name__)
        return False
    return any(json.loads(it)["headers"]["task"] == task for it in messages)


def ask_worker(question: str, seconds: float) -> str:
    """Send a worker a question and return the answer.

    The question is stored in Redis under a key of its own; the Celery message contains
    only the question's number. So only one worker can fetch the question, and Redis
    deletes a question that no worker has fetched in time.

    Args:
        question: The question, encrypted because it is stored in Redis.
        seconds: Longest wait for the answer, in seconds.

    Raises:
        WorkerSilentError: If no worker answers in time. The error is ``ambiguous`` if a
            worker may have fetched the question.
        WorkerFailedError: If an unexpected error occurred in the worker.
    """
    url = load_config().redis_url
    if not url:
        raise _silent_error(is_taken=False)
    try:
        with _client(url, seconds) as client:
            answer = _answer(client, url, question, seconds)
    except (redis.RedisError, KombuError, OSError) as error:
        _log.warning("no question asked: %s", type(error).__name__)
        raise _silent_error(is_taken=True) from None
    return answer


def answer_question(number: str, answer: Callable[[str], str]) -> None:
    """Fetch a question and store its answer; do nothing if the question has expired.

    If ``answer`` raises an error, an empty answer is stored, and the error is logged
    with the reference that the caller's error message shows.
    """
    with _client(load_config().redis_url, TAKEN_SECONDS) as client:
        key, place = _places(number)
        question, _ = client.pipeline().get(key).delete(key).execute()
        if question is None:
            return
        text = ""
        try:
            text = answer(question.decode())
        except Exception:
            _log.error("question %s was not answered", _reference(number))
            raise
        finally:
            pipeline = client.pipeline().rpush(place, text)
            pipeline.expire(place, KEPT_SECONDS).execute()


def _answer(client: Any, url: str, question: str, seconds: float) -> str:
    number = uuid4().hex
    key, place = _places(number)
    client.set(key, question, px=int(TAKEN_SECONDS * 1000) + 2000)
    with _connection(url, _PATIENT_SECONDS) as connection:
        celery.send_task(ANSWER, args=[number], connection=connection, retry=False)
    reply = client.blpop([place], timeout=min(TAKEN_SECONDS, seconds))
    if reply is None and client.delete(key):
        raise _silent_error(is_taken=False)
    if reply is None and seconds > TAKEN_SECONDS:
        reply = client.blpop([place], timeout=seconds - TAKEN_SECONDS)
    if reply is None:
        raise _silent_error(is_taken=True)
    if not reply[1]:
        raise WorkerFailedError(
            say("operator.broker.worker_failed", reference=_reference(number)),
            ambiguous=True,
            reference=_reference(number),
        )
    return reply[1].decode()


def _reference(number: str) -> str:
    """Return the beginning of a question's number, for error messages and logs."""
    return number[:8]


def _places(number: str) -> tuple[str, str]:
    return f"invo:question:{number}", f"invo:answer:{number}"


def _client(url: str, seconds: float) -> Any:
    return redis.Redis.from_url(  # pyright: ignore[reportUnknownMemberType]
        url, socket_connect_timeout=_PATIENT_SECONDS, socket_timeout=seconds + 1
    )


def _silent_error(*, is_taken: bool) -> WorkerSilentError:
    return WorkerSilentError(
        say("operator.broker.no_worker"),
        ambiguous=is_taken,
    )
