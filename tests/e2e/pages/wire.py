"""What the server sends to a page, changed on its way."""

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, WebSocketRoute

State = dict[str, Any]
_MESSAGE = re.compile(r"(?s)(\d+(?:/_event,)?)(\[.*\])")
_SUFFIX = "_rx_state_"


def change_state(page: Page, name: str, change: Callable[[State], None]) -> None:
    """Let a state of the server arrive at a page otherwise than it was sent.

    Args:
        page: Before it is opened.
        name: End of the state's name, such as ``bookings_state``.
        change: Changes the values that arrive, by name; not all of them always do.
    """

    def changed(message: str | bytes) -> str | bytes:
        found = _MESSAGE.fullmatch(message) if isinstance(message, str) else None
        if found is None:
            return message
        parts = json.loads(found[2])
        for part in parts:
            for state, values in _states(part):
                if state.endswith(name):
                    _edit(values, change)
        return found[1] + json.dumps(parts)

    def connect(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        server.on_message(lambda message: route.send(changed(message)))

    page.route_web_socket(re.compile("/_event/"), connect)


def _states(part: object) -> list[tuple[str, State]]:
    delta = part.get("delta") if isinstance(part, dict) else None
    return list(delta.items()) if isinstance(delta, dict) else []


def _edit(values: State, change: Callable[[State], None]) -> None:
    plain = {key.removesuffix(_SUFFIX): value for key, value in values.items()}
    change(plain)
    values |= {key: plain[key.removesuffix(_SUFFIX)] for key in values}
