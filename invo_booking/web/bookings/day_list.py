"""Lists of appointments by day, drawn from the calendar's rows by ``day_list.jsx``."""

import reflex as rx

from invo_booking.web.kit.rows import RowsChange, RowsView
from invo_booking.web.scripts import script

LIBRARY = script(__name__, "day_list.jsx")


class DayList(rx.NoSSRComponent):
    """The list of all appointments in the days shown."""

    library = LIBRARY
    tag = "DayList"

    rows: rx.Var[RowsView]
    changes: rx.Var[RowsChange]

    join: rx.Var[dict[str, str]]
    """``label`` of the links into rooms, and the prefix of each link's ``href``."""

    on_gap: rx.EventHandler[rx.event.no_args_event_spec]
    on_open: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class WaitingList(rx.NoSSRComponent):
    """The list of appointments without an agent."""

    library = LIBRARY
    tag = "WaitingList"

    rows: rx.Var[RowsView]
    changes: rx.Var[RowsChange]

    kind: rx.Var[str]
    """Kind of the rows to list: the first letter of their names; see ``packing``."""

    current: rx.Var[str]
    """Id of the appointment in the drawer."""

    on_gap: rx.EventHandler[rx.event.no_args_event_spec]
    on_open: rx.EventHandler[rx.event.passthrough_event_spec(str)]


day_list = DayList.create
waiting_list = WaitingList.create
