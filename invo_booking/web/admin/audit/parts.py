"""Draw the filters, the entries and the verification of the audit log."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.audit.state import AuditState
from invo_booking.web.admin.audit.view import AuditChangeView, EntryView
from invo_booking.web.core import routes
from invo_booking.web.kit import fields
from invo_booking.web.kit.icons import icon
from invo_booking.web.kit.parts import (
    button,
    hidden_text,
    page_link,
    plain_form,
    submit_button,
)
from invo_booking.web.kit.tables import data_table
from invo_booking.web.kit.typed import has_items

FILTERS = AuditState.filters
ERRORS = AuditState.errors


def audit_seals_card() -> rx.Component:
    """The card that says whether any entry was changed or removed."""
    return rx.el.div(
        icon("lock"),
        rx.el.p(say("audit.seals.lead")),
        button(say("audit.seals.check"), press=AuditState.check_seals, look="sm"),
        rx.el.div(rx.cond(AuditState.seals.is_known, _seal_result()), role="status"),
        class_name="seals",
    )


def _seal_result() -> rx.Component:
    return rx.el.p(
        rx.cond(AuditState.seals.is_whole, icon("check"), icon("warn")),
        rx.el.span(AuditState.seals.sentence),
        class_name=rx.cond(AuditState.seals.is_whole, "told", "broken"),
    )


def audit_filters_form() -> rx.Component:
    """The filters: actor, kind of object, action, first and last date."""
    return rx.el.form(
        fields.text_field("who", say("audit.who"), ERRORS, FILTERS.who, "search"),
        fields.select_field(
            "kind",
            say("audit.filter.kind"),
            ERRORS,
            AuditState.kinds,
            rx.el.option(say("audit.filter.any_kind"), value=""),
            default_value=FILTERS.kind,
        ),
        fields.select_field(
            "action",
            say("audit.filter.action"),
            ERRORS,
            AuditState.actions,
            rx.el.option(say("audit.filter.any_action"), value=""),
            default_value=FILTERS.action,
        ),
        fields.text_field(
            "from", say("audit.filter.from"), ERRORS, FILTERS.first, "date"
        ),
        fields.text_field("to", say("audit.filter.to"), ERRORS, FILTERS.last, "date"),
        rx.el.input(type="hidden", name="object", default_value=FILTERS.object),
        rx.el.input(type="hidden", name="person", default_value=FILTERS.person),
        rx.el.label(
            rx.el.input(
                type="checkbox",
                name="all",
                value="1",
                default_checked=FILTERS.is_all,
            ),
            rx.el.span(say("audit.filter.all")),
            class_name="check",
        ),
        rx.el.div(
            submit_button(say("audit.filter.show"), look=""),
            rx.cond(
                FILTERS.is_any,
                page_link(say("audit.filter.clear"), to=routes.AUDIT, name="link"),
            ),
            class_name="ends",
        ),
        on_submit=AuditState.filter_entries,
        key=FILTERS.key,
        class_name="form narrow",
        role="search",
        aria_label=say("audit.entries"),
    )


def audit_export_form() -> rx.Component:
    """The button that downloads the filtered entries; the browser posts its form."""
    return plain_form(
        submit_button(say("audit.download"), look=""),
        action=AuditState.export,
        method="post",
    )


def audit_table() -> rx.Component:
    """The entries, newest first."""
    return rx.fragment(
        data_table(
            say("audit.entries"),
            (
                say("audit.when"),
                say("audit.what"),
                say("audit.who"),
                say("audit.history"),
            ),
            AuditState.entries,
            _entry_row,
            empty=say("audit.none"),
            name="audit",
        ),
        rx.el.nav(
            rx.cond(
                AuditState.newest != "",
                page_link(say("audit.newest"), to=AuditState.newest, name="btn"),
            ),
            rx.cond(
                AuditState.older != "",
                page_link(say("audit.older"), to=AuditState.older, name="btn"),
            ),
            class_name="ends",
            aria_label=say("audit.pages"),
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
                rx.el.summary(say("audit.ids.label")),
                rx.el.p(entry.ids),
                class_name="m small",
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
            say("audit.history"),
            hidden_text(say("audit.history_of", what=entry.what)),
            to=entry.href,
            name="link small",
        ),
    )


def _seal_mark(entry: EntryView) -> rx.Component:
    return rx.cond(
        entry.is_sealed,
        rx.el.span(
            icon("lock", 14),
            hidden_text(say("audit.sealed")),
            class_name="m",
            title=say("audit.sealed"),
        ),
    )


def _change_item(change: AuditChangeView) -> rx.Component:
    return rx.el.div(
        rx.el.dt(change.name, ":"),
        rx.el.dd(
            rx.cond(
                change.before != "",
                rx.fragment(
                    rx.el.span(
                        hidden_text(say("audit.change.was")),
                        change.before,
                        class_name="was",
                    ),
                    icon("arrow", 14),
                    hidden_text(say("audit.change.now")),
                ),
            ),
            rx.cond(
                change.after != "", change.after, rx.el.em(say("audit.change.nothing"))
            ),
        ),
    )
