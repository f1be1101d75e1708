"""llama.cpp's C functions, without the rest of the Python package that carries them.

`import llama_cpp` would also load a template engine, a cache on disk and a server's types:
half of the time that an engine takes to start, and code that nothing here needs.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from pathlib import Path

_PACKAGE = "llama_cpp"


def _raise_empty_package() -> None:
    """Put a package in place whose modules can be imported without running its own code."""
    found = find_spec(_PACKAGE)
    if found is None:
        raise ModuleNotFoundError(f"No module named '{_PACKAGE}'", name=_PACKAGE)
    empty = ModuleSpec(_PACKAGE, None, origin=found.origin, is_package=True)
    empty.submodule_search_locations = found.submodule_search_locations
    sys.modules[_PACKAGE] = module_from_spec(empty)


if _PACKAGE not in sys.modules:
    _raise_empty_package()

from llama_cpp import llama_cpp as native  # noqa: E402 - now that it is cheap

FOLDER = Path(native.__file__).parent
"""Where the package lies; its libraries are below."""

__all__ = ["FOLDER", "native"]
