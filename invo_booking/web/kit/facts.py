"""What a page's HTML says of the institution before any script runs."""

# Reflex vars stand for the values they will hold, which no type says.
# pyright: reportAttributeAccessIssue=false

from typing import Literal

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars import VarData

from invo_booking.web.scheduler.view import SiteView

_LIBRARY = "$/public" + rx.asset("facts.js", shared=True)
_IMPORTS = VarData(imports={_LIBRARY: [ImportVar(tag="fact")]})

Fact = Literal["name", "headline", "phone", "phone_link", "scheduling"]
"""Known here and to ``api.public.pages``, which fills them in."""


def known(site: rx.Var[SiteView], value: rx.Var[str], name: Fact) -> rx.Var[str]:
    """Return a value, and until it has come what the server wrote into this page."""
    written = rx.Var(f"fact('{name}')", _var_type=str, _var_data=_IMPORTS)
    return rx.cond(site.name, value, written)
