"""The values that settings offer, in the user's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from onhand.domain.settings import Appearance, Device, Language

if TYPE_CHECKING:
    from enum import StrEnum


class SettingWords(QObject):
    """Words for choices; names of languages and techniques are the same everywhere."""

    def value(self, value: StrEnum) -> str:
        """A value in words."""
        if value in (Appearance.SYSTEM, Language.SYSTEM):
            return self.tr("Like the system")
        words: dict[StrEnum, str] = {
            Appearance.LIGHT: self.tr("Light"),
            Appearance.DARK: self.tr("Dark"),
            Device.AUTOMATIC: self.tr("Automatic"),
            Device.CPU: self.tr("Processor"),
            Device.CUDA: "CUDA",
            Device.METAL: "Metal",
            Device.VULKAN: "Vulkan",
            Language.ENGLISH: "English",
            Language.GERMAN: "Deutsch",
        }
        return words[value]
