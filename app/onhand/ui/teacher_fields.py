"""Choosing a larger model as the teacher of a task, and keeping what it said."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog

from onhand.domain.teaching import Verdict
from onhand.ui.jobs import Jobs, Then, lasting
from onhand.ui.labelled_fields import add_row
from onhand.ui.lesson_words import LessonWords
from onhand.ui.parts import Choice, button
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

    from onhand.domain.distilling import Distilled
    from onhand.services.bundle import Services
    from onhand.ui.parts import Notice


class TeacherFields(QObject):
    """Offers the models that are larger than the one in use."""

    def __init__(self, jobs: Jobs, owner: QWidget, notice: Notice) -> None:
        """`notice` says what became of the labels."""
        super().__init__(owner)
        self._jobs, self._owner, self._notice = jobs, owner, notice
        self._words, self._told = Wording(self), LessonWords(self)
        self._found: Distilled | None = None
        self._choice = Choice(self.tr("Who gives the labels"))
        self._choice.addItem(self.tr("The file"), "")
        self.save = button(self.tr("Save the &labels…"))
        self.save.setVisible(False)
        self.save.clicked.connect(self._ask)
        then = Then(done=self._offer, failed=notice.say_failure)
        jobs.start(_larger, lasting(owner, then))

    def add_to(self, grid: QGridLayout, buttons: QHBoxLayout) -> None:
        """Put the choice into the next row of a grid, and the button among others."""
        add_row(grid, self.tr("Labels come from"), self._choice)
        buttons.addWidget(self.save)

    @property
    def wanted(self) -> str:
        """The id of the teacher; "" where the file has the labels."""
        return str(self._choice.currentData() or "")

    def show(self, found: Distilled) -> None:
        """Tell what came of it, and offer the labels."""
        self._found = found
        self.save.setVisible(True)
        lesson, count = found.lesson, self._words.count
        if lesson.verdict in {Verdict.TOO_FEW, Verdict.ONE_LABEL}:
            self._notice.say(*self._told.outcome(lesson))
            return
        doubtful = sum(not each.learned for each in found.guesses)
        title = (
            self.tr("The task answers with what it learned from now on")
            if lesson.verdict is Verdict.ADOPTED
            else self.tr("The task answers as before")
        )
        told = self.tr(
            "{teacher} labelled {texts} texts; the {doubtful} that it was least sure of"
            " taught nothing. Of {examples} {model} gives {before} the same answer by"
            " itself, and {after} with what the others teach: {same} of the teacher's"
            " answers in {time} of its time."
        ).format(
            teacher=found.teacher,
            model=found.model,
            texts=count(len(found.guesses)),
            doubtful=count(doubtful),
            examples=count(lesson.examples),
            before=count(lesson.before),
            after=count(lesson.after),
            same=self._words.percent(found.same),
            time=self._words.percent(found.time),
        )
        self._notice.say(title, told)

    def write(self, path: Path) -> None:
        """Write the labels into a new file."""
        found = self._found
        if found is None:
            return

        def work(services: Services) -> Path:
            services.distil.save(found, path)
            return path

        then = Then(done=self._tell, failed=self._notice.say_failure)
        self._jobs.start(work, lasting(self._owner, then))

    def _ask(self) -> None:
        dialog = QFileDialog(self._owner, self.tr("Save the labels"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        # A file that is there stays, which the notice says.
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.setNameFilters([self.tr("Labels (*.csv *.jsonl)")])
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(lambda name: self.write(Path(name)))
        dialog.open()

    def _tell(self, path: Path) -> None:
        self._notice.say(
            self.tr("The labels are in {path}.").format(path=path),
            self.tr("The least sure come first. Put them right and teach the file."),
            tone="success",
        )

    def _offer(self, models: list[tuple[str, str]]) -> None:
        for id_, title in models:
            self._choice.addItem(title, id_)


def _larger(services: Services) -> list[tuple[str, str]]:
    """Ids and titles of models that could teach the one in use."""
    current = services.models.original()
    return [
        (each.id, each.title)
        for each in services.models.installed()
        if each.kind == "chat" and each.bytes > current.bytes
    ]
