"""The list of people and its filters."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.clientside import keeps_address
from invo_booking.web.admin.people import view
from invo_booking.web.admin.people.state import PeopleState
from invo_booking.web.admin.people.view import PersonRowView
from invo_booking.web.kit.fields import search_field
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import button, page_link
from invo_booking.web.kit.tables import data_table
from invo_booking.web.kit.text.names import OptionView
from invo_booking.web.kit.typed import Text, number_text

OFFERS = PeopleState.offers


def people_filters() -> rx.Component:
    """The filters: name, role, queue, language and account."""
    return rx.el.div(
        rx.el.div(
            search_field(
                "p-name",
                say("people.find"),
                PeopleState.find_people,
                placeholder=say("people.find_hint"),
                default_value=PeopleState.name,
                key=number_text(PeopleState.cleared),
            ),
            class_name="field",
        ),
        _choice_filter(
            "role",
            say("people.filter.role"),
            say("people.filter.any_role"),
            PeopleState.role,
            OFFERS.roles,
        ),
        _choice_filter(
            "queue",
            say("calendar.queue"),
            say("people.filter.any_queue"),
            PeopleState.queue,
            OFFERS.queues,
        ),
        _choice_filter(
            "language",
            say("calendar.language"),
            say("people.filter.any_language"),
            PeopleState.language,
            OFFERS.languages,
        ),
        _account_filter(),
        keeps_address(address=PeopleState.address),
        class_name="people-filters",
        role="search",
        aria_label=say("menu.people"),
    )


def _choice_filter(
    name: str, label: str, everybody: str, value: Text, options: list[OptionView]
) -> rx.Component:
    return _filter_field(
        name,
        label,
        value,
        rx.el.option(everybody, value=""),
        rx.foreach(options, lambda it: rx.el.option(it.label, value=it.value)),
    )


def _account_filter() -> rx.Component:
    return _filter_field(
        "account",
        say("people.account.heading"),
        PeopleState.account,
        rx.el.option(say("people.filter.any_account"), value=view.ANY),
        rx.el.option(say("people.filter.active"), value=view.ACTIVE),
        rx.el.option(say("people.filter.disabled"), value=view.DISABLED),
    )


def _filter_field(
    name: str, label: str, value: Text, *options: rx.Component
) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=f"p-{name}"),
        rx.el.div(
            rx.el.select(
                *options,
                id=f"p-{name}",
                value=value,
                on_change=lambda chosen: PeopleState.choose_filter(name, chosen),
            ),
            class_name="box",
        ),
        class_name="field",
    )


def people_table() -> rx.Component:
    """The people who match the filters, sorted by name."""
    return rx.fragment(
        rx.el.div(
            rx.el.span(PeopleState.summary, role="status"),
            button(say("people.show_all"), press=PeopleState.clear_filters, look="sm"),
            class_name="shown",
        ),
        data_table(
            say("menu.people"),
            (
                say("people.column.person"),
                say("people.column.queues"),
                say("people.column.languages"),
                say("calendar.today"),
                rx.cond(
                    PeopleState.counts_calendars,
                    rx.el.th(say("people.column.calendar"), scope="col"),
                ),
            ),
            PeopleState.rows,
            _person_row,
            empty=say("people.none"),
            name="people",
        ),
    )


def _person_row(row: PersonRowView) -> rx.Component:
    return rx.el.tr(
        rx.el.th(
            rx.el.div(
                rx.el.span(row.initials, class_name="av", aria_hidden="true"),
                rx.el.span(page_link(row.name, to=row.href), rx.el.small(row.roles)),
                class_name="person",
            ),
            scope="row",
        ),
        rx.el.td(row.queues),
        rx.el.td(row.languages),
        rx.el.td(
            rx.el.span(icon(row.icon, 14), row.today, class_name=f"state {row.kind}"),
            class_name="today",
        ),
        rx.cond(PeopleState.counts_calendars, rx.el.td(row.calendar)),
    )
