"""Read facts about the institution, such as its name, for the HTML of public pages."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from html import escape
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from invo_booking.api.public.brand import brand_style
from invo_booking.domain.contact import phone_url
from invo_booking.domain.errors import NotSetUpError
from invo_booking.domain.opening import opening_of_texts, opening_texts
from invo_booking.texts import say
from invo_booking.usecases.booking import booking
from invo_booking.usecases.booking.booking import PublicSite
from invo_booking.usecases.shared.deps import Deps
from invo_booking.web.kit.text.opening import opening_hours_text, opening_locale

log = logging.getLogger(__name__)

Facts = Mapping[str, str]

NOTHING: Facts = {}
"""Facts to use while the database cannot be reached; pages then show an error."""

_UNKNOWN: Facts = {
    "name": "",
    "headline": "",
    "phone": "",
    "phone_url": "",
    "brand": "",
    "opening": "",
    "time_zone": "UTC",
    "country": "US",
}

SECONDS = 1.0
"""Seconds for which a process caches the facts."""


class KnownFacts:
    """Caches the facts about the institution for ``SECONDS``.

    Args:
        read: Returns the facts about the institution; ``None`` if unknown.
        clock: Returns the seconds of a monotonic clock.
    """

    def __init__(
        self,
        read: Callable[[], Facts | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._clock = clock
        self._facts: Facts | None = None
        self._until = 0.0
        self._reading = asyncio.Lock()

    async def current(self) -> Facts:
        """Return the facts; read them again if they are too old.

        While one request reads the facts, others get the previous facts; if there are
        no facts yet, the others wait. If the facts cannot be read, the previous facts
        stay in use.
        """
        if self._facts is not None and self._reading.locked():
            return self._facts
        async with self._reading:
            if self._clock() >= self._until:
                await self._refresh()
        return self._facts or NOTHING

    async def _refresh(self) -> None:
        facts = await run_in_threadpool(self._read)
        self._until = self._clock() + SECONDS
        if facts is not None and facts != self._facts:
            self._facts = facts


def head_of_facts(facts: Facts) -> str:
    """Return the end of a page's ``head``: the facts and the style of the brand."""
    meta = f'<meta name="facts" content="{escape(json.dumps(dict(facts)))}"/>'
    return f"{meta}{brand_style(facts.get('brand', ''))}</head>"


def spoken_facts(facts: Facts) -> Facts:
    """Return the facts with headline and opening hours in the current language."""
    known = {**_UNKNOWN, **facts}
    opening = opening_of_texts(filter(None, known["opening"].split(";")))
    hours = opening_hours_text(
        opening, ZoneInfo(known["time_zone"]), opening_locale(known["country"])
    )
    headline = known["headline"] or say("landing.headline")
    return {**known, "headline": headline, "hours": hours}


def institution_facts(deps: Deps) -> Facts | None:
    """Return the facts about the institution.

    ``None`` if there is no institution yet, or the database cannot be reached.
    """
    try:
        return facts_of_site(booking.public_site(deps))
    except NotSetUpError:
        return None
    except SQLAlchemyError:
        log.warning("pages are sent with what was known before: no database")
        return None


def facts_of_site(site: PublicSite) -> Facts:
    """Return the facts that public pages show of the institution."""
    return {
        "brand": site.brand,
        "name": site.name,
        "headline": site.tagline,
        "opening": ";".join(opening_texts(site.opening_hours)),
        "time_zone": site.time_zone,
        "country": site.country,
        "phone": site.phone,
        "phone_url": phone_url(site.phone),
        "scheduling": "on" if site.scheduling_on else "off",
    }
