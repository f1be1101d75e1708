"""What a screen reader finds on every screen: `python tests/accessibility.py [OUTDIR]`.

Goes where `screens.py` goes, walks the accessibility tree that Qt hands to the system, and
tells what is wrong with it. With a folder, each tree is written there as text.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractItemView, QApplication, QScrollArea, QWidget

import screens
from onhand.domain.settings import Appearance

if TYPE_CHECKING:
    from collections.abc import Iterator

Role = QAccessible.Role
INTERACTIVE = frozenset(
    {
        Role.Button,
        Role.ButtonDropDown,
        Role.ButtonMenu,
        Role.CheckBox,
        Role.ComboBox,
        Role.EditableText,
        Role.HotkeyField,
        Role.Link,
        Role.List,
        Role.ListItem,
        Role.PageTab,
        Role.ProgressBar,
        Role.RadioButton,
        Role.ScrollBar,
        Role.Slider,
        Role.SpinBox,
        Role.Table,
        Role.Tree,
    }
)
"""Roles of what is worked with, or tells how something goes."""

WORDS = re.compile(r"[^\W\d_]{2}")
GENERIC = re.compile(
    r"(push|tool|radio)?\s*(button|box|edit|label|widget|field|item|text ?area)\s*\d*", re.I
)


@dataclass(frozen=True)
class Node:
    """One element: where it stands in the tree, and what is said of it.

    Attributes:
        kind: the class of its widget, if it has one.
        ours: it has a widget that is no part of one of Qt's own.
        tabbed: Tab comes to it.
    """

    depth: int
    role: Role
    name: str
    description: str
    value: str
    kind: str
    ours: bool
    tabbed: bool

    def __str__(self) -> str:
        told = [f"{'  ' * self.depth}{self.role.name}: {self.name!r}"]
        told += [f"value {self.value[:60]!r}"] if self.value else []
        told += [f"({self.description})"] if self.description else []
        return " ".join(told)


def tree(widget: QWidget) -> list[Node]:
    """Every element below a widget that can be seen, in the order of the tree."""
    root = QAccessible.queryAccessibleInterface(widget)
    return [] if root is None else list(_walk(root, 0))


def _walk(element: QAccessibleInterface, depth: int) -> Iterator[Node]:
    state = element.state()
    if not element.isValid() or state.invisible:
        return
    found = element.object()
    widget = found if isinstance(found, QWidget) else None
    if widget is not None and not widget.isVisible():
        return
    kind = QAccessible.Text
    yield Node(
        depth,
        element.role(),
        _name(element),
        element.text(kind.Description),
        element.text(kind.Value),
        "" if widget is None else type(widget).__name__,
        widget is not None and not widget.objectName().startswith("qt_"),
        widget is not None and takes_focus(widget),
    )
    if isinstance(widget, QAbstractItemView):  # its cells are the user's rows
        return
    for number in range(element.childCount()):
        child = element.child(number)
        if child is not None:
            yield from _walk(child, depth + 1)


def _name(element: QAccessibleInterface) -> str:
    """What it is called; of a list of choices by its label, as its name is its value."""
    if element.role() is not Role.ComboBox:
        return element.text(QAccessible.Text.Name)
    labels = element.relations(QAccessible.RelationFlag.Label)
    return " ".join(other.text(QAccessible.Text.Name) for other, _ in labels)


def faults(nodes: list[Node]) -> list[str]:
    """What is wrong with a tree, in words."""
    worked_with = [each for each in nodes if is_worked_with(each)]
    found = [
        f"no words in the name {each.name!r} of {each.role.name} {each.kind}"
        for each in worked_with
        if not WORDS.search(each.name) or GENERIC.fullmatch(each.name.strip())
    ]
    times = Counter(each.name for each in worked_with)
    found += [f"{times[name]} times {name!r}" for name in times if times[name] > 1]
    found += [
        f"{each.kind} {each.name!r} can be focused, but has no role"
        for each in nodes
        if each.tabbed and each.role in {Role.NoRole, Role.Client, Role.Pane, Role.Grouping}
    ]
    return found


def is_worked_with(node: Node) -> bool:
    """Whether a person works with an element, and so must know what it is."""
    return node.ours and node.role in INTERACTIVE


def takes_focus(widget: QWidget) -> bool:
    """Whether Tab comes to it; a page that scrolls is only passed through."""
    policy = widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    return bool(policy) and not isinstance(widget, QScrollArea)


class Examination(screens.Studio):
    """Takes down trees where the studio takes pictures."""

    found: ClassVar[dict[str, list[Node]]] = {}

    def wait(self, milliseconds: int = 120) -> None:
        """Wait less: what pictures are taken of has to be painted, a tree has not."""
        super().wait(max(15, milliseconds // 6))

    def shoot(self, name: str, widget: QWidget | None = None) -> None:
        """Take down what is on the screen now."""
        self.wait()
        self.found[name] = tree(widget or self.window)


def examined() -> dict[str, list[Node]]:
    """The tree of every screen, by the name of its picture."""
    Examination.found = {}
    with tempfile.TemporaryDirectory() as folder:
        for draw in (screens.draw_all, screens.draw_failures):
            studio = Examination(Path(folder), "")
            try:
                studio.theme.set_appearance(Appearance.LIGHT)
                draw(studio, screens.WIDE, Appearance.LIGHT)
            finally:
                studio.end()
    return Examination.found


def main() -> int:
    """Tell every fault; returns how many there are."""
    QApplication.instance() or QApplication(["accessibility"])
    found, number = examined(), 0
    for name, nodes in found.items():
        if len(sys.argv) > 1:
            folder = Path(sys.argv[1])
            folder.mkdir(parents=True, exist_ok=True)
            lines = "\n".join(map(str, nodes)) + "\n"
            (folder / f"{name}.txt").write_text(lines, encoding="utf-8")
        wrong = faults(nodes)
        number += len(wrong)
        worked_with = sum(map(is_worked_with, nodes))
        told = f"{name}: {len(nodes)} elements, {worked_with} to work with"
        sys.stdout.write("\n  ".join([told, *wrong]) + "\n")
    sys.stdout.write(f"{len(found)} screens, {number} faults\n")
    return min(number, 99)


if __name__ == "__main__":
    sys.exit(main())
