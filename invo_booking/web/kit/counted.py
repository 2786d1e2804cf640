"""How many characters are left in a field, counted in the browser while one types."""

import reflex as rx

_LIBRARY = "$/public" + rx.asset("counted.jsx", shared=True)


class CharactersLeft(rx.Component):
    """A line that counts; too many are shown at once, and spoken once.

    Attributes:
        field_id: Id of the field that is counted.
        name: Id of the line itself, for ``aria-describedby``.
        tone: Class name of the line; it has ``over`` as well where there are too many.
        limit: Most characters allowed.
    """

    library = _LIBRARY
    tag = "CharactersLeft"

    field_id: rx.Var[str]
    name: rx.Var[str]
    tone: rx.Var[str]
    limit: rx.Var[int]


characters_left = CharactersLeft.create
