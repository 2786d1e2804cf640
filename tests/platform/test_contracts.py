"""Every import contract notices the import it forbids."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLANTED = {
    "rooms": ("domain.clock", "invo_booking.usecases.shared.deps"),
    "use-cases": ("usecases.shared.audit", "invo_booking.usecases.admin.people"),
    "ports": ("usecases.shared.pacing", "invo_booking.broker"),
    "domain": ("domain.interval", "sqlalchemy"),
    "texts": ("texts.speech", "invo_booking.domain.errors"),
    "providers": ("usecases.shared.links", "msal"),
    "exchangelib": ("providers.http", "exchangelib"),
    "shared-by-pages": ("web.kit.icons", "invo_booking.web.limit.view"),
    "pages": ("web.dashboard.view", "invo_booking.web.bookings.packing"),
    "reflex": ("tasks.upkeep", "reflex"),
    "words": ("api.health", "reflex"),
    "no-queries": ("web.core.routes", "invo_booking.persistence.engine"),
}
"""By the id of a contract: a module, and what it must not import."""


def contracts():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)["tool"]["importlinter"]["contracts"]
    return {contract["id"]: contract["name"] for contract in found}


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """Return what the linter says of a copy with every forbidden import in it."""
    folder = tmp_path_factory.mktemp("planted")
    ignored = shutil.ignore_patterns("__pycache__", "*.jsx", "*.js")
    shutil.copytree(ROOT / "invo_booking", folder / "invo_booking", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "tests/support").mkdir(parents=True)
    shutil.copy(ROOT / "tests/support/page_contract.py", folder / "tests/support")
    for module, forbidden in PLANTED.values():
        path = folder / "invo_booking" / f"{module.replace('.', '/')}.py"
        source = path.read_text(encoding="utf-8")
        path.write_text(f"{source}\nimport {forbidden}\n", encoding="utf-8")
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_every_contract_has_a_planted_violation():
    assert PLANTED.keys() == contracts().keys()


@pytest.mark.parametrize("contract", PLANTED)
def test_a_forbidden_import_breaks_its_contract(report, contract):
    name, (module, forbidden) = contracts()[contract], PLANTED[contract]

    assert f"\n{name} BROKEN" in report
    parts = re.split(r"\n([^\n]+)\n-{4,}\n", report)
    section = dict(zip(parts[1::2], parts[2::2], strict=True))[name]
    assert f"invo_booking.{module} -> {forbidden} (l." in section
