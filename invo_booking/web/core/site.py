"""Load the institution's data for public pages."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import reflex as rx

from invo_booking.domain.contact import Requirement, phone_url
from invo_booking.usecases.booking import booking
from invo_booking.usecases.booking.booking import PublicSite
from invo_booking.web.core import theme
from invo_booking.web.core.ask import ask
from invo_booking.web.kit.text.opening import opening_hours_text, opening_locale


@dataclass
class SiteView:
    """The institution as public pages show it."""

    name: str = ""
    tagline: str = ""
    phone: str = ""
    phone_url: str = ""
    hours: str = ""
    """Opening hours in one sentence; empty if there are none."""

    is_open: bool = False
    """Whether the public may book."""

    slot_text: str = "inherit"
    slot_available: str = "inherit"
    slot_selected: str = "inherit"
    slot_tint: str = "inherit"
    slot_ink: str = "inherit"
    requirement: str = "email"
    """Contact data that a customer must give: email, phone, both or neither."""

    customer_calls: bool = False
    """Whether customers call the institution at phone appointments."""

    needs_email: bool = False
    needs_phone: bool = False
    country: str = "US"
    """ISO 3166 code of the country of phone numbers without a country code."""


def public_site_view(site: PublicSite) -> SiteView:
    """Return the institution as public pages show it."""
    return SiteView(
        name=site.name,
        tagline=site.tagline,
        phone=site.phone,
        phone_url=phone_url(site.phone),
        hours=opening_hours_text(
            site.opening_hours, ZoneInfo(site.time_zone), opening_locale(site.country)
        ),
        is_open=site.scheduling_on,
        slot_text=theme.theme_slot_color(site.slot_text, theme.SLOT_TEXT),
        slot_available=theme.theme_slot_color(
            site.slot_available, theme.SLOT_AVAILABLE
        ),
        slot_selected=theme.theme_slot_color(site.slot_selected, theme.SLOT_SELECTED),
        slot_tint=theme.slot_tint(site.slot_text, site.slot_available),
        slot_ink=theme.slot_ink(site.slot_text, site.slot_available),
        requirement=site.contact,
        customer_calls=site.customer_calls,
        needs_email=Requirement(site.contact).wants_email,
        needs_phone=Requirement(site.contact).wants_phone,
        country=site.country,
    )


class SiteMixin(rx.State, mixin=True):
    """The institution's data, loaded for a public page."""

    site: SiteView = SiteView()
    is_ready: bool = False

    async def _load_site(self) -> PublicSite:
        site = await ask(booking.public_site)
        self.site = public_site_view(site)
        self.is_ready = True
        return site
