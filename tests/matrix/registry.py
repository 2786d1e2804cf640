"""Every event handler there is, as Reflex keeps them, and what one would send it."""

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reflex.state import EventHandlerSetVar
from reflex_base.registry import RegisteredEventHandler, RegistrationContext

from invo_booking import app
from invo_booking.web.core.guard import POLICY, EventPolicy
from tests.matrix.crew import Crew, Visitor

REFLEXES = ("reflex.state", "reflex.istate.shared")
"""Modules with states of Reflex itself; those made in functions are elsewhere."""

assert app.app is not None  # its import registers every page and state of the product


@dataclass(frozen=True)
class Handler:
    """An event that anybody may send.

    Attributes:
        policy: As declared; ``None`` if nothing is.
        is_ours: Whether the product defines it, rather than Reflex.
        wants: Names of the arguments it takes, each with its annotation.
        is_setter: Whether it is Reflex's own ``setvar``, which no state of ours obeys.
    """

    name: str
    policy: EventPolicy | None
    is_ours: bool
    wants: tuple[tuple[str, str], ...]
    is_setter: bool

    def admits(self, visitor: Visitor) -> bool:
        """Whether the declared policy lets a visitor send it."""
        if not self.is_ours or self.policy is EventPolicy.PUBLIC:
            return True
        if self.policy is EventPolicy.ADMIN:
            return visitor.administers
        return bool(visitor.roles)

    def payload(self, ids: Mapping[str, Any]) -> dict[str, Any]:
        """Return an argument of the right kind for each it takes.

        What administrators type is about things, and all else about customers, of whom
        no word may stand in the audit trail.
        """
        if self.policy is EventPolicy.ADMIN and "form" in ids:
            ids = {**ids, "form": {**ids["form"], **OF_THINGS}}
        return {name: _argument(name, kind, ids) for name, kind in self.wants}


OF_THINGS = {"name": "Some thing", "phone": "+13125550100"}


def handlers() -> list[Handler]:
    """Return every handler registered now; those that tests define are left out."""
    known = RegistrationContext.ensure_context().event_handlers
    return [
        read(name, entry)
        for name, entry in sorted(known.items())
        if not entry.states[0].__module__.startswith("tests.")
    ]


def undeclared(handlers: Iterable[Handler]) -> list[str]:
    """Return the handlers of the product that do not say who may send them."""
    return [
        it.name
        for it in handlers
        if it.is_ours and not it.is_setter and it.policy is None
    ]


def pages() -> list[str]:
    """Return the address of every page."""
    known = RegistrationContext.ensure_context().decorated_pages
    return sorted({f"/{(made['route'] or '').lstrip('/')}" for _, made in known})


def plain_ids(crew: Crew) -> dict[str, Any]:
    """Return what fits arguments by their names, about things of this bank."""
    day = crew.own.starts_at
    return {
        "id": str(crew.foreign.id),
        "form": form(crew),
        "day": f"{day:%Y-%m-%d}",
        "year": f"{day:%Y}",
        "start": day.isoformat(),
        "starts": "10:00",
        "begins": "10:00",
        "clock": "10:00",
        "end": crew.own.ends_at.isoformat(),
        "ends": "10:30",
        "index": "0",
        "zone": "America/Chicago",
        "country": "US",
        "locale": "en-US",
        "code": "es",
        "mode": "edit",
        "key": "n",
    }


def form(crew: Crew) -> dict[str, str]:
    """Return fields of many forms at once; each form takes those it knows."""
    return {
        "id": str(crew.foreign.id),
        "version": "1",
        "name": "Somebody Else",
        "title": "A title",
        "email": "somebody@example.com",
        "phone": "+13125550177",
        "reason": "No reason",
        "notes": "From the matrix",
        "answer": str(crew.bank.answer_id),
        "queue": str(crew.bank.queue_id),
        "agent": str(crew.colleague.id),
        "language": "en",
        "channel": "video",
        "day": f"{crew.own.starts_at:%Y-%m-%d}",
        "starts": "11:00",
        "ends": "11:30",
        "minutes": "30",
        "code": "fr",
        "time_zone": "America/Chicago",
        "country": "US",
    }


def read(name: str, entry: RegisteredEventHandler) -> Handler:
    """Return what the matrix knows of a registered handler."""
    parameters = list(inspect.signature(entry.handler.fn).parameters.values())[1:]
    return Handler(
        name=name,
        policy=getattr(entry.handler.fn, POLICY, None),
        is_ours=not entry.states[0].__module__.startswith(REFLEXES),
        wants=tuple((p.name, str(p.annotation)) for p in parameters),
        is_setter=isinstance(entry.handler, EventHandlerSetVar),
    )


def _argument(name: str, kind: str, ids: Mapping[str, Any]) -> Any:
    if "dict" in kind:
        return ids["form"]
    if "list" in kind:
        return []
    if "bool" in kind:
        return True
    if "int" in kind:
        return 1
    return ids.get(name, ids["id"])
