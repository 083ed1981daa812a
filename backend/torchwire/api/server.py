"""The web process: uvicorn on a socket that its parent has opened."""

from __future__ import annotations

import socket

import uvicorn

from torchwire.api.app import make_app


def serve(listener: socket.socket) -> None:
    """Serves until it is told to stop."""
    config = uvicorn.Config(
        make_app(),
        loop="uvloop",
        http="httptools",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        timeout_keep_alive=30,
    )
    uvicorn.Server(config).run(sockets=[listener])
