"""Define the parts of a mail before it is rendered as text and HTML."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tone:
    """Colors of the label above the heading.

    Attributes:
        name: CSS class of the colors for dark mode.
    """

    name: str
    ground: str
    ink: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its label."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A row of a mail: a label with its value, such as the time or the branch.

    Attributes:
        strong: Main lines of the value, in bold.
        more: Further lines of the value.
        holds: Whether the value is still valid; an invalid value is struck through.
        links: Links that belong to the value, such as to a map or a phone number.
    """

    label: str
    strong: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    holds: bool = True
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The contents of a mail, which its HTML and its plain text both show in full.

    Attributes:
        language: ISO 639-1 code of the words.
        direction: ``"ltr"`` or ``"rtl"``.
        preview: Text that mail programs show beside the subject.
        button: The link for the main action; ``None`` if there is none.
        links: Links for other actions.
        calendars: Links that add the appointment to a calendar of the reader's own.
        call: Sentence with the institution's number as a link; may be empty.
    """

    language: str
    direction: str
    subject: str
    preview: str
    institution: str
    tone: Tone
    mark: str
    heading: str
    greeting: str
    opening: tuple[str, ...]
    button: Link | None
    links: tuple[Link, ...]
    calendars: tuple[Link, ...]
    rows: tuple[LetterRow, ...]
    closing: tuple[str, ...]
    call: tuple[str | Link, ...]
    footer: str
