"""Links that the browser builds from the address of a customer's page."""

import json
import subprocess

import pytest

from invo_booking.run.frontend import BIN
from invo_booking.texts import page_languages, speak_within
from invo_booking.web.customer import links

TOKEN = "aB3-x_9"


def in_the_browser(expression: str, path: str) -> str:
    location = json.dumps({"pathname": path, "origin": "https://bank.example"})
    script = f"globalThis.location = {location}; console.log({expression})"
    done = subprocess.run(
        [BIN / "node", "-e", script], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("language", page_languages())
@pytest.mark.parametrize("slash", ["", "/"])
def test_links_of_a_page_in_any_language_are_of_its_appointment(language, slash):
    prefix = "" if language == "en" else f"/{language}"
    path = f"{prefix}/a/{TOKEN}{slash}"
    with speak_within(language):
        room, file = links.visit_room_address(), links.visit_calendar_file_address()
        page = links.visit_page_address()

    assert in_the_browser(str(room), path) == f"{prefix}/a/{TOKEN}/room"
    calendar = f"/api/v1/appointments/{TOKEN}/calendar.ics"
    assert in_the_browser(str(file), path) == calendar
    assert in_the_browser(str(page), path) == f"https://bank.example{path}"
