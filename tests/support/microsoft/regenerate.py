"""Regenerate graph-schema.json: ``python -m tests.support.microsoft.regenerate``."""

import json

from tests.support.microsoft.node_tools import SCHEMA, made_schema

if __name__ == "__main__":
    text = json.dumps(made_schema(), indent=1) + "\n"
    SCHEMA.write_text(text, encoding="utf-8")
