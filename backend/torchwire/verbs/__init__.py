"""What a worker can do: the engine's verbs, and those that read source or write it.

A verb takes a decoded request and gives the answer's bytes.
"""

from __future__ import annotations

from torchwire.engine.verbs import VERBS as _ENGINE
from torchwire.engine.verbs import Verb
from torchwire.verbs.export import export
from torchwire.verbs.imports import import_source

VERBS: dict[str, Verb] = {**_ENGINE, "import": import_source, "export": export}
