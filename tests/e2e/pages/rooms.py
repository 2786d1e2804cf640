"""A bank's video service, and an appointment that begins now at any hour."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from uuid import UUID

from aiohttp import web
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from joserfc.jwt import JWTClaimsRegistry

from invo_booking.config import load_config
from invo_booking.demo.bank import demo_staff_address
from invo_booking.domain.institution import Person
from invo_booking.domain.interval import Interval
from invo_booking.persistence.engine import make_engine
from invo_booking.persistence.unit_of_work import unit_of_work
from invo_booking.run.instance import running_environment
from tests.support.vendor.https_server import HttpsServer

SECRET = "a secret of the room's server, long"
ISSUER, AUDIENCE, SUBJECT = "invo-booking", "jitsi", "127.0.0.1"
MINUTE = timedelta(minutes=1)
CHECKS = JWTClaimsRegistry(
    iss={"essential": True, "value": ISSUER},
    aud={"essential": True, "value": AUDIENCE},
    sub={"essential": True, "value": SUBJECT},
    nbf={"essential": True},
    exp={"essential": True},
    leeway=0,
)


@contextmanager
def running_rooms(folder: Path) -> Iterator[str]:
    """Serve rooms that admit only people with a token; yield the address."""
    server = HttpsServer(_admit, folder)
    try:
        yield server.url.replace("localhost", SUBJECT)
    finally:
        server.stop()


async def _admit(request: web.Request) -> web.Response:
    """Say who is in which room, or that nobody was let in."""
    room = request.path.removeprefix("/")
    try:
        claims = jwt.decode(request.query["jwt"], OctKey.import_key(SECRET)).claims
        CHECKS.validate(claims)
    except (JoseError, KeyError, ValueError) as error:
        return web.Response(status=403, text=f"Refused: {type(error).__name__}")
    user = claims["context"]["user"]
    if claims["room"] != room or "Referer" in request.headers:
        return web.Response(status=403, text="Refused: another room or a referrer")
    part = "host" if user["moderator"] else "guest"
    told = f"<h1>Room {room}</h1><p>{escape(user['name'])} is a {part}</p>"
    return web.Response(text=told, content_type="text/html")


def begin_now(folder: Path, appointment_id: str, now: datetime) -> Person:
    """Let an appointment begin now, with a free agent of the demo; return the agent.

    Nobody can book at night, but tests run then too.
    """
    config = load_config({"INVO_DATA_DIR": str(folder)})
    engine = make_engine(running_environment(config)["INVO_DATABASE_URL"])
    start = now.replace(second=0, microsecond=0)
    period = Interval(start, start + 30 * MINUTE)
    with unit_of_work(engine, config.mail_link_key)() as work:
        appointment = work.appointments.get(UUID(appointment_id))
        busy = {
            it.agent_id
            for it in work.appointments.between(period)
            if it.agent_id and it.is_live
        }
        agent = next(
            it
            for it in work.roster.agents
            if it.id not in busy and it.email == demo_staff_address(it.name)
        )
        moved = replace(
            appointment,
            starts_at=period.start,
            ends_at=period.end,
            agent_id=agent.id,
        )
        work.appointments.save(moved)
    engine.dispose()
    return agent
