"""Where torch runs: killable processes under a deadline and a memory limit.

    web process (asyncio, no torch)
      pool.py        who runs next: queue, sessions, the one large network, what a death means (deaths.py)
      process.py     the web process's hold on one worker: a socket, the place it is at, its pid
      launcher.py    the web process's hold on the fork server
        |
    fork server      forkserver.py: torch imported once, forks workers in milliseconds, reports their ends
        |
    worker           worker.py: reads a request (requests.py), runs a verb of engine/, watch.py keeps its deadline

Every process ends when the one above it does. frames.py is what goes over the sockets.
"""
