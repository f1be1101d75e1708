"""Writes the icon's files for packages, from the drawing in the program.

    python packaging/icons.py write|check

`onhand.svg` and PNG files for Linux, `onhand.ico` for Windows, `onhand.icns` for macOS; the
last two are containers with PNG files in them. A test runs `check`.
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QGuiApplication, QImage

from onhand.ui.identity import APPLICATION_ID
from onhand.ui.program_icon import DRAWING, SIZES, rendered

FOLDER = Path(__file__).resolve().parent / "icons"
_ICO_SIZES = (16, 24, 32, 48, 64, 256)
_ICNS_KINDS = {
    b"icp4": 16,
    b"icp5": 32,
    b"icp6": 64,
    b"ic07": 128,
    b"ic08": 256,
    b"ic09": 512,
}


def main(argv: list[str]) -> int:
    """Write the files, or tell which are not as they should be."""
    if argv not in (["write"], ["check"]):
        sys.stderr.write("write or check\n")
        return 2
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication.instance() or QGuiApplication(["icons"])
    application.processEvents()
    wrong = []
    for name, content in files().items():
        path = FOLDER / name
        if argv == ["write"]:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        elif not path.is_file() or not same(path.read_bytes(), content):
            wrong.append(name)
    sys.stderr.write("".join(f"{name} is not current\n" for name in wrong))
    return int(bool(wrong))


_PNG = b"\x89PNG\r\n\x1a\n"
_ROUNDING = 2
"""Levels of 256 by which a channel may be off."""


def files() -> dict[str, bytes]:
    """All files by their names."""
    found = {
        "onhand.svg": DRAWING.encode(),
        "onhand.ico": ico([png(size) for size in _ICO_SIZES]),
        "onhand.icns": icns({kind: png(size) for kind, size in _ICNS_KINDS.items()}),
    }
    for size in SIZES:
        found[f"hicolor/{size}x{size}/apps/{APPLICATION_ID}.png"] = png(size)
    return found


def same(one: bytes, other: bytes) -> bool:
    """Whether two files show the same: packed in another way, or a little off, elsewhere.

    Processors round in ways of their own when edges are smoothed.
    """
    pairs = [each.split(_PNG)[1:] for each in (one, other)]
    if one == other or not pairs[0] or len(pairs[0]) != len(pairs[1]):
        return one == other
    return all(
        _alike(*(QImage.fromData(_PNG + each) for each in pair))
        for pair in zip(*pairs, strict=True)
    )


def _alike(one: QImage, other: QImage) -> bool:
    if one.isNull() or one.size() != other.size():
        return False
    form = QImage.Format.Format_ARGB32
    bits = [bytes(each.convertToFormat(form).constBits()) for each in (one, other)]
    return max(abs(a - b) for a, b in zip(*bits, strict=True)) <= _ROUNDING


def png(size: int) -> bytes:
    """The drawing as a PNG file."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    rendered(size).save(buffer, "PNG")
    return content.data()


def ico(images: list[bytes]) -> bytes:
    """An .ico file with these PNG files."""
    head = struct.pack("<HHH", 0, 1, len(images))
    place = len(head) + 16 * len(images)
    entries = []
    for image in images:
        width, height = struct.unpack(">II", image[16:24])  # the header of a PNG file
        entries.append(
            struct.pack(
                "<BBBBHHII", width % 256, height % 256, 0, 0, 1, 32, len(image), place
            )
        )
        place += len(image)
    return b"".join((head, *entries, *images))


def icns(images: dict[bytes, bytes]) -> bytes:
    """An .icns file with these PNG files by their kinds."""
    parts = [
        kind + struct.pack(">I", 8 + len(image)) + image for kind, image in images.items()
    ]
    content = b"".join(parts)
    return b"icns" + struct.pack(">I", 8 + len(content)) + content


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
