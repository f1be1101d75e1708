"""The frame of the window: places on the left, a page, notices, the strip at the bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QMainWindow

from onhand.ui import late_parts
from onhand.ui.icons import Picture
from onhand.ui.keeping import Keeping
from onhand.ui.late import Late, Pauses
from onhand.ui.parts import Notice, button
from onhand.ui.place_notice import PlaceNotice
from onhand.ui.places import Places
from onhand.ui.rail import Place, Rail
from onhand.ui.status_strip import StatusStrip
from onhand.ui.switching import Switching
from onhand.ui.transfer_notices import MeteredNotice, UnfinishedNotice
from onhand.ui.transfers import Transfers
from onhand.ui.welcome import Welcome
from onhand.ui.window_layout import laid_out
from onhand.ui.work_page import WorkPage

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QResizeEvent

    from onhand.ui.batch_page import BatchPage
    from onhand.ui.history_page import HistoryPage
    from onhand.ui.jobs import Jobs
    from onhand.ui.lessons import Lessons
    from onhand.ui.measure_page import MeasurePage
    from onhand.ui.model_import import ModelImport
    from onhand.ui.preferences_page import PreferencesPage
    from onhand.ui.shortcuts import Shortcuts
    from onhand.ui.theme import Theme

_NARROW = 720
_SIZE = QSize(1240, 780)


class WindowFrame(QMainWindow):
    """What the window is made of. What nobody sees at first is made when it is wanted.

    Attributes:
        pauses: makes all of that, one thing after the other.

    Signals:
        closed: nobody sees it any more.
        tried_again: what failed at the start shall be tried once more.
    """

    closed = Signal()
    tried_again = Signal()

    def __init__(self, jobs: Jobs, theme: Theme, shortcuts: Shortcuts) -> None:
        super().__init__()
        self.shortcuts = shortcuts
        self._jobs = jobs
        self._theme = theme
        self.setWindowTitle("Onhand")
        self.setMinimumSize(620, 340)
        self.resize(_SIZE.boundedTo(self.screen().availableSize() * 0.92))
        self.work = WorkPage(jobs, theme, self.shortcuts)
        self.transfers = Transfers(jobs)
        self.switching = Switching(jobs, self)
        self.welcome = Welcome(jobs, self.transfers, self)
        self.keeping = Keeping(jobs, self, self.welcome.afterwards)
        self.unfinished = UnfinishedNotice(self.transfers)
        self.metered = MeteredNotice(self.transfers)
        self.place = PlaceNotice(jobs)
        self.strip = StatusStrip()
        self.notice = Notice()
        places = self._named()
        self.rail = Rail(places, theme)
        self.places = Places()
        self._put_pages([self._page_name(place) for place in places])
        self._imports = Late(lambda: late_parts.model_import(jobs, self))
        self._own_tasks = Late(lambda: late_parts.own_tasks(jobs, theme, self))
        self._lessons = Late(lambda: late_parts.lessons(jobs, self))
        late = (self._history, self._preferences, self._batch, self._measure)
        steps = [*self.work.panel.views, *(each.get for each in late), self._lessons.get]
        self.pauses = Pauses(steps, self)
        self._lay_out()

    @property
    def batch(self) -> BatchPage:
        """Batch, made now if nobody has seen it yet; so are the others."""
        return self._batch.get()

    @property
    def history(self) -> HistoryPage:
        """History."""
        return self._history.get()

    @property
    def measure(self) -> MeasurePage:
        """Measure."""
        return self._measure.get()

    @property
    def preferences(self) -> PreferencesPage:
        """Preferences."""
        return self._preferences.get()

    @property
    def imports(self) -> ModelImport:
        """What brings models in."""
        return self._imports.get()

    @property
    def lessons(self) -> Lessons:
        """What learns in the background."""
        return self._lessons.get()

    def show_place(self, number: int) -> None:
        """Go to a page."""
        self.rail.choose(number)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell whoever runs the window, who ends the program or keeps it in the tray."""
        super().closeEvent(event)
        self.closed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the places show their pictures alone."""
        super().resizeEvent(event)
        self.rail.set_narrow(event.size().width() < _NARROW)

    def _named(self) -> tuple[Place, ...]:
        return (
            Place(self.tr("&Work"), Picture.WORK),
            Place(self.tr("&Batch"), Picture.BATCH),
            Place(self.tr("H&istory"), Picture.HISTORY),
            Place(self.tr("Me&asure"), Picture.MEASURE),
            Place(self.tr("Pre&ferences"), Picture.PREFERENCES),
        )

    def _put_pages(self, names: list[str]) -> None:
        jobs, add, task = self._jobs, self.places.add_late, self.work.form.task
        self.places.add(self.work, names[0])
        self._batch = add(lambda: late_parts.batch_page(jobs, task), names[1])
        self._history = add(lambda: late_parts.history_page(jobs), names[2])
        private = self.work.private.isChecked
        self._measure = add(lambda: late_parts.measure_page(jobs, task, private), names[3])
        self._preferences = add(
            lambda: late_parts.preferences_page(jobs, self.transfers), names[4]
        )

    def _page_name(self, place: Place) -> str:
        return self.tr("Page: {name}").format(name=place.title.replace("&", ""))

    def _lay_out(self) -> None:
        again = button(self.tr("Tr&y again"))
        again.clicked.connect(self.tried_again)
        self.notice.setProperty("place", "banner")
        self.notice.column.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)
        notices = (
            self.notice,
            self.keeping.notice,
            self.switching.notice,
            self.unfinished,
            self.metered,
            self.place,
        )
        self.setCentralWidget(laid_out(self.rail, notices, self.places, self.strip))
