"""Devices beside the processor: which there could be, and what of a model goes on one.

A build of llama.cpp has a module for each kind of device. Loading one runs the driver,
which may crash; so that happens in a trial of the ladder alone, and before it only files
are looked at: the module's, and those that name the driver's version.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from onhand.domain.errors import EngineFailed
from onhand.domain.ladder import Rung

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_MODULE = re.compile(r"^(?:lib)?ggml-(?P<name>cuda|metal|vulkan)\.(?:so|dll|dylib)$")
_NVIDIA = re.compile(r"\b(\d{3,}\.[\d.]+)\b")
_GPU_TYPES = frozenset({1, 2})
"""`GGML_BACKEND_DEVICE_TYPE_GPU` and `_IGPU` (ggml/include/ggml-backend.h)."""

BUFFERS = 500_000_000
"""Bytes of a device's memory that are left to its buffers."""

SHARE = 0.9
"""Of a device's free memory that is taken at most; others draw on it too."""

LEAST = 0.25
"""Share of the layers from which on a device is worth the copying."""


@dataclass(frozen=True, kw_only=True)
class Device:
    """A device of ggml's registry; `free` is its memory in bytes."""

    handle: int
    name: str
    description: str
    free: int


def modules(folders: Iterable[Path]) -> dict[str, Path]:
    """The module of each kind of device that this build has, best first on paper."""
    found: dict[str, Path] = {}
    for folder in folders:
        for file in sorted(folder.glob("*ggml-*")):
            if match := _MODULE.match(file.name):
                found.setdefault(match["name"], file)
    return {name: found[name] for name in ("cuda", "metal", "vulkan") if name in found}


def rungs(available: Mapping[str, Path]) -> tuple[Rung, ...]:
    """A rung for each kind of device whose driver is there."""
    versions = {name: driver(name) for name in available}
    return tuple(Rung(device=name, driver=each) for name, each in versions.items() if each)


def driver(kind: str, root: Path = Path("/")) -> str:
    """The version of a device's driver, or what stands for it; "" where there is none."""
    if kind == "metal":
        return platform.mac_ver()[0]
    if kind == "cuda":
        return _nvidia(root) or _files(_windows("nvcuda.dll"))
    icds = [
        file
        for folder in ("usr/share/vulkan/icd.d", "etc/vulkan/icd.d")
        for file in sorted((root / folder).glob("*.json"))
    ]
    # Two that share a driver's files get another version together with them.
    return _files([*icds, *_drivers_of(icds, root), *_windows("vulkan-1.dll")])


def load(library: ctypes.CDLL, module: Path) -> Device:
    """Load a module and take its device with most free memory.

    Raises:
        EngineFailed: it does not load, or there is no device for it.
    """
    library.ggml_backend_load.restype = ctypes.c_void_p
    library.ggml_backend_load.argtypes = [ctypes.c_char_p]
    registered = library.ggml_backend_load(str(module).encode())
    if not registered:
        raise EngineFailed(f"the module {module.name} does not load")
    found = [each for each in _enumerate(library, registered) if each is not None]
    if not found:
        raise EngineFailed(f"the module {module.name} finds no device")
    return max(found, key=lambda each: each.free)


def layers_on(device_free: int, weights: int, context: int, layers: int) -> int:
    """How many layers of a model go on a device, the output counting as one more.

    Args:
        device_free: bytes of its memory that are free.
        weights: bytes of the model's file.
        context: bytes of the context for all layers.
        layers: of the model.

    Raises:
        EngineFailed: too few to be worth it.
    """
    room = max(0, int(device_free * SHARE) - BUFFERS)
    each = (weights + context) / (layers + 1)
    fitting = min(layers + 1, int(room / each))
    if fitting < LEAST * layers:
        raise EngineFailed(
            f"its memory has room for {fitting} of {layers} layers, which is too little"
        )
    return fitting


def _enumerate(library: ctypes.CDLL, registered: int) -> list[Device | None]:
    """The devices of a module through ggml's registry; None for what is no such device."""
    library.ggml_backend_reg_dev_count.restype = ctypes.c_size_t
    library.ggml_backend_reg_dev_count.argtypes = [ctypes.c_void_p]
    library.ggml_backend_reg_dev_get.restype = ctypes.c_void_p
    library.ggml_backend_reg_dev_get.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
    count = library.ggml_backend_reg_dev_count(registered)
    return [
        _described(library, library.ggml_backend_reg_dev_get(registered, index))
        for index in range(count)
    ]


def _described(library: ctypes.CDLL, handle: int) -> Device | None:
    for name in ("name", "description"):
        getattr(library, f"ggml_backend_dev_{name}").restype = ctypes.c_char_p
        getattr(library, f"ggml_backend_dev_{name}").argtypes = [ctypes.c_void_p]
    library.ggml_backend_dev_type.argtypes = [ctypes.c_void_p]
    library.ggml_backend_dev_memory.restype = None
    sizes = ctypes.POINTER(ctypes.c_size_t)
    library.ggml_backend_dev_memory.argtypes = [ctypes.c_void_p, sizes, sizes]
    if library.ggml_backend_dev_type(handle) not in _GPU_TYPES:
        return None
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    library.ggml_backend_dev_memory(handle, ctypes.byref(free), ctypes.byref(total))
    return Device(
        handle=handle,
        name=library.ggml_backend_dev_name(handle).decode(errors="replace"),
        description=library.ggml_backend_dev_description(handle).decode(errors="replace"),
        free=free.value,
    )


def _nvidia(root: Path) -> str:
    for place in ("sys/module/nvidia/version", "proc/driver/nvidia/version"):
        try:
            found = _NVIDIA.search((root / place).read_text(errors="replace"))
        except OSError:
            continue
        if found:
            return found[1]
    return ""


def _drivers_of(icds: Sequence[Path], root: Path) -> list[Path]:
    """The libraries that Vulkan's files name by their whole path."""
    found = []
    for file in icds:
        try:
            named = re.search(r'"library_path"\s*:\s*"(/[^"]+)"', file.read_text())
        except (OSError, UnicodeDecodeError):
            continue
        if named:
            found.append(root / named[1].lstrip("/"))
    return found


def _windows(name: str) -> list[Path]:
    folder = os.environ.get("SYSTEMROOT")
    return [Path(folder) / "System32" / name] if folder else []


def _files(files: Sequence[Path]) -> str:
    """A short digest of names, sizes and times of the files that are there; "" for none."""
    parts = []
    for file in files:
        try:
            found = file.stat()
        except OSError:
            continue
        parts.append(f"{file.name} {found.st_size} {found.st_mtime_ns}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8] if parts else ""
