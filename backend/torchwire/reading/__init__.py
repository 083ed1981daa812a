"""PyTorch source -> network documents. Pasted code is never executed: an evaluator of our own reads its syntax tree.

    reading/
    +-- sources.py      the files: parsed, their names looked up when somebody needs them
    +-- evaluator.py    statements; expressions.py, operators.py, attributes.py, calls.py what they are made of
    +-- values.py       what a value can be: Python's own constants and containers, modules, tensors, sizes
    +-- library.py      the names outside the text that have a meaning here: builtin_names.py, standard.py, methods.py
    +-- toplevel.py     what a file's top level does beside binding names; exceptions.py, contexts.py try and with
    +-- modules.py      nn.Module: children, parameters, containers; weights.py their initialisation
    +-- layers.py       torch's own layers: constructed, read, set afterwards; modes.py train and eval
    +-- tensors.py      calls of torch's functions and methods, through the catalogue's own table
    +-- memory.py       writes in place, and who shares memory; draws.py what moves the random stream
    +-- recording.py    what forward() did, as a list of operations
    +-- folding.py      which modules become blocks; writing.py the document
    +-- reading.py      a request from beginning to end

Nothing here imports torch. Shapes, where a decision in the text hangs on one, are asked of the `Torch` that the worker
hands in.
"""
