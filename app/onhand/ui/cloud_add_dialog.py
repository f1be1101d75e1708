"""Adding a cloud model: one that is known, or any server that speaks the form of one."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from onhand.domain.cloud import Api, Price, Provider, Shape
from onhand.domain.cloud_errors import ProviderInvalid
from onhand.domain.errors import AppError
from onhand.ui.jobs import Jobs, Then, lasting
from onhand.ui.parts import Choice, Notice, button, label
from onhand.ui.theme import Gap

if TYPE_CHECKING:
    from collections.abc import Sequence


class CloudAddDialog(QDialog):
    """A form; the key goes to the keyring and is shown nowhere.

    Signals:
        added: a cloud model was; False where its key is kept only until the program ends.
    """

    added = Signal(bool)

    def __init__(self, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Add a cloud model"))
        self.setMinimumWidth(520)
        self._jobs = jobs
        self._known: dict[str, Provider] = {}
        self._which = Choice(self.tr("Cloud model"))
        self._name = self._line(self.tr("Name"))
        self._api = Choice(self.tr("Form of requests"))
        self._url = self._line(self.tr("Address"), "https://llm.example.org/v1")
        self._model = self._line(self.tr("Model"))
        self._shape = Choice(self.tr("Form of replies"))
        self._read = self._line(self.tr("Dollars for a million tokens read"))
        self._written = self._line(self.tr("Dollars for a million tokens written"))
        self._key = self._line(self.tr("Key"))
        self._key.setEchoMode(QLineEdit.EchoMode.Password)
        self._notice = Notice()
        self._do = button(self.tr("&Add"), part="primary", name=self.tr("Add it"))
        self._leave = button(self.tr("Cancel"))
        self._lay_out()
        self._which.activated.connect(self._fill)
        self._do.clicked.connect(self._take)
        self._leave.clicked.connect(self.reject)
        self._do.setDefault(True)
        jobs.start(
            lambda services: services.cloud.models.providers.known(),
            lasting(self, Then(done=self._offer, failed=self._notice.say_failure)),
        )

    def _line(self, name: str, sample: str = "") -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(name)
        line.setPlaceholderText(sample)
        return line

    def _lay_out(self) -> None:
        self._api.addItem(self.tr("like OpenAI"), Api.OPENAI)
        self._api.addItem(self.tr("like Anthropic"), Api.ANTHROPIC)
        self._shape.addItem(self.tr("by a schema"), Shape.SCHEMA)
        self._shape.addItem(self.tr("as an object"), Shape.OBJECT)
        self._shape.addItem(self.tr("by words alone"), Shape.WORDS)
        form = QFormLayout()
        form.setHorizontalSpacing(Gap.MEDIUM)
        form.setVerticalSpacing(Gap.SMALL)
        fields = (
            *(self._which, self._name, self._api, self._url, self._model, self._shape),
            *(self._read, self._written, self._key),
        )
        for each in fields:
            form.addRow(label(each.accessibleName(), wrap=False), each)
        told = self.tr(
            "The key is kept in the keyring of this system and nowhere else. It can be left"
            " empty for a server of your own. A price that is left empty is unknown; then"
            " nothing can be sent while there is a limit."
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(Gap.SMALL)
        buttons.addStretch()
        buttons.addWidget(self._leave)
        buttons.addWidget(self._do)
        column = QVBoxLayout(self)
        column.setContentsMargins(Gap.LARGE, Gap.LARGE, Gap.LARGE, Gap.LARGE)
        column.setSpacing(Gap.MEDIUM)
        column.addWidget(label(self.tr("Add a cloud model"), rank="heading"))
        column.addLayout(form)
        column.addWidget(label(told, tone="muted"))
        column.addWidget(self._notice)
        column.addLayout(buttons)

    def _offer(self, known: Sequence[Provider]) -> None:
        self._known = {each.name: each for each in known}
        self._which.addItem(self.tr("Another one"), "")
        for each in known:
            self._which.addItem(each.name, each.name)

    def _fill(self) -> None:
        """Fill in what is known of the chosen one."""
        known = self._known.get(self._which.currentData())
        if known is None:
            return
        self._name.setText(known.name)
        self._api.setCurrentIndex(self._api.findData(known.api))
        self._url.setText(known.url)
        self._model.setText(known.model)
        self._shape.setCurrentIndex(self._shape.findData(known.shape))
        self._read.setText(str(known.price.read) if known.price else "")
        self._written.setText(str(known.price.written) if known.price else "")

    def _take(self) -> None:
        try:
            provider = self._described()
        except AppError as error:
            self._notice.say_failure(error)
            return
        key = self._key.text().strip()
        then = Then(done=self._tell, failed=self._notice.say_failure)
        self._jobs.start(
            lambda services: services.cloud.models.add(provider, key), lasting(self, then)
        )

    def _described(self) -> Provider:
        known = self._known.get(self._which.currentData())
        price = self._price(known)
        keyed = bool(self._key.text().strip())
        changes = {
            "name": self._name.text().strip(),
            "api": Api(self._api.currentData()),
            "url": self._url.text().strip(),
            "model": self._model.text().strip(),
            "shape": Shape(self._shape.currentData()),
            "price": price,
            "keyed": keyed,
        }
        if known is not None:
            return msgspec.structs.replace(known, **changes)
        return msgspec.convert(changes, Provider)

    def _price(self, known: Provider | None) -> Price | None:
        read, written = self._read.text().strip(), self._written.text().strip()
        if not read and not written:
            return None
        try:
            price = Price(
                read=Decimal(read.replace(",", ".")),
                written=Decimal(written.replace(",", ".")),
            )
        except InvalidOperation as error:
            raise ProviderInvalid("a price is a number from 0 on") from error
        old = known.price if known else None
        if old is not None and (old.read, old.written) == (price.read, price.written):
            return old
        return price

    def _tell(self, kept: bool) -> None:
        self._key.clear()
        self.added.emit(kept)
        self.accept()
