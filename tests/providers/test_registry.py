"""The registry knows every provider."""

from pathlib import Path

from invo_booking import providers
from invo_booking.providers import registry


def test_registry_lists_every_folder_of_a_provider():
    folder = Path(providers.__file__).parent

    found = {path.parent.name for path in folder.glob("*/setup.py")}

    assert found == set(registry.FOLDERS)
