"""What only the browser can do on pages of administrators."""

import reflex as rx

_LIBRARY = "$/public" + rx.asset("admin.jsx", shared=True)


class Dialog(rx.NoSSRComponent):
    """Something laid over the page; Escape and a press beside it fire ``on_close``.

    The focus goes in when it opens, stays inside, and goes back when it closes.
    """

    library = _LIBRARY
    tag = "Dialog"

    open: rx.Var[bool]
    label: rx.Var[str]
    kind: rx.Var[str]

    on_close: rx.EventHandler[rx.event.no_args_event_spec]


class LeaveGuard(rx.NoSSRComponent):
    """Asks before a page with changes is left; ``words`` says how many there are."""

    library = _LIBRARY
    tag = "LeaveGuard"

    changes: rx.Var[int]
    words: rx.Var[str]


class KeepsAddress(rx.NoSSRComponent):
    """Writes ``address`` over that of a list, so that a reload shows the same."""

    library = _LIBRARY
    tag = "KeepsAddress"

    address: rx.Var[str]


class Spotlight(rx.NoSSRComponent):
    """Points out the setting in the address, or ``target`` whenever ``turn`` grows."""

    library = _LIBRARY
    tag = "Spotlight"

    target: rx.Var[str]
    turn: rx.Var[int]


class ColourField(rx.NoSSRComponent):
    """A colour, picked with the eye or written as ``#rrggbb``."""

    library = _LIBRARY
    tag = "ColourField"

    value: rx.Var[str]
    label: rx.Var[str]
    field_id: rx.Var[str]
    described_by: rx.Var[str]
    invalid: rx.Var[bool]

    on_pick: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class TrialMail(rx.NoSSRComponent):
    """Sends a test mail, to ``to`` unless another address is typed."""

    library = _LIBRARY
    tag = "TrialMail"

    to: rx.Var[str]
    address: rx.Var[str]


dialog = Dialog.create
leave_guard = LeaveGuard.create
keeps_address = KeepsAddress.create
spotlight = Spotlight.create
colour_field = ColourField.create
trial_mail = TrialMail.create
