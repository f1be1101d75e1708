"""What to do with the text: a kind, and a task that is chosen or made on the spot."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from onhand.domain.errors import TaskInvalid
from onhand.domain.tasks import Classify, Extract, Kind, Rewrite, Summarise, kind_of
from onhand.ui.late import Late
from onhand.ui.parts import Choice, button, label
from onhand.ui.said import task_name
from onhand.ui.task_editors import (
    FieldsEditor,
    LabelsEditor,
    StyleEditor,
    TaskEditor,
    WishEditor,
)
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from onhand.domain.tasks import Task

_LISTED = 12
_EDITORS: Mapping[Kind, type[TaskEditor]] = MappingProxyType(
    {
        Kind.CLASSIFY: LabelsEditor,
        Kind.EXTRACT: FieldsEditor,
        Kind.REWRITE: StyleEditor,
        Kind.SUMMARISE: WishEditor,
    }
)


class TaskForm(QWidget):
    """Chooses a task.

    Signals:
        changed: the task may be another one now.
        teaching_wanted: the user wants to see what it was taught, or to teach it.
        list_wanted: the user wants to see all tasks, or to make one.
    """

    changed = Signal()
    teaching_wanted = Signal()
    list_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._tasks: list[tuple[str, Task]] = []
        self._opened: list[tuple[str, Task]] = []
        self._kinds = QButtonGroup(self)
        self._names = Choice(self.tr("Task"))
        self._teach = button(self.tr("Teac&h…"), name=self.tr("Teach this task"))
        self._copy = button(self.tr("&Edit a copy"))
        self._told = label(tone="muted")
        self._list = button(self.tr("All tas&ks…"), name=self.tr("All tasks"))
        self._editors = {kind: Late(partial(self._make, kind)) for kind in Kind}
        self._lay_out()
        self._kinds.idToggled.connect(self._choose_kind)
        self._names.currentIndexChanged.connect(self._choose_task)
        self._teach.clicked.connect(self.teaching_wanted)
        self._copy.clicked.connect(self._edit_copy)
        self._list.clicked.connect(self.list_wanted)
        self._kinds.button(0).setChecked(True)

    def task(self) -> Task:
        """The task that is chosen or typed.

        Raises:
            TaskInvalid: what is typed is not a task yet.
        """
        chosen = self._chosen()
        return self._editors[self.kind].get().task() if chosen is None else chosen

    def typed(self) -> Task | None:
        """The task that is being typed, if one is and is whole."""
        try:
            return self.task() if self._chosen() is None else None
        except TaskInvalid:
            return None

    @property
    def kind(self) -> Kind:
        """The kind that is chosen."""
        return tuple(Kind)[self._kinds.checkedId()]

    def set_tasks(self, tasks: list[tuple[str, Task]]) -> None:
        """Offer these tasks by their names."""
        kept = self._chosen()
        self._tasks = tasks
        self._offer(kept)

    def set_task(self, task: Task) -> None:
        """Choose this task; one that is not among the offered is offered from now on."""
        if all(task != each for _, each in self._tasks + self._opened):
            self._opened.append((task.name or self.tr("From the history"), task))
        self._kinds.button(tuple(Kind).index(kind_of(task))).setChecked(True)
        self._offer(task)

    def _lay_out(self) -> None:
        kinds = QHBoxLayout()
        kinds.setSpacing(Gap.TINY)
        words = Wording(self)
        for number, kind in enumerate(Kind):
            choice = button(f"&{number + 1}  {words.kind(kind)}", part="segment")
            choice.setAccessibleName(words.kind(kind))
            choice.setCheckable(True)
            choice.setAutoExclusive(True)  # one of several, for a screen reader
            self._kinds.addButton(choice, number)
            kinds.addWidget(choice, 1)
        row = QHBoxLayout()
        row.setSpacing(Gap.SMALL)
        row.addWidget(self._names, 1)
        row.addWidget(self._list)
        row.addWidget(self._teach)
        row.addWidget(self._copy)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Gap.MEDIUM)
        column.addLayout(kinds)
        column.addLayout(row)
        column.addWidget(self._told)

    def _make(self, kind: Kind) -> TaskEditor:
        editor = _EDITORS[kind]()
        editor.changed.connect(self.changed)
        self._column.addWidget(editor)
        return editor

    def _choose_kind(self, _: int, chosen: bool) -> None:
        if chosen:
            self._offer(None)

    def _offer(self, wanted: Task | None) -> None:
        """List the tasks of the chosen kind and choose one, or the one to be typed."""
        self._names.blockSignals(True)
        self._names.clear()
        self._names.addItem(self._own_title(), None)
        for name, task in self._tasks + self._opened:
            if kind_of(task) is self.kind:
                self._names.addItem(task_name(task) or name, task)
                if task == wanted:
                    self._names.setCurrentIndex(self._names.count() - 1)
        if wanted is not None and not self._names.currentIndex():
            self._choose_successor(wanted)
        self._names.blockSignals(False)
        self._choose_task()

    def _choose_successor(self, wanted: Task) -> None:
        """Choose what a task has become: it was edited, or its examples are known now."""
        offered = [self._names.itemData(each) for each in range(1, self._names.count())]
        found = [
            at for at, task in enumerate(offered, 1) if task.id and task.id == wanted.id
        ]
        self._names.setCurrentIndex(found[0] if found else 0)

    def _own_title(self) -> str:
        match self.kind:
            case Kind.CLASSIFY:
                return self.tr("Labels of my own")
            case Kind.EXTRACT:
                return self.tr("Fields of my own")
            case Kind.REWRITE:
                return self.tr("Choose a style")
            case Kind.SUMMARISE:
                return self.tr("In short")

    def _choose_task(self) -> None:
        task = self._chosen()
        self._told.setText("" if task is None else self._in_words(task))
        self._told.setVisible(task is not None)
        self._copy.setVisible(task is not None)
        self._teach.setVisible(task is not None)
        wanted = self._editors[self.kind].get() if task is None else None
        for late in self._editors.values():
            if late.made is not None:
                late.made.setVisible(late.made is wanted)
        self.changed.emit()

    def _edit_copy(self) -> None:
        task = self._chosen()
        if task is not None:
            self._editors[self.kind].get().fill(task)
            self._names.setCurrentIndex(0)
            self._names.setFocus()

    def _chosen(self) -> Task | None:
        found: Task | None = self._names.currentData()
        return found

    def _listed(self, names: Sequence[str]) -> str:
        listed = ", ".join(names[:_LISTED])
        if len(names) <= _LISTED:
            return listed
        more = self.tr("{names} and %Ln more", "", len(names) - _LISTED)
        return more.format(names=listed)

    def _in_words(self, task: Task) -> str:
        words = " ".join(task.instruction.split())
        match task:
            case Classify():
                names = self._listed(task.answers)
                told = self.tr("Answers: {names}").format(names=names)
                return f"{words}\n{told}"
            case Extract(fields=fields):
                names = self._listed([each.name for each in fields])
                told = self.tr("Fields: {names}").format(names=names)
                return f"{words}\n{told}"
            case Rewrite() | Summarise():
                return words
            case _:
                assert_never(task)
