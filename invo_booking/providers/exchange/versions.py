"""Recognize the version of an Exchange server.

Source:
    learn.microsoft.com/exchange/new-features/build-numbers-and-release-dates
"""

from dataclasses import dataclass
from typing import Final

OLDEST: Final = 15
"""Major version of Exchange 2013."""

_FIRST_SUBSCRIPTION_BUILD: Final = 2562
_BY_MINOR: Final = {0: "exchange2013", 1: "exchange2016"}


@dataclass(frozen=True, slots=True)
class ServerVersion:
    """Version numbers that a server sends with each response."""

    major: int
    minor: int
    build: int

    @property
    def name(self) -> str:
        """The value of the setting for this version; empty if there is none."""
        if self.major != OLDEST:
            return ""
        if known := _BY_MINOR.get(self.minor):
            return known
        is_newest = self.build >= _FIRST_SUBSCRIPTION_BUILD
        return "exchangese" if is_newest else "exchange2019"

    @property
    def number(self) -> str:
        """The build number in the form that Microsoft's list of versions uses."""
        return f"{self.major}.{self.minor}.{self.build}"
