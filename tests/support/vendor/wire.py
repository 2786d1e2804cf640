"""What goes over the wire, taken apart: calls and replies."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Call:
    """One request as a vendor received it.

    Attributes:
        path: Of the interface without its version; as it is for a sign-in.
        headers: By lower-case names.
        body: Parsed: of JSON or of a form; text when it is neither; ``None`` if empty.
        status: What it was answered; 0 while it is not.
        of_api: Whether it is a call of the interface, not of the sign-in.
    """

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    status: int = 0
    in_batch: bool = False
    of_api: bool = True

    def prefer(self, name: str, otherwise: str) -> str:
        """Return one value of the Prefer header, without its quotes."""
        for part in self.headers.get("prefer", "").split(","):
            key, _, value = part.strip().partition("=")
            if key.lower() == name:
                return value.strip('"')
        return otherwise


@dataclass
class Reply:
    """One answer; a ``str`` body is a page, ``bytes`` are XML, all else is JSON."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
