"""Light or dark, as the visitor likes it; kept in the browser alone."""

import reflex as rx

_LIBRARY = "$/public" + rx.asset("look.jsx", shared=True)


class LookButton(rx.Component):
    """A button with an icon that switches between light and dark.

    Attributes:
        name: Class name of the button.
    """

    library = _LIBRARY
    tag = "LookButton"

    name: rx.Var[str]


class LookChoice(rx.Component):
    """Three choices: as the system, light, dark."""

    library = _LIBRARY
    tag = "LookChoice"


look_button = LookButton.create
look_choice = LookChoice.create
