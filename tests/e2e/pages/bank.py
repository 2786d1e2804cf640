"""The bank over its API, as another digital channel uses it."""

import re
from datetime import UTC, date, datetime, timedelta
from time import monotonic, sleep
from typing import Any, Self
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx

CHICAGO = ZoneInfo("America/Chicago")
WEEKS = timedelta(days=21)
PATIENCE = 120
MAIL = re.compile(r'href="/demo/mailbox/([^"]+)">.*?<span>To ([^<]+)</span>', re.DOTALL)
SECRET = re.compile(r"/a/([A-Za-z0-9_-]{32})(?![A-Za-z0-9_-])")


def somebody() -> tuple[str, str]:
    """Return a name and an e-mail address nobody else has."""
    digits = str.maketrans("0123456789", "ghijklmnop")
    surname = uuid4().hex[:10].translate(digits)
    return f"Bea {surname.title()}", f"bea.{surname}@example.com"


class Bank:
    """Makes what a test needs to find, and tells what is true by now.

    Args:
        address: Of a web machine.
        mailbox_at: Address of the machine whose worker sends mail, if it is another.
    """

    def __init__(self, address: str, mailbox_at: str = "") -> None:
        self._web = httpx.Client(base_url=f"{address}/api/v1", timeout=60)
        self._mailbox = f"{mailbox_at or address}/demo/mailbox"
        self._address_of: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._web.close()

    def open_starts(self, topic: str, language: str = "en") -> list[datetime]:
        """Return when a topic can be booked, on the bank's clock."""
        now = datetime.now(UTC)  # noqa: TID251  (the product runs on the real clock)
        window = {"from": f"{now:%Y-%m-%d}", "to": f"{now + WEEKS:%Y-%m-%d}"}
        answer = self._web.get(
            "/slots",
            params={"answer": self.topic(topic), "language": language, **window},
        )
        starts = (slot["start"] for slot in answer.json()["slots"])
        return [datetime.fromisoformat(start).astimezone(CHICAGO) for start in starts]

    def calm_start(self, topic: str) -> datetime:
        """Return a start of the second open day.

        The first starts of all become too close to be booked while a test runs.
        """
        starts = self.open_starts(topic)
        return next(it for it in starts if it.date() > starts[0].date())

    def ask(self, topic: str, start: datetime, **who: str) -> httpx.Response:
        """Ask for an appointment; ``who`` has ``name``, ``email``, ``language``."""
        answer = self._web.post(
            "/appointments",
            headers={"Idempotency-Key": str(uuid4())},
            json={
                "answer": self.topic(topic),
                "language": "en",
                "channel": "video",
                "starts_at": start.isoformat(),
                "time_zone": CHICAGO.key,
                **who,
            },
        )
        if answer.status_code == httpx.codes.CREATED:
            self._address_of[answer.json()["token"]] = who["email"]
        return answer

    def request(self, topic: str, start: datetime, **who: str) -> str:
        """Ask for an appointment and return its token."""
        answer = self.ask(topic, start, **who)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return answer.json()["token"]

    def confirm(self, token: str) -> None:
        """Confirm a request, by the link in the newest mail about it."""
        secret = self.secret_that_confirms(token)
        self._web.post(f"/appointments/{secret}/confirm").raise_for_status()

    def secret_that_confirms(self, token: str) -> str:
        """Return the secret in the newest mail about a request."""
        until = monotonic() + PATIENCE
        while (secret := self._mailed(token)) is None:
            assert monotonic() < until, "no mail that confirms"
            sleep(0.2)
        return secret

    def _mailed(self, token: str) -> str | None:
        """Return the secret that confirms a request, once its mail has arrived."""
        starts_at = self.look(token)["starts_at"]
        listed = self._web.get(self._mailbox).text
        for mail, to in MAIL.findall(listed):
            if to != self._address_of[token]:
                continue
            for secret in set(
                SECRET.findall(self._web.get(f"{self._mailbox}/{mail}").text)
            ):
                found = self.look(secret)
                if found.get("can_confirm") and found["starts_at"] == starts_at:
                    return secret
        return None

    def mails_to(self, email: str) -> int:
        """Return how many mails an address has got, once there is one."""
        until = monotonic() + PATIENCE
        while not (count := self._count_mails(email)):
            assert monotonic() < until, "no mail"
            sleep(0.2)
        return count

    def _count_mails(self, email: str) -> int:
        listed = self._web.get(self._mailbox).text
        return [to for _, to in MAIL.findall(listed)].count(email)

    def cancel(self, token: str) -> None:
        """Cancel an appointment as its customer."""
        self._web.post(f"/appointments/{token}/cancel").raise_for_status()

    def look(self, token: str) -> dict[str, str]:
        """Return an appointment as its customer sees it."""
        return self._web.get(f"/appointments/{token}").json()

    def topics(self) -> list[dict[str, Any]]:
        """Return what can be booked, as the API lists it."""
        return self._web.get("/answers").json()["answers"]

    def topic(self, title: str) -> str:
        return next(one["id"] for one in self.topics() if one["title"] == title)


class Desk:
    """The staff's side of the API, for somebody who is signed in."""

    def __init__(self, address: str, email: str, password: str) -> None:
        ours = {"Origin": address}
        self._web = httpx.Client(base_url=address, headers=ours, timeout=60)
        form = {"email": email, "password": password}
        self._web.post("/session/sign-in", data=form)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._web.close()

    def agents(self, appointment: str) -> dict[str, str]:
        """Return the ids of those who are free for an appointment, by name."""
        answer = self._web.get(f"/api/v1/staff/appointments/{appointment}")
        return {
            one["name"]: one["agent"]
            for one in answer.json()["candidates"]
            if one["free"]
        }

    def assign(self, appointment: str, agent: str) -> bool:
        """Give an appointment to an agent; return whether that was possible."""
        answer = self._web.post(
            f"/api/v1/staff/appointments/{appointment}/assign", json={"agent": agent}
        )
        return answer.is_success

    def change(self, appointment: str, **what: str) -> None:
        """Change what is given of an appointment."""
        path = f"/api/v1/staff/appointments/{appointment}"
        self._web.patch(path, json=what).raise_for_status()

    def assign_by(self, queue: str, mode: str) -> None:
        """Say how a queue's requests find their agent."""
        path = "/api/v1/admin/queues"
        lines = self._web.get(path).json()["queues"]
        found = next(line for line in lines if line["name"] == queue)
        body = {name: found[name] for name in ("name", "active", "version")}
        answer = self._web.put(
            f"{path}/{found['id']}", json=body | {"assignment": mode}
        )
        answer.raise_for_status()

    def customers(self, day: date) -> list[str]:
        """Return who has an appointment on a day, once for each."""
        return [one["title"] for one in self._appointments(day)]

    def appointment(self, customer: str, day: date) -> str:
        """Return the id of a customer's appointment on a day."""
        found = (it["id"] for it in self._appointments(day) if it["title"] == customer)
        return next(found)

    def _appointments(self, day: date) -> list[dict[str, str]]:
        window = {"from": f"{day}", "to": f"{day + timedelta(days=1)}"}
        answer = self._web.get(
            "/api/v1/staff/appointments", params={"scope": "team", **window}
        )
        return answer.json()["appointments"]
