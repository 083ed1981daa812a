"""The commands: serve, check."""

from __future__ import annotations

import argparse
import socket
import sys

from torchwire.version import VERSION


def main() -> int:
    """The command line; gives the exit code."""
    parser = argparse.ArgumentParser(prog="torchwire", description=__doc__)
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(dest="command", required=True)
    server = commands.add_parser("serve", help="serve the page and the API")
    server.add_argument("--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 is every one")
    server.add_argument("--port", type=int, default=8000)
    given = parser.parse_args()
    return serve(given.host, given.port)


def serve(host: str, port: int) -> int:
    """The server, until Ctrl-C."""
    from torchwire.api.server import serve as serve_on

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        print(f"Cannot listen on {host}:{port}: {error.strerror}. Choose another with --port.", file=sys.stderr)
        return 1
    serve_on(listener)
    return 0
