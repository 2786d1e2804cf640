"""The pages a person sees who signs in at the fake Microsoft."""

from html import escape

STYLE = (
    "body{font:16px system-ui;margin:3rem auto;max-width:26rem;padding:0 1rem;"
    "color:#111;background:#fff}label,input{display:block;width:100%;"
    "box-sizing:border-box}input,button{font:inherit;padding:.5rem;margin:.5rem 0}"
)


def sign_in(hint: str) -> str:
    """Ask who it is."""
    return _page(
        "Sign in",
        '<label for="email">E-mail</label>'
        '<input id="email" name="email" type="email" required autocomplete="username" '
        f'value="{escape(hint)}">'
        "<button>Sign in</button>",
    )


def consent(account: str, scopes: tuple[str, ...]) -> str:
    """Ask whether the product may do what it asks for."""
    asked = "".join(f"<li>{escape(scope)}</li>" for scope in scopes)
    return _page(
        "Permissions requested",
        f"<p>For {escape(account)}, Invo Booking would like to:</p><ul>{asked}</ul>"
        f'<input type="hidden" name="email" value="{escape(account)}">'
        '<button name="decision" value="accept">Accept</button> '
        '<button name="decision" value="cancel">Cancel</button>',
    )


def needs_admin(account: str) -> str:
    """Say that only an administrator can allow this."""
    return _page(
        "Need admin approval",
        "<p>Invo Booking needs permission that only an administrator can grant.</p>"
        f'<input type="hidden" name="email" value="{escape(account)}">'
        '<button name="decision" value="back">'
        "Return to the application without granting consent</button>",
    )


def trouble(text: str) -> str:
    """Say why nobody is sent back to the application."""
    return _page(
        "Sorry, but there is a problem with signing in", f"<p>{escape(text)}</p>"
    )


def _page(title: str, inside: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{STYLE}</style></head>"
        f'<body><main><h1>{title}</h1><form method="post">{inside}</form></main>'
        "</body></html>"
    )
