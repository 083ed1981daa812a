"""Names of nodes, blocks and parameters: what is allowed, and fresh ones."""

from __future__ import annotations

import keyword
import re
from collections.abc import Container

NAME = "[A-Za-z][A-Za-z0-9_]{0,63}"
_PATTERN = re.compile(NAME)

RESERVED = frozenset({"self", "torch", "nn", "F", "math"})

# dir(nn.Module()) of torch 2.13 without names that begin with "_"; a test compares it with the installed torch.
# A layer of such a name would be built happily and fail, or do something else, when the network is called.
MODULE_ATTRIBUTES = frozenset(
    """T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches
    eval extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu
    load_state_dict modules mtia named_buffers named_children named_modules named_parameters parameters
    register_backward_hook register_buffer register_forward_hook register_forward_pre_hook
    register_full_backward_hook register_full_backward_pre_hook register_load_state_dict_post_hook
    register_load_state_dict_pre_hook register_module register_parameter register_state_dict_post_hook
    register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule share_memory state_dict to
    to_empty train training type xpu zero_grad""".split()
)


def name_fault(name: str) -> str | None:
    """Why this name is not allowed; None when it is."""
    if not _PATTERN.fullmatch(name):
        return "a name begins with a letter and has up to 64 letters, digits and underscores"
    if keyword.iskeyword(name):
        return f"{name} is a Python keyword"
    if name in RESERVED:
        return f"{name} has a meaning of its own in generated code"
    if name in MODULE_ATTRIBUTES:
        return f"{name} is an attribute of nn.Module"
    return None


def fresh_name(base: str, taken: Container[str]) -> str:
    """An allowed name like `base` that is not taken."""
    cleaned = re.sub(r"[^A-Za-z0-9_]+", "_", base)[:60].strip("_") or "node"
    if not cleaned[0].isalpha():
        cleaned = f"n{cleaned}"[:60]
    if cleaned not in taken and name_fault(cleaned) is None:
        return cleaned
    number = 1
    while f"{cleaned}{number}" in taken or name_fault(f"{cleaned}{number}") is not None:
        number += 1
    return f"{cleaned}{number}"


def pointer(*parts: str) -> str:
    """A JSON pointer (RFC 6901)."""
    return "/" + "/".join([part.replace("~", "~0").replace("/", "~1") for part in parts])
