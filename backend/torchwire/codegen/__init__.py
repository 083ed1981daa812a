"""A plan as PyTorch source, as a person would write it.

    codegen/
    +-- export.py         every format: python, script, notebook, json, table, csv
    +-- facts.py          what the engine found out that the code needs: shapes, what is inside a module
    +-- uses.py           which classes there are, and all uses of each
    +-- scope.py          the names inside one class, and what stands for a node
    +-- arguments.py      constructor arguments: expressions, inferred values, what differs from use to use
    +-- construction.py   __init__
    +-- running.py        forward()
    +-- calls.py          one call of a module or function, from the expression that the engine runs
    +-- literals.py       values as syntax
    +-- printer.py        syntax as text, laid out as ruff lays it out; expressions.py has what stands in a line,
    |                     layout.py breaks it
    +-- templates/        the files around it

Everything between a document and text is Python's own syntax tree: no text of a document is ever formatted into code.
What cannot be said faithfully is refused with its reason (refusal.py).
"""
