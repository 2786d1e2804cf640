"""The verbs of a fake vendor over HTTP, for when it is a process of its own."""

from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from aiohttp import web

from tests.support.vendor.sign_in import approve, trusting

PREFIX = "/control/"


async def control(vendor: Any, request: web.Request) -> web.Response:
    """Carry out one verb; ``get`` and ``set`` are of attributes."""
    asked = await request.json() if request.can_read_body else {}
    args = [_read(value) for value in asked.get("args", [])]
    kwargs = {name: _read(value) for name, value in asked.get("kwargs", {}).items()}
    verb = request.path.rpartition(PREFIX)[2]
    try:
        result = _obey(vendor, verb, args, kwargs)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        words = f"{type(error).__name__}: {error}"
        return web.json_response({"error": words}, status=400)
    return web.json_response({"result": _written(result)})


class Remote:
    """A fake vendor that runs as a process of its own; the verbs are the same."""

    def __init__(self, url: str, ca_file: Path) -> None:
        self.url, self.ca_file = url, ca_file
        self._http = httpx.Client(
            base_url=url, verify=trusting(ca_file), trust_env=False, timeout=30
        )

    def __getattr__(self, verb: str) -> Any:
        def ask(*args: Any, **kwargs: Any) -> Any:
            asked = _written({"args": args, "kwargs": kwargs})
            answer = self._http.post(f"{PREFIX}{verb}", json=asked)
            answer.raise_for_status()
            return answer.json()["result"]

        return ask

    def read(self, name: str) -> Any:
        """Return one attribute, as JSON has it."""
        return self.get(name)[0]

    def approve(self, auth_uri: str, **how: Any) -> dict[str, str]:
        """Sign in and accept at ``auth_uri``; return what is brought back."""
        return approve(auth_uri, ca_file=self.ca_file, **how)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()


def _obey(vendor: Any, verb: str, args: list[Any], kwargs: dict[str, Any]) -> Any:
    if verb == "get":
        return [getattr(vendor, name) for name in args]
    if verb == "set":
        for name, value in kwargs.items():
            setattr(vendor, name, value)
        return None
    method: Callable[..., Any] = getattr(vendor, verb)
    return method(*args, **kwargs)


def _read(value: Any) -> Any:
    if isinstance(value, str) and value[4:5] == "-" and value[10:11] == "T":
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return value
    return value


def _written(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _written(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_written(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return _written(asdict(value))
    return value if isinstance(value, (str, int, float, type(None))) else str(value)
