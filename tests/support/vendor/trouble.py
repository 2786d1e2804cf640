"""Misbehaviour on order, and what was asked of the server."""

import fnmatch
import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from tests.support.vendor.wire import Call

DOCUMENTED_CONCURRENCY = 4


@dataclass
class Order:
    """One order to misbehave.

    Attributes:
        statuses: Answered one after the other; 200 means to behave this time.
        times: So often, or always if ``None``.
        mailbox: Only calls that ask for this address.
        chance: How likely a matching call is hit.
        reason: The vendor's own word for the error.
    """

    method: str
    path: str
    statuses: tuple[int, ...] = ()
    retry_after: str | int | None = None
    times: int | None = 1
    delay: float = 0.0
    drip: bool = False
    hang: bool = False
    drop: str = ""
    body: Any = None
    mailbox: str = ""
    chance: float = 1.0
    reason: str = ""
    served: int = field(default=0, compare=False)

    def concerns(self, call: Call) -> bool:
        """Whether it is about this call."""
        return (
            self.method in {"*", call.method}
            and fnmatch.fnmatchcase(call.path, self.path)
            and (not self.mailbox or _asks_for(call, self.mailbox))
        )

    @property
    def is_done(self) -> bool:
        """Whether it has been carried out as often as ordered."""
        return self.times is not None and self.served >= self.times

    @property
    def status(self) -> int:
        """What it is answered this time; 0 for what is right."""
        return self.statuses[self.served % len(self.statuses)] if self.statuses else 0

    def retry_header(self, now: datetime) -> str | None:
        """Return the value of ``Retry-After``, if there is to be one."""
        kind, _, seconds = str(self.retry_after).partition(":")
        if kind == "date":
            at = now + timedelta(seconds=float(seconds))
            return format_datetime(at, usegmt=True)
        return None if self.retry_after is None else str(self.retry_after)


class Trouble:
    """Orders to misbehave, and the record of all calls."""

    def __init__(self) -> None:
        self.forget_trouble()

    def forget_trouble(self) -> None:
        """Reset: no orders, nothing recorded."""
        self.orders: list[Order] = []
        self.latency = 0.0
        self.calls: list[Call] = []
        self.now_running: dict[str, int] = {}
        self.most_at_once = 0
        self.concurrency_limit: int | None = DOCUMENTED_CONCURRENCY
        self.chances = random.Random(7)  # noqa: S311
        self.ages = 0

    def misbehave(
        self,
        method: str,
        path: str,
        *,
        status: int | list[int] | tuple[int, ...] = (),
        times: int | None = 1,
        **how: Any,
    ) -> None:
        """Answer calls of this method and path in a bad way.

        Args:
            method: Or ``*``.
            path: A pattern with ``*``, without the version.
            status: One, or those of the next calls; 200 means to behave.
            times: How often; ``None`` is always. A list of statuses is gone through
                once unless ``times`` says otherwise.
            how: Further fields of ``Order``.
        """
        statuses = (status,) if isinstance(status, int) else tuple(status)
        if len(statuses) > 1 and times == 1:
            times = len(statuses)
        order = Order(method, path, statuses=statuses, times=times, **how)
        self.orders.append(order)

    def behave(self) -> None:
        """Forget all orders and let hanging calls go."""
        self.orders.clear()
        self.ages += 1
        self.latency = 0.0

    def order_for(self, call: Call) -> Order | None:
        """Return what was ordered for this call, and count it as carried out."""
        for order in self.orders:
            if order.is_done or not order.concerns(call):
                continue
            if order.chance < 1 and self.chances.random() >= order.chance:
                continue
            chosen = replace(order, served=order.served)
            order.served += 1
            return chosen
        return None

    def calls_to(self, method: str, path: str) -> list[Call]:
        """Return the calls of a method (or ``*``) to paths of a pattern."""
        like = Order(method, path)
        return [call for call in self.calls if like.concerns(call)]

    def entered(self, caller: str) -> int:
        """Count a call of somebody as running; return how many now are."""
        self.now_running[caller] = self.now_running.get(caller, 0) + 1
        self.most_at_once = max(self.most_at_once, sum(self.now_running.values()))
        return self.now_running[caller]

    def left(self, caller: str) -> None:
        """Count a call as done."""
        self.now_running[caller] = max(0, self.now_running.get(caller, 0) - 1)


def _asks_for(call: Call, mailbox: str) -> bool:
    asked = call.body.get("schedules", ()) if isinstance(call.body, dict) else ()
    return mailbox.lower() in {str(address).lower() for address in asked}
