"""Call a provider in a worker, because only workers import the provider's library.

A question contains the name of a method of ``BackendCalendar``, its arguments and the
account. The question is encrypted, because the account contains a password. Only one
worker can take a question, and only within seconds.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from invo_booking.config import Config
from invo_booking.domain.calendars.outside import (
    Availability,
    ConnectionFinding,
    EventDraft,
    EventListing,
    HostCalendar,
    HostEvent,
    Limits,
    Permission,
    ServerAccount,
)
from invo_booking.domain.calendars.ports import ServerProvider
from invo_booking.domain.calendars.provider_errors import (
    ProviderError,
    WorkerFailedError,
    WorkerSilentError,
)
from invo_booking.domain.interval import Interval
from invo_booking.texts import say
from invo_booking.usecases.calendars.granting import server_named
from invo_booking.usecases.calendars.through_worker.texts import read_text, write_text
from invo_booking.usecases.shared.deps import Deps
from invo_booking.usecases.shared.sealing import SealBrokenError, seal, unseal

Ask = Callable[[str, float], str]
"""Sends an encrypted question to a worker, and returns the encrypted answer. The second
argument is the maximum wait in seconds.

Raises ``WorkerSilentError`` if no answer comes, and ``WorkerFailedError`` if the worker
met an unexpected error.
"""

_QUESTION, _ANSWER = "question to the worker", "answer of the worker"
_CHANGES = frozenset({"create", "change", "cancel", "create_host"})
_METHODS = _CHANGES | {
    *("free_busy", "events", "event", "find", "permissions", "hosts", "check")
}
_MORE_SECONDS = 5.0


def servers_through_worker(
    config: Config, servers: Mapping[str, ServerProvider], ask: Ask
) -> dict[str, ServerProvider]:
    """Return the providers; proxies replace providers that run only in workers."""
    return {
        name: _ServerThroughWorker(config, name, server, ask)
        if server.runs_in_worker
        else server
        for name, server in servers.items()
    }


def answer_question(deps: Deps, sealed: str) -> str:
    """Call the method that a question names, and return the encrypted answer.

    Runs in workers only.

    Raises:
        SealBrokenError: If the question does not come from a process of this
            installation.
    """
    question = read_text(unseal(deps.config, _QUESTION, sealed))
    if question["method"] not in _METHODS:
        raise ValueError("no method of a calendar")
    server = server_named(deps, question["provider"])
    calendar = server.open(lambda: question["account"])
    try:
        answer = getattr(calendar, question["method"])(*question["arguments"])
    except ProviderError as error:
        answer = {"error": error}
    purpose = f"{_ANSWER} {question['number']}"
    return seal(deps.config, purpose, write_text(answer))


class _ServerThroughWorker:
    """A ``ServerProvider`` that is called through a worker."""

    runs_in_worker = True

    def __init__(
        self, config: Config, name: str, server: ServerProvider, ask: Ask
    ) -> None:
        self.limits = server.limits
        self._config, self._name, self._ask = config, name, ask

    def load(self) -> None:
        pass  # the worker has imported the library

    def open(self, account: Callable[[], ServerAccount]) -> "_CalendarThroughWorker":
        def ask(method: str, arguments: tuple[object, ...], seconds: float) -> Any:
            number = uuid4().hex
            question = {
                "number": number,
                "provider": self._name,
                "account": account(),
                "method": method,
                "arguments": arguments,
            }
            sealed = seal(self._config, _QUESTION, write_text(question))
            answer = self._ask(sealed, seconds)
            return read_text(_open_answer(self._config, number, answer))

        return _CalendarThroughWorker(ask, self.limits)


def _open_answer(config: Config, number: str, answer: str) -> str:
    try:
        return unseal(config, f"{_ANSWER} {number}", answer)
    except SealBrokenError:
        raise WorkerSilentError(
            say("connections.asking.answer_unsealable"),
            ambiguous=True,
        ) from None


class _CalendarThroughWorker:
    """A ``BackendCalendar`` whose methods are called through a worker."""

    def __init__(
        self, ask: Callable[[str, tuple[object, ...], float], Any], limits: Limits
    ) -> None:
        self._ask, self.limits = ask, limits
        self.change_log = None

    def free_busy(
        self, mailboxes: Sequence[str], window: Interval
    ) -> list[Availability]:
        return list(self._call("free_busy", tuple(mailboxes), window, calls=1))

    def events(self, window: Interval) -> EventListing:
        return self._call("events", window)

    def event(self, event_id: str) -> HostEvent:
        return self._call("event", event_id)

    def find(self, key: UUID, period: Interval) -> HostEvent | None:
        return self._call("find", key, period)

    def create(self, draft: EventDraft) -> HostEvent:
        return self._call("create", draft)

    def change(self, known: HostEvent, draft: EventDraft) -> HostEvent:
        return self._call("change", known, draft)

    def cancel(self, event_id: str) -> None:
        self._call("cancel", event_id)

    def permissions(self, granted: frozenset[str]) -> list[Permission]:
        return list(self._call("permissions", tuple(granted)))

    def hosts(self) -> list[HostCalendar]:
        return list(self._call("hosts"))

    def create_host(self, name: str) -> HostCalendar:
        return self._call("create_host", name)

    def check(self, probe: str = "") -> list[ConnectionFinding]:
        return list(self._call("check", probe))

    def _call(self, method: str, *arguments: object, calls: int = 2) -> Any:
        """Call a method in a worker; return the method's result or raise its error."""
        seconds = calls * self.limits.call_seconds + _MORE_SECONDS
        try:
            answer = self._ask(method, arguments, seconds)
        except (WorkerSilentError, WorkerFailedError) as error:
            error.ambiguous = error.ambiguous and method in _CHANGES
            raise
        if isinstance(answer, dict):
            raise answer["error"]
        return answer
