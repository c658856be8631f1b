"""Finding declarations: one file, one declaration (or one list of them), discovered loudly.

A file in the folder without its declaration, or two with one id, stops the import: nothing is forgotten in silence.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from typing import Protocol, TypeVar


class Declared(Protocol):
    """Anything with an id to be found by."""

    @property
    def id(self) -> str:
        """The name that it is found by."""
        ...


D = TypeVar("D", bound=Declared)


def discover(package: str, attribute: str, kind: type[D], *, except_for: Iterable[str] = ()) -> dict[str, D]:
    """All declarations named `attribute` in the modules of `package`, by id, in alphabetical order of modules.

    `except_for` names the modules that declare nothing (the shape itself, the machinery).
    Raises ImportError for a module without the attribute, of another type, or with an id already taken.
    """
    home = importlib.import_module(package)
    skipped = set(except_for)
    found: dict[str, D] = {}
    for info in sorted(pkgutil.iter_modules(home.__path__), key=lambda item: item.name):
        if info.name in skipped:
            continue
        for declaration in _declared(f"{package}.{info.name}", attribute, kind):
            if declaration.id in found:
                raise ImportError(f"{package}.{info.name}: the id {declaration.id!r} is declared twice")
            found[declaration.id] = declaration
    return found


def _declared(module: str, attribute: str, kind: type[D]) -> list[D]:
    value = getattr(importlib.import_module(module), attribute, None)
    given = list(value) if isinstance(value, (list, tuple)) else [value]
    declarations = [one for one in given if isinstance(one, kind)]
    if not given or len(declarations) < len(given):
        raise ImportError(f"{module}: declares no {attribute} of type {kind.__name__}")
    return declarations
