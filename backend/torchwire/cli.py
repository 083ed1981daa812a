"""The commands: serve, check, export, import."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from torchwire.codegen.files import FORMATS, read_file
from torchwire.version import VERSION


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; gives the exit code."""
    parser = argparse.ArgumentParser(prog="torchwire", description="Draw a network, see real PyTorch run.")
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(dest="command", required=True)
    server = commands.add_parser("serve", help="serve the page and the API")
    server.add_argument("--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 is every one")
    server.add_argument("--port", type=int, default=8000, help="0 takes a free one")
    checker = commands.add_parser("check", help="print a network's problems; the exit code is 1 if one is an error")
    checker.add_argument("file", type=Path, help="a network document; - is standard input")
    exporter = commands.add_parser("export", help="write a network as PyTorch code, or as another file")
    exporter.add_argument("file", type=Path, help="a network document; - is standard input")
    exporter.add_argument("--format", choices=FORMATS, default="python", help="default: python")
    exporter.add_argument("-o", "--output", type=Path, help="where to; else standard output")
    importer = commands.add_parser("import", help="read PyTorch source, a notebook or JSON; print the network document")
    importer.add_argument("files", type=Path, nargs="+", help="model.py, model.ipynb, model.json; - is standard input")
    importer.add_argument("--entry", help="the class, or the function that builds one")
    importer.add_argument("--argument", action="append", default=[], metavar="NAME=VALUE", help="of its constructor")
    importer.add_argument("--input", action="append", default=[], metavar="NAME=1,3,224,224", help="an input's shape")
    given = parser.parse_args(arguments)
    if given.command == "serve":
        return serve(given.host, given.port)
    if given.command == "import":
        return import_source(given.files, given.entry, given.argument, given.input)
    return check(given.file) if given.command == "check" else export(given.file, given.format, given.output)


def serve(host: str, port: int) -> int:
    """The server, until Ctrl-C."""
    from torchwire.api.supervisor import Supervisor
    from torchwire.journal import configure
    from torchwire.settings import settings

    try:
        settings()
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    configure()
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else error
        print(f"Cannot listen on {host} port {port}: {reason}. Choose another with --port.", file=sys.stderr)
        return 1
    print(f"Torchwire {VERSION}: loading torch and starting its workers ...", flush=True)
    return Supervisor(listener).run()


def check(file: Path) -> int:
    """Prints problems as a compiler does: file, node, severity, code, message."""
    answer = _asked("forward", file, {})
    if isinstance(answer, int):
        return answer
    found = json.loads(answer)
    for line in _problem_lines(file, found["problems"]):
        print(line)
    errors = sum(problem["severity"] == "error" for problem in found["problems"])
    others = len(found["problems"]) - errors + found["more_problems"]
    print(f"{file}: {_count(errors, 'error')}, {_count(others, 'other problem')}")
    return 0 if found["ok"] else 1


def export(file: Path, format: str, output: Path | None) -> int:
    """Writes the network in a format; problems go to standard error. 1 where they keep it from being exported."""
    answer = _asked("export", file, {"format": format})
    if isinstance(answer, int):
        return answer
    binary = read_file(answer)
    if binary is None:
        found = json.loads(answer)
        for line in _problem_lines(file, found["problems"]):
            print(line, file=sys.stderr)
        if found["content"] is None:
            print(f"{file}: not exported", file=sys.stderr)
            return 1
        content = found["content"].encode()
    else:
        content = binary.content
    if output is None:
        sys.stdout.buffer.write(content)
        return 0
    try:
        output.write_bytes(content)
    except OSError as error:
        print(f"{output}: {error.strerror}", file=sys.stderr)
        return 2
    return 0


def _asked(verb: str, file: Path, asked: dict[str, Any]) -> bytes | int:
    """The answer about the network in a file, computed as on the server: in a worker, under the same limits.

    Where there is none, why is said, and this is the exit code.
    """
    from torchwire.workers.jobs import Broken, Lost, NotARequest

    try:
        network = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        rest = "".join(f",{json.dumps(key)}:{json.dumps(value)}" for key, value in asked.items())
        return _worked(verb, b'{"network":%s%s}' % (network, rest.encode()))
    except OSError as error:
        print(f"{file}: {error.strerror}", file=sys.stderr)
        return 2
    except NotARequest as error:
        reason = "; ".join(f"{where}: {why}" for where, why in error.fields.items())
        print(f"{file}: error: {error.code}: {reason}", file=sys.stdout if verb == "forward" else sys.stderr)
        return 1
    except (Broken, Lost, RuntimeError) as error:
        print(f"{file}: the {verb} itself failed ({type(error).__name__}): {error}", file=sys.stderr)
        return 2


def _worked(verb: str, body: bytes) -> bytes:
    """A worker's answer. Raises what the pool raises."""
    from torchwire.workers.pool import Pool

    async def run() -> bytes:
        pool = Pool(size=1)
        await pool.start()
        try:
            return (await pool.run(verb, body)).body
        finally:
            await pool.close()

    return asyncio.run(run())


def _problem_lines(file: Path, problems: list[dict[str, Any]]) -> Iterator[str]:
    for problem in problems:
        where = ".".join(filter(None, (problem["node"], problem["param"] or problem["port"])))
        yield f"{file}: {where + ': ' if where else ''}{problem['severity']}: {problem['code']}: {problem['message']}"


def import_source(files: Sequence[Path], entry: str | None, arguments: Sequence[str], inputs: Sequence[str]) -> int:
    """Prints the network document that a text stands for, and on standard error what could not be read, by line.

    The exit code is 1 where the text has no network or something of it could not be represented.
    """
    from torchwire.workers.jobs import Broken, Lost, NotARequest

    try:
        texts = {str(file): (sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")) for file in files}
        kind = {".ipynb": "notebook", ".json": "json"}.get(files[0].suffix, "python")
        request: dict[str, Any] = {"format": kind, "files": texts, "entry": entry}
        values = dict(_pair(argument) for argument in arguments)
        if values:
            if entry is None:
                raise ValueError("--argument needs --entry.")
            request["arguments"] = {entry: {name: _value(text) for name, text in values.items()}}
        shapes = dict(_pair(given) for given in inputs)
        request["inputs"] = {name: {"shape": [int(n) for n in text.split(",")]} for name, text in shapes.items()}
        found = json.loads(_worked("import", json.dumps(request).encode()))
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    except NotARequest as error:
        reason = "; ".join(f"{where}: {why}" for where, why in error.fields.items())
        print(f"{files[0]}: error: {error.code}: {reason}", file=sys.stderr)
        return 1
    except ValueError as error:
        print(f"{files[0]}: {error}", file=sys.stderr)
        return 2
    except (Broken, Lost, RuntimeError) as error:
        print(f"{files[0]}: the import itself failed ({type(error).__name__}): {error}", file=sys.stderr)
        return 2
    for problem in found["problems"]:
        where = f"{problem['file'] or files[0]}:{problem['line']}" if problem["line"] else str(files[0])
        print(f"{where}: {problem['severity']}: {problem['code']}: {problem['message']}", file=sys.stderr)
    if not found["networks"]:
        return 1
    print(json.dumps(found["networks"][0], indent=1))
    return 1 if any(problem["severity"] == "error" for problem in found["problems"]) else 0


def _pair(text: str) -> tuple[str, str]:
    """NAME=VALUE. Raises ValueError."""
    name, sign, value = text.partition("=")
    if not sign:
        raise ValueError(f"{text} is not NAME=VALUE.")
    return name, value


def _value(text: str) -> Any:
    """A JSON value, else the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


if __name__ == "__main__":
    sys.exit(main())
