"""What tasks were taught, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from onhand.domain.shown_examples import LONGEST
from onhand.domain.teaching import LEAST_EXAMPLES, Verdict
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from onhand.domain.teaching import Lesson, Taught
    from onhand.services.teach import Standing


class LessonWords(QObject):
    """Lessons in sentences, in the user's language."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._words = Wording(self)

    def helped(self, lesson: Lesson) -> str:
        """What an adopted lesson changes."""
        if lesson.edits is not None:
            return self.tr(
                "With your corrections {edits} of 100 words instead of {edits_before} have"
                " to be changed in what is written."
            ).format(**self._figures(lesson))
        if lesson.fields:
            return self.tr(
                "With your {texts} corrections {after} of {texts} instead of {before} have"
                " all values right (F1 {f1} instead of {f1_before})."
            ).format(**self._figures(lesson))
        if lesson.f1 is not None:
            return self.tr(
                "With your {texts} corrections {after} of {texts} instead of {before} have"
                " all labels right (F1 {f1} instead of {f1_before})."
            ).format(**self._figures(lesson))
        return self.tr(
            "With your {texts} corrections {after} of {texts} instead of {before} are"
            " right."
        ).format(**self._figures(lesson))

    def outcome(self, lesson: Lesson) -> tuple[str, str]:
        """What came of a lesson that somebody asked for: a title and the rest."""
        match lesson.verdict:
            case Verdict.TOO_FEW:
                told = self.tr("There are {texts} labelled texts, and it takes {least}.")
                said = told.format(least=LEAST_EXAMPLES, **self._figures(lesson))
            case Verdict.ONE_LABEL:
                said = self.tr("All labelled texts have the same label.")
            case Verdict.TOO_LONG:
                told = self.tr(
                    "Each of the {texts} texts is longer than the {most} letters that a"
                    " model is shown."
                )
                most = self._words.count(LONGEST)
                said = told.format(most=most, **self._figures(lesson))
            case Verdict.NO_GAIN:
                said = self._no_gain(lesson).format(**self._figures(lesson))
            case Verdict.ADOPTED:
                return (
                    self.tr("The task answers with what it learned from now on"),
                    self._gain(lesson).format(**self._figures(lesson)),
                )
        return self.tr("The task answers as before"), said

    def _no_gain(self, lesson: Lesson) -> str:
        if lesson.edits is not None:
            return self.tr(
                "Of 100 words that are written {edits_before} have to be changed without"
                " what the {texts} texts show, and {edits} with it. That could be chance."
            )
        if lesson.fields:
            return self.tr(
                "Of {texts} labelled texts {before} have all values right without what they"
                " teach, and {after} with it (F1 {f1_before} and {f1}). That could be"
                " chance."
            )
        if lesson.f1 is not None:
            return self.tr(
                "Of {texts} labelled texts {before} have all labels right without what they"
                " teach, and {after} with it (F1 {f1_before} and {f1}). That could be"
                " chance."
            )
        return self.tr(
            "Of {texts} labelled texts {before} are right without what they teach, and"
            " {after} with it. That could be chance."
        )

    def _gain(self, lesson: Lesson) -> str:
        if lesson.edits is not None:
            return self.tr(
                "Of 100 words that were written {edits_before} had to be changed before,"
                " and {edits} have with what the others show. {texts} texts were tried."
            )
        if lesson.fields:
            return self.tr(
                "Of {texts} labelled texts {before} had all values right before, and"
                " {after} have with what the others teach (F1 {f1_before} before, {f1}"
                " now)."
            )
        if lesson.f1 is not None:
            return self.tr(
                "Of {texts} labelled texts {before} had all labels right before, and"
                " {after} have with what the others teach (F1 {f1_before} before, {f1}"
                " now)."
            )
        return self.tr(
            "Of {texts} labelled texts {before} were right before, and {after} are with"
            " what the others teach."
        )

    def standing(self, standing: Standing) -> str:
        """How a task stands."""
        texts = self._words.count(standing.texts)
        if standing.taught is None:
            return self.tr(
                "With {model} it was taught nothing so far. {texts} labelled texts are"
                " kept: what you corrected, called right, or gave it in a file. From"
                " {least} on it can learn."
            ).format(model=standing.model, texts=texts, least=LEAST_EXAMPLES)
        if standing.taught.teacher:
            return self.tr(
                "With {model} it was taught by {teacher} on {day}, with {learned} texts: to"
                " {after} of them it gives the same answer, instead of {before}. {texts}"
                " texts that people labelled are kept by now."
            ).format(
                teacher=standing.taught.teacher,
                **self._taught(standing.model, standing.taught),
                texts=texts,
            )
        return self._by_people(standing.taught.lesson).format(
            **self._taught(standing.model, standing.taught), texts=texts
        )

    def _by_people(self, lesson: Lesson) -> str:
        if lesson.edits is not None:
            return self.tr(
                "With {model} it was taught on {day}, tried on {learned} texts: {edits} of"
                " 100 words have to be changed instead of {edits_before}. {texts} texts are"
                " kept by now."
            )
        if lesson.fields:
            return self.tr(
                "With {model} it was taught by {learned} labelled texts on {day}: {after}"
                " of them have all values right instead of {before}. {texts} are kept by"
                " now."
            )
        if lesson.f1 is not None:
            return self.tr(
                "With {model} it was taught by {learned} labelled texts on {day}: {after}"
                " of them have all labels right instead of {before}. {texts} are kept by"
                " now."
            )
        return self.tr(
            "With {model} it was taught by {learned} labelled texts on {day}: {after} of"
            " them are right instead of {before}. {texts} are kept by now."
        )

    def _taught(self, model: str, taught: Taught) -> dict[str, str]:
        return {
            "model": model,
            "learned": self._words.count(taught.lesson.examples),
            "day": self._words.moment(taught.at),
            "after": self._words.count(taught.lesson.after),
            "before": self._words.count(taught.lesson.before),
            **self._edits(taught.lesson),
        }

    def _figures(self, lesson: Lesson) -> dict[str, str]:
        before, after = lesson.f1 or (0.0, 0.0)
        return {
            "f1_before": self._words.percent(before),
            "f1": self._words.percent(after),
            "texts": self._words.count(lesson.examples),
            "before": self._words.count(lesson.before),
            "after": self._words.count(lesson.after),
            **self._edits(lesson),
        }

    def _edits(self, lesson: Lesson) -> dict[str, str]:
        before, after = lesson.edits or (0.0, 0.0)
        return {
            "edits_before": self._words.count(round(100 * before)),
            "edits": self._words.count(round(100 * after)),
        }
