"""The pages a person sees who signs in at the fake Google."""

from html import escape


def sign_in(hint: str) -> str:
    """Ask who it is."""
    return _page(
        "Sign in",
        '<label for="email">Email</label>'
        '<input id="email" name="email" type="email" required autocomplete="username" '
        f'value="{escape(hint)}"><button>Next</button>',
    )


def consent(account: str, scopes: tuple[str, ...]) -> str:
    """Ask which of the things asked for the product may do."""
    asked = "".join(f"<li>{escape(scope)}</li>" for scope in scopes)
    return _page(
        "Invo Booking wants access to your Google Account",
        f"<p>{escape(account)}</p><ul>{asked}</ul>"
        f'<input type="hidden" name="email" value="{escape(account)}">'
        '<button name="decision" value="accept">Continue</button> '
        '<button name="decision" value="cancel">Cancel</button>',
    )


def trouble(text: str) -> str:
    """Say why nobody is sent back to the application."""
    return _page("Access blocked", f"<p>{escape(text)}</p>")


def _page(title: str, inside: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head><body><main><h1>{escape(title)}</h1>"
        f'<form method="post">{inside}</form></main></body></html>'
    )
