"""The JSON Schema of the network document.

python -m torchwire.graph.schema > docs/network.schema.json
"""

from __future__ import annotations

import json
import sys
from typing import Any

from torchwire.graph.models import Network
from torchwire.graph.names import NAME

DIALECT = "https://json-schema.org/draft/2020-12/schema"

# What the models leave to the checks of names, so that a wrong name is a problem with a fix, is said to readers of the
# schema all the same.
_NAMED = {"Network": ("nodes", "blocks", "params"), "Block": ("nodes", "params")}


def document_schema() -> dict[str, Any]:
    """The schema of `torchwire/1`, draft 2020-12."""
    schema = Network.model_json_schema()
    definitions = schema["$defs"]
    for model, keys in _NAMED.items():
        properties = (schema if model == "Network" else definitions[model])["properties"]
        for key in keys:
            _object_in(properties[key])["propertyNames"] = {"pattern": f"^{NAME}$"}
    for part in (schema, *definitions.values()):
        for value in part["properties"].values():
            value.pop("title", None)
            if value.get("default", 0) is None:
                del value["default"]  # left out is not the same as null
    return {
        "$schema": DIALECT,
        "title": "Torchwire network document",
        **{k: v for k, v in schema.items() if k != "title"},
    }


def _object_in(schema: dict[str, Any]) -> dict[str, Any]:
    """The object among what a property may be; null is another."""
    found: dict[str, Any] = next((part for part in schema.get("anyOf", ()) if part.get("type") == "object"), schema)
    return found


def main() -> None:
    json.dump(document_schema(), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
