"""The style sheets of staff pages, which no customer's browser has to fetch."""

import reflex as rx
from reflex.utils.imports import ImportDict, ImportVar


class StaffSheets(rx.Fragment):
    """Draws nothing; a page that has it is sent with the sheets of staff.

    The bundler puts them into one file named after its content, and the page's HTML
    names that file, so that nothing is drawn before it is there.
    """

    def add_imports(self) -> ImportDict:
        """Return the sheets as an import for its effect only."""
        return {"": [ImportVar(tag="$/public/staff-pages.css")]}
