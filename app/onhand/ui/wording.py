"""What answers say about themselves, in words."""

# ruff: noqa: PLC0415 - the window is seen before there is an answer

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, QObject

from onhand.domain.tasks import Kind, kind_of
from onhand.ui.decimals import decimal
from onhand.ui.said import said, task_name

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from onhand.domain.answers import Check, Outcome
    from onhand.domain.layouts import Tuning
    from onhand.domain.progress import Progress
    from onhand.domain.tasks import Task
    from onhand.services.run_task import Estimate


class Wording(QObject):
    """Words for numbers and states, in the user's language."""

    def kind(self, kind: Kind) -> str:
        """What a task does, as a verb."""
        match kind:
            case Kind.CLASSIFY:
                return self.tr("Classify")
            case Kind.EXTRACT:
                return self.tr("Extract")
            case Kind.REWRITE:
                return self.tr("Rewrite")
            case Kind.SUMMARISE:
                return self.tr("Summarise")

    def task(self, task: Task) -> str:
        """The name of a task; its kind where it has none."""
        return task_name(task) or self.kind(kind_of(task))

    def count(self, number: int) -> str:
        """A whole number with the separators of the language."""
        return QLocale().toString(number)

    def percent(self, share: float) -> str:
        """A share from 0 to 1; less than the whole is never called 100 %."""
        if 0 < share < 0.005:
            return self.tr("< 1 %")
        rounded = round(100 * share)
        if share < 1:
            rounded = min(99, rounded)
        return self.tr("{number} %").format(number=rounded)

    def seconds(self, seconds: float) -> str:
        """A time, as exact as a person wants it."""
        if seconds < 10:
            number = decimal(seconds, 1 if seconds >= 1 else 2)
            return self.tr("{number} s").format(number=number)
        if seconds < 90:
            return self.tr("{number} s").format(number=round(seconds))
        if seconds < 5400:
            return self.tr("{number} min").format(number=round(seconds / 60))
        return self.tr("{number} h").format(number=round(seconds / 3600))

    def span(self, span: timedelta) -> str:
        """How long ago something was, roughly; a clock that was set back counts as now."""
        minutes = max(0, round(span.total_seconds() / 60))
        if minutes < 2:
            return self.tr("a minute")
        if minutes < 120:
            return self.tr("%Ln minutes", "", minutes)
        if minutes < 48 * 60:
            return self.tr("%Ln hours", "", round(minutes / 60))
        return self.tr("%Ln days", "", round(minutes / 1440))

    def tuning(self, tuning: Tuning | None) -> str:
        """What another layout of the model wins and loses here."""
        if tuning is None:
            return self.tr(
                "The model's weights can be stored in the way that this machine reads"
                " fastest. That takes from seconds to minutes and can be taken back."
            )
        told = (
            self.tr(
                "The model stays as it came. The best other layout would read {reads} and"
                " write {writes} times as fast."
            )
            if tuning.layout is None
            else self.tr(
                "Tuned to this machine: it reads {reads} and writes {writes} times as fast."
            )
        )
        compared = tuning.comparison
        answers = (
            self.tr(
                "Of %Ln answers that you corrected, {after} are right now, {before}"
                " were before.",
                "",
                compared.corrected,
            )
            if compared.corrected
            else self.tr(
                "Of %Ln answers to neutral texts, {same} stayed the same.",
                "",
                compared.texts,
            )
        )
        return " ".join((told, answers)).format(
            reads=decimal(tuning.reads, 1),
            writes=decimal(tuning.writes, 1),
            after=self.count(compared.right_after),
            before=self.count(compared.right_before),
            same=self.count(compared.same),
        )

    def size(self, octets: int) -> str:
        """A file's size."""
        units = QLocale.DataSizeFormat.DataSizeSIFormat
        return QLocale().formattedDataSize(octets, 1, units)

    def moment(self, moment: datetime) -> str:
        """A date with its time, here."""
        local = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
        return QLocale().toString(local, QLocale.FormatType.ShortFormat)

    def made(self, outcome: Outcome) -> str:
        """Where an answer was made, how long it took and how much was read."""
        told = (
            self.tr(
                "{model} and {number} labelled texts on {device} · {seconds} · read {share}"
            )
            if outcome.taught
            else self.tr("{model} on {device} · {seconds} · read {share}")
        )
        made = told.format(
            model=outcome.model,
            number=self.count(outcome.taught),
            device=outcome.device,
            seconds=self.seconds(outcome.seconds),
            share=self.percent(outcome.read),
        )
        if (receipt := outcome.receipt) is None:
            return made
        sent = self.tr("%Ln bytes sent, receipt {digest}", "", receipt.sent)
        return f"{made} · {sent.format(digest=receipt.digest[:12])}"

    def lane(self, outcome: Outcome) -> str:
        """How far to trust an answer."""
        from onhand.domain.answers import Lane, Rewriting, Summary
        from onhand.domain.calibration import ENOUGH

        if outcome.receipt is not None:
            return self.tr("Please check. A cloud model does not say how sure it is.")
        match outcome.lane:
            case Lane.SURE:
                advice = self.tr("Sure.")
            case Lane.CHECK:
                advice = self.tr("Please check.")
            case Lane.HARD:
                advice = self.tr("Too hard for this model.")
        if outcome.confidence is None or outcome.judged < ENOUGH:
            told = self.tr("Not enough corrections yet to say: {judged} of {enough}.")
            return f"{advice} {told.format(judged=outcome.judged, enough=ENOUGH)}"
        wrong = math.ceil(round(100 * (1 - outcome.confidence), 6))
        told = self.tr(
            "Of the answers this sure, about %Ln in 100 were wrong. n = {judged}.",
            "",
            wrong,
        )
        said = f"{advice} {told.format(judged=self.count(outcome.judged))}"
        if isinstance(outcome.answer, Rewriting | Summary):
            weak = self.tr(
                "This goes by how probable its words are and by the checks, which says less"
                " than for a label."
            )
            said = f"{said} {weak}"
        return " ".join((said, *self._promise(outcome)))

    def _promise(self, outcome: Outcome) -> list[str]:
        """What "sure" promises, or how many answers are missing until it can be said."""
        from onhand.domain.answers import Lane
        from onhand.domain.calibration import enough

        if not outcome.promised:
            return []
        if outcome.lane is Lane.SURE:
            told = self.tr(
                "Of those called sure at most {share} are wrong, with 90 % certainty."
            )
            return [told.format(share=self.percent(outcome.promised))]
        missing = enough(outcome.promised) - outcome.judged
        if missing <= 0:
            return []
        return [self.tr("%Ln more before any can be called sure.", "", missing)]

    def failed_check(self, check: Check) -> str:
        """What is wrong with a text that was written."""
        match check.name:
            case "numbers":
                words = self.tr("Numbers")
            case "dates":
                words = self.tr("Dates")
            case "names":
                words = self.tr("Names")
            case "links":
                words = self.tr("Links")
            case "negation":
                words = self.tr("Negation")
            case other:
                words = self._whole(other)
        return f"✗ {words} – {said(check.detail)}" if check.detail else f"✗ {words}"

    def _whole(self, name: str) -> str:
        match name:
            case "text":
                return self.tr("The text")
            case "length":
                return self.tr("The length")
            case "language":
                return self.tr("The language")
            case "ending":
                return self.tr("The end")
            case other:
                return other

    def estimate(self, estimate: Estimate) -> str:
        """How long a text is, and what a run on it will take."""
        words = [self.tr("%Ln tokens", "", estimate.tokens)]
        if estimate.parts > 1:
            words.append(self.tr("read in %Ln parts", "", estimate.parts))
        else:
            words.append(self.tr("read whole"))
        if estimate.seconds is not None:
            time = self.seconds(estimate.seconds)
            words.append(self.tr("about {time}").format(time=time))
        return " · ".join(words)

    def progress(self, progress: Progress) -> str:
        """How far work is."""
        words = [said(progress.note)] if progress.note else []
        if progress.total:
            words.append(
                self.tr("{done} of {total}").format(
                    done=self.count(progress.done), total=self.count(progress.total)
                )
            )
        if progress.seconds_left is not None:
            words.append(
                self.tr("{time} left").format(time=self.seconds(progress.seconds_left))
            )
        return " · ".join(words)
