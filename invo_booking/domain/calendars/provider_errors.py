"""What can go wrong with an outside calendar, whoever provides it.

``str(error)`` is a sentence for an administrator: what happened and what to do. It
never repeats what an event is about. Sentences may name mailboxes.
"""

from collections.abc import Iterable
from datetime import timedelta

from invo_booking.domain.errors import InvoError


class ProviderError(InvoError):
    """Base of all troubles with a provider.

    Attributes:
        reference: The provider's own id of the failed request, for its support.
    """

    code = "provider"

    def __init__(self, sentence: str, *, reference: str = "") -> None:
        super().__init__(sentence)
        self.reference = reference


class ReconnectError(ProviderError):
    """A person has to sign in or mend a credential; trying again is useless."""

    code = "provider_reconnect"


class PermissionMissingError(ProviderError):
    """The account may not do this.

    Attributes:
        missing: Names of the permissions that would be needed, as far as known.
    """

    code = "provider_permission"

    def __init__(
        self, sentence: str, missing: Iterable[str] = (), *, reference: str = ""
    ) -> None:
        super().__init__(sentence, reference=reference)
        self.missing = tuple(missing)


class ThrottledError(ProviderError):
    """The provider asks for patience; nothing may be asked of it until then.

    Attributes:
        wait: How long from now; at most an hour.
    """

    code = "provider_throttled"

    def __init__(self, sentence: str, wait: timedelta, *, reference: str = "") -> None:
        super().__init__(sentence, reference=reference)
        self.wait = wait


class ProviderDownError(ProviderError):
    """It cannot be reached, or fails for a reason of its own; later it may work.

    Attributes:
        ambiguous: Whether what was asked for may have been done all the same.
    """

    code = "provider_down"

    def __init__(
        self, sentence: str, *, ambiguous: bool = False, reference: str = ""
    ) -> None:
        super().__init__(sentence, reference=reference)
        self.ambiguous = ambiguous


class EventUnreadableError(ProviderDownError):
    """The provider's answer about one event cannot be read."""


class MailboxUnknownError(ProviderError):
    """The provider knows no such mailbox."""

    code = "provider_mailbox_unknown"


class EventGoneError(ProviderError):
    """The event is not there any more."""

    code = "provider_event_gone"


class EventChangedError(ProviderError):
    """Somebody else has changed the event since we last saw it."""

    code = "provider_event_changed"


class ProviderRefusedError(ProviderError):
    """It will never take this request: a mistake of ours or of a setting."""

    code = "provider_refused"
