"""A shorter text; a sentence shows where it comes from, and the text which it went into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from onhand.domain.answers import Summary
from onhand.domain.splitting import Part, pieces_of
from onhand.ui.answer_view import LEAST_HEIGHT, AnswerView
from onhand.ui.clipboard import TextBox
from onhand.ui.input_box import wrapping
from onhand.ui.lane_line import LaneLine
from onhand.ui.offsets import code_point_offset, shown, utf16_offset
from onhand.ui.parts import Notice, label
from onhand.ui.text_marks import marks

if TYPE_CHECKING:
    from onhand.domain.answers import Check
    from onhand.services.history_ports import Record
    from onhand.ui.theme import Theme


class SummaryView(AnswerView):
    """Shows a `Summary`."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._chosen: Part | None = None
        self._summary = Summary(text="", parts=())
        self._sentences: list[Part] = []
        self._failed = Notice()
        self._lane = LaneLine()
        self._text = TextBox()
        self._text.setProperty("part", "reading")
        self._text.setAccessibleName(self.tr("Summary"))
        self._text.setReadOnly(True)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._text.setTabChangesFocus(True)
        self._text.cursorPositionChanged.connect(self._show_source)
        theme.changed.connect(self._mark)
        self._hint = label(
            self.tr("Put the cursor into a sentence to see where it comes from."),
            tone="muted",
            rank="small",
        )
        self.column.addWidget(self._failed)
        self.column.addWidget(self._lane)
        self._text.setMinimumHeight(LEAST_HEIGHT)
        self.column.addWidget(self._text, 1)
        self.column.addWidget(self._hint)

    def show_answer(self, record: Record) -> str:
        """See the base class."""
        outcome = record.outcome
        if outcome is None or not isinstance(outcome.answer, Summary):
            return ""
        text = outcome.answer.text
        self._summary = outcome.answer
        self._sentences = [
            piece for piece in pieces_of(text) if text[piece.start : piece.end].strip()
        ]
        self._lane.setText(self.words.lane(outcome))
        self._hint.setVisible(bool(outcome.answer.parts))
        self._text.blockSignals(True)
        self._text.setWordWrapMode(wrapping(text))
        self._text.setPlainText(shown(text))
        self._text.blockSignals(False)
        self._chosen = None
        self._mark()
        failed = self._check(outcome.answer.checks)
        return f"{failed} {text}" if failed else text

    def copied(self) -> str:
        """See the base class."""
        return self._summary.text

    def point(self, position: int) -> None:
        """Go to the sentence that this place went into."""
        fitting = [
            self._sentences[part.sentence]
            for part in self._summary.parts
            if part.start <= position < part.end and part.sentence < len(self._sentences)
        ]
        if fitting and self._chosen not in fitting:
            cursor = self._text.textCursor()
            cursor.setPosition(utf16_offset(self._summary.text, fitting[0].start))
            self._text.setTextCursor(cursor)
            self._text.ensureCursorVisible()
            self._show_source()

    def _mark(self) -> None:
        """Mark the sentence whose source is shown."""
        spans = []
        if self._chosen is not None:
            text, chosen = self._summary.text, self._chosen
            words = text[chosen.start : chosen.end]
            start = chosen.start + len(words) - len(words.lstrip())
            end = start + len(words.strip())
            spans.append((utf16_offset(text, start), utf16_offset(text, end)))
        document = self._text.document()
        self._text.setExtraSelections(marks(document, spans, self._theme.colours))

    def _check(self, checks: tuple[Check, ...]) -> str:
        """Show the checks that failed; returns them in words."""
        failed = [self.words.failed_check(check) for check in checks if not check.ok]
        if failed:
            title = self.tr("Look at the summary before you use it")
            self._failed.say(title, "\n".join(failed), tone="danger")
        else:
            self._failed.hide()
        return " ".join(failed)

    def _show_source(self) -> None:
        position = self._text.textCursor().position()
        place = code_point_offset(self._summary.text, position)
        number = next(
            (
                number
                for number, sentence in enumerate(self._sentences)
                if sentence.start <= place < sentence.end
            ),
            len(self._sentences) - 1,
        )
        sources = [
            (part.start, part.end)
            for part in self._summary.parts
            if part.sentence == number
        ]
        self._chosen = self._sentences[number] if sources else None
        self._mark()
        self.sources_chosen.emit(sources)
