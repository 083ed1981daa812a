"""`value.name` and `value[key]`: read, stored, deleted."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from torchwire.reading import calls, imports, library, operators
from torchwire.reading.bounds import Raised, Refusal
from torchwire.reading.sources import SourceFile
from torchwire.reading.symbols import Symbol
from torchwire.reading.values import (
    Builtin,
    Class,
    Device,
    DTypeOf,
    Fields,
    Frame,
    Function,
    Library,
    Method,
    Module,
    Object,
    Partial,
    Pieces,
    Shape,
    Super,
    Tensor,
    Unknown,
)

if TYPE_CHECKING:
    from torchwire.reading.evaluator import Evaluator

_DUNDERS = frozenset(
    "__name__ __class__ __init__ __call__ __version__ __doc__ __post_init__ __qualname__ __module__ __getattr__ "
    "__setattr__ __len__ __getitem__ __contains__ __iter__".split()
)


def load(it: Evaluator, value: Any, name: str) -> Any:
    """value.name. Raises Refusal."""
    if name.startswith("__") and name.endswith("__") and name not in _DUNDERS:
        raise Refusal(f"{name} reaches into Python itself and is not read.")
    if isinstance(value, Unknown):
        return Unknown(f"{value.name}.{name}", value.why, value.line)
    if name == "__module__":
        return it.file.module if it.file is not None else ""
    if isinstance(value, Module):
        return it.modules.load(value, name)
    if isinstance(value, Tensor):
        return it.tensors.attribute(value, name)
    if isinstance(value, Library):
        return library.attribute(it, value.path, name)
    if isinstance(value, Object):
        return _of_object(it, value, name)
    if isinstance(value, Class):
        return _of_class(it, value, name)
    if isinstance(value, Super):
        return _of_super(it, value, name)
    if isinstance(value, SourceFile):
        return imports.global_name(it, name, value)
    if isinstance(value, Fields) and name in value.names:
        return value[value.names.index(name)]
    if isinstance(value, Shape) and name == "numel":
        return Builtin("numel", lambda args, kwargs: it.tensors.numel(value.tensor))
    if isinstance(value, Function | Method | Partial):
        inner = value
        while isinstance(inner, Method | Partial):
            inner = inner.function
        if name in ("__name__", "__qualname__") and isinstance(inner, Function):
            return inner.name
        if name == "__class__":
            return Library("types.FunctionType")
        if name == "func" and isinstance(value, Partial):
            return value.function
        if name == "__doc__":
            return ""
    if isinstance(value, Device):
        return "cpu" if name == "type" else None
    if isinstance(value, DTypeOf) and name == "is_floating_point":
        return it.dtype(value).startswith(("float", "bfloat"))
    method = library.method(it, value, name)
    if method is not None:
        return method
    raise Refusal(f"`.{name}` of a {operators.type_name(value)} is not read.")


def store(it: Evaluator, value: Any, name: str, new: Any) -> None:
    """value.name = new."""
    if isinstance(value, Module):
        it.modules.store(value, name, new)
    elif isinstance(value, Object):
        found = class_attribute(it, value.cls, name)
        if isinstance(found, Function) and found.kind == "property":
            set_property(it, value, found, new)
        else:
            value.attributes[name] = new
    elif isinstance(value, Tensor):
        it.tensors.store_attribute(value, name, new)
    elif isinstance(value, Class):
        value.known[name] = new
    elif isinstance(value, Function):
        return  # a note that the text hangs on a function
    elif not isinstance(value, Unknown):
        raise Refusal(f"`.{name}` of a {operators.type_name(value)} cannot be set.")


def delete(it: Evaluator, value: Any, name: str) -> None:
    """del value.name."""
    if isinstance(value, Module):
        for table in (value.children, value.attributes, value.stored):
            table.pop(name, None)
    elif isinstance(value, Object):
        value.attributes.pop(name, None)


def delete_item(it: Evaluator, holder: Any, key: Any) -> None:
    """del holder[key]."""
    if isinstance(holder, dict):
        holder.pop(it.key(key), None)
    elif isinstance(holder, list) and isinstance(key, int | slice):
        del holder[key]
    elif isinstance(holder, Module):
        it.modules.delete_item(holder, key)
    else:
        raise Refusal(f"An item of a {operators.type_name(holder)} cannot be deleted.")


# -- classes and their instances -----------------------------------------------------------------------------------


def class_attribute(it: Evaluator, cls: Class, name: str, after: Class | None = None) -> Any:
    """What the class or one of its bases in the text has under this name; None for nothing."""
    order = cls.mro
    if after is not None:
        order = order[order.index(after) + 1 :] if after in order else []
    for base in order:
        if not isinstance(base, Class):
            continue
        if name in base.known:
            return base.known[name]
        if name in base.body:
            _read_body(it, base, name)
            return base.known.get(name)
    return None


def _read_body(it: Evaluator, cls: Class, name: str) -> None:
    """Reads the statements of a class's body that bind a name, and first what they name themselves."""
    statements = cls.body[name]
    cls.known.setdefault(name, Unknown(name, "it is defined by itself"))
    frame = Frame(cls.frame.file, cls.frame, cls.known)
    line, where, hint = it.line, it.file, it.hint
    try:
        for statement in statements:
            if isinstance(statement, ast.FunctionDef):
                cls.known[name] = calls.define(it, statement, frame, cls)
                made = cls.known[name]
                if isinstance(made, Function) and made.node is statement:
                    made.frame = cls.frame
                continue
            for part in ast.walk(statement):
                name_of = part.id if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load) else ""
                if name_of in cls.body and name_of not in cls.known:
                    _read_body(it, cls, name_of)
            if isinstance(statement, ast.AnnAssign) and statement.value is None:
                cls.known.pop(name, None)
                continue
            it.execute([statement], frame)
            if cls.form == "enum":
                value = cls.known.get(name)
                if not isinstance(value, Object):
                    cls.known[name] = Object(cls, {"name": name, "value": value})
    finally:
        it.line, it.file, it.hint = line, where, hint


def bound(it: Evaluator, this: Any, cls: Class, found: Any) -> Any:
    """A class's attribute as its instance sees it."""
    if isinstance(found, Function):
        if found.kind == "staticmethod":
            return found
        if found.kind == "property":
            return it.call(found, [this], {})
        return Method(found, cls if found.kind == "classmethod" else this)
    return found


def set_property(it: Evaluator, this: Any, found: Function, value: Any) -> None:
    """this.name = value, of a property. Raises Raised where it has no setter."""
    if found.setter is None:
        raise Raised(f"The property {found.name} has no setter.", kind="AttributeError")
    it.call(found.setter, [this, value], {})


def method(it: Evaluator, value: Any, name: str) -> Any:
    """A method of the text's own class, bound; None where there is none."""
    cls = value.cls if isinstance(value, Object | Module) else None
    if cls is None or not name:
        return None
    found = class_attribute(it, cls, name)
    return None if found is None else bound(it, value, cls, found)


def _of_object(it: Evaluator, value: Object, name: str) -> Any:
    if name in value.attributes:
        return value.attributes[name]
    if name == "__class__":
        return value.cls
    found = class_attribute(it, value.cls, name)
    if found is not None or name in value.cls.known:
        return bound(it, value, value.cls, found)
    if value.cls.form == "namedtuple" and name in ("_replace", "_asdict"):
        raise Refusal(f"`.{name}` is not read.")
    if value.cls.form == "enum":  # an enumeration's members may have values with attributes of their own
        return load(it, value.attributes["value"], name)
    other = class_attribute(it, value.cls, "__getattr__")
    if other is not None:
        return it.call(bound(it, value, value.cls, other), [name], {})
    raise Raised(f"{value.cls.name} has no attribute {name[:60]}.", kind="AttributeError")


def _of_class(it: Evaluator, value: Class, name: str) -> Any:
    if name in ("__name__", "__qualname__"):
        return value.name
    if name == "__members__":
        return {member.attributes["name"]: member for member in calls.enum_members(it, value)}
    found = class_attribute(it, value, name)
    if isinstance(found, Function):
        return Method(found, value) if found.kind == "classmethod" else found
    if found is not None or name in value.known:
        return found
    for base in value.mro:
        if isinstance(base, Library):
            return library.attribute(it, base.path, name)
    if name == "__init__":
        return Builtin("__init__", lambda args, kwargs: None)
    raise Raised(f"{value.name} has no attribute {name[:60]}.")


def _of_super(it: Evaluator, value: Super, name: str) -> Any:
    this = value.this
    cls = this if isinstance(this, Class) else getattr(this, "cls", None)
    if not isinstance(cls, Class):
        raise Raised("super() outside a method.")
    found = class_attribute(it, cls, name, after=value.after)
    if found is not None:
        return bound(it, this, cls, found)
    order = cls.mro[cls.mro.index(value.after) + 1 :]
    for base in order:
        if isinstance(base, Unknown):
            return Unknown(f"{base.name}.{name}", base.why, base.line)
    if isinstance(this, Module):
        return it.modules.base_attribute(this, name)
    if name == "__init__":
        base = next((each for each in order if isinstance(each, Class) and each.form == "dataclass"), None)
        if base is not None and isinstance(this, Object):
            return Builtin("__init__", lambda args, kwargs: calls.fill_fields(it, base, this, args, kwargs))
        return Builtin("__init__", lambda args, kwargs: None)
    raise Raised(f"super() has no attribute {name[:60]}.")


# -- items ---------------------------------------------------------------------------------------------------------


def load_item(it: Evaluator, holder: Any, key: Any) -> Any:
    """holder[key]. Raises Refusal."""
    if isinstance(holder, Unknown):
        return Unknown(f"{holder.name}[...]", holder.why, holder.line)
    if isinstance(holder, Tensor):
        return it.tensors.index(holder, key)
    if isinstance(holder, Shape):
        return _of_shape(it, holder, key)
    if isinstance(holder, Pieces):
        return it.tensors.piece(holder, key)
    if isinstance(holder, Module):
        return it.modules.item(holder, key)
    if isinstance(holder, dict):
        key = it.key(key)
        if key not in holder:
            raise Raised(f"The key {str(key)[:60]!r} is not there.", kind="KeyError")
        return holder[key]
    if isinstance(holder, list | tuple | str | range):
        return _of_sequence(it, holder, key)
    if isinstance(holder, Class) and holder.form == "enum":
        return class_attribute(it, holder, str(key))
    if isinstance(holder, Object):
        if holder.cls.form == "namedtuple" and isinstance(key, int):
            return list(holder.attributes.values())[key]
        getter = method(it, holder, "__getitem__")
        if getter is not None:
            return it.call(getter, [key], {})
    if isinstance(holder, Library | Class | Function):
        return holder  # a type with arguments, List[int]
    raise Refusal(f"Brackets behind a {operators.type_name(holder)}.")


def _of_sequence(it: Evaluator, holder: Any, key: Any) -> Any:
    if isinstance(key, slice):
        parts = [None if part is None else it.plain(part) for part in (key.start, key.stop, key.step)]
        try:
            return tuple(holder)[slice(*parts)] if isinstance(holder, Fields) else holder[slice(*parts)]
        except (TypeError, ValueError) as error:
            raise Raised(f"Python would raise {type(error).__name__}: {error}.") from None
    key = it.plain(key)
    if not isinstance(key, int) or not -len(holder) <= key < len(holder):
        raise Raised(f"There is no item {str(key)[:40]} among {len(holder)}.", kind="IndexError")
    return holder[key]


def _of_shape(it: Evaluator, shape: Shape, key: Any) -> Any:
    if isinstance(key, slice):
        start, stop = key.start, key.stop
        if key.step is None and isinstance(start, int) and start < 0 and stop is None:
            return tuple(Symbol("size", (*shape.tensor.reference, n)) for n in range(start, 0))
        if key.step is None and start is None and isinstance(stop, int) and stop >= 0:
            return tuple(Symbol("size", (*shape.tensor.reference, n)) for n in range(stop))
        return it.shape_items(shape)[key]
    index = it.plain(key)
    if not isinstance(index, int):
        raise Raised("A size is asked for by its number.")
    return Symbol("size", (*shape.tensor.reference, index))


def store_item(it: Evaluator, holder: Any, key: Any, value: Any) -> None:
    """holder[key] = value."""
    if isinstance(holder, Tensor):
        it.tensors.store_index(holder, key, value)
    elif isinstance(holder, dict):
        holder[it.key(key)] = value
        it.budget.size(len(holder), "dict")
    elif isinstance(holder, list):
        if isinstance(key, slice):
            holder[key] = it.items(value)
        else:
            index = it.plain(key)
            if not isinstance(index, int) or not -len(holder) <= index < len(holder):
                raise Raised(f"There is no item {str(index)[:40]} among {len(holder)}.")
            holder[index] = value
    elif isinstance(holder, Module):
        it.modules.store_item(holder, key, value)
    elif not isinstance(holder, Unknown):
        raise Refusal(f"An item of a {operators.type_name(holder)} cannot be set.")


def equal_plain(left: Any, right: Any) -> bool:
    """`==` of constants."""
    return type(left) is type(right) and isinstance(left, str | int | float | bool) and left == right
