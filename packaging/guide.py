"""Makes the pictures of the guide from the real program.

    python packaging/guide.py write

The window is drawn off screen, at 100 % and in light colours, over the same stand-ins
that the tests use; `tests/screens.py` knows the way to each screen.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
FOLDER = REPOSITORY / "resources" / "guide"
_SMALLEST = 10
"""As Qt counts the quality of a file: it loses nothing, and is small."""

PICTURES = ("work-classified", "work-extracted", "work-rewritten", "history")

sys.path.insert(0, str(REPOSITORY / "tests"))

from PySide6.QtGui import QImage  # noqa: E402 - screens says where Qt draws

import screens  # noqa: E402 - its folder comes first
from onhand.domain.settings import Appearance  # noqa: E402 - likewise


class Draughtsman(screens.Studio):
    """Keeps the pictures that the guide shows, small."""

    def shoot(self, name: str, widget: object = None) -> None:
        """Draw the screen if the guide has it."""
        if name not in PICTURES or widget is not None:
            return
        self.wait(900)
        shown = self.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
        shown.save(str(self.folder / f"{name}.png"), "PNG", _SMALLEST)


def draw(folder: Path) -> None:
    """Draw all pictures into a folder."""
    studio = Draughtsman(folder, "")
    try:
        studio.theme.set_appearance(Appearance.LIGHT)
        studio.show((1120, 680))
        screens.draw_work(studio)
        studio.window.show_place(2)
        studio.wait()
        studio.shoot("history")
    finally:
        studio.end()


def main() -> int:
    """Write the pictures; returns the exit status."""
    if sys.argv[1:] != ["write"]:
        sys.stderr.write(__doc__ or "")
        return 2
    with tempfile.TemporaryDirectory() as made:
        draw(Path(made))
        for name in PICTURES:
            picture = (Path(made) / f"{name}.png").read_bytes()
            (FOLDER / f"{name}.png").write_bytes(picture)
            sys.stdout.write(f"{name}.png: {len(picture)} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
