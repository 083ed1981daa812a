"""A request from beginning to end: files, entry, arguments, inputs; documents, problems, questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torchwire.catalogue.catalogue import Catalogue
from torchwire.graph.body import NotADocument, parse_json
from torchwire.graph.document import read_network
from torchwire.graph.names import fresh_name, name_fault
from torchwire.plan.asking import Torch
from torchwire.reading import attributes, draws, guesses, idle, modes, toplevel
from torchwire.reading.bounds import Asked, Bounded, Budget, Refusal, Undecided
from torchwire.reading.entries import Entry, argument_values, choose, find_entry
from torchwire.reading.evaluator import Evaluator
from torchwire.reading.modules import returned
from torchwire.reading.notes import Notes
from torchwire.reading.sources import Sources, notebook
from torchwire.reading.values import (
    Class,
    Frame,
    Function,
    Method,
    Module,
    Operation,
    Scope,
    Stored,
    Tensor,
    Unknown,
    Weight,
)
from torchwire.reading.writing import Writer

MAX_LINE = 200  # characters of a line that a problem quotes


class Reading:
    """Reads one request.

    Does: the entry, its arguments and inputs, trying shapes. Does not: evaluate, write the document.
    """

    def __init__(self, request: Mapping[str, Any], catalogue: Catalogue, torch: Torch, seconds: float) -> None:
        self._request = request
        self._catalogue = catalogue
        self._torch = torch
        self._budget = Budget(seconds)
        self.notes = Notes()
        self.networks: list[dict[str, Any]] = []
        self.names: dict[str, str] = {}
        self.questions: list[dict[str, Any]] = []
        self._files: dict[str, str] = {}

    def answer(self) -> dict[str, Any]:
        """The answer of POST /import."""
        try:
            if self._request["format"] == "json":
                self._json()
            else:
                self._python()
        except Refusal as refusal:
            self.notes.refused(refusal)
        except RecursionError:
            self.notes.refused(Bounded("The text is nested too deeply."))
        problems, more = self.notes.as_json()
        for problem in problems:
            problem["source"] = self._source(problem["file"], problem["line"])
        return {
            "networks": self.networks,
            "problems": problems,
            "more_problems": more,
            "names": self.names,
            "questions": self.questions,
        }

    def _source(self, file: str | None, line: int | None) -> str | None:
        """A line of the text, as it stands there."""
        text = next(iter(self._files.values()), "") if file is None else self._files.get(file, "")
        lines = text.splitlines()
        return lines[line - 1][:MAX_LINE] if line is not None and 0 < line <= len(lines) else None

    def _json(self) -> None:
        """A network document, as it is; what is wrong with it is told."""
        text = self._request.get("content") or next(iter((self._request.get("files") or {}).values()), "")
        try:
            data = parse_json(text.encode())
            _, problems = read_network(data)
        except NotADocument as error:
            raise Refusal(f"This is no network document: {error.message}", 1) from None
        for problem in problems:
            self.notes.add(
                problem.code, problem.message, problem.severity, None, None, node=problem.node, param=problem.param
            )
        self.networks.append(data)

    def _python(self) -> None:
        files = self._request.get("files")
        if files is None:
            content = self._request.get("content") or ""
            files = {"model.py": notebook(content) if self._request["format"] == "notebook" else content}
        elif self._request["format"] == "notebook":
            files = {path: notebook(text) if path.endswith(".ipynb") else text for path, text in files.items()}
        self._files = dict(files)
        sources = Sources(files)
        wanted = self._request.get("entry")
        entries = [find_entry(sources, wanted)] if wanted else choose(sources)
        if not entries:
            raise Refusal("The text has no class that derives from nn.Module, and no nn.Sequential.", 1)
        for number, entry in enumerate(entries):
            self._network(sources, entry, first=number == 0)

    def _network(self, sources: Sources, entry: Entry, first: bool) -> None:
        """One network: read without shapes, and where these are missing once more with a guess."""
        given: dict[str, dict[str, Any]] = {
            name: dict(value) for name, value in (self._request.get("inputs") or {}).items()
        }
        attempt = Attempt(self, sources, entry, given)
        try:
            attempt.read()
        except Undecided as undecided:
            attempt.undecided = undecided
        missing = [each for each in attempt.inputs if each.given.get("shape") is None]
        if missing:
            attempt = self._guessed(sources, entry, given, attempt, missing)
        if attempt.undecided is not None and attempt.it is not None:
            attempt.notes.refused(attempt.it.place(attempt.undecided))
        if not first and (attempt.notes.failed or attempt.document is None):
            return
        self.notes._told.update(attempt.notes._told)
        self.questions += attempt.questions
        if attempt.root is not None:
            document = attempt.write()
            self.networks.append(document)
            if first:
                self.names = attempt.names()
            self.notes._told.update(attempt.notes._told)

    def _guessed(
        self, sources: Sources, entry: Entry, given: dict[str, Any], attempt: Attempt, missing: list[Operation]
    ) -> Attempt:
        assert attempt.it is not None
        options = {each.hint: guesses.shapes(attempt.it.recording, each) for each in missing}
        best = attempt
        most = max((len(found) for found in options.values()), default=0)
        for number in range(most):
            tried = dict(given)
            for name, found in options.items():
                if found and name is not None:
                    shape, dtype = found[min(number, len(found) - 1)]
                    tried[name] = {**tried.get(name, {}), "shape": shape}
                    if dtype != "float32":
                        tried[name]["dtype"] = dtype
            again = Attempt(self, sources.renewed(), entry, tried)
            try:
                again.read()
                if again.runs():
                    best = again
                    break
            except Undecided as undecided:
                again.undecided = undecided
            if number == 0:
                best = again
        for each in best.inputs:
            if each.hint in options:
                shape = each.given.get("shape")
                told = f"a guess: {shape}" if shape is not None else "not known"
                best.notes.add(
                    "import-shape",
                    f"The text does not say the shape of the input {each.hint}; it is {told}.",
                    "warning",
                    param=f"inputs.{each.hint}",
                )
                best.questions.append(
                    {
                        "kind": "input",
                        "name": each.hint,
                        "of": entry.name,
                        "guess": {"shape": shape, "dtype": each.given.get("dtype") or "float32"},
                    }
                )
        return best


class Attempt:
    """One reading of one network, with what is known of its inputs."""

    def __init__(self, reading: Reading, sources: Sources, entry: Entry, inputs: dict[str, dict[str, Any]]) -> None:
        self._request = reading._request
        self.entry = entry
        self.notes = Notes()
        self.it: Evaluator | None = Evaluator(sources, reading._catalogue, reading._torch, reading._budget, self.notes)
        self._sources = sources
        self._given = inputs
        self.inputs: list[Operation] = []
        self.questions: list[dict[str, Any]] = []
        self.root: Module | None = None
        self.scope: Scope | None = None
        self.undecided: Undecided | None = None
        self.document: dict[str, Any] | None = None
        self._paths: dict[int, str] = {}
        self._left_out: set[int] = set()

    # -- reading -----------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Constructs the network and runs its forward(). Raises Undecided, Bounded."""
        it = self.it
        assert it is not None
        self._file = self._sources.file(self.entry.file.path)
        self._frame = Frame(self._file, None, self._file.known)
        it.file, it.line = self._file, 1
        mode = self._request.get("training")
        it.training = bool(self.entry.mode if mode is None else mode)
        toplevel.tell(it, self._file)
        try:
            self._construct()
        except Asked as asked:
            self._ask(asked)
            return
        except (Undecided, Bounded):
            raise
        except Refusal as refusal:
            it.tell(refusal)
            return
        if self.root is None:
            return
        self.document = {}
        try:
            self._forward(self.root)
        except (Undecided, Bounded):
            raise
        except Refusal as refusal:
            it.tell(refusal)

    def _construct(self) -> None:
        it = self.it
        assert it is not None
        value = it.lookup(self.entry.name, self._frame)
        if isinstance(value, Unknown):
            raise it.unreadable(value)
        if not isinstance(value, Module):
            args, kwargs = self._arguments(value)
            if isinstance(value, Class):
                it.line = value.node.lineno
            value = it.call(value, args, kwargs)
        if not isinstance(value, Module):
            raise Refusal(f"{self.entry.name} gives no nn.Module.", getattr(self.entry.made, "lineno", 1))
        self.root = value
        if "_mode" in value.attributes and self._request.get("training") is None and self.entry.mode is None:
            it.training = value.attributes["_mode"]

    def _arguments(self, value: Any) -> tuple[list[Any], dict[str, Any]]:
        """The constructor's arguments: those of the request, over those of the text's own instantiation."""
        it = self.it
        assert it is not None
        args: list[Any] = []
        kwargs: dict[str, Any] = {}
        given = dict((self._request.get("arguments") or {}).get(self.entry.name) or {})
        positional, named = argument_values(self.entry.made)
        init = attributes.class_attribute(it, value, "__init__") if isinstance(value, Class) else value
        names: list[str] = []
        if isinstance(init, Function):
            names = [argument.arg for argument in init.node.args.args][1 if isinstance(value, Class) else 0 :]
        for number, expression in enumerate(positional):
            name = names[number] if number < len(names) else None
            if name is not None:
                if name not in given:
                    kwargs[name] = it.evaluate(expression, self._frame)
            else:
                args.append(it.evaluate(expression, self._frame))
        if args:  # *args of the constructor: the named ones before them go by position too
            args = [given.pop(name, kwargs.pop(name, None)) for name in names] + args
        for name, expression in named.items():
            if name not in given:
                kwargs[name] = it.evaluate(expression, self._frame)
        return args, {**kwargs, **given}

    def _ask(self, asked: Asked) -> None:
        it = self.it
        assert it is not None
        it.place(asked)
        if asked.owner == self.entry.name:
            asked.message += " Give them in `arguments`."
            for name in asked.names:
                guess = guesses.argument(name)
                self.questions.append({"kind": "argument", "name": name, "of": asked.owner, "guess": guess})
        self.notes.refused(asked)

    def _forward(self, root: Module) -> None:
        it = self.it
        assert it is not None
        modes.begin(it, root)
        function = _entered(it, root)
        names, optional, rest = ["x"], [], None
        if isinstance(function, Function):
            spec = function.node.args
            every = [argument.arg for argument in [*spec.posonlyargs, *spec.args]]
            every = every[0 if function.owner is None and "forward" in root.attributes else 1 :]
            every += [argument.arg for argument in spec.kwonlyargs]
            names = [name for name in every if name not in function.defaults]
            optional = [name for name in every if name in function.defaults]
            rest = spec.vararg.arg if spec.vararg else None
            it.line = function.node.lineno
        elif root.layer is not None:
            names = [port.name for port in root.layer.inputs if not port.optional]
            optional = [port.name for port in root.layer.inputs if port.optional]
        shown = self._shown([*names, *optional], rest)
        constants = dict((self._request.get("arguments") or {}).get("forward") or {})
        kwargs: dict[str, Any] = {}
        more: list[Any] = []
        for name in [*names, *optional]:
            if name in constants:
                kwargs[name] = constants[name]
            elif name in self._given or name in shown or name in names:
                example = shown.get(name)
                if name not in self._given and name in shown and not _is_input(example):
                    kwargs[name] = example
                else:
                    kwargs[name] = self._input(name, example)
        for name in shown:
            if rest is not None and name.startswith(f"{rest}_"):
                more.append(self._input(name, shown[name]))
        scope = Scope(root, None, line=it.line)
        self.scope = scope
        outer = it.recording.scope
        it.recording.enter(scope)
        try:
            result = self._run(root, function, kwargs, more)
            if not isinstance(result, Unknown):
                scope.result = returned(it, result)
        finally:
            it.recording.leave(scope)
            it.recording.scope = outer
        if isinstance(result, Unknown):
            refusal = it.unreadable(result)
            if it.returned is not None:
                refusal.line, refusal.file = it.returned
            it.tell(refusal)
            return
        if not it.training and not self.notes.failed and idle.uncalled(it, root):
            idle.add(it, root, scope, lambda: self._again(root, function, kwargs, more))
        if not scope.result:
            it.notes.add("import-unsupported", "forward() returns no tensor.", "error", it.line, self._file.path)

    def _run(self, root: Module, function: Any, kwargs: dict[str, Any], more: list[Any]) -> Any:
        it = self.it
        assert it is not None
        if isinstance(function, Function):
            positional = list(kwargs.values()) if more else []
            called = Method(function, root) if _is_plain(it, root) else root
            return it.call(called, [*positional, *more], {} if more else kwargs)
        return it.call(root, list(kwargs.values()), {})

    def _again(self, root: Module, function: Any, kwargs: dict[str, Any], more: list[Any]) -> Scope:
        """forward() once more, in train mode; its operations stand behind the others."""
        it = self.it
        assert it is not None
        scope = Scope(root, None)
        it.recording.enter(scope)
        it.training = True
        try:
            fresh = {
                name: Tensor(*value.reference) if isinstance(value, Tensor) else value for name, value in kwargs.items()
            }
            self._run(root, function, fresh, [Tensor(*value.reference) for value in more])
        finally:
            it.training = False
            it.recording.leave(scope)
            it.recording.scope = None
        return scope

    def _shown(self, names: list[str], rest: str | None) -> dict[str, Any]:
        """The arguments with which the text itself calls the network."""
        it = self.it
        assert it is not None
        positional, named = argument_values(self.entry.called)
        found: dict[str, Any] = {}
        pairs = [(names[n] if n < len(names) else f"{rest}_{n - len(names)}", e) for n, e in enumerate(positional)]
        for name, expression in [*pairs, *named.items()]:
            try:
                value = it.evaluate(expression, self._frame)
            except Bounded:
                raise
            except Refusal:
                continue
            if not isinstance(value, Unknown):
                found[name] = value
        return found

    def _input(self, name: str, example: Any) -> Tensor:
        it = self.it
        assert it is not None
        given = dict(self._given.get(name) or {})
        if not given and isinstance(example, Tensor):
            given = _from_example(it, example)
        known = ("shape", "dtype", "fill", "low", "high", "values", "name", "index")
        given = {key: given[key] for key in known if key in given}
        if given.get("dtype", "float32").startswith("int") and "fill" not in given and "values" not in given:
            given["fill"] = "randint"
        operation = Operation("Input", None, {}, {}, None, line=it.line, hint=name, given=given)
        it.recording.scope, outer = None, it.recording.scope
        it.recording.add(operation)
        it.recording.scope = outer
        self.inputs.append(operation)
        return Tensor(operation)

    def runs(self) -> bool:
        """Whether torch, on the meta device, computes every result."""
        if self.notes.failed or self.scope is None or self.it is None:
            return False
        try:
            for _, (source, port) in self.scope.result or []:
                self.it.known.shape(Tensor(source, port))
        except Undecided:
            return False
        return bool(self.scope.result)

    # -- what comes of it --------------------------------------------------------------------------------------------

    def write(self) -> dict[str, Any]:
        """The document."""
        it = self.it
        assert it is not None and self.root is not None
        scope = self.scope or Scope(self.root, None)
        for operation in self.inputs:
            operation.scope = scope
        self._find_paths()
        name = self.root.cls.name if self.root.cls is not None else self.entry.name
        name = self._file.exported or name
        writer = Writer(it, scope, self._paths)
        document = writer.document(name)
        self._left_out = writer.left_out
        draws.tell(it, writer.written)
        if isinstance(it.seed, int) and 0 <= it.seed < 2**53:
            document["seed"] = it.seed
        elif self.entry.seed is not None:
            try:
                seed = it.plain(it.evaluate(self.entry.seed, self._frame))
                if isinstance(seed, int) and 0 <= seed < 2**53:
                    document["seed"] = seed
            except Refusal:
                pass
        return document

    def _find_paths(self) -> None:
        """The module paths, as named_modules() tells them; the first where something has several."""
        it = self.it
        assert it is not None and self.root is not None
        for path, module in it.modules.walk(self.root):
            path = ".".join(map(_allowed, path.split("."))) if path else ""
            self._paths.setdefault(id(module), path)
            for name, tensor in module.stored.items():
                name = _allowed(name)
                self._paths.setdefault(id(tensor.source), f"{path}.{name}" if path else name)
        if self.root.layer is not None:
            self._paths[id(self.root)] = self.root.kind.lower()

    def names(self) -> dict[str, str]:
        """Names in the source's state_dict() -> names in the network's."""
        it = self.it
        assert it is not None and self.root is not None
        found: dict[str, str] = {}
        # not by walk(): a module that hangs in two places has both names in state_dict()
        todo: list[tuple[str, Module]] = [("", self.root)]
        while todo:
            it.budget.take()
            path, module = todo.pop()
            if path.count(".") > 100:
                raise Bounded("A module holds itself.")
            for name, tensor in module.stored.items():
                source = tensor.source
                if isinstance(source, Stored) and source.persistent:
                    found[f"{path}.{name}" if path else name] = self._paths[id(source)]
                elif isinstance(source, Weight) and id(source.module) in self._paths:
                    found[f"{path}.{name}" if path else name] = f"{self._paths[id(source.module)]}.{source.name}"
            if module.layer is not None and id(module) not in self._left_out:
                try:
                    weights = list(it.known.weights(module))
                except Undecided:
                    weights = []
                for name in weights:
                    target = self._paths[id(module)]
                    found[f"{path}.{name}" if path else name] = f"{target}.{name}" if target else name
            todo += [
                (f"{path}.{name}" if path else name, child)
                for name, child in reversed(module.children.items())
                if child is not None
            ]
        return found


def _is_plain(it: Evaluator, root: Module) -> bool:
    """Whether calling the module is its class's forward(), and nothing else."""
    own = attributes.class_attribute(it, root.cls, "__call__") if root.cls is not None else None
    return "forward" not in root.attributes and own is None


def _entered(it: Evaluator, root: Module) -> Any:
    """The function whose arguments the network's inputs are."""
    own = root.attributes.get("forward")
    while isinstance(own, Method):
        own = own.function
    if isinstance(own, Function):
        return own
    return attributes.class_attribute(it, root.cls, "forward") if root.cls is not None else None


def _allowed(name: str) -> str:
    """A part of a path as a document may have it: `block1-0` is block1_0 there."""
    return name if name.isdigit() or name_fault(name) is None else fresh_name(name, ())


def _is_input(value: Any) -> bool:
    return isinstance(value, Tensor)


def _from_example(it: Evaluator, example: Tensor) -> dict[str, Any]:
    """An Input as the text's own example makes it."""
    source = example.source
    found: dict[str, Any] = {}
    try:
        found["shape"] = list(it.known.shape(example))
        dtype = it.known.dtype(example)
    except Undecided:
        return found
    drawn = isinstance(source, Operation) and source.type == "randint"
    if dtype != "float32" or drawn:
        found["dtype"] = dtype
    if isinstance(source, Operation):
        if source.type in ("rand", "zeros", "ones"):
            found["fill"] = source.type
        elif source.type == "randint":
            found |= {"fill": "randint", "low": source.given["low"], "high": source.given["high"]}
            if dtype == "int64":  # what randint gives
                del found["dtype"]
        elif source.type == "values":
            found |= {"fill": "values", "values": source.given["values"]}
        elif source.type != "randn":
            values = it.known.values(example)
            if values is not None:
                found |= {"fill": "values", "values": values}
    return found


def read(request: Mapping[str, Any], catalogue: Catalogue, torch: Torch, seconds: float) -> dict[str, Any]:
    """The answer to a request: networks, problems, names, questions. Raises nothing for anything that a text holds."""
    return Reading(request, catalogue, torch, seconds).answer()
