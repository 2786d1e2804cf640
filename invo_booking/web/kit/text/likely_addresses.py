"""Recognize e-mail addresses that are probably mistyped."""

from typing import Final

from invo_booking.domain.contact import clean_optional_email

WELL_KNOWN: Final = frozenset(
    {
        *("aol.com", "att.net", "bellsouth.net", "charter.net", "comcast.net"),
        *("cox.net", "email.com", "free.fr", "gmail.com", "gmx.com", "gmx.de"),
        *("googlemail.com", "hotmail.co.uk", "hotmail.com", "hotmail.es"),
        *("hotmail.fr", "icloud.com", "interia.pl", "laposte.net", "live.com"),
        *("mac.com", "mail.com", "me.com", "msn.com", "o2.pl", "onet.pl", "op.pl"),
        *("orange.fr", "outlook.com", "outlook.es", "outlook.fr", "proton.me"),
        *("protonmail.com", "rocketmail.com", "sbcglobal.net", "sfr.fr"),
        *("verizon.net", "wanadoo.fr", "web.de", "wp.pl", "yahoo.ca"),
        *("yahoo.co.uk", "yahoo.com", "yahoo.es", "yahoo.fr", "ymail.com"),
    }
)
"""Mail domains that many people use."""

SHORTEST: Final = 5
"""Minimum length of a well-known domain that is compared.

Shorter domains are too similar to other existing domains.
"""

NO_DOMAINS: Final = {
    "con": "com",
    "cpm": "com",
    "cmo": "com",
    "ocm": "com",
    "vom": "com",
    "xom": "com",
    "comm": "com",
    "nte": "net",
    "ent": "net",
    "ogr": "org",
}
"""Endings that no domain has, each with the ending that was probably meant."""


def likely_typed_address(typed: str) -> str:
    """Return the address that was probably meant; empty if there is no suggestion."""
    try:
        return likely_address(clean_optional_email(typed))
    except ValueError:
        return ""


def likely_address(address: str) -> str:
    """Return the address that was probably meant; empty if ``address`` looks right.

    Recognizes single slips in well-known mail domains, as in ``ana@gmial.com``: one
    letter too many, missing or wrong, or two exchanged. Also recognizes endings that do
    not exist.

    Args:
        address: In lower case, as ``clean_email`` returns it.
    """
    local, at, domain = address.rpartition("@")
    if not (local and at and "." in domain) or domain in WELL_KNOWN:
        return ""
    name, _, ending = domain.rpartition(".")
    mended = f"{name}.{NO_DOMAINS.get(ending, ending)}"
    if mended not in WELL_KNOWN:
        mended = _neighbor_of(mended) or _neighbor_of(domain) or mended
    return "" if mended == domain else f"{local}@{mended}"


def _neighbor_of(domain: str) -> str:
    """Return the only well-known domain one slip away; empty for none or several."""
    near = [
        known
        for known in WELL_KNOWN
        if len(known.partition(".")[0]) >= SHORTEST and is_one_slip(domain, known)
    ]
    return near[0] if len(near) == 1 else ""


def is_one_slip(typed: str, meant: str) -> bool:
    """Whether one typing slip turns one text into the other."""
    shorter, longer = sorted((typed, meant), key=len)
    if len(longer) - len(shorter) == 1:
        return any(
            longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer))
        )
    if len(longer) != len(shorter) or typed == meant:
        return False
    pairs = zip(typed, meant, strict=True)
    at = next(index for index, (one, other) in enumerate(pairs) if one != other)
    is_replaced = typed[at + 1 :] == meant[at + 1 :]
    is_swapped = typed[at : at + 2] == meant[at : at + 2][::-1]
    return is_replaced or (is_swapped and typed[at + 2 :] == meant[at + 2 :])
