"""Models, downloads and comparisons in the user's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from onhand.domain.fit import Verdict
from onhand.domain.languages import name_of
from onhand.domain.transfers import TransferState
from onhand.domain.vouching import Trust
from onhand.ui.said import catalogue, said
from onhand.ui.transfer_words import TransferWording
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from onhand.domain.size_ladder import Step
    from onhand.domain.transfers import Transfer


class ModelWording(QObject):
    """Words for the size ladder.

    Attributes:
        transfers: words for downloads.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._words = Wording(self)
        self.transfers = TransferWording(self)

    def tier(self, tier: str) -> str:
        """How large a model is."""
        names = {
            "tiny": self.tr("Tiny"),
            "small": self.tr("Small"),
            "medium": self.tr("Medium"),
            "large": self.tr("Large"),
        }
        return names.get(tier, self.tr("Other"))

    def state(self, step: Step, transfer: Transfer | None) -> str:
        """How a model stands, in few words."""
        if transfer is not None and transfer.state is not TransferState.DONE:
            return self.transfers.transfer(transfer)
        if not step.here:
            return self.tr("not here")
        words = [self._use(step), self.trust(step)]
        return ", ".join(word for word in words if word)

    def _use(self, step: Step) -> str:
        if step.in_use:
            return self.tr("in use, tuned") if step.tuned else self.tr("in use")
        return "" if step.damaged else self.tr("here")

    def trust(self, step: Step) -> str:
        """What is to be said of a file, in few words; nothing where all is well."""
        if step.damaged:
            return self.tr("damaged")
        match step.trust:
            case Trust.UNVERIFIED:
                return self.tr("unverified")
            case Trust.UNCHECKED:
                return self.tr("not checked")
            case _:
                return ""

    def trust_line(self, step: Step) -> str:
        """The same as a sentence."""
        if step.damaged:
            return self.tr("Its file is not what it should be, and is not loaded.")
        match step.trust:
            case Trust.UNVERIFIED:
                return self.tr(
                    "Unverified: nobody vouches for this file. Use it only if you trust"
                    " whoever gave it to you."
                )
            case Trust.UNCHECKED:
                return self.tr(
                    "Its file was not compared with the catalogue yet. That happens before"
                    " it is first used, and with Verify."
                )
            case _:
                return ""

    def fit(self, step: Step) -> str:
        """Whether a model fits, in few words; how long a page takes, where measured."""
        words = [self._verdict(step.fit.verdict)]
        if step.fit.page_seconds is not None and step.fit.may_be_loaded:
            time = self._words.seconds(step.fit.page_seconds)
            words.append(self.tr("{time} a page").format(time=time))
        return ", ".join(words)

    def _verdict(self, verdict: Verdict) -> str:
        match verdict:
            case Verdict.FITS:
                return self.tr("fits")
            case Verdict.TIGHT:
                return self.tr("tight")
            case Verdict.TOO_LARGE:
                return self.tr("too large now")
            case Verdict.CANNOT_RUN:
                return self.tr("cannot run here")

    def fit_lines(self, step: Step) -> str:
        """Whether a model fits, and why not."""
        fit = step.fit
        lines = [said(each) for each in fit.reasons]
        if not lines:
            told = self.tr("It fits: it needs {needs} of memory, {free} are free.")
            lines.append(
                told.format(
                    needs=self._words.size(fit.needs), free=self._words.size(fit.free)
                )
            )
        if fit.page_seconds is not None:
            told = self.tr("A page takes about {time} here.")
            lines.append(told.format(time=self._words.seconds(fit.page_seconds)))
        elif step.here and fit.may_be_loaded:
            lines.append(self.tr("How fast it is here was not measured yet."))
        return " ".join(lines)

    def facts(self, step: Step) -> str:
        """What is known of a model, in a line."""
        words = [self._words.size(step.bytes)]
        if step.licence:
            words.append(self.tr("licence {name}").format(name=step.licence))
        if spoken := self.languages(step):
            words.append(spoken)
        return " · ".join(words)

    def languages(self, step: Step) -> str:
        """What it was made for."""
        if not step.languages:
            return catalogue(step.language_claim)
        if len(step.languages) > 3:
            return self.tr("%Ln languages", "", len(step.languages))
        return ", ".join(said(name_of(each)) for each in step.languages)
