"""Appointments by day, drawn from the rows of the calendar; see ``day_list.jsx``."""

import reflex as rx

from invo_booking.web.kit.rows import RowsChange, RowsView
from invo_booking.web.scripts import script

LIBRARY = script(__name__, "day_list.jsx")


class DayList(rx.NoSSRComponent):
    """Every appointment of the place."""

    library = LIBRARY
    tag = "DayList"

    rows: rx.Var[RowsView]
    changes: rx.Var[RowsChange]

    join: rx.Var[dict[str, str]]
    """``label`` of the link into a room, and the beginning of its ``href``."""

    on_gap: rx.EventHandler[rx.event.no_args_event_spec]
    on_open: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class WaitingList(rx.NoSSRComponent):
    """Appointments without an agent."""

    library = LIBRARY
    tag = "WaitingList"

    rows: rx.Var[RowsView]
    changes: rx.Var[RowsChange]

    kind: rx.Var[str]
    """First letter of their days' rows, of ``packing``."""

    current: rx.Var[str]
    """Id of the appointment in the drawer."""

    on_gap: rx.EventHandler[rx.event.no_args_event_spec]
    on_open: rx.EventHandler[rx.event.passthrough_event_spec(str)]


day_list = DayList.create
waiting_list = WaitingList.create
