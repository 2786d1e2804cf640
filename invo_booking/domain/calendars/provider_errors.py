"""Define the errors of outside calendars, for all providers.

``str(error)`` is a sentence for an administrator: what happened and what to do. It
never contains the subject of an event. It may name mailboxes.
"""

from collections.abc import Iterable
from datetime import timedelta

from invo_booking.domain.errors import InvoError


class ProviderError(InvoError):
    """Base class of all errors of a provider.

    Attributes:
        reference: The provider's own id of the failed request, to quote to the
            provider's support.
        provider_code: The provider's own name of the error; empty if the provider gave
            no name.
    """

    code = "provider"

    def __init__(
        self, sentence: str, *, reference: str = "", provider_code: str = ""
    ) -> None:
        super().__init__(sentence)
        self.reference = reference
        self.provider_code = provider_code


class ReconnectError(ProviderError):
    """A person must sign in or correct a credential; trying again is useless."""

    code = "provider_reconnect"


class PermissionMissingError(ProviderError):
    """The account lacks a permission.

    Attributes:
        missing: Names of the missing permissions, as far as known.
    """

    code = "provider_permission"

    def __init__(
        self,
        sentence: str,
        missing: Iterable[str] = (),
        *,
        reference: str = "",
        provider_code: str = "",
    ) -> None:
        super().__init__(sentence, reference=reference, provider_code=provider_code)
        self.missing = tuple(missing)


class ThrottledError(ProviderError):
    """The provider limits the rate of calls; make no call before ``wait`` is over.

    Attributes:
        wait: Time to wait from now; at most an hour.
    """

    code = "provider_throttled"

    def __init__(self, sentence: str, wait: timedelta, *, reference: str = "") -> None:
        super().__init__(sentence, reference=reference)
        self.wait = wait


class ProviderDownError(ProviderError):
    """The provider cannot be reached or has an error; a later try may succeed.

    Attributes:
        ambiguous: Whether the provider may have carried out the call despite the error.
    """

    code = "provider_down"

    def __init__(
        self,
        sentence: str,
        *,
        ambiguous: bool = False,
        reference: str = "",
        provider_code: str = "",
    ) -> None:
        super().__init__(sentence, reference=reference, provider_code=provider_code)
        self.ambiguous = ambiguous


class WorkerSilentError(ProviderDownError):
    """The worker process, which alone calls the provider, did not respond."""


class WorkerFailedError(ProviderDownError):
    """The worker process had an unexpected error while it called the provider."""


class EventUnreadableError(ProviderDownError):
    """The provider's response about one event is unreadable."""


class MailboxUnknownError(ProviderError):
    """The provider does not know the mailbox."""

    code = "provider_mailbox_unknown"


class EventGoneError(ProviderError):
    """The event no longer exists."""

    code = "provider_event_gone"


class EventChangedError(ProviderError):
    """Another client changed the event after the product last read it."""

    code = "provider_event_changed"


class ProviderRefusedError(ProviderError):
    """The provider will never accept this request, due to a bug or a wrong setting."""

    code = "provider_refused"


class CopyError(ProviderError):
    """The provider was not called, because the database is an unreleased copy."""

    code = "provider_copy"


class CursorExpiredError(ProviderError):
    """The provider no longer knows the cursor; the whole window must be read again."""

    code = "provider_cursor_expired"
