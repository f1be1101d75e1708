"""What forgetting takes, leaves and has taken, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.services.keeping_ports import ExportedFile, Forgotten

_MOST_FILES = 12
"""Files that are named; of more only the number is told."""


class ForgetWords(QObject):
    """Sentences of the dialog in which something is forgotten."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._words = Wording(self)

    def concerned(self, entries: int) -> str:
        """How many entries would go."""
        return self.tr("%Ln entries will be forgotten.", "", entries)

    def reach(self, backups: int) -> str:
        """From where they go."""
        return self.tr(
            "It goes from the history and its search index, with corrections and what was"
            " learned from them, from the journals of batches, from drafts and saved"
            " prefixes, and from all backups ({number}): each is written anew without it,"
            " and checked. This cannot be undone."
        ).format(number=self._words.count(backups))

    def stays(self, files: Sequence[ExportedFile]) -> str:
        """What is out of reach."""
        lines = [
            self.tr(
                "What stays: files that you exported or that a batch wrote, and what other"
                " programs copied."
            )
        ]
        if files:
            lines.append(self.tr("These are still where they were written:"))
        for each in files[:_MOST_FILES]:
            told = self.tr("– {file}, written on {moment}")
            moment = self._words.moment(each.at)
            lines.append(told.format(file=each.path, moment=moment))
        if len(files) > _MOST_FILES:
            lines.append(self.tr("– and %Ln more", "", len(files) - _MOST_FILES))
        return "\n".join(lines)

    def result(self, gone: Forgotten) -> str:
        """What is gone."""
        backups = self._words.count(gone.backups)
        told = self.tr(
            "%Ln entries are forgotten. Backups written anew: {backups}.", "", gone.entries
        )
        return told.format(backups=backups)
