"""The first start: what this is, a model, a first try; all of it can be skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from onhand.domain.fit import Verdict
from onhand.domain.samples import FIRST_TRY
from onhand.domain.size_ladder import proposed
from onhand.ui.model_words import ModelWording
from onhand.ui.parts import Choice, button, label
from onhand.ui.theme import Gap
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from onhand.domain.size_ladder import Step
    from onhand.domain.transfers import Transfer
    from onhand.ui.transfers import Transfers


class FirstStart(QDialog):
    """Three steps beside the window, which can be used meanwhile.

    Signals:
        download_wanted: a model shall be fetched: its id and size.
        import_wanted: a model file shall be taken from a disk.
        use_wanted: a model that is here shall be used; its id.
        try_wanted: the sample text shall be put to the first task.
        closed: it was seen, to its end or not.
    """

    download_wanted = Signal(str, object)  # a size may be more than Qt has numbers for
    import_wanted = Signal()
    use_wanted = Signal(str)
    try_wanted = Signal(str)
    closed = Signal()

    def __init__(self, transfers: Transfers, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Welcome to Onhand"))
        self._transfers = transfers
        self._words = ModelWording(self)
        self._numbers = Wording(self)
        self._steps: list[Step] = []
        self._fixed: str | None = None
        self._advice = label()
        self._models = Choice(self.tr("Model"))
        self._fit = label()
        self._facts = label(tone="muted")
        self._stands = label()
        self._get = button(self.tr("&Download"), part="primary")
        self._import = button(self.tr("&Import…"), name=self.tr("Import a model"))
        self._pages = QStackedWidget()
        self._number = label(tone="muted", wrap=False)
        self._skip = button(self.tr("&Skip"), name=self.tr("Skip the introduction"))
        self._back = button(self.tr("&Back"))
        self._next = button(self.tr("&Next"), part="primary")
        self._lay_out()
        self._connect()
        self._go(0)

    def show_steps(self, steps: list[Step]) -> None:
        """These are the models; the one that fits is proposed."""
        chosen = self._models.currentData()
        self._steps = [each for each in steps if _can_be_had(each) and self._may(each)]
        best = proposed(self._steps)
        wanted = chosen or (best.model if best is not None else "")
        self._models.blockSignals(True)
        self._models.clear()
        for step in self._steps:
            self._models.addItem(self._name(step, best), step.model)
        self._models.blockSignals(False)
        self._models.setCurrentIndex(max(0, self._models.findData(wanted)))
        self._show_chosen()

    def fix_model(self, model: str) -> None:
        """The organisation has chosen this one; no other is offered."""
        self._fixed = model
        self._import.hide()
        self._models.setAccessibleDescription(
            self.tr("It is managed by your organisation.")
        )
        self._advice.setText(
            self.tr(
                "Your organisation has chosen the model of this laptop: {model}. Where it"
                " is not here yet, it can be downloaded now."
            ).format(model=model)
        )
        self.show_steps(self._steps)

    def done(self, result: int) -> None:
        """It is shown once, however it is closed."""
        self.closed.emit()
        super().done(result)

    def _lay_out(self) -> None:
        self.setMinimumWidth(460)
        for page in (self._what(), self._which(), self._first()):
            self._pages.addWidget(page)
        row = QHBoxLayout()
        row.setSpacing(Gap.SMALL)
        row.addWidget(self._number)
        row.addStretch()
        for each in (self._skip, self._back, self._next):
            row.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.HUGE, Gap.HUGE, Gap.HUGE, Gap.HUGE)
        column.setSpacing(Gap.LARGE)
        column.addWidget(self._pages, 1)
        column.addLayout(row)

    def _connect(self) -> None:
        self._skip.clicked.connect(self.reject)
        self._back.clicked.connect(lambda: self._go(self._pages.currentIndex() - 1))
        self._next.clicked.connect(self._forward)
        self._get.clicked.connect(self._act)
        self._import.clicked.connect(self.import_wanted)
        self._models.currentIndexChanged.connect(self._show_chosen)
        self._transfers.changed.connect(self._show_chosen)

    def _what(self) -> QWidget:
        page, column = _page(self.tr("A small language model, on your laptop alone"))
        for text in (
            self.tr(
                "Onhand sorts texts into labels, finds values in them, and rewrites or"
                " shortens them. Your texts stay on this laptop."
            ),
            self.tr(
                "It came with a starter model. That is for trying things out and for"
                " teaching Onhand your labels: it is quick, knows English only and is often"
                " wrong."
            ),
            self.tr(
                "The next step is a larger model, which is right far more often. Choose one"
                " on the next page, now or later."
            ),
        ):
            column.addWidget(label(text))
        column.addStretch()
        return page

    def _which(self) -> QWidget:
        page, column = _page(self.tr("Which model?"))
        self._advice.setText(
            self.tr(
                "The one that suits this laptop is chosen already. You can work with the"
                " starter while it downloads."
            )
        )
        column.addWidget(self._advice)
        row = QHBoxLayout()
        row.setSpacing(Gap.SMALL)
        row.addWidget(self._get)
        row.addWidget(self._import)
        row.addStretch()
        for each in (self._models, self._fit, self._facts, self._stands):
            column.addWidget(each)
        column.addLayout(row)
        column.addStretch()
        return page

    def _first(self) -> QWidget:
        page, column = _page(self.tr("A first try"))
        column.addWidget(
            label(
                self.tr(
                    "Who wrote this, and how can they be reached? See what Onhand finds."
                )
            )
        )
        text = QPlainTextEdit(FIRST_TRY)
        text.setReadOnly(True)
        text.setProperty("part", "reading")
        text.setTabChangesFocus(True)
        text.setAccessibleName(self.tr("Sample text"))
        text.setMaximumHeight(text.fontMetrics().lineSpacing() * 5 + 2 * Gap.MEDIUM)
        column.addWidget(text)
        told = self.tr(
            "It is often wrong with the starter. Correct it: corrections teach, and show"
            " later what a larger model changes for you."
        )
        column.addWidget(label(told, tone="muted"))
        column.addStretch()
        return page

    def _go(self, number: int) -> None:
        last = self._pages.count() - 1
        self._pages.setCurrentIndex(number)
        self._number.setText(
            self.tr("Step {number} of {all}").format(number=number + 1, all=last + 1)
        )
        self._back.setVisible(number > 0)
        text = self.tr("&Try it") if number == last else self.tr("&Next")
        self._next.setText(text)
        self._next.setAccessibleName(text.replace("&", ""))
        self._next.setDefault(True)
        self._next.setFocus()

    def _forward(self) -> None:
        number = self._pages.currentIndex() + 1
        if number < self._pages.count():
            self._go(number)
            return
        self.try_wanted.emit(FIRST_TRY)
        self.accept()

    def _chosen(self) -> Step | None:
        wanted = self._models.currentData()
        return next((each for each in self._steps if each.model == wanted), None)

    def _may(self, step: Step) -> bool:
        return self._fixed is None or step.in_use or step.model == self._fixed

    def _name(self, step: Step, best: Step | None) -> str:
        words = [self._words.tier(step.tier), step.title, self._numbers.size(step.bytes)]
        if best is not None and step.model == best.model:
            words.append(self.tr("fits best"))
        return " · ".join(words)

    def _show_chosen(self) -> None:
        step = self._chosen()
        for each in (self._fit, self._facts, self._stands, self._get):
            each.setVisible(step is not None)
        if step is None:
            return
        transfer = self._transfers.of(step.model)
        self._fit.setText(self._words.fit_lines(step))
        self._facts.setText(self._words.facts(step))
        self._stands.setText(self._standing(step, transfer))
        self._stands.setVisible(bool(self._stands.text()))
        text = self.tr("&Use it") if step.here else self.tr("&Download")
        self._get.setText(text)
        self._get.setAccessibleName(text.replace("&", ""))
        self._get.setEnabled(
            not step.in_use and step.fit.may_be_loaded and (transfer is None or step.here)
        )

    def _standing(self, step: Step, transfer: Transfer | None) -> str:
        if transfer is not None:
            return self._words.transfers.transfer_line(transfer)
        if step.in_use:
            return self.tr("This one answers now.")
        return self.tr("It is here already.") if step.here else ""

    def _act(self) -> None:
        step = self._chosen()
        if step is None:
            return
        if step.here:
            self.use_wanted.emit(step.model)
        else:
            self.download_wanted.emit(step.model, step.bytes)
        self._next.setFocus()


def _can_be_had(step: Step) -> bool:
    runs = step.fit.verdict is not Verdict.CANNOT_RUN
    return step.here or (step.can_be_fetched and runs)


def _page(title: str) -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Gap.MEDIUM)
    column.addWidget(label(title, rank="title"))
    return page, column
