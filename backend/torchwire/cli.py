"""The commands: serve, check."""

from __future__ import annotations

import argparse
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

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
    given = parser.parse_args(arguments)
    return serve(given.host, given.port) if given.command == "serve" else check(given.file)


def serve(host: str, port: int) -> int:
    """The server, until Ctrl-C."""
    from torchwire.api.supervisor import Supervisor
    from torchwire.settings import settings

    try:
        settings()
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        print(f"Cannot listen on {host} port {port}: {reason}. Choose another with --port.", file=sys.stderr)
        return 1
    print(f"Torchwire {VERSION}: loading torch and starting its workers ...", flush=True)
    return Supervisor(listener).run()


def check(file: Path) -> int:
    """Prints problems as a compiler does: file, node, severity, code, message."""
    from torchwire.engine.check import problems_of
    from torchwire.graph.document import NotADocument

    try:
        body = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        found = problems_of(body)
    except OSError as error:
        print(f"{file}: {error.strerror}", file=sys.stderr)
        return 2
    except NotADocument as error:
        print(f"{file}: error: not-a-document: {error.message}", file=sys.stderr)
        return 1
    for problem in found:
        where = ".".join(filter(None, (problem["node"], problem["param"] or problem["port"])))
        print(f"{file}: {where + ': ' if where else ''}{problem['severity']}: {problem['code']}: {problem['message']}")
    errors = sum(problem["severity"] == "error" for problem in found)
    print(f"{file}: {errors} errors, {len(found) - errors} other problems" if found else f"{file}: no problems")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
