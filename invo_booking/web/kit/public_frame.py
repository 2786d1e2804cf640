"""The frame of public pages: skip link, top bar, main part, footer."""

import reflex as rx

from invo_booking.texts import in_language, say, weave
from invo_booking.web.core import failures, routes, theme
from invo_booking.web.core.language_choice import language_choice
from invo_booking.web.core.site import SiteView
from invo_booking.web.kit.facts import institution_text
from invo_booking.web.kit.failure import failure_notice
from invo_booking.web.kit.look import look_button
from invo_booking.web.kit.parts import plain_link


def public_frame(
    site: SiteView,
    *children: rx.Component,
    steps: rx.Component | None = None,
    bottom: rx.Component | None = None,
    here: str = routes.LANDING,
) -> rx.Component:
    """Return a public page.

    ``steps`` are shown in the top bar; ``bottom`` sticks to the bottom of the window.
    Without scripts, links to other languages lead to ``here``.
    """
    return rx.el.div(
        plain_link(say("public.skip"), href="#main", class_name="skip"),
        rx.el.header(
            rx.el.div(
                _brand_link(site),
                steps or rx.fragment(),
                language_choice(here),
                look_button(name="look-btn"),
                class_name="top-in",
            ),
            class_name="top",
        ),
        rx.el.main(
            without_scripts(site),
            failures.page_boundary(
                *children,
                back=say("public.back_to_start"),
                href=in_language(routes.LANDING),
            ),
            id="main",
            tab_index=-1,
        ),
        public_footer(site),
        bottom or rx.fragment(),
        failure_notice(),
        class_name="public",
        style={
            "--slot-text": site.slot_text,
            "--slot-available": site.slot_available,
            "--slot-selected": site.slot_selected,
            "--slot-tint": site.slot_tint,
            "--slot-ink": site.slot_ink,
            "--slot-rim": site.slot_ink,
        },
    )


def without_scripts(site: SiteView) -> rx.Component:
    """Return the advice for visitors whose browser does not run scripts.

    The style sheet shows the paragraph that fits: with or without a phone number.
    """
    phone = institution_text(site, site.phone, "phone")
    url = institution_text(site, site.phone_url, "phone_url")
    call = weave("public.without_scripts", phone=plain_link(phone, href=url))
    enable = say("public.without_scripts_or_phone")
    return rx.el.noscript(
        rx.el.div(
            rx.el.p(*call, class_name="alert heads unscripted call"),
            rx.el.p(enable, class_name="alert heads unscripted enable"),
            class_name="one",
            custom_attrs={"data-phone": phone},
        )
    )


def public_footer(site: SiteView) -> rx.Component:
    """Return the footer with the institution's phone number and opening hours."""
    phone = institution_text(site, site.phone, "phone")
    hours = institution_text(site, site.hours, "hours")
    return rx.el.footer(
        rx.el.p(
            *weave(
                "public.call_instead",
                phone=plain_link(
                    phone, href=institution_text(site, site.phone_url, "phone_url")
                ),
            ),
            class_name="call",
        ),
        rx.el.p(hours, class_name="hours"),
        class_name="foot",
        custom_attrs={"data-phone": phone},
    )


def _brand_link(site: SiteView) -> rx.Component:
    return rx.el.a(
        rx.el.img(src=theme.LOGO, alt=""),
        rx.el.span(institution_text(site, site.name, "name")),
        href=in_language(routes.LANDING),
        class_name="brand",
    )
