"""What people read is in the catalogues, and nothing else is."""

import re
from pathlib import Path

import pytest

from invo_booking.config import PROJECT
from invo_booking.texts import TextCatalogue, TextError, count, say, weave
from invo_booking.texts.catalogue import PLURAL_FORMS
from invo_booking.texts.speech import LANGUAGE, customer_texts, page_texts
from tests.support.not_texts import NOT_TEXT
from tests.support.page_texts import Source
from tests.support.script_texts import texts_of_script, texts_of_template

CODE = PROJECT / "invo_booking"
READ = (
    "api/",
    "broker.py",
    "cli",
    "domain/",
    "mail/",
    "persistence/",
    "providers/",
    "run/",
    "settings/",
    "tasks/",
    "usecases/",
    "web/",
)
"""Where all texts are in the catalogues."""

PUBLIC = ("landing", "scheduler", "customer", "limit", "kit/picker")
"""Folders of the pages of customers."""

SAID = re.compile(r"\"([a-z_]+\.[a-z_]+)\"")
"""What looks like a key in a script."""
IN_TEMPLATE = re.compile(r"""(?:say|woven|linked_phone)\(["']([a-z_.]+)["']""")
"""A text that a template of a page without scripts says."""

NO_TEXTS = {
    "api/openapi/description.py",
    "api/openapi/docs.py",
    "web/kit/text/zones.py",
    "web/sign_in/scene.py",
}
"""Modules of the API's documentation, which is made of docstrings as well; of names as
people type them; of lines of a picture.
"""


@pytest.fixture(scope="module")
def sources():
    paths = sorted(CODE.rglob("*.py"))
    return {path.relative_to(CODE): Source(path.read_text("utf-8")) for path in paths}


@pytest.fixture
def catalogue(tmp_path):
    def read(*texts: str) -> TextCatalogue:
        files = [tmp_path / f"{number}.toml" for number in range(len(texts))]
        for file, text in zip(files, texts, strict=True):
            file.write_text(text, "utf-8")
        return TextCatalogue.read("en", *files)

    return read


ASSETS = PROJECT / "assets"
NAMES = {"Invo Booking", "https://meet.bank.example/{appointment}"}
"""Words of templates that are the same in every language."""

NOT_CHECKED = {"docs.html"}
"""The documentation of the API."""

NOT_KEYS = {"permissions.py"}
"""Modules whose dotted names are scopes of a provider."""


def in_web(path: Path, folders: tuple[str, ...]) -> bool:
    return path.parts[0] == "web" and str(path.parent.relative_to("web")) in folders


def keys_used(sources) -> set[str]:
    named = {key for source in sources.values() for key in source.dotted_names()}
    return named | keys_in_scripts() | keys_of_templates()


def keys_in_scripts() -> set[str]:
    """Return what scripts say, as in ``word("line.lost")``."""
    scripts = [*CODE.rglob("*.jsx"), *(PROJECT / "assets").glob("*.js")]
    said = {key for path in scripts for key in SAID.findall(path.read_text("utf-8"))}
    return {f"browser.{key}" for key in said}


def keys_of_templates() -> set[str]:
    folder = CODE / "api" / "core" / "templates"
    texts = [path.read_text("utf-8") for path in folder.glob("*.html")]
    return {key for text in texts for key in IN_TEMPLATE.findall(text)}


def keys_of(source: Source) -> set[str]:
    return {speech.key for speech in source.speeches()}


def base_of(key: str) -> str:
    above, _, form = key.rpartition(".")
    return above if form in PLURAL_FORMS else key


def found_in(source: str) -> list[str]:
    return [text for _, text in Source(source).texts()]


def test_pages_have_no_text_outside_the_catalogues(sources):
    found = {
        f"{path}:{line}": text
        for path, source in sources.items()
        if str(path).startswith(READ) and str(path) not in NO_TEXTS
        for line, text in source.texts(has_entries=str(path).startswith("settings/"))
        if text not in NOT_TEXT.get(str(path), ())
    }

    assert found == {}


def test_scripts_have_no_text_outside_the_catalogues():
    scripts = [*CODE.rglob("*.jsx"), *CODE.rglob("*.js"), *ASSETS.glob("*.js")]
    found = {it.name: texts_of_script(it.read_text("utf-8")) for it in scripts}

    assert {name: texts for name, texts in found.items() if texts} == {}


def test_templates_have_no_text_outside_the_catalogues():
    found = {
        path.name: set(texts_of_template(path.read_text("utf-8")))
        for path in CODE.rglob("*.html")
        if path.name not in NOT_CHECKED
    }
    texts = {name: texts - NAMES for name, texts in found.items()}

    assert {name: found for name, found in texts.items() if found} == {}


def test_every_text_is_used(sources):
    used = keys_used(sources)

    assert [key for key in page_texts() if base_of(key) not in used] == []


def test_every_text_that_is_used_exists(sources):
    known = {base_of(key) for key in page_texts()}
    tables = {key.rpartition(".")[0] for key in known}
    used = {
        f"{path}: {key}"
        for path, source in sources.items()
        for key in keys_of(source)
        if key not in known
    }
    listed = {
        f"{path}: {name}"
        for path, source in sources.items()
        if source.imports_texts and path.name not in NOT_KEYS
        for name in source.dotted_names()
        if name.rpartition(".")[0] in tables and name not in known
        if not name.endswith(".jsx")
    }

    assert used | listed | (keys_of_templates() - known) == set()


def repeats_sentence(key: str, sentence: str) -> bool:
    """Whether a key is made of the words of its sentence."""
    named = key.rpartition(".")[2].split("_")
    words = re.findall(r"\w+", sentence.replace("'", "").lower())
    rest = iter(words)
    return len(named) > 3 and len(words) > 6 and all(word in rest for word in named)


def test_keys_say_what_sentences_are_for():
    texts = page_texts()

    assert [
        key for key in texts if repeats_sentence(base_of(key), texts[key].template)
    ] == []


def test_a_key_made_of_the_sentence_is_found():
    sentence = "This link no longer works. Each link works once."

    assert repeats_sentence("accounts.links.link_no_longer_works", sentence)
    assert not repeats_sentence("accounts.links.ended", sentence)


def test_every_blank_is_filled_in(sources):
    texts = page_texts()
    for path, source in sources.items():
        for speech in source.speeches():
            plural = speech.function == "count"
            keys = [f"{speech.key}.{form}" for form in PLURAL_FORMS if plural]
            for key in [key for key in keys or [speech.key] if key in texts]:
                given = texts[key].blanks - ({"n"} if plural else set())
                assert given == speech.blanks, f"{path}:{speech.line} {key}"


def test_texts_of_customers_are_said_when_they_are_shown(sources):
    early = {
        str(path): list(source.early_speeches())
        for path, source in sources.items()
        if in_web(path, PUBLIC)
    }

    assert {path: lines for path, lines in early.items() if lines} == {}


def test_customers_are_told_nothing_from_the_file_of_staff(sources):
    known = {base_of(key) for key in customer_texts(LANGUAGE)}
    said = {
        key
        for path, source in sources.items()
        if in_web(path, PUBLIC)
        for key in source.dotted_names()
        if key in {base_of(it) for it in page_texts()}
    }

    assert said - known == set()


@pytest.mark.parametrize(
    "planted",
    [
        'def part():\n    return rx.el.p("Nothing chosen yet")',
        'def part():\n    return rx.el.span("none")',
        'def part():\n    return rx.el.p("with ", name)',
        'def part():\n    return rx.el.input(aria_label="reason")',
        'def part():\n    return field(label="Reason", name="reason")',
        'def told(n):\n    return f"{n} min late"',
        'NAMES = {Phase.LATE: "Late"}',
        'raise InvalidInputError({"day": "Enter a day."})',
        'class State(rx.State):\n    problem: str = "Choose a day first."',
        'def told(late):\n    return ", later" if late else ""',
        'def told(n):\n    return say("room.part", value=n or "nobody yet")',
        'raise ConflictError("This is over.")',
        'raise ProviderDownError(f"{label} does not answer.")',
        'def run():\n    console.print("Everything is ready.")',
        'return problem_response(404, "not_found", "We cannot find this.")',
    ],
)
def test_a_planted_text_is_found(planted):
    assert len(found_in(planted)) == 1


@pytest.mark.parametrize(
    "planted",
    [
        'const HINT = "Gray times are closed.";',
        "setWords(`You have ${changes} that are not saved.`);",
        'h("button", null, "Keep editing")',
        "<b>Why not</b>",
        'setTold({ words: "Sending…", is: "wait" });',
    ],
)
def test_a_text_planted_in_a_script_is_found(planted):
    assert len(texts_of_script(planted)) == 1


@pytest.mark.parametrize(
    "planted",
    [
        "<h1>Not connected</h1>",
        '<section aria-label="Why">{{ sentence }}</section>',
        '<p>{{ say("a.b") }} until it is revoked.</p>',
    ],
)
def test_a_text_planted_in_a_template_is_found(planted):
    assert len(texts_of_template(planted)) == 1


@pytest.mark.parametrize(
    "source",
    [
        '"""The page of customers."""\n\ndef part():\n    """Draw it."""',
        'rx.el.p(say("landing.closed"), class_name="quiet small")',
        'log.info("the line came back")',
        'LOCALE = "en_US"\nZONE = "UTC"\nWALL = "%Y-%m-%dT%H:%M"',
        'class Grid(rx.Component):\n    tag = "Grid"\n    library = "some library"',
        'rx.el.button(type="submit", id="the button", role="alert")',
        'def part(it: "some type") -> "another type": ...',
        'address = f"/settings/{slug}#addon"',
    ],
)
def test_what_nobody_reads_is_no_text(source):
    assert found_in(source) == []


def test_an_early_speech_is_found():
    lines = [
        "from invo_booking.texts import say",
        'LATE = say("calendar.late")',
        'def later(): return say("calendar.late")',
    ]

    assert list(Source("\n".join(lines)).early_speeches()) == [2]


def test_values_are_never_read_as_texts():
    assert (
        say("customer.note.phone", number="{0} {name}") == "We call you on {0} {name}."
    )


def test_a_number_has_the_form_of_the_language():
    assert count("public.minutes", 1) == "1 minute"
    assert count("public.minutes", 45) == "45 minutes"
    assert count("public.minutes", 1500) == "1,500 minutes"


def test_parts_stand_where_the_sentence_has_its_blanks():
    link = object()

    assert weave("limit.zone", zone=link) == ["All times are ", link, "."]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: say("landing.nothing"),
        lambda: say("landing.closed", name="Dana"),
        lambda: say("customer.note.phone"),
        lambda: say("customer.note.phone", phone="1"),
        lambda: count("scheduler.when.lost", 1),
        lambda: weave("limit.zone"),
    ],
)
def test_a_wrong_key_or_blank_is_an_error(wrong):
    with pytest.raises(TextError):
        wrong()


@pytest.mark.parametrize("template", ["{0}", "{}", "{a.b}", "{a!r}", "{a:>9}", "{a"])
def test_a_blank_is_a_name_and_nothing_else(catalogue, template):
    with pytest.raises(TextError):
        catalogue(f'[room]\ntext = "{template}"')


def test_a_key_is_in_one_file_only(catalogue):
    with pytest.raises(TextError, match=r"room\.text"):
        catalogue('[room]\ntext = "a"', '[room]\ntext = "b"')


def test_two_braces_stand_for_one(catalogue):
    assert catalogue('[room]\ntext = "{{a}}"').say("room.text", {}) == "{a}"
