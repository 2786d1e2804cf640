"""What outside calendars say is planted at the provider and looked for everywhere."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.privacy.haystack import everything, overheard, places_of
from tests.support.callers import working_starts
from tests.support.microsoft import Outlook, running_fake
from tests.support.outlook_bank import OutlookBank, outlook_bank

HALF_HOUR = timedelta(minutes=30)
PLANTED = "quokka"
"""In everything that stands in somebody's calendar, and in no other text."""

OURS = "wombat"
"""In a customer's notes, which are kept: shows that looking finds what is there."""

SCHEDULES = "/me/calendar/getSchedule"
LISTINGS = "/groups/*/calendarView"
STARTS = "SELECT starts_at FROM appointment"


@pytest.fixture
def scene(tmp_path) -> Iterator[OutlookBank]:
    """Everything runs, logs all it can, and is connected."""
    with (
        running_fake(tmp_path / "microsoft") as outlook,
        outlook_bank(outlook, "Ana", "Ben", INVO_LOG_LEVEL="debug") as running,
    ):
        yield running


def test_no_word_of_an_outside_calendar_is_stored_logged_or_said(scene):
    starts = working_starts(3)
    with overheard(scene.house.config.redis_url) as said:
        plant(scene, starts)
        scene.read_again()
        scene.book(starts[20], notes=f"{OURS} notes")
        event = written(scene)
        scene.outlook.change(event, **words("event"))
        scene.outlook.move(event, starts[24], starts[24] + HALF_HOUR)
        scene.read_again()
        scene.house.await_until(lambda: scene.only(STARTS) == starts[24])
        scene.outlook.move(event, starts[2], starts[2] + HALF_HOUR)  # all are busy
        scene.read_again()
        for trouble in TROUBLES:
            trouble(scene.outlook)
            scene.read_again()
            scene.outlook.behave()
        answers = asked(scene)
        hay = everything(
            scene.folder,
            scene.deps.config.database_url,
            scene.house.config.redis_url,
        )

    hay |= {"said to the broker": b"\n".join(said)}
    hay |= answers
    assert places_of(OURS, hay), "what is kept must be found"
    assert any(b"sync.tick" in words for words in said)
    assert any(path.endswith("worker.log") and hay[path] for path in hay)
    assert places_of(PLANTED, hay) == []


def plant(scene: OutlookBank, starts: list[datetime]) -> None:
    """Fill calendars with words: agents' own, and the host's with others' events."""
    outlook = scene.outlook
    for name in ("ana", "ben"):
        outlook.busy(
            f"{name}@bank.example",
            starts[0],
            starts[4],
            subject=f"{PLANTED} private {name}",
        )
    group = outlook.groups()[0]["id"]
    foreign = words("foreign")
    outlook.foreign_event(group, starts[6], starts[8], **foreign)


def words(what: str) -> dict[str, Any]:
    """Return fields of an event, each with a planted word of its own."""
    person = {"name": f"{PLANTED} guest", "address": f"{PLANTED}@guest.example"}
    return {
        "subject": f"{PLANTED} subject {what}",
        "body": {"contentType": "text", "content": f"{PLANTED} body {what}"},
        "bodyPreview": f"{PLANTED} preview {what}",
        "location": {"displayName": f"{PLANTED} place {what}"},
        "attendees": [{"type": "required", "emailAddress": person}],
    }


def written(scene: OutlookBank) -> str:
    """Return the id of our event, once it stands in the host calendar."""
    query = "SELECT event_id FROM host_event WHERE state = 'written'"
    scene.house.await_until(lambda: bool(scene.only(query)))
    return scene.only(query)


def _failing(path: str, **how: Any) -> Callable[[Outlook], None]:
    def order(outlook: Outlook) -> None:
        outlook.misbehave("*", path, times=None, **how)

    return order


PAGE = f"<html><h1>{PLANTED} at the proxy</h1></html>"
ERROR = f'{{"error": {{"code": "ErrorOdd", "message": "{PLANTED} was not found"}}}}'
TROUBLES = (
    _failing(SCHEDULES, status=500, body=PAGE),
    _failing(SCHEDULES, status=200, body=PAGE),
    _failing(SCHEDULES, status=400, body=ERROR),
    _failing(LISTINGS, status=404, body=ERROR),
    _failing(LISTINGS, body="truncated"),
    _failing(LISTINGS, status=403, body=ERROR),
)


def asked(scene: OutlookBank) -> dict[str, bytes]:
    """Return what we say to those who ask, in good and in bad times."""
    addresses = (
        "/readyz",
        "/metrics",
        "/api/v1/admin/audit",
        "/api/v1/admin/calendars",
        "/api/v1/staff/appointments",
        f"/api/v1/slots?answer={scene.bank.answer_id}&language=en",
        "/outlook?state=none&error=access_denied",
    )
    cookies = {"invo_session": scene.token}
    return {
        address: httpx.get(f"{scene.house.url}{address}", cookies=cookies).content
        for address in addresses
    }
