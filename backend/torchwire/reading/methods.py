"""Methods of Python's own types: str, list, tuple, dict, set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torchwire.reading.bounds import Raised, Refusal
from torchwire.reading.builtin_names import as_dict, as_set, in_order
from torchwire.reading.handlers import Args, Handler, Kwargs

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator


def _append(it: Evaluator, args: Args, kwargs: Kwargs) -> None:
    it.budget.size(len(args[0]) + 1)
    args[0].append(args[1])


def _extend(it: Evaluator, args: Args, kwargs: Kwargs) -> None:
    more = it.items(args[1])
    it.budget.size(len(args[0]) + len(more))
    args[0].extend(more)


def _index(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    from torchwire.reading.operators import equal

    for number, value in enumerate(args[0]):
        if equal(it, value, args[1]):
            return number
    raise Raised("The item is not there.")


def _count(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    from torchwire.reading.operators import equal

    return sum(equal(it, value, args[1]) for value in args[0])


def _remove(it: Evaluator, args: Args, kwargs: Kwargs) -> None:
    del args[0][_index(it, args, kwargs)]


def _get(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return args[0].get(it.key(args[1]), args[2] if len(args) > 2 else kwargs.get("default"))


def _set_default(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    return args[0].setdefault(it.key(args[1]), args[2] if len(args) > 2 else None)


def _pop(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    holder = args[0]
    if isinstance(holder, list):
        return holder.pop(it.plain(args[1]) if len(args) > 1 else -1)
    key = it.key(args[1])
    if key not in holder:
        if len(args) > 2:
            return args[2]
        raise Raised("The key is not there.")
    return holder.pop(key)


def _update(it: Evaluator, args: Args, kwargs: Kwargs) -> None:
    args[0].update(as_dict(it, args[1:], kwargs))
    it.budget.size(len(args[0]), "dict")


def _format(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    """ "layer{}".format(3): plain fields only."""
    from torchwire.reading.calls import text_of

    text, values = args[0], args[1:]
    out, number, rest = "", 0, text
    while "{" in rest:
        before, _, behind = rest.partition("{")
        inside, closed, rest = behind.partition("}")
        if not closed or ":" in inside or "!" in inside or "." in inside or "[" in inside:
            raise Refusal("A format that is not read.")
        if inside == "" or inside.isdigit():
            value = values[int(inside) if inside else number]
            number += 1
        else:
            value = kwargs[inside]
        out += before + text_of(it, value)
        it.budget.text(len(out))
    return out + rest


def _join(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    parts = [str(it.plain(value)) for value in it.items(args[1])]
    it.budget.text(sum(map(len, parts)) + len(args[0]) * len(parts))
    return args[0].join(parts)


def _replace(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
    text, old, new = args[0], it.plain(args[1]), it.plain(args[2])
    it.budget.text(len(text) + text.count(old) * len(new))
    return text.replace(old, new)


def _of_text(name: str) -> Handler:
    def run(it: Evaluator, args: Args, kwargs: Kwargs) -> Any:
        values = [value if isinstance(value, tuple) else it.plain(value) for value in args]
        it.budget.take(1 + len(values[0]) // 16)
        return getattr(str, name)(*values)

    return run


METHODS: dict[type, dict[str, Handler]] = {
    str: {
        "format": _format,
        "join": _join,
        "replace": _replace,
        **{
            name: _of_text(name)
            for name in """lower upper strip lstrip rstrip split rsplit startswith endswith isdigit title capitalize
            removeprefix removesuffix find count partition rpartition isupper islower""".split()
        },
    },
    list: {
        "append": _append,
        "extend": _extend,
        "insert": lambda it, args, kwargs: args[0].insert(it.plain(args[1]), args[2]),
        "pop": _pop,
        "index": _index,
        "count": _count,
        "remove": _remove,
        "reverse": lambda it, args, kwargs: args[0].reverse(),
        "copy": lambda it, args, kwargs: list(args[0]),
        "clear": lambda it, args, kwargs: args[0].clear(),
        "tolist": lambda it, args, kwargs: args[0],
        "sort": lambda it, args, kwargs: args[0].__setitem__(slice(None), in_order(it, args, kwargs)),
    },
    tuple: {"index": _index, "count": _count},
    dict: {
        "get": _get,
        "pop": _pop,
        "items": lambda it, args, kwargs: [(key, value) for key, value in args[0].items()],
        "keys": lambda it, args, kwargs: list(args[0]),
        "values": lambda it, args, kwargs: list(args[0].values()),
        "update": _update,
        "setdefault": _set_default,
        "copy": lambda it, args, kwargs: dict(args[0]),
    },
    set: {
        "add": lambda it, args, kwargs: args[0].add(it.key(args[1])),
        "update": lambda it, args, kwargs: args[0].update(as_set(it, args[1:], kwargs)),
    },
    int: {"bit_length": lambda it, args, kwargs: args[0].bit_length()},
    float: {"is_integer": lambda it, args, kwargs: args[0].is_integer()},
}
