"""Tells PyInstaller which of llama.cpp's libraries are needed, and where they lie.

A wheel holds each library three times, as it turns symbolic links into copies, and the
kernels for each kind of processor lie in a folder of their own, outside of the package.
"""

import sys
from pathlib import Path

from PyInstaller.utils.hooks import get_package_paths

_site, _package = map(Path, get_package_paths("llama_cpp"))

if sys.platform == "linux":
    _own = ("libllama.so", "libggml.so.0", "libggml-base.so.0")
    _libraries = [_package / "lib" / name for name in _own]
else:
    _libraries = [
        each for each in (_package / "lib").iterdir() if each.suffix in {".dll", ".dylib"}
    ]
_kernels = [each for each in (_site / "bin").glob("*ggml-cpu-*") if each.is_file()]

binaries = [
    *((str(each), "llama_cpp/lib") for each in _libraries),
    *((str(each), "bin") for each in _kernels),
]
# The package's own start-up code is never run: see onhand/engine/llama/bindings.py.
excludedimports = ["llama_cpp.llama", "llama_cpp.server", "jinja2", "diskcache"]
