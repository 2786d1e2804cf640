"""What outside calendars say is planted at each vendor and looked for everywhere."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest

from tests.privacy.haystack import everything, overheard, places_of
from tests.privacy.planting import HOSTS, PLANTED, Words
from tests.support.callers import working_starts
from tests.support.connected_bank import ConnectedBank, connected_bank

HALF_HOUR = timedelta(minutes=30)
OURS = "wombat"
"""In a customer's notes, which are kept: shows that looking finds what is there."""

STARTS = "SELECT starts_at FROM appointment ORDER BY requested_at LIMIT 1"
WRITTEN = "SELECT event_id FROM host_event WHERE state = 'written'"
REFUSED = "SELECT last_error FROM outbox WHERE kind = 'calendar' AND last_error <> ''"


@pytest.fixture(params=HOSTS.values(), ids=list(HOSTS))
def words(request, tmp_path) -> Iterator[Words]:
    """Each vendor, with words in everything that it can say."""
    kind = request.param
    with kind.running_fake(tmp_path / "vendor") as fake:
        yield kind(fake)


@pytest.fixture
def scene(words) -> Iterator[ConnectedBank]:
    """Everything runs, logs all it can, and is connected."""
    agents = "Ana", "Ben"
    with connected_bank(
        words.fake, words.connect, *agents, INVO_LOG_LEVEL="debug"
    ) as running:
        yield running


def test_no_word_of_an_outside_calendar_is_stored_logged_or_said(scene, words):
    starts = working_starts(3)
    with overheard(scene.house.config.redis_url) as said:
        for name in ("ana", "ben"):
            words.busy(f"{name}@bank.example", starts[0], starts[4])
        words.foreign(starts[6], starts[8])
        scene.read_again()
        scene.book(starts[20], notes=f"{OURS} notes")
        event = written(scene)
        words.change(event)
        words.move(event, starts[24], starts[24] + HALF_HOUR)
        scene.read_again()
        if words.is_followed:
            scene.house.await_until(lambda: scene.only(STARTS) == starts[24])
        words.move(event, starts[2], starts[2] + HALF_HOUR)  # all are busy
        scene.read_again()
        words.refusal(scene.fake)
        scene.book(starts[30])
        scene.house.await_until(lambda: bool(scene.only(REFUSED)))
        scene.fake.behave()
        for trouble in words.troubles:
            trouble(scene.fake)
            scene.read_again()
            scene.fake.behave()
        answers = asked(scene)
        hay = everything(
            scene.folder,
            scene.deps.config.database_url,
            scene.house.config.redis_url,
        )

    hay |= {"said to the broker": b"\n".join(said)}
    hay |= answers
    assert places_of(OURS, hay), "what is kept must be found"
    assert any(b"sync.tick" in command for command in said)
    assert any(path.endswith("worker.log") and hay[path] for path in hay)
    assert places_of(PLANTED, hay) == []


def written(scene: ConnectedBank) -> str:
    """Return the id of our event, once it stands in the host calendar."""
    scene.house.await_until(lambda: bool(scene.only(WRITTEN)))
    return scene.only(WRITTEN)


def asked(scene: ConnectedBank) -> dict[str, bytes]:
    """Return what we say to those who ask, in good and in bad times."""
    addresses = (
        "/readyz",
        "/metrics",
        "/api/v1/admin/audit",
        "/api/v1/admin/calendars",
        "/api/v1/staff/appointments",
        f"/api/v1/slots?answer={scene.bank.answer_id}&language=en",
        "/outlook?state=none&error=access_denied",
        "/google/callback?state=none&error=access_denied",
    )
    cookies = {"invo_session": scene.token}
    return {
        address: httpx.get(f"{scene.house.url}{address}", cookies=cookies).content
        for address in addresses
    }
