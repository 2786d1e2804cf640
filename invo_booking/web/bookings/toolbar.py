"""The bar above the calendar: navigation, scope and period."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.bookings.side_view import (
    ChipView,
    FilterGroupView,
    MiniDayView,
    SideLinkView,
)
from invo_booking.web.bookings.state import BookingsState
from invo_booking.web.kit.browser import search_field
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import (
    hidden_text,
    icon_link,
    link_in_group,
    page_link,
    status_tag,
)
from invo_booking.web.kit.typed import has_items

_FIND = "find-filter"
NAV = BookingsState.nav
TOPICS = BookingsState.topics


def calendar_toolbar() -> rx.Component:
    """Today, back, forward, the heading, and the choices of scope and period."""
    return rx.el.div(
        page_link(say("calendar.today"), to=NAV.today, name="btn today-btn"),
        rx.el.div(
            icon_link("left", NAV.back.label, NAV.back.href),
            icon_link("right", NAV.on.label, NAV.on.href),
            class_name="step",
        ),
        rx.el.h1(rx.el.span(NAV.title), rx.el.small(NAV.zone)),
        rx.cond(NAV.holiday != "", status_tag("done", "cal", NAV.holiday)),
        rx.el.span(class_name="grow"),
        _link_group(say("bookings.nav.scope"), NAV.scopes, ""),
        _link_group(say("bookings.nav.period"), NAV.periods, "wide"),
        rx.el.nav(
            rx.foreach(BookingsState.strip, _strip_day),
            class_name="strip",
            aria_label=say("bookings.nav.day"),
        ),
        class_name="bar",
    )


def calendar_filter_bar() -> rx.Component:
    """Active filters, filters to add, and the number of matching appointments."""
    return rx.el.div(
        rx.foreach(BookingsState.chips, _filter_chip),
        rx.el.details(
            rx.el.summary(
                icon("plus", 12), say("bookings.filter.add"), class_name="chip more"
            ),
            rx.el.div(
                rx.cond(BookingsState.has_many_offers, _filter_search()),
                rx.foreach(BookingsState.offers, _filter_group),
                class_name="menu at-start",
            ),
            class_name="drop",
        ),
        rx.cond(has_items(TOPICS.links), _topic_menu()),
        rx.el.p(
            BookingsState.summary,
            rx.cond(
                BookingsState.late_count > 0,
                rx.el.b(say("bookings.filter.late", count=BookingsState.late_count)),
            ),
            class_name="sum",
        ),
        class_name="filters",
        role="group",
        aria_label=say("bookings.filter.label"),
    )


def _filter_search() -> rx.Component:
    return rx.el.div(
        rx.el.label(say("bookings.filter.find"), html_for=_FIND),
        rx.el.div(
            icon("search", 16),
            search_field(
                value="",
                field_id=_FIND,
                list_id="filters",
                invalid=BookingsState.filter_problem != "",
                described_by="filter-problem",
                on_choose=BookingsState.add_filter,
                key=NAV.back.href,  # emptied by a choice
            ),
            class_name="box",
        ),
        rx.el.p(
            BookingsState.filter_problem,
            id="filter-problem",
            class_name="err",
            role="status",
        ),
        rx.el.datalist(rx.foreach(BookingsState.offers, _filter_options), id="filters"),
        class_name="find",
    )


def _filter_options(group: FilterGroupView) -> rx.Component:
    return rx.fragment(rx.foreach(group.links, _filter_option))


def _filter_option(link: SideLinkView) -> rx.Component:
    return rx.el.option(value=link.label)


def _topic_menu() -> rx.Component:
    """The menu of the topics whose closed times the lanes of queues show."""
    return rx.el.details(
        rx.el.summary(
            say("bookings.topics.heading"),
            rx.el.b(
                rx.cond(
                    TOPICS.chosen != "", TOPICS.chosen, say("bookings.topics.usual")
                )
            ),
            icon("down", 12),
            class_name="chip more",
        ),
        rx.el.div(
            rx.foreach(TOPICS.links, _topic_link),
            rx.cond(
                TOPICS.chosen != "",
                page_link(say("bookings.topics.usual_link"), to=TOPICS.usual),
            ),
            class_name="menu at-start topics",
        ),
        class_name="drop",
        key=TOPICS.chosen,  # redrawn, and so closed, by a choice
    )


def _topic_link(link: SideLinkView) -> rx.Component:
    return link_in_group(link.label, to=link.href, here=link.is_here)


def _link_group(name: str, links: list[SideLinkView], kind: str) -> rx.Component:
    return rx.el.nav(
        rx.el.ul(rx.foreach(links, _group_item), class_name="seg"),
        aria_label=name,
        class_name=kind,
    )


def _group_item(link: SideLinkView) -> rx.Component:
    return rx.el.li(link_in_group(link.label, to=link.href, here=link.is_here))


def _filter_chip(chip: ChipView) -> rx.Component:
    return rx.el.span(
        rx.el.b(chip.label),
        rx.el.span(chip.value),
        icon_link(
            "x",
            say("bookings.filter.remove", label=chip.label, value=chip.value),
            chip.href,
            "sm",
        ),
        class_name="chip",
    )


def _filter_group(group: FilterGroupView) -> rx.Component:
    return rx.el.div(
        rx.el.b(group.title, aria_hidden="true"),
        rx.foreach(group.links, _filter_link),
        role="group",
        aria_label=group.title,
    )


def _filter_link(link: SideLinkView) -> rx.Component:
    return page_link(link.label, to=link.href)


def _strip_day(day: MiniDayView) -> rx.Component:
    return rx.el.a(
        day.weekday,
        rx.el.b(day.number),
        hidden_text(day.name),
        href=day.href,
        class_name=day.kind,
        custom_attrs={"aria-current": day.current},
    )
