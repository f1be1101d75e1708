"""Importing models from files and folders, asking where nobody vouches for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QPushButton, QWidget

from onhand.domain.model_errors import SignerUnknown, Unverified
from onhand.domain.progress import CancelToken
from onhand.ui.jobs import Jobs, Then
from onhand.ui.said import what
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.errors import AppError
    from onhand.domain.progress import Progress
    from onhand.services.import_models import Imported
    from onhand.services.import_pack import TakenPack
    from onhand.services.shelf import Shelf


@dataclass
class _Came:
    """What came in, and what did not."""

    models: list[str] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    doubtful: list[Path] = field(default_factory=list)

    def take(self, found: Sequence[Imported]) -> None:
        """Files that were brought in, or not."""
        for each in found:
            if each.model is not None:
                self.models.append(each.model.title)
            elif isinstance(each.error, Unverified):
                self.doubtful.append(each.source)
            elif each.error is not None:
                self.failures.append(f"{each.source.name}: {what(each.error)}")

    def unpack(self, taken: TakenPack) -> None:
        """The contents of a pack."""
        self.models += [model.title for model in taken.models]
        self.tasks += [task.name for task in taken.tasks]
        self.bare += taken.bare


class ModelImport(QObject):
    """Brings in one file or folder at a time.

    Signals:
        progressed: what is done, and how far that is (or None).
        ended: nothing is done any more.
        imported: what came in, and what did not, as title and sentence.
        failed: why nothing came in.
    """

    progressed = Signal(str, object)
    ended = Signal()
    imported = Signal(str, str)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, window: QWidget) -> None:
        super().__init__(window)
        self._jobs = jobs
        self._window = window
        self._words = Wording(self)
        self._cancel: CancelToken | None = None
        self._asked: list[Path] = []

    def put_behind(self, button: QPushButton) -> None:
        """Let a button offer what can be imported."""
        menu = QMenu(button)
        menu.setAccessibleName(self.tr("What to import"))
        menu.addAction(self.tr("A &file or pack…"), self.choose_file)
        menu.addAction(self.tr("All models of a f&older…"), self.choose_folder)
        button.setMenu(menu)

    def choose_file(self) -> None:
        """Ask for a file, and take it."""
        dialog = self._dialog(self.tr("Import a model"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(
            [self.tr("Models and packs (*.gguf *.onhandpack)"), self.tr("All files (*)")]
        )
        dialog.fileSelected.connect(lambda name: self.take(Path(name)))
        dialog.open()

    def choose_folder(self) -> None:
        """Ask for a folder, and take every model in it."""
        dialog = self._dialog(self.tr("Import all models of a folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda name: self.take(Path(name)))
        dialog.open()

    def take(self, source: Path) -> None:
        """Bring in a file, or every model of a folder."""
        self._take([source])

    def stop(self) -> None:
        """Stop; what came in before stays."""
        if self._cancel is not None:
            self._cancel.cancel()

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    def _take(
        self, sources: list[Path], *, unverified: bool = False, signer: str = ""
    ) -> None:
        if self._cancel is not None:
            return
        self._cancel = cancel = CancelToken()
        self._asked = sources
        told = self.tr("Importing and comparing")
        self.progressed.emit(told, None)

        def on_progress(far: Progress) -> None:
            self._jobs.post(partial(self._tell, cancel, told, far))

        def bring(shelf: Shelf) -> _Came:
            # Loads much that the window can do without when it opens.
            from onhand.services.import_models import Consent  # noqa: PLC0415

            consent = Consent(unverified=unverified)
            came = _Came()
            for source in sources:
                if shelf.packs.is_pack(source):
                    came.unpack(shelf.packs(source, signer, cancel, on_progress))
                else:
                    came.take(shelf.importing(source, consent, cancel, on_progress))
            return came

        self._jobs.keep(
            bring, Then(done=self._show, failed=self._fail, ended=self._end), cancel
        )

    def _tell(self, run: CancelToken, told: str, far: Progress) -> None:
        if self._cancel is run:
            self.progressed.emit(told, far)

    def _end(self) -> None:
        self._cancel = None
        self.ended.emit()

    def _show(self, came: _Came) -> None:
        lines = [*came.models, *came.failures]
        if came.tasks:
            told = self.tr("Tasks that came with them: {names}")
            lines.append(told.format(names=", ".join(came.tasks)))
        if came.bare:
            told = self.tr(
                "Their examples were not kept, since there is no key to encrypt them with:"
                " {names}"
            )
            lines.append(told.format(names=", ".join(came.bare)))
        if lines:
            title = self.tr("Models imported: {number}").format(number=len(came.models))
            self.imported.emit(title, "\n".join(lines))
        if came.doubtful:
            self._ask(came.doubtful)

    def _fail(self, error: AppError) -> None:
        if isinstance(error, Unverified):
            self._ask(self._asked)
        elif isinstance(error, SignerUnknown):
            self._ask_signer(self._asked, error.detail)
        else:
            self.failed.emit(error)

    def _ask_signer(self, sources: list[Path], signer: str) -> None:
        """A pack of a stranger comes in only if the user knows who that is."""
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Unknown signer"))
        box.setText(self.tr("This pack is signed with a key that is not known here."))
        box.setInformativeText(
            self.tr(
                "Its fingerprint is\n\n{fingerprint}\n\nCompare it with the one that you"
                " were told by whoever made the pack."
            ).format(fingerprint=signer)
        )
        take = box.addButton(
            self.tr("&Trust it, and import"), QMessageBox.ButtonRole.AcceptRole
        )
        leave = box.addButton(self.tr("&Leave it"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(leave)
        take.clicked.connect(lambda: self._take(sources, signer=signer))
        box.open()

    def _ask(self, sources: list[Path]) -> None:
        """A model that nobody vouches for comes in only if the user says so."""
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Unverified model"))
        names = ", ".join(each.name for each in sources)
        box.setText(self.tr("Nobody vouches for {names}.").format(names=names))
        box.setInformativeText(
            self.tr(
                "It is not in the catalogue and carries no signature. It may answer badly,"
                " or what its maker wants. Import it only if you trust where it comes from."
            )
        )
        take = box.addButton(
            self.tr("&Import it all the same"), QMessageBox.ButtonRole.AcceptRole
        )
        leave = box.addButton(self.tr("&Leave it"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(leave)
        take.clicked.connect(lambda: self._take(sources, unverified=True))
        box.open()
