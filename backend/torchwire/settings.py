"""Every setting in one table: environment variable, default, meaning."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from functools import cache


def _setting(default: int, help: str, least: int = 1) -> int:
    made: int = field(default=default, metadata={"help": help, "least": least})
    return made


def _text(default: str, help: str, choices: tuple[str, ...] = ()) -> str:
    made: str = field(default=default, metadata={"help": help, "choices": choices})
    return made


@dataclass(frozen=True)
class Settings:
    """The settings; each is TORCHWIRE_ and its name in capitals in the environment."""

    workers: int = _setting(0, "Worker processes that run torch; 0 is one per processor core.", least=0)
    deadline_ms: int = _setting(2_000, "Milliseconds that one request may compute.", least=50)
    heavy_deadline_ms: int = _setting(
        20_000,
        "The same above 50 million parameters, one such request running at a time, and above 1 billion multiply-adds.",
        least=50,
    )
    import_deadline_ms: int = _setting(10_000, "Milliseconds in which a pasted text must be read.", least=50)
    memory_mb: int = _setting(2_048, "Memory in MiB that one request may take.", least=64)
    kept_mb: int = _setting(
        256,
        "MiB, beside those, in which each worker keeps weights and outputs that an edit does not change; 0 keeps none.",
        least=0,
    )
    max_parameters: int = _setting(250_000_000, "Parameters of a network that is run; larger ones are analysed only.")
    max_elements: int = _setting(2**26, "Elements of one tensor.")
    max_rank: int = _setting(16, "Dimensions of one tensor.")
    max_layers: int = _setting(256, "Layers stacked inside one module (num_layers of an LSTM or a TransformerEncoder).")
    max_steps: int = _setting(100_000, "Time steps of a recurrent layer that is run, times its layers and directions.")
    max_outputs: int = _setting(1_000, "Tensors that one function gives (unbind, split, chunk).")
    max_written_nodes: int = _setting(5_000, "Nodes as the document writes them.")
    max_expanded_nodes: int = _setting(20_000, "Nodes after blocks and repeats are laid out.")
    max_depth: int = _setting(32, "Depth of blocks inside blocks, and of values inside values.")
    max_body: int = _setting(4_000_000, "Bytes of a request's body.", least=1_000)
    max_answer: int = _setting(10_000_000, "Elements of all values in one answer; previews may be a tenth of it more.")
    max_document: int = _setting(1_000_000, "Bytes of one network that is kept on the server.", least=1_000)
    max_networks: int = _setting(1_000, "Networks that the server keeps for one owner.")
    bodies_mb: int = _setting(
        128, "MiB of bodies that the server holds for all requests together; beyond it a request is answered 503."
    )
    queue: int = _setting(64, "Requests that may wait for a worker; more are answered 503.")
    data: str = _text("data", "Folder for the networks that the server keeps; made at the start.")
    data_mb: int = _setting(10_000, "MiB that the database in that folder may grow to.")
    database: str = _text(
        "",
        "URL of another database: `postgresql://user:password@host/name`. Without one: `torchwire.sqlite` in the "
        "data folder.",
    )
    hosts: str = _text(
        "localhost",
        "Names under which the server may be opened, separated by commas; `*.school.example` takes every name "
        "below it, `*` every name. Addresses by number are always allowed.",
    )
    log_level: str = _text(
        "",
        "The least that is logged: `debug`, `info` (a line for every request), `warning`, `error`. Without it: "
        "`warning` in a terminal, else `info`.",
        choices=("debug", "info", "warning", "error"),
    )
    log_format: str = _text(
        "",
        "`json`, one object a line, or `text`, for people. Without it: `text` in a terminal, else `json`.",
        choices=("json", "text"),
    )
    metrics: str = _text(
        "",
        "Who may read `/metrics`: `open` is everybody, another word is a secret to be sent as "
        "`Authorization: Bearer ...`. Without it there is no such address.",
    )


@cache
def settings() -> Settings:
    """The settings of this process. Raises ValueError where the environment holds none that can be used."""
    given: dict[str, int | str] = {}
    for item in fields(Settings):
        variable = f"TORCHWIRE_{item.name.upper()}"
        text = os.environ.get(variable)
        if text is None:
            continue
        if isinstance(item.default, str):
            choices = item.metadata["choices"]
            if choices and text not in choices:
                raise ValueError(f"{variable} must be one of {', '.join(choices)}, not {text!r}.")
            given[item.name] = text
            continue
        try:
            given[item.name] = int(text)
        except ValueError:
            raise ValueError(f"{variable} must be an integer, not {text!r}.") from None
        if int(text) < item.metadata["least"]:
            raise ValueError(f"{variable} must be at least {item.metadata['least']}, not {text}.")
    return Settings(**given)  # type: ignore[arg-type]


def deadline(verb: str, long: bool = False) -> float:
    """Seconds that a request may compute; `long`: the network is one that has the long deadline."""
    limits = settings()
    if verb == "import":
        return limits.import_deadline_ms / 1000
    return (limits.heavy_deadline_ms if long else limits.deadline_ms) / 1000


def table() -> str:
    """The settings as the table of docs/settings.md:  python -m torchwire.settings"""
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    for item in fields(Settings):
        text = f"{item.default:,}" if isinstance(item.default, int) else f"`{item.default}`"
        shown = "none" if item.default == "" else text
        lines.append(f"| `TORCHWIRE_{item.name.upper()}` | {shown} | {item.metadata['help']} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(table(), end="")
