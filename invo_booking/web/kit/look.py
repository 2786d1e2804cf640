"""Choose between light and dark mode; the choice is stored in the browser only."""

import reflex as rx

from invo_booking.texts import say
from invo_booking.web.scripts import script

_LIBRARY = script(__name__, "look.jsx")


class LookButton(rx.Component):
    """A button with an icon that switches between light and dark mode.

    Attributes:
        name: Class name of the button.
        words: Accessible names of the button, by ``to_dark`` and ``to_light``.
    """

    library = _LIBRARY
    tag = "LookButton"

    name: rx.Var[str]
    words: rx.Var[dict[str, str]]


class LookChoice(rx.Component):
    """A choice of three modes: like the system, light, dark.

    Attributes:
        words: Labels of the modes, and the ``legend`` above them.
    """

    library = _LIBRARY
    tag = "LookChoice"

    words: rx.Var[dict[str, str]]


def look_button(*, name: str) -> rx.Component:
    """Return the button that switches between light and dark mode."""
    words = {"to_dark": say("kit.look.to_dark"), "to_light": say("kit.look.to_light")}
    return LookButton.create(name=name, words=words)


def look_choice() -> rx.Component:
    """Return the choice of three modes."""
    return LookChoice.create(
        words={
            "legend": say("kit.look.legend"),
            "system": say("kit.look.system"),
            "light": say("kit.look.light"),
            "dark": say("kit.look.dark"),
        }
    )
