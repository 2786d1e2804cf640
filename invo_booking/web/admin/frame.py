"""The frame around every administrators' page."""

from collections.abc import Sequence

import reflex as rx

from invo_booking.settings.spec import Page
from invo_booking.texts import say
from invo_booking.web.admin.finder import settings_finder
from invo_booking.web.core import routes
from invo_booking.web.kit import layout
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import page_link
from invo_booking.web.kit.typed import Text
from invo_booking.web.menu import admin_menu

Stop = tuple[str, str]
"""Text and URL of a link."""

HOME = (say("menu.groups.product"), routes.settings_route(Page.GENERAL.slug))


def admin_frame(
    *content: rx.Component,
    here: str,
    title: Text,
    lead: Text = "",
    crumbs: Sequence[Stop] = (),
    actions: rx.Component | None = None,
) -> rx.Component:
    """An administrators' page: navigation at the left, contents at the right.

    Args:
        *content: Contents of the page, below its heading.
        here: Route of the page, which is marked in the navigation.
        title: Heading of the page, its only ``h1``.
        lead: Sentence below the heading.
        crumbs: Links between *Invo Booking* and the title in the breadcrumbs.
        actions: Buttons at the right of the heading.
    """
    return layout.staff_frame(
        _sections(here),
        rx.el.div(
            _crumbs(title, crumbs),
            _sections_on_phones(here),
            rx.el.header(
                rx.el.div(
                    rx.el.h1(title),
                    rx.el.p(lead, class_name="lead") if lead else rx.fragment(),
                ),
                actions or rx.fragment(),
                class_name="head",
            ),
            *content,
            class_name="page",
        ),
        here=routes.ADMINISTRATION,
        skip=say("admin.skip"),
        kind="adm",
        action=rx.fragment(),
    )


def _sections(here: str) -> rx.Component:
    return rx.el.div(
        settings_finder("find"),
        rx.el.nav(*_section_groups(here), aria_label=say("admin.settings")),
        class_name="sections",
    )


def _sections_on_phones(here: str) -> rx.Component:
    return rx.el.div(
        settings_finder("find-m"),
        rx.el.details(
            rx.el.summary(icon("menu"), say("admin.sections"), class_name="btn"),
            rx.el.nav(*_section_groups(here), aria_label=say("admin.sections")),
        ),
        class_name="sections-m",
        key=here,
    )


def _section_groups(here: str) -> list[rx.Component]:
    return [
        rx.el.div(
            rx.el.p(name, class_name="nav-title"),
            rx.el.ul(*(_section_link(it.label, it.route, here) for it in entries)),
        )
        for name, entries in admin_menu().items()
    ]


def _section_link(label: str, to: str, here: str) -> rx.Component:
    return rx.el.li(page_link(label, to=to, current="page" if to == here else ""))


def _crumbs(title: Text, between: Sequence[Stop]) -> rx.Component:
    links = [rx.el.li(page_link(label, to=to)) for label, to in (HOME, *between)]
    return rx.el.nav(
        rx.el.ol(
            rx.el.li(say("frame.administration")),
            rx.el.li(say("admin.settings")),
            *links,
            rx.el.li(rx.el.span(title, custom_attrs={"aria-current": "page"})),
        ),
        class_name="crumbs",
        aria_label=say("admin.breadcrumb"),
    )
