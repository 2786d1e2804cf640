"""Cases made from the schema, sent as somebody, and what is wrong with the answers."""

import json
import random
import string
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core import NOT_SET
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from invo_booking.domain.access.roles import Role
from invo_booking.domain.access.scopes import TokenScope
from tests.matrix.crew import Crew, Visitor
from tests.support.callers import working_starts

CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
FORM = "application/x-www-form-urlencoded"
WORDS = st.text(string.ascii_lowercase, min_size=1, max_size=10)
FORMATS = {
    "email": st.builds("{}@example.com".format, WORDS),
    "phone": st.integers(0, 99).map("+131255501{:02}".format),
    "time-zone": st.sampled_from(["America/Chicago", "Europe/Madrid", "Asia/Manila"]),
    "line": st.builds("{} {}".format, WORDS, WORDS),
    "text": st.lists(WORDS, max_size=3).map("\n".join),
}
"""Values of the formats that no schema can spell out."""

ELSEWHERE = {
    "active": "unless something still needs it",
    "answer": "one of the bank's topics",
    "queue": "one of its queues",
    "queues": "some of its queues",
    "language": "one of its languages",
    "languages": "some of its languages",
    "code": "of a language there is",
    "agent": "somebody who works there",
    "people": "some who work there",
    "version": "the one that was seen",
    "order": "all there are",
    "seen": "all there are",
    "key": "of a setting",
    "settings": "each by its own rule",
    "country": "one whose holidays are known",
    "part": "one of that country",
    "year": "this one or one of the next",
    "to": "later than the start, or a provider there is",
    "window": "of 93 days at most",
    "ends_at": "later than the start",
    "phone": "where the call needs it",
    "email": "where the bank needs it, and nobody else's",
    "contact": "as the bank asks for",
    "title": "where no topic has one",
    "channel": "one of the topic's",
    "channels": "at least one",
    "documents": "lines without controls",
    "description": "text without controls",
    "name": "that nobody else has",
    "roles": "at least one, none above one's own",
    "hours": "in order and apart",
    "exceptions": "one a day, in order and apart",
    "time_off": "later than the start",
    "note": "a line without controls",
    "tagline": "a line without controls",
    "password": "the caller's own",
    "current": "the caller's own password",
    "person": "whose account is enabled, where mail goes out",
    "day": "from today on, in the years that are planned",
    "typed": "what is to be confirmed",
    "branch": "one of the bank's, for a visit",
    "branches": "some of the bank's",
    "street": "lines with more than blanks",
    "town": "a line with more than blanks",
    "region": "a line without controls",
    "postal_code": "a line without controls",
    "directions": "text without controls",
    "latitude": "with a longitude",
    "longitude": "with a latitude",
    "room": "an address template of an allowed server",
    "mailbox": "that nobody else has",
    "host": "a calendar there is",
    "probe": "a mailbox there is",
    "before": "an entry there is",
    "scope": "one that programs may have",
    "overlap": "not longer than the days",
    "close": "days from today on",
    "duration_minutes": "within the bank's bounds",
    "min_minutes": "not above the most",
    "time_zone": "one in use",
    "reason": "a line without controls",
}
"""What a value must fit besides its own shape: things of the bank, and other fields.

Only for these may a request that is right by the schema be refused as invalid.
"""


def quickly(examples: int, steps: int = 1) -> settings:
    """Return settings for so many examples, the same ones at every run."""
    return settings(
        max_examples=examples,
        stateful_step_count=max(steps, 2),
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@dataclass
class Sender:
    """Somebody who sends cases to the API.

    Attributes:
        wrong: What was not as the schema says, each once.
        sent: How many cases each operation got, and how many a status.
        made: Ids of appointments that were made on the way.
    """

    client: TestClient
    crew: Crew
    url: str
    wrong: dict[str, str] = field(default_factory=dict)
    sent: Counter[str] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)
    made: list[str] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311

    def send(self, case, visitor: Visitor):
        """Send a case, and compare the answer with what the schema says."""
        label = case.operation.label
        headers = {**(case.headers or {}), **visitor.headers(self.url)}
        content = None
        if case.body is not NOT_SET and case.media_type:
            headers["content-type"] = case.media_type
            content = _encoded(case)
        answer = self.client.request(
            case.method,
            case.formatted_path,
            params=case.query or None,
            headers=headers,
            content=content,
        )
        self.sent[label] += 1
        self.answered[answer.status_code] += 1
        for what in self._misfits(case, answer):
            about = f"{case.method} {case.formatted_path} {case.query} {case.body}"
            self.wrong.setdefault(
                f"{label}: {what}", f"{about[:300]} -> {answer.text[:200]}"
            )
        if answer.status_code == 201 and "id" in answer.text:
            self.made.append(str(answer.json().get("id", "")))
        return answer

    def _misfits(self, case, answer) -> Iterator[str]:
        if answer.status_code >= 500:
            yield f"{answer.status_code}"
        mode = case.meta.generation.mode if case.meta else None
        if mode is GenerationMode.POSITIVE and answer.status_code in {400, 422}:
            yield from _refused_though_valid(answer)
        if _is_invalid(case) and answer.is_success:
            yield "invalid and not refused"
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            for failure in group.exceptions:
                yield f"{type(failure).__name__} {failure}"[:200]

    def make_real(self, case) -> None:
        """Put things of the bank in places of made-up ones, most of the time."""
        known = self._known()
        for part in (case.path_parameters, case.query, case.body):
            if isinstance(part, dict):
                for name in part.keys() & known.keys():
                    if part[name] is not None and self.chance.random() < 0.8:
                        part[name] = self.chance.choice(known[name])

    def _known(self) -> dict[str, list[Any]]:
        bank, crew = self.crew.bank, self.crew
        starts = working_starts(3)
        ids = [str(crew.own.id), str(crew.foreign.id), *self.made[-5:]]
        return {
            "appointment_id": ids,
            "answer": [str(bank.answer_id)],
            "answer_id": [str(bank.answer_id)],
            "queue": [str(bank.queue_id)],
            "queue_id": [str(bank.queue_id)],
            "language": ["en"],
            "agent": [str(crew.colleague.id)],
            "starts_at": [it.isoformat() for it in starts[4:30]],
            "ends_at": [
                (it + timedelta(minutes=30)).isoformat() for it in starts[4:30]
            ],
            "version": [1, 2],
            "country": ["US"],
            "year": [starts[0].year],
        }


def _is_invalid(case) -> bool:
    """Whether a part we read was made to break its schema; headers are others'."""
    if not case.meta or case.operation.path.startswith("/session/"):
        return False  # people's forms are answered with pages that say what is wrong
    known = {it["name"] for it in case.operation.definition.raw.get("parameters", ())}
    if not set(case.query or {}) <= known:
        return False  # what nobody asked for is left unread, whatever it says
    return any(
        part.value in {"query", "body", "path"} and it.mode is GenerationMode.NEGATIVE
        for part, it in case.meta.components.items()
    )


def _refused_though_valid(answer) -> Iterator[str]:
    if not answer.headers["content-type"].startswith("application/problem+json"):
        return
    document = answer.json()
    errors = document.get("errors", {})
    if not errors:
        yield f"valid and refused: {document['detail']}"
    for name, sentence in errors.items():
        field = name.partition("-")[0]  # such as title-es, a title in another language
        if field not in ELSEWHERE and "." not in name:  # with a dot: a setting's key
            yield f"valid and refused: {name}: {sentence}"


def _encoded(case) -> bytes:
    if isinstance(case.body, bytes):
        return case.body
    if case.media_type == FORM and isinstance(case.body, Mapping):
        return urlencode(case.body, doseq=True).encode()
    return json.dumps(case.body, default=str).encode()


def visitor(sender: Sender, who: str) -> Visitor:
    """Return somebody as if they had just come."""
    if who == "anonymous":
        return Visitor("anonymous")
    if who == "token":
        return sender.crew.token(Role.SUPER_ADMIN, TokenScope.ADMIN)
    if who == "program":
        return sender.crew.program(TokenScope.WRITE)
    return sender.crew.visitor(Role(who))
