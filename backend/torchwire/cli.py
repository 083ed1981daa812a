"""The commands: serve, check."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
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
        reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else error
        print(f"Cannot listen on {host} port {port}: {reason}. Choose another with --port.", file=sys.stderr)
        return 1
    print(f"Torchwire {VERSION}: loading torch and starting its workers ...", flush=True)
    return Supervisor(listener).run()


def check(file: Path) -> int:
    """Prints problems as a compiler does: file, node, severity, code, message.

    The forward pass runs as on the server: in a worker, under the same limits.
    """
    from torchwire.workers.pool import Broken, Busy, NotARequest, Pool

    async def forward(network: bytes) -> bytes:
        pool = Pool(size=1)
        await pool.start()
        try:
            return (await pool.run("forward", b'{"network":%s}' % network)).body
        finally:
            await pool.close()

    try:
        network = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        found = json.loads(asyncio.run(forward(network)))
    except OSError as error:
        print(f"{file}: {error.strerror}", file=sys.stderr)
        return 2
    except NotARequest as error:
        reason = "; ".join(f"{where}: {why}" for where, why in error.fields.items())
        print(f"{file}: error: {error.code}: {reason}")
        return 1
    except (Broken, Busy, RuntimeError) as error:
        print(f"{file}: the check itself failed ({type(error).__name__}): {error}", file=sys.stderr)
        return 2
    for problem in found["problems"]:
        where = ".".join(filter(None, (problem["node"], problem["param"] or problem["port"])))
        print(f"{file}: {where + ': ' if where else ''}{problem['severity']}: {problem['code']}: {problem['message']}")
    errors = sum(problem["severity"] == "error" for problem in found["problems"])
    others = len(found["problems"]) - errors + found["more_problems"]
    print(f"{file}: {_count(errors, 'error')}, {_count(others, 'other problem')}")
    return 0 if found["ok"] else 1


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


if __name__ == "__main__":
    sys.exit(main())
