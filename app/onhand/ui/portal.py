"""A setting of the desktop, from its portal (xdg-desktop-portal) by D-Bus."""

from __future__ import annotations

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

_SETTINGS = (
    "org.freedesktop.portal.Desktop",
    "/org/freedesktop/portal/desktop",
    "org.freedesktop.portal.Settings",
)


class Portal(QObject):
    """Asks for one setting and listens for what it becomes.

    Where there is no bus, no portal, or it does not know the setting, nothing is told.

    Signals:
        told: the value, once it is known and whenever it changes.
    """

    told = Signal(object)

    def __init__(self, group: str, key: str) -> None:
        """Returns at once."""
        super().__init__()
        self._setting = [group, key]
        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            return
        # The stubs say bytes; it takes words and nothing else.
        slot = SLOT("_changed(QDBusMessage)")
        bus.connect(*_SETTINGS, "SettingChanged", self, slot)  # type: ignore[call-overload]
        question = QDBusMessage.createMethodCall(*_SETTINGS, "Read")
        question.setArguments(self._setting)
        watcher = QDBusPendingCallWatcher(bus.asyncCall(question), self)
        watcher.finished.connect(self._answered)

    def _answered(self, watcher: QDBusPendingCallWatcher) -> None:
        if not watcher.isError():
            self._tell(watcher.reply().arguments())
        watcher.deleteLater()

    @Slot(QDBusMessage)
    def _changed(self, message: QDBusMessage) -> None:
        arguments = message.arguments()
        if arguments[:2] == self._setting:
            self._tell(arguments[2:])

    def _tell(self, arguments: list[object]) -> None:
        value = arguments[0] if arguments else None
        while (inside := getattr(value, "variant", None)) is not None:
            value = inside()
        self.told.emit(value)
