"""Describe the branches of the institution, to which customers come for visits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import quote_plus
from uuid import UUID
from zoneinfo import ZoneInfo

from invo_booking.domain.contact import text_to_compare
from invo_booking.domain.opening import OpeningHours

_TOWN_FIRST = frozenset({"US", "CA", "AU", "NZ", "GB", "IE", "IN"})
"""Countries whose addresses have the postal code after the town."""

_MAP = "https://www.openstreetmap.org"
_CLOSE = 17  # the zoom at which single houses are shown


_LONGEST_SEARCH = 60

OWN_LANGUAGE: Final = "en"
"""The language of the texts that administrators type; other languages are
translations."""

Translations = Mapping[str, Mapping[str, str]]
"""Texts in other languages, by language (ISO 639-1) and then by field. Where a text is
missing, pages show the text in the institution's own language."""


def no_translations() -> Translations:
    """Return an empty mapping of translations."""
    return {}


LINE_LIMITS: Final = {
    "name": 120,
    "town": 80,
    "region": 80,
    "postal_code": 16,
    "phone": 32,
    "directions": 500,
}
"""Maximum number of characters of each text of one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchDetails:
    """What administrators type about a branch, and what is stored as it was typed.

    Attributes:
        street: Lines of the address above the town; empty if the address is not known.
        region: State or province, in the form used in addresses.
        country: ISO 3166 code.
        phone: Phone number; may be empty.
        directions: How to find the branch, such as where to park.
        latitude: In degrees, north positive; ``None`` if and only if ``longitude`` is
            ``None``.
        longitude: In degrees, east positive.
        active: Whether visits can be booked at the branch; an inactive branch keeps its
            past appointments.
        translations: ``name`` and ``directions`` in other languages.
    """

    name: str
    street: tuple[str, ...]
    town: str
    region: str = ""
    postal_code: str = ""
    country: str
    phone: str = ""
    directions: str = ""
    latitude: float | None = None
    longitude: float | None = None
    active: bool = True
    translations: Translations = field(default_factory=no_translations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch(BranchDetails):
    """A place where visits are held.

    Attributes:
        zone: Time zone of the branch; times of visits are shown in this zone.
        opening_hours: Hours within which a visit must lie; empty for no limit.
        version: Incremented by every change, for compare-and-set.
    """

    id: UUID
    zone: ZoneInfo
    opening_hours: OpeningHours = ()
    version: int = 1

    def in_language(self, language: str) -> "Branch":
        """Return the branch with its texts in a language, where they are translated."""
        texts = self.translations.get(language, {})
        return replace(
            self,
            name=texts.get("name", self.name),
            directions=texts.get("directions", self.directions),
        )

    @property
    def address_lines(self) -> tuple[str, ...]:
        """The postal address by line, without the name and the country."""
        if self.country in _TOWN_FIRST:
            behind = " ".join(filter(None, (self.region, self.postal_code)))
            last = ", ".join(filter(None, (self.town, behind)))
        else:
            town = " ".join(filter(None, (self.postal_code, self.town)))
            last = ", ".join(filter(None, (town, self.region)))
        return (*self.street, last) if last else self.street

    @property
    def location(self) -> str:
        """Name and address in one line, for the location field of calendar events."""
        return ", ".join((self.name, *self.address_lines))

    @property
    def coordinates(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees; ``None`` if they are not known."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude

    @property
    def map_url(self) -> str:
        """URL of a web map that shows the branch; empty if no address is known."""
        place = self.coordinates
        if place is not None:
            north, east = place
            return f"{_MAP}/?mlat={north}&mlon={east}#map={_CLOSE}/{north}/{east}"
        if not self.address_lines:
            return ""
        address = ", ".join((*self.address_lines, self.country))
        return f"{_MAP}/search?query={quote_plus(address)}"


def find_branches(branches: Iterable[Branch], typed: str) -> list[Branch]:
    """Return the branches whose name and address contain all typed words.

    Args:
        branches: The branches to search.
        typed: What somebody typed; empty for all branches.
    """
    words = text_to_compare(typed[:_LONGEST_SEARCH]).split()
    return [
        it
        for it in branches
        if all(word in text_to_compare(it.location) for word in words)
    ]
