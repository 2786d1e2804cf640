"""Components of administrators' pages that run in the browser."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.kit.typed import Text
from invo_booking.web.scripts import script

_LIBRARY = script(__name__, "admin.jsx")


class KeepsAddress(rx.NoSSRComponent):
    """Sets the URL of the browser to ``address`` without loading a page."""

    library = _LIBRARY
    tag = "KeepsAddress"

    address: rx.Var[str]


class Spotlight(rx.NoSSRComponent):
    """Highlights the setting in the URL, and ``target`` whenever ``turn`` grows."""

    library = _LIBRARY
    tag = "Spotlight"

    target: rx.Var[str]
    turn: rx.Var[int]


class ColourField(rx.NoSSRComponent):
    """A field for a color, which is picked or typed as ``#rrggbb``."""

    library = _LIBRARY
    tag = "ColourField"

    value: rx.Var[str]
    label: rx.Var[str]
    field_id: rx.Var[str]
    described_by: rx.Var[str]
    invalid: rx.Var[bool]

    on_pick: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class TrialMail(rx.NoSSRComponent):
    """Sends a test mail to ``to``, or to another address that is typed."""

    library = _LIBRARY
    tag = "TrialMail"

    to: rx.Var[str]
    address: rx.Var[str]
    texts: rx.Var[dict[str, str]]


keeps_address = KeepsAddress.create
spotlight = Spotlight.create
colour_field = ColourField.create


def trial_mail(*, to: Text, address: str) -> rx.Component:
    """Return the form that sends a test mail.

    Args:
        to: Suggested recipient.
        address: URL of the API route to which the form is posted.
    """
    return TrialMail.create(
        to=to,
        address=address,
        texts={
            "to": say("settings.mail_trial.to"),
            "send": say("settings.mail_trial.send"),
            "sending": say("settings.mail_trial.sending"),
            "unanswered": say("settings.mail_trial.unanswered"),
        },
    )
