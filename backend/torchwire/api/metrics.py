"""What is counted, for Prometheus."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from torchwire.workers.pool import Pool

BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 25)


class Metrics:
    """The pool's observer, and the requests'. Counts from the start of the web process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._requests = self._counter("requests", "Requests that were answered.", "method", "route", "status")
        self._seconds = self._histogram("request_seconds", "From the first header to the last byte sent.", "route")
        self._waits = self._histogram("queue_wait_seconds", "How long computations waited for a worker.")
        self._superseded = self._counter("superseded", "Forwards whose place a newer one of their session took.")
        self._joined = self._counter("joined", "Requests answered by a computation that was under way already.")
        self._postponed = self._counter("postponed", "Long computations that were put back until others have ended.")
        self._torch = self._counter("torch_seconds", "Seconds that workers computed.", "verb")
        self._lookups = self._counter("memory_lookups", "Answers looked up in workers' memories.", "memory", "result")
        self._restarts = self._counter("worker_restarts", "Workers that were replaced, by what ended them.", "cause")

    def _counter(self, name: str, help: str, *labels: str) -> Counter:
        return Counter(f"torchwire_{name}", help, labels, registry=self._registry)

    def _histogram(self, name: str, help: str, *labels: str) -> Histogram:
        return Histogram(f"torchwire_{name}", help, labels, buckets=BUCKETS, registry=self._registry)

    def watch(self, pool: Pool) -> None:
        """From here on the pool's state is among the figures."""
        queue = Gauge("torchwire_queue_length", "Computations that wait for a worker.", registry=self._registry)
        queue.set_function(lambda: pool.waiting)
        workers = Gauge("torchwire_workers", "Workers by state.", ["state"], registry=self._registry)
        for state in ("size", "ready", "busy"):
            workers.labels(state).set_function(partial(lambda name: pool.state()[name], state))

    def text(self) -> bytes:
        """All of them in Prometheus' text format."""
        return generate_latest(self._registry)

    # -- who tells -----------------------------------------------------------------------------------------------

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Status 0: the client was gone before."""
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(route).observe(seconds)

    def waited(self, seconds: float) -> None:
        self._waits.observe(seconds)

    def superseded(self) -> None:
        self._superseded.inc()

    def joined(self) -> None:
        self._joined.inc()

    def postponed(self) -> None:
        self._postponed.inc()

    def noted(self, verb: str, seconds: float, memories: Mapping[str, tuple[int, int]]) -> None:
        self._torch.labels(verb).inc(seconds)
        for name, (hits, misses) in memories.items():
            self._lookups.labels(name, "hit").inc(hits)
            self._lookups.labels(name, "miss").inc(misses)

    def restarted(self, cause: str) -> None:
        self._restarts.labels(cause).inc()
