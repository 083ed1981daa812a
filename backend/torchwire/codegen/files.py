"""The formats of an export, and exports that are no text on their way from the worker."""

from __future__ import annotations

from dataclasses import dataclass

FILE = b"\0"
"""Begins an answer that is a file: then its name, \\0, its media type, \\0 and its bytes. Other answers are JSON."""


@dataclass(frozen=True)
class Format:
    """What an export is as a file."""

    suffix: str
    media_type: str


FORMATS = {
    "python": Format(".py", "text/x-python"),
    "script": Format(".py", "text/x-python"),
    "notebook": Format(".ipynb", "application/x-ipynb+json"),
    "json": Format(".json", "application/json"),
    "state": Format(".safetensors", "application/octet-stream"),
    "onnx": Format(".onnx", "application/octet-stream"),
    "table": Format(".md", "text/markdown"),
    "csv": Format(".csv", "text/csv"),
}


@dataclass(frozen=True)
class ExportedFile:
    filename: str
    media_type: str
    content: bytes

    def packed(self) -> bytes:
        """The file as a worker's answer."""
        return FILE.join([b"", self.filename.encode(), self.media_type.encode(), self.content])


def read_file(answer: bytes) -> ExportedFile | None:
    """The file in an answer; None where it is JSON."""
    if not answer.startswith(FILE):
        return None
    _, filename, media_type, content = answer.split(FILE, 3)
    return ExportedFile(filename.decode(), media_type.decode(), content)
