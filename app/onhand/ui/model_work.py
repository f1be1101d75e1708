"""What takes a while and is done with a model that is here: trying, verifying, removing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from onhand.domain.progress import CancelToken
from onhand.ui.jobs import Jobs, Then
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from onhand.domain.fit import Fit
    from onhand.domain.progress import OnProgress, Progress
    from onhand.services.shelf import Verified


class ModelWork(QObject):
    """Does one such thing at a time.

    Attributes:
        model: the model that something is done with; "" for none.

    Signals:
        progressed: model, what is done with it, and how far that is (or None).
        ended: model, and what came of it; "" where it was stopped or failed.
        failed: why nothing came of it.
        removed: a file is gone; how much room that made.
    """

    progressed = Signal(str, str, object)
    ended = Signal(str, str)
    failed = Signal(object)
    removed = Signal(str)

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._words = Wording(self)
        self._cancel = CancelToken()
        self._came = ""
        self.model = ""

    def measure(self, model: str) -> None:
        """Load a model, read and write with it, and tell how fast it is here."""
        told = self.tr("Loading, reading and writing on this machine")
        if (tell := self._begin(model, told)) is None:
            return
        cancel = self._cancel
        self._jobs.start(
            lambda services: services.fit.measure(model, cancel, tell),
            Then(done=self._show_fit, failed=self.failed.emit, ended=self._end),
            cancel=cancel,
            long=True,
        )

    def verify(self, model: str) -> None:
        """Compare a file with what it should be."""
        told = self.tr("Comparing the file with what it should be")
        if (tell := self._begin(model, told)) is None:
            return
        cancel = self._cancel
        self._jobs.keep(
            lambda shelf: shelf.keep.verify(model, cancel, tell),
            Then(done=self._show_verified, failed=self.failed.emit, ended=self._end),
            cancel,
        )

    def stop(self) -> None:
        """Stop what is done."""
        self._cancel.cancel()

    def remove(self, model: str, title: str) -> None:
        """Remove a file; the caller has asked."""
        self._jobs.keep(
            lambda shelf: shelf.keep.remove(model),
            Then(done=partial(self._tell_removed, title), failed=self.failed.emit),
        )

    def _begin(self, model: str, told: str) -> OnProgress | None:
        if self.model:
            return None
        self.model, self._came = model, ""
        self._cancel = cancel = CancelToken()
        self.progressed.emit(model, told, None)

        def on_progress(far: Progress) -> None:
            self._jobs.post(partial(self._tell, cancel, told, far))

        return on_progress

    def _tell(self, run: CancelToken, told: str, far: Progress) -> None:
        if self.model and self._cancel is run:
            self.progressed.emit(self.model, told, far)

    def _end(self) -> None:
        model, self.model = self.model, ""
        self.ended.emit(model, self._came)

    def _show_fit(self, fit: Fit) -> None:
        if fit.page_seconds is not None:
            time = self._words.seconds(fit.page_seconds)
            self._came = self.tr("Measured: a page takes about {time}.").format(time=time)

    def _show_verified(self, found: Verified) -> None:
        if not found.known:
            self._came = self.tr("There is nothing to compare this file with.")
        elif found.ok:
            self._came = self.tr("The file is what it should be, byte for byte.")
        elif found.damaged:
            number = self._words.count(found.damaged)
            told = self.tr("Pieces of the file that are damaged: {number}.")
            self._came = told.format(number=number)
        else:
            self._came = self.tr("The file is not what it should be.")

    def _tell_removed(self, title: str, freed: int) -> None:
        told = self.tr("{model} is gone. That made room for {size}.")
        self.removed.emit(told.format(model=title, size=self._words.size(freed)))
