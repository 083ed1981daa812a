"""The web process: uvicorn on a socket that the supervisor has opened."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys

import uvicorn

from torchwire.api.app import make_app
from torchwire.api.protocol import Protocol
from torchwire.journal import configure
from torchwire.storage.database import NoDatabase
from torchwire.storage.shelf import Shelf


class Server(uvicorn.Server):
    """Says where it is once it answers, and ends with the supervisor."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().add_reader(sys.stdin.fileno(), self._supervisor_gone)
        await super().startup(sockets)
        if self.started and sockets:
            print(f"Torchwire is at {address(sockets[0])}  (Ctrl-C ends it)", flush=True)

    def _supervisor_gone(self) -> None:
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        self.should_exit = True


def address(listener: socket.socket) -> str:
    """The page's address for a browser on this machine."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def main() -> None:
    """Serves on the socket whose descriptor is the only argument."""
    configure()
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # what it says of start and end is said by us
    listener = socket.socket(fileno=int(sys.argv[1]))
    try:
        shelf = Shelf()
    except NoDatabase as error:
        print(error, file=sys.stderr, flush=True)
        sys.exit(3)
    config = uvicorn.Config(
        make_app(shelf),
        log_config=None,  # its lines go where all others go
        loop="uvloop",
        http=Protocol,
        lifespan="on",
        access_log=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=3,
    )
    server = Server(config)
    server.run(sockets=[listener])
    sys.exit(0 if server.started else 3)


if __name__ == "__main__":
    main()
