"""uvicorn's HTTP protocol with the one error shape for what is no HTTP."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from torchwire.api.errors import ApiError


class Protocol(HttpToolsProtocol):
    """Everything that reaches the application is answered there; this is for what does not."""

    def send_400_response(self, msg: str) -> None:
        response = ApiError(400, "bad-http", "This is no HTTP request.", headers={"Connection": "close"}).response()
        head = b"".join(b"%s: %s\r\n" % header for header in response.raw_headers)
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n%s\r\n%s" % (head, bytes(response.body)))
        self.transport.close()
