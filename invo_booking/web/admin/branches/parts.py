"""Draw the list of branches and the form of one branch."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.branches.fields import FIELDS, OPEN, PLACE
from invo_booking.web.admin.branches.state import BranchesState
from invo_booking.web.admin.branches.view import BranchRowView
from invo_booking.web.admin.catalogue import item_form
from invo_booking.web.admin.closures.parts import closed_days_panel
from invo_booking.web.admin.closures.state import ClosuresState
from invo_booking.web.admin.form_fields import form_rows, translation_sections
from invo_booking.web.admin.opening_editor import opening_hours_field
from invo_booking.web.admin.parts import (
    admin_fact_row,
    affected_review,
    edit_link,
)
from invo_booking.web.core import routes
from invo_booking.web.kit.fields import search_field
from invo_booking.web.kit.parts import page_link, status_tag
from invo_booking.web.kit.tables import empty_card, item_list
from invo_booking.web.kit.typed import text_if

FORM = BranchesState.form
ERRORS = BranchesState.errors


def branch_list() -> rx.Component:
    """The branches, sorted by name, with a search field if there are many."""
    return rx.fragment(
        rx.cond(BranchesState.is_long, _search_field()),
        item_list(
            BranchesState.rows,
            _branch_row,
            empty=empty_card(
                text_if(
                    BranchesState.is_long,
                    say("branches.no_match"),
                    say("branches.none"),
                )
            ),
            name="card lines",
        ),
    )


def _search_field() -> rx.Component:
    find = BranchesState.find_branches
    return rx.el.div(
        search_field("find-branch", say("branches.find"), find, max_length=60),
        rx.el.p(BranchesState.found, class_name="hint", role="status"),
        class_name="field find",
        role="search",
    )


def _branch_row(row: BranchRowView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(page_link(row.name, to=row.href)),
            rx.el.dl(
                admin_fact_row(say("branches.address"), row.address),
                admin_fact_row(say("branches.phone"), row.phone),
                admin_fact_row(say("branches.zone"), row.zone),
                admin_fact_row(say("branches.people"), row.people),
            ),
            class_name="what",
        ),
        rx.el.div(
            rx.cond(
                row.is_open,
                status_tag("ok", "check", say("branches.open")),
                status_tag("done", "stop", say("branches.closed")),
            ),
            rx.cond(
                row.has_address,
                rx.fragment(),
                status_tag("warn", "warn", say("branches.no_address")),
            ),
            rx.cond(
                row.has_people,
                rx.fragment(),
                status_tag("warn", "warn", say("branches.no_people")),
            ),
            rx.cond(
                row.untranslated != "", rx.el.span(row.untranslated, class_name="m")
            ),
            rx.cond(row.live != "", rx.el.span(row.live, class_name="m")),
            class_name="state",
        ),
        rx.el.div(edit_link(row.name, row.href), class_name="acts"),
    )


def branch_form() -> rx.Component:
    """The form of one branch: name, address, time zone and opening hours."""
    return rx.fragment(
        affected_review(BranchesState, "save"),
        item_form(
            BranchesState,
            *form_rows(PLACE, FORM, ERRORS),
            opening_hours_field(BranchesState, say("opening.hint.branch")),
            translation_sections(
                FIELDS, FORM, ERRORS, hint=say("branches.form.translations_hint")
            ),
            *form_rows(OPEN, FORM, ERRORS),
            key=FORM.key,
            whole=routes.BRANCHES,
        ),
        rx.cond(
            (FORM.id != "") & ClosuresState.is_ready,
            closed_days_panel(say("branches.closures")),
        ),
    )
