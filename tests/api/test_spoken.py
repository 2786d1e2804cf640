"""Customers are refused in their own language, staff and programmers in English."""

import pytest

from tests.api.test_booking import wanted

KEY = {"idempotency-key": "k" * 8}
FILL = {
    "": "Fill this in.",
    "de": "Fill this in.",
    "en;q=0.1, es-MX": "Rellene este campo.",
    "fr": "Remplissez ce champ.",
    "pl;q=0.5, es;q=0.4": "Prosimy wypełnić to pole.",
}


def spoken(language):
    return KEY | {"accept-language": language}


@pytest.mark.parametrize("language", FILL)
def test_a_refused_request_is_explained_in_the_callers_language(api, bank, language):
    body = wanted(bank)
    del body["starts_at"]

    answer = api.post("/api/v1/appointments", json=body, headers=spoken(language))

    assert answer.status_code == 422
    assert answer.json()["errors"] == {"starts_at": FILL[language]}


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/api/v1/appointments/nothing", "pl"),
        ("/api/v1/appointments/nothing/confirm", "pl"),
        ("/api/v1/nowhere", "en"),
        ("/api/v1/staff/appointments", "en"),
        ("/api/v1/admin/settings", "en"),
    ],
)
def test_only_what_customers_use_looks_at_the_header(api, path, language):
    answer = api.post(path, headers=spoken("pl"))

    assert answer.headers["content-language"] == language


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/es/schedule", "La dirección de esta solicitud es demasiado larga."),
        ("/schedule", "The address of this request is too long."),
    ],
)
def test_the_gate_speaks_the_language_of_the_address(api, address, sentence):
    answer = api.get(f"{address}?{'x' * 20_000}", headers=spoken("pl"))

    assert answer.status_code == 414
    assert answer.json()["detail"] == sentence
