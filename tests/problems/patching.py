"""RFC 6902 as far as fixes use it: test, add, remove, replace, on a copy of the document."""

from __future__ import annotations

import copy
from typing import Any


def applied(document: Any, patch: list[dict[str, Any]]) -> Any:
    """The document after the patch. Raises AssertionError where a `test` fails, KeyError where a path leads nowhere."""
    found = copy.deepcopy(document)
    for operation in patch:
        parts = [part.replace("~1", "/").replace("~0", "~") for part in operation["path"].split("/")[1:]]
        holder = found
        for part in parts[:-1]:
            holder = holder[int(part)] if isinstance(holder, list) else holder[part]
        last: Any = int(parts[-1]) if isinstance(holder, list) and parts[-1] != "-" else parts[-1]
        op = operation["op"]
        if op == "test":
            assert holder[last] == operation["value"], f"{operation['path']} is {holder[last]!r}"
        elif op == "add":
            if isinstance(holder, list):
                holder.insert(len(holder) if last == "-" else last, operation["value"])
            else:
                holder[last] = operation["value"]
        elif op == "replace":
            holder[last]  # it must be there
            holder[last] = operation["value"]
        elif op == "remove":
            del holder[last]
        else:
            raise AssertionError(f"fixes do not use {op}")
    return found
