"""How Google's token endpoint refuses."""

from tests.support.vendor.wire import Reply

UNAUTHORIZED = frozenset({"invalid_client", "deleted_client", "disabled_client"})


class TokenError(Exception):
    """A request for a token is refused, with OAuth's word and Google's sentence."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error, self.description = error, description

    def reply(self) -> Reply:
        """Return it the way Google writes it."""
        body = {"error": self.error, "error_description": self.description}
        if self.error == "invalid_rapt":
            body["error"], body["error_subtype"] = "invalid_grant", "invalid_rapt"
        return Reply(401 if self.error in UNAUTHORIZED else 400, body)
