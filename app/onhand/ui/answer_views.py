"""A view for each kind of answer, one of them seen; each is made for its first answer."""

# ruff: noqa: PLC0415 - the window is seen before these are loaded

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QStackedWidget

from onhand.domain.tasks import Kind, kind_of
from onhand.ui.late import Late

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from onhand.services.history_ports import Record
    from onhand.ui.answer_view import AnswerView
    from onhand.ui.theme import Theme

LATE = tuple(
    f"onhand.ui.{name}_view"
    for name in ("classification", "extraction", "rewriting", "summary")
)
"""The modules of the views."""


class AnswerViews(QStackedWidget):
    """Finds the view for an answer.

    Attributes:
        makers: make the views, each of which is made once.

    Signals:
        sources_chosen: a list of `(start, end)` in code points of the given text.
        copying_allowed: whether the answer may be copied now.
        edited: other values of an extraction, in the form of a correction.
    """

    sources_chosen = Signal(list)
    copying_allowed = Signal(bool)
    edited = Signal(dict)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._views = {kind: Late(partial(self._make, kind)) for kind in Kind}
        self.makers: list[Callable[[], object]] = [
            view.get for view in self._views.values()
        ]

    def of(self, record: Record) -> AnswerView:
        """The view for the answer of an entry."""
        return self._views[kind_of(record.task)].get()

    def _make(self, kind: Kind) -> AnswerView:
        view = self._new(kind)
        self.addWidget(view)
        view.sources_chosen.connect(self.sources_chosen)
        view.copying_allowed.connect(self.copying_allowed)
        return view

    def _new(self, kind: Kind) -> AnswerView:
        match kind:
            case Kind.CLASSIFY:
                from onhand.ui.classification_view import ClassificationView

                return ClassificationView()
            case Kind.EXTRACT:
                from onhand.ui.extraction_view import ExtractionView

                extraction = ExtractionView()
                extraction.edited.connect(self.edited)
                return extraction
            case Kind.REWRITE:
                from onhand.ui.rewriting_view import RewritingView

                return RewritingView(self._theme)
            case Kind.SUMMARISE:
                from onhand.ui.summary_view import SummaryView

                return SummaryView(self._theme)
            case _:
                assert_never(kind)


def bring_up(stack: QStackedWidget, wanted: QWidget) -> None:
    """Show a page of a stack, which then takes the room of this page alone."""
    policy = QSizePolicy.Policy
    for number in range(stack.count()):
        page = stack.widget(number)
        if page is not None:
            height = policy.Preferred if page is wanted else policy.Ignored
            page.setSizePolicy(policy.Preferred, height)
    stack.setCurrentWidget(wanted)
