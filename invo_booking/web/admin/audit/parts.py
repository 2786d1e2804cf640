"""Parts of the page of the audit log."""

import reflex as rx

from invo_booking.web.admin.audit.state import AuditState
from invo_booking.web.admin.audit.view import AuditChangeView, EntryView
from invo_booking.web.core import routes
from invo_booking.web.kit import fields
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import button, hidden_text, page_link, plain_form
from invo_booking.web.kit.tables import data_table
from invo_booking.web.kit.typed import has_items

FILTERS = AuditState.filters
ERRORS = AuditState.errors


def seals_card() -> rx.Component:
    """Whether anybody changed an entry."""
    return rx.el.div(
        icon("lock"),
        rx.el.p(
            "Entries can only be added. Each is sealed with those before it, so that a "
            "change, a gap or another order shows."
        ),
        button("Check the seals", press=AuditState.check_seals, look="sm"),
        rx.el.div(rx.cond(AuditState.seals.is_known, _seal_result()), role="status"),
        class_name="seals",
    )


def _seal_result() -> rx.Component:
    return rx.el.p(
        rx.cond(AuditState.seals.is_whole, icon("check"), icon("warn")),
        rx.el.span(AuditState.seals.sentence),
        class_name=rx.cond(AuditState.seals.is_whole, "told", "broken"),
    )


def entry_filters() -> rx.Component:
    """Filters: who, which kind and action, from which date to which."""
    return rx.el.form(
        fields.text_field("who", "Who", ERRORS, FILTERS.who, "search"),
        fields.select_field(
            "kind",
            "Kind",
            ERRORS,
            AuditState.kinds,
            rx.el.option("Any kind", value=""),
            default_value=FILTERS.kind,
        ),
        fields.select_field(
            "action",
            "Action",
            ERRORS,
            AuditState.actions,
            rx.el.option("Any action", value=""),
            default_value=FILTERS.action,
        ),
        fields.text_field("from", "From", ERRORS, FILTERS.first, "date"),
        fields.text_field("to", "To", ERRORS, FILTERS.last, "date"),
        rx.el.input(type="hidden", name="object", default_value=FILTERS.object),
        rx.el.input(type="hidden", name="person", default_value=FILTERS.person),
        rx.el.label(
            rx.el.input(
                type="checkbox",
                name="all",
                value="1",
                default_checked=FILTERS.is_all,
            ),
            rx.el.span("Show sign-ins and reading too"),
            class_name="check",
        ),
        rx.el.div(
            rx.el.button("Show", type="submit", class_name="btn"),
            rx.cond(
                FILTERS.is_any, page_link("Clear all", to=routes.AUDIT, name="link")
            ),
            class_name="ends",
        ),
        on_submit=AuditState.filter_entries,
        key=FILTERS.key,
        class_name="form narrow",
        role="search",
        aria_label="Entries",
    )


def export_form() -> rx.Component:
    """The same entries as a file; a plain form, so that the browser saves it."""
    return plain_form(
        rx.el.button("Download CSV", type="submit", class_name="btn"),
        action=AuditState.export,
        method="post",
    )


def entry_table() -> rx.Component:
    """The entries, newest first."""
    return rx.fragment(
        data_table(
            "Entries",
            ("When", "What", "Who", "History"),
            AuditState.entries,
            _entry_row,
            empty="Nothing was done that matches. Show a longer time, or all.",
            name="audit",
        ),
        rx.el.nav(
            rx.cond(
                AuditState.newest != "",
                page_link("Newest", to=AuditState.newest, name="btn"),
            ),
            rx.cond(
                AuditState.older != "",
                page_link("Older", to=AuditState.older, name="btn"),
            ),
            class_name="ends",
            aria_label="Pages",
        ),
    )


def _entry_row(entry: EntryView) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.el.b(entry.day), rx.el.span(entry.clock, class_name="m"), class_name="at"
        ),
        rx.el.th(
            rx.el.b(entry.what),
            rx.cond(
                has_items(entry.changes),
                rx.el.dl(rx.foreach(entry.changes, _change_item)),
            ),
            rx.el.details(
                rx.el.summary("Ids"), rx.el.p(entry.ids), class_name="m small"
            ),
            scope="row",
        ),
        rx.el.td(
            rx.cond(
                entry.theirs != "",
                page_link(entry.who, to=entry.theirs, name="link"),
                entry.who,
            ),
            rx.cond(entry.origin != "", rx.el.span(entry.origin, class_name="m")),
            class_name="by",
        ),
        rx.el.td(_history_link(entry), _seal_mark(entry), class_name="acts"),
    )


def _history_link(entry: EntryView) -> rx.Component:
    return rx.cond(
        entry.thing != "",
        page_link(
            "History",
            hidden_text(f" of {entry.what}"),
            to=entry.href,
            name="link small",
        ),
    )


def _seal_mark(entry: EntryView) -> rx.Component:
    return rx.cond(
        entry.is_sealed,
        rx.el.span(
            icon("lock", 14), hidden_text("Sealed"), class_name="m", title="Sealed"
        ),
    )


def _change_item(change: AuditChangeView) -> rx.Component:
    return rx.el.div(
        rx.el.dt(change.name),
        rx.el.dd(
            rx.cond(
                change.before != "",
                rx.fragment(
                    rx.el.span(hidden_text("was "), change.before, class_name="was"),
                    icon("arrow", 14),
                    hidden_text(", now "),
                ),
            ),
            rx.cond(change.after != "", change.after, rx.el.em("nothing")),
        ),
    )
