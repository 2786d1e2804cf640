"""Check the arguments of an event against its handler.

Anyone can send anything over a websocket. Events that no page sends are dropped with
one line in the log, without a stack trace.
"""

import inspect
import logging
from collections.abc import Mapping, Sequence
from typing import Any, get_origin

from invo_booking.run.log_budget import LogBudget

_COLLECTIONS = (dict, list)
_budget = LogBudget()
_log = logging.getLogger(__name__)


def accepts_event_payload(
    signature: inspect.Signature, args: Sequence[object], kwargs: Mapping[str, object]
) -> bool:
    """Whether a handler takes these arguments.

    An argument declared as a dict or a list must be of that type. Other arguments may
    have any type except dict and list, so handlers must convert them without trusting
    their type.
    """
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError:
        return False
    parameters = signature.parameters
    return all(
        _fits(parameters[name].annotation, value)
        for name, value in bound.arguments.items()
        if name != "self"
    )


def log_unfit_payload(handler: str) -> None:
    """Log that an event was dropped, without its contents."""
    if _budget.is_left():
        _log.warning("event that does not fit its handler: %s", handler)


def _fits(annotation: Any, value: object) -> bool:
    kind = get_origin(annotation) or annotation
    if kind in _COLLECTIONS:
        return isinstance(value, kind)
    return kind in {Any, object} or not isinstance(value, _COLLECTIONS)
