import json
import shutil
import subprocess
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from invo_booking.domain.access import proof_of_work
from invo_booking.domain.access.proof_of_work import LASTS, LONGEST_PROOF
from tests.support.bank import MONDAY
from tests.support.work import proof_of

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
BITS = 10
HERE = "request 192.0.2.1"
PROGRAM = Path(__file__).parents[2] / "assets" / "proof-of-work.js"


@pytest.fixture(scope="module")
def challenge():
    return proof_of_work.issue_challenge(
        KEY, HERE, BITS, MONDAY, "0123456789abcdef" * 2
    )


@pytest.fixture(scope="module")
def proof(challenge):
    return proof_of(challenge.text)


def accepts(proof, *, keys=(KEY,), bound_to=HERE, bits=BITS, now=MONDAY):
    return proof_of_work.is_accepted_proof(keys, bound_to, proof, bits, now)


def test_proof_is_taken_for_its_purpose_and_network_until_it_expires(proof):
    assert accepts(proof)
    assert accepts(proof, keys=(OTHER_KEY, KEY))
    assert accepts(proof, bits=BITS - 1)
    assert accepts(proof, now=MONDAY + LASTS - timedelta(seconds=1))


def test_stale_foreign_and_too_easy_proofs_are_refused(proof):
    assert not accepts(proof, now=MONDAY + LASTS)
    assert not accepts(proof, bound_to="request 192.0.2.2")
    assert not accepts(proof, bound_to="links 192.0.2.1")
    assert not accepts(proof, keys=(OTHER_KEY,))
    assert not accepts(proof, bits=BITS + 1)


def test_challenge_says_its_work_and_its_end_as_its_text_does(challenge):
    assert proof_of_work.read_challenge([KEY], HERE, challenge.text) == challenge
    assert (challenge.bits, challenge.expires_at) == (BITS, MONDAY + LASTS)


def test_proof_is_as_long_as_allowed_and_no_longer(challenge):
    """With zeros before the number, which change what is hashed and not its value."""
    for length, is_taken in [(LONGEST_PROOF, True), (LONGEST_PROOF + 1, False)]:
        digits = length - len(f"{challenge.text}.")
        proofs = (f"{challenge.text}.{number:0{digits}}" for number in count())
        enough = next(it for it in proofs if proof_of_work.count_zero_bits(it) >= BITS)

        assert accepts(enough) is is_taken


def test_number_in_other_digits_or_after_a_point_is_none(challenge):
    for written in ("{}²", "{}x", "1.{}"):
        proofs = (f"{challenge.text}.{written.format(number)}" for number in count())
        enough = next(it for it in proofs if proof_of_work.count_zero_bits(it) >= BITS)

        assert not accepts(enough)


def test_changing_anything_of_a_challenge_makes_its_proofs_worthless(challenge):
    text = challenge.text
    for at, letter in enumerate(text):
        other = "1" if letter != "1" else "2"
        changed = f"{text[:at]}{other}{text[at + 1 :]}"
        assert proof_of_work.read_challenge([KEY], HERE, changed) is None


def test_number_without_the_work_is_refused(challenge):
    numbers = (f"{challenge.text}.{n}" for n in range(1000))

    easy = next(it for it in numbers if proof_of_work.count_zero_bits(it) < BITS)
    assert not accepts(easy)


@pytest.mark.parametrize(
    "text", ["", ".", "1", "a.b", "-.1", "\x00.1", "1-2-3-4.٣", "9" * 5000, "ü-ü-ü-ü.1"]
)
def test_nonsense_is_refused_and_breaks_nothing(text):
    assert not accepts(text)


def test_challenge_fills_one_block_so_that_a_try_costs_one(challenge, proof):
    assert len(f"{challenge.text}.") == 64
    assert len(proof) < LONGEST_PROOF


def test_the_program_for_browsers_finds_what_the_server_accepts(challenge, proof):
    node = shutil.which("node")
    assert node, "the front end is built with it, so it must be there"
    asked = json.dumps(challenge.text)
    script = f"{PROGRAM.read_text()}; process.stdout.write(String("
    script += f"invoProofOfWork.search({asked}, 0, 1e7)))"

    found = subprocess.run(
        [node, "-e", script], capture_output=True, text=True, check=True
    )

    assert f"{challenge.text}.{found.stdout}" == proof
