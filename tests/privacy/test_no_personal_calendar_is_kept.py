"""Words are planted in agents' own calendars, shown, and looked for everywhere."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis

from tests.privacy.haystack import everything, image_of, overheard, places_of
from tests.support.bank import PASSWORD, at
from tests.support.google.server import running_fake as running_google
from tests.support.microsoft import running_fake as running_outlook
from tests.support.nginx import plain_values, running_nginx
from tests.support.personal_bank import BACK, both_env, offer_both
from tests.support.servers import House, free_port

PLANTED = "quokka"
"""In the accounts, calendars and events of both fakes, and in no other text."""

OURS = "wombat"
"""The agent's own name, which is kept: shows that looking finds what is there."""

SEEN_BY_THE_BROKER = "numbat"
"""Kept there by the test itself, which shows that its images are read."""

ACCESS = "access.log"
ACCOUNT = f"{PLANTED}@bank.example"
MONTH = {"from": "2026-11-16", "to": "2026-12-28"}
PATHS = {"google": "/calendars/*/events", "outlook": "/me/calendarView"}


@dataclass
class Scene:
    """A web process behind nginx, between a browser and both fakes.

    Attributes:
        logs: Folder with the logs of nginx.
    """

    house: House
    fakes: dict[str, Any]
    browser: httpx.Client
    folder: Any
    logs: Path

    @property
    def origin(self) -> dict[str, str]:
        return {"origin": self.house.config.public_url}


@pytest.fixture
def scene(tmp_path, bank, database_url) -> Iterator[Scene]:
    folder = tmp_path / "house"
    with (
        running_google(tmp_path / "google") as google,
        running_outlook(tmp_path / "microsoft") as outlook,
    ):
        offer_both(bank, google, outlook)
        bank.agent(OURS.title(), password=PASSWORD)
        env = both_env(tmp_path, google, outlook) | {"INVO_LOG_LEVEL": "debug"}
        with (
            House(folder, database_url, **env) as house,
            proxy_to(house, tmp_path / "nginx") as url,
            httpx.Client(base_url=url, timeout=60) as browser,
        ):
            house.start_valkey()
            house.start_web()
            fakes = {"google": google, "outlook": outlook}
            found = Scene(house, fakes, browser, folder, tmp_path / "nginx")
            form = {"email": f"{OURS}@bank.example", "password": PASSWORD}
            browser.post("/session/sign-in", data=form, headers=found.origin)
            yield found


@contextmanager
def proxy_to(house: House, folder: Path) -> Iterator[str]:
    """Run nginx in front of a web process, as ``deploy/`` ships it; yield its address.

    It logs all it can: requests in its own format, and errors.
    """
    port, machine = free_port(), int(house.url.rpartition(":")[2])
    folder.mkdir()
    (folder / "tls.conf").write_text("")
    values = plain_values(port, [machine], folder / "tls.conf")
    with running_nginx(folder, values, port, log=f"{folder / ACCESS} combined"):
        yield f"http://127.0.0.1:{port}"


def test_nothing_of_a_personal_calendar_is_stored_logged_or_said(scene):
    for fake in scene.fakes.values():
        plant(fake)
    secrets: list[str] = []
    url = scene.house.config.redis_url
    with overheard(url) as said, redis.Redis.from_url(url) as store:
        store.set("control", SEEN_BY_THE_BROKER)
        for provider, fake in scene.fakes.items():
            grant = sign_in(scene, provider)
            secrets += [it.value for it in scene.browser.cookies.jar]
            shown = ask(scene, grant)
            assert f"{PLANTED} lunch" in shown.text
            assert f"{PLANTED} surgery" not in shown.text
            account = scene.browser.get(f"/relay/{grant}/account").text
            assert ACCOUNT in account
            names = [it["name"] for it in json.loads(account)["calendars"]]
            assert provider == "outlook" or f"{PLANTED} club" in names
            for trouble in TROUBLES:
                fake.misbehave("GET", PATHS[provider], times=None, **trouble)
                assert PLANTED not in ask(scene, grant).text
                fake.behave()
            secrets += [*fake.refresh_tokens, *fake.access_tokens]
            scene.browser.post(f"/relay/{grant}/sign-out", headers=scene.origin)
            assert ask(scene, grant).status_code == 409
        hay = everything(scene.folder, scene.house.config.database_url, url)

    hay |= {"said to the broker": b"\n".join(said)}
    hay |= image_of(url, scene.house.process_id("valkey"))
    assert places_of(SEEN_BY_THE_BROKER, hay) == [
        "key b'control' of database 0",
        "said to the broker",
        "dump of the keys",
        "memory of the keys",
    ]
    hay |= {it.name: it.read_bytes() for it in scene.logs.glob("*.log")}
    assert places_of("/relay/", hay) == [ACCESS]
    assert places_of(OURS, hay), "what is kept must be found"
    assert any(path.endswith("web.log") and hay[path] for path in hay)
    assert places_of(PLANTED, hay) == []
    assert len(secrets) > 6
    for secret in secrets:
        assert places_of(secret, hay) == []


def plant(fake: Any) -> None:
    """Fill the account's calendars with words."""
    if hasattr(fake, "add_calendar"):
        fake.add_calendar(f"{PLANTED} club", ACCOUNT)
        fake.put(ACCOUNT, at(12), at(13), summary=f"{PLANTED} lunch")
        more = {"summary": f"{PLANTED} surgery", "description": f"{PLANTED} text"}
        fake.put(ACCOUNT, at(14), at(15), visibility="private", **more)
        return
    fake.person(ACCOUNT)
    fake.busy(ACCOUNT, at(12), at(13), subject=f"{PLANTED} lunch")
    more = {"subject": f"{PLANTED} surgery", "bodyPreview": f"{PLANTED} text"}
    fake.busy(ACCOUNT, at(14), at(15), sensitivity="private", **more)


def sign_in(scene: Scene, provider: str) -> str:
    """Sign in as a person does; no address on the way names anything."""
    browser, asked = scene.browser, {"provider": provider}
    told = browser.post("/relay/sign-in", json=asked, headers=scene.origin)
    answer = scene.fakes[provider].approve(told.json()["address"], email=ACCOUNT)
    told = browser.get(BACK[provider], params=answer)
    assert PLANTED not in str(told.url)
    assert PLANTED not in told.headers["location"]
    return told.headers["location"].partition("#personal=")[2]


def ask(scene: Scene, grant: str) -> httpx.Response:
    return scene.browser.get(f"/relay/{grant}/events", params=MONTH)


ERROR = f'{{"error": {{"code": "ErrorOdd", "message": "{PLANTED} was not found"}}}}'
TROUBLES: tuple[dict[str, Any], ...] = (
    {"status": 500, "body": ERROR},
    {"status": 404, "body": ERROR},
    {"status": 403, "body": ERROR},
    {"status": 200, "body": f"<html>{PLANTED}</html>"},
    {"status": 200, "body": f'{{"items": "{PLANTED}", "value": "{PLANTED}"}}'},
    {"body": "truncated"},
)
