"""Show the institution's data that the server wrote into the page's HTML."""

from typing import Literal

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars import VarData

from invo_booking.web.core.site import SiteView
from invo_booking.web.kit.typed import Text, text_if

_LIBRARY = "$/public" + rx.asset("facts.js", shared=True)
_IMPORTS = VarData(imports={_LIBRARY: [ImportVar(tag="fact")]})

Fact = Literal["name", "headline", "phone", "phone_url", "scheduling"]
"""Known here and to ``api.public.pages``, which fills them in."""


def site_fact(site: SiteView, value: Text, name: Fact) -> rx.Var[str]:
    """Return a value; until it is loaded, the one the server wrote into this page."""
    fact = rx.Var(f"fact('{name}')", _var_type=str, _var_data=_IMPORTS)
    return text_if(site.name, value, fact)
