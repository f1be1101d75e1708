"""The pages of the window, one of them seen; those behind the first are made late."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QStackedWidget, QWidget

from onhand.ui.late import Late
from onhand.ui.parts import scrolled
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from collections.abc import Callable

    from onhand.ui.scroll_bars import ScrollArea

Page = TypeVar("Page", bound=QWidget)


class Places(QStackedWidget):
    """Each page can be scrolled where there is not enough room for it.

    Attributes:
        areas: in which the pages are, in the order of the places.
    """

    def __init__(self) -> None:
        super().__init__()
        self.areas: list[ScrollArea] = []
        self._makers: dict[int, Callable[[], object]] = {}

    def add(self, page: QWidget, name: str) -> None:
        """Add a page that is there."""
        self._add_area(name).setWidget(page)

    def add_late(self, make: Callable[[], Page], name: str) -> Late[Page]:
        """Add a page that is made when it is first wanted, or shown."""
        area = self._add_area(name)

        def placed() -> Page:
            page = make()
            area.setWidget(page)
            return page

        late = Late(placed)
        self._makers[len(self.areas) - 1] = late.get
        return late

    def show_page(self, number: int) -> None:
        """Show a page."""
        make = self._makers.get(number)
        if make is not None:
            make()
        self.setCurrentIndex(number)

    def reveal(self, part: QWidget) -> None:
        """Scroll the first page so that a part of it is seen; of a long one, its top."""
        area, page = self.areas[0], self.areas[0].widget()
        if page is None:  # which the stubs of Qt 6.9 do not tell
            return  # type: ignore[unreachable]
        if part.height() < area.viewport().height():
            area.ensureWidgetVisible(part)
        else:
            top = part.mapTo(page, QPoint()).y()
            area.verticalScrollBar().setValue(top - Gap.SMALL)

    def _add_area(self, name: str) -> ScrollArea:
        area = scrolled(name)
        self.areas.append(area)
        self.addWidget(area)
        return area
