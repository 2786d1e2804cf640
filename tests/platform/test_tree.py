"""What the repository itself promises."""

import ast
import re
import subprocess
import tomllib
from collections import Counter
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = ROOT / "invo_booking"
LONGEST = 400
MOST_MODULES = 20
PIN = re.compile(r"(?P<name>[\w.-]+)(\[[\w,]+\])?==(?P<version>[\w.!+]+)")


def tracked(*patterns):
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(
        [*command, *patterns], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:  # not a checkout but an unpacked archive
        found = (path for pattern in patterns for path in ROOT.rglob(pattern))
        return [path for path in found if path.relative_to(ROOT).parts[0][0] != "."]
    return [
        ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).exists()
    ]


def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lines):
    found = [PIN.fullmatch(line.strip()) for line in lines]
    assert all(found), [line for line, pin in zip(lines, found, strict=True) if not pin]
    return {plain(pin["name"]): pin["version"] for pin in found}


@pytest.fixture(scope="module")
def locked():
    return pins((ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines())


@pytest.fixture(scope="module")
def wanted():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    project = tomllib.loads(text)
    return pins(
        [
            *project["build-system"]["requires"],
            *project["project"]["dependencies"],
            *project["project"]["optional-dependencies"]["dev"],
        ]
    )


def test_no_source_file_is_longer_than_400_lines():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in tracked("*.py", "*.jsx", "*/texts/*.toml", "*/texts_en.toml")
    }

    assert {name: count for name, count in lengths.items() if count > LONGEST} == {}


def test_no_package_has_more_than_twenty_modules():
    modules = (path for path in tracked("*.py") if path.is_relative_to(CODE))
    sizes = Counter(path.parent for path in modules if path.name != "__init__.py")

    assert sizes[CODE / "domain"] > 10
    assert {str(it): size for it, size in sizes.items() if size > MOST_MODULES} == {}


def test_everything_asked_for_is_in_the_lock(wanted, locked):
    assert {name: locked.get(name) for name in wanted} == wanted


def test_what_is_installed_is_what_the_lock_says(locked):
    assert {name: version(name) for name in locked} == locked


def test_locks_name_no_download_address():
    lock = (ROOT / "reflex.lock" / "package-lock.json").read_text(encoding="utf-8")

    assert '"resolved"' not in lock
    assert "https://" not in (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_cases_of_a_test_are_the_same_in_every_process():
    """Processes that collect different cases refuse to run any."""
    found = [
        f"{path.name}: {ast.unparse(decorator)[:60]}"
        for path in tracked("tests/**/*.py")
        if "uuid4" in (source := path.read_text("utf-8"))
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if "uuid4" in ast.unparse(decorator)
    ]

    assert found == []
