"""Show the institution's data that the server wrote into the page's HTML."""

import json
from typing import Literal

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars import VarData

from invo_booking.texts import weave
from invo_booking.web.core.site import SiteView
from invo_booking.web.kit.typed import Text, text_if
from invo_booking.web.scripts import script

_LIBRARY = script(__name__, "facts.js")
_IMPORTS = VarData(imports={_LIBRARY: [ImportVar(tag="fact")]})

Fact = Literal["name", "headline", "phone", "phone_url", "hours", "scheduling"]
"""Names of the data that ``api.public.facts`` writes into the HTML."""


def institution_text(site: SiteView, value: Text, name: Fact) -> rx.Var[str]:
    """Return a value of the institution.

    Until the state is loaded, this is the value that the server wrote into the page.
    """
    return text_if(site.name, value, _written_fact(name))


def page_title(page: str) -> rx.Var[str]:
    """Return the title of a public page, with the institution's name."""
    parts = weave("public.titled", page=page, institution=_written_fact("name"))
    words = " + ".join(
        json.dumps(part) if isinstance(part, str) else str(part) for part in parts
    )
    return rx.Var(words, _var_type=str, _var_data=_IMPORTS)


def _written_fact(name: Fact) -> rx.Var[str]:
    return rx.Var(f"fact('{name}')", _var_type=str, _var_data=_IMPORTS)
