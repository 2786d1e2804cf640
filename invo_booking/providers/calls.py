"""Describe a call of a provider's API before it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of a provider's API.

    Attributes:
        path: Path after the version, with placeholders ``{name}`` for the values of
            ``at``.
        at: Values for the ``{names}`` in the path.
        needs: Names of the required permissions.
        purpose: What the call is for, to end a sentence that begins "may not ...".
        is_question: Whether the call changes nothing although it is not a GET request.
    """

    method: str
    path: str
    at: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Any = None
    needs: tuple[str, ...] = ()
    purpose: str
    is_question: bool = False

    @property
    def address(self) -> str:
        """The path with the values inserted, each escaped as one path segment."""
        return self.path.format(
            **{name: quote(text, safe="") for name, text in self.at.items()}
        )

    @property
    def is_change(self) -> bool:
        """Whether the call may take effect even if no response arrives."""
        return self.method != "GET" and not self.is_question
