"""The page of the bank's branches, to which customers come for visits."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.admin.branches.menu import ENTRY
from invo_booking.web.admin.branches.parts import branch_form, branch_list
from invo_booking.web.admin.branches.state import BranchesState
from invo_booking.web.admin.catalogue import ListHeading, catalogue_page
from invo_booking.web.admin.closures.state import ClosuresState

LISTING = ListHeading(
    ENTRY.route,
    title=ENTRY.label,
    lead=say("branches.lead"),
    whole=say("branches.all"),
    new=say("branches.new"),
)


@rx.page(
    route=ENTRY.route,
    title=ENTRY.label,
    on_load=[BranchesState.open_page, ClosuresState.open_branch],
)
def branches_page() -> rx.Component:
    """The list of branches, or the form of one branch."""
    return catalogue_page(
        LISTING,
        BranchesState,
        branch_list(),
        branch_form(),
        heading=BranchesState.form.heading,
    )
