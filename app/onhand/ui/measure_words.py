"""What a measurement comes to, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from onhand.domain.comparing import CHANCE
from onhand.domain.side_by_side import difference, smallest_that_clears
from onhand.ui.decimals import decimal
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.domain.evaluating import Evaluation


class MeasureWords(QObject):
    """Sentences and figures of measurements, in the user's language."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._words = Wording(self)

    def clearing(self, found: Sequence[Evaluation], bar: float) -> str:
        """The smallest model that clears a bar, and how far to believe that."""
        best = smallest_that_clears(found, bar)
        share = self._words.percent(bar)
        if best is None:
            told = self.tr("None of these models clears your bar of {bar}.")
            return told.format(bar=share)
        told = self.tr("The smallest model that clears your bar of {bar} is {model}.")
        said = told.format(bar=share, model=best.title)
        low, _ = best.score_interval
        if low >= bar:
            return said
        told = self.tr(
            "With {number} texts that could be luck: its accuracy may be as low as {low}."
        )
        if best.fields:
            told = self.tr(
                "With {number} texts that could be luck: its F1 may be as low as {low}."
            )
        elif best.written:
            told = self.tr(
                "With {number} texts that could be luck: as few as {low} of the words may"
                " stay as they are."
            )
        elif best.several:
            told = self.tr(
                "With {number} texts that could be luck: as few as {low} may have all"
                " labels right."
            )
        luck = told.format(
            number=self._words.count(len(best.answers)),
            low=self._words.percent(low),
        )
        return f"{said} {luck}"

    def caveats(self, found: Sequence[Evaluation]) -> str:
        """What else must be known of the figures; "" if nothing."""
        first = found[0]
        said = [self._several(first)] if first.several else []
        if first.written:
            said = [
                self.tr(
                    "Words can stay that need not be taken out, put in or replaced until"
                    " the text is the right one, word by word; one may say as much in other"
                    " words."
                )
            ]
        for each in found:
            if each.seen:
                told = self.tr(
                    "{number} of these texts taught {model}, so it looks better here than"
                    " it is. Measure with others."
                )
                said.append(told.format(number=each.seen, model=each.title))
            if each.failed:
                told = self.tr("{model} has no answer for {number} texts.")
                said.append(told.format(model=each.title, number=each.failed))
        for other in found[1:]:
            if (chance := difference(found[0], other)) >= CHANCE:
                told = self.tr(
                    "The difference between {first} and {second} may be chance ({chance})."
                )
                said.append(
                    told.format(
                        first=found[0].title,
                        second=other.title,
                        chance=self._words.percent(chance),
                    )
                )
        return "\n".join(said)

    def _several(self, each: Evaluation) -> str:
        said = self.tr(
            "An answer is right where it has all labels of its text, and no others."
        )
        if each.fields:
            said = self.tr(
                "F1 is over all values; one is right that says what the row says, whatever"
                " its case, its spaces and its form. How sure it looks is told by field."
            )
        if not each.bare:
            return said
        told = self.tr("{number} of these texts have none.")
        return f"{said} {told.format(number=self._words.count(each.bare))}"

    def right_as(self, each: Evaluation) -> str:
        """What the bar is about, in a few words."""
        if each.fields:
            return self.tr("F1 of the values")
        if each.written:
            return self.tr("words that can stay")
        return self.tr("all labels right") if each.several else self.tr("right")

    def judged_right(self, each: Evaluation) -> str:
        """What of all that is judged by itself counts as right, in a few words."""
        if each.written:
            return self.tr("nothing to change")
        return self.tr("fields right") if each.fields else self.right_as(each)

    def judged_wrong(self, each: Evaluation) -> str:
        """What is not right of what is accepted, in a few words."""
        return self.tr("need a change") if each.written else self.tr("wrong among them")

    def judged_share(self, each: Evaluation) -> str:
        """What a threshold takes a share of, in a few words."""
        if each.fields:
            return self.tr("share of the fields that stays")
        return self.tr("share of the texts that stays")

    def kept(self, each: Evaluation, threshold: float) -> str:
        """What a threshold of confidence does."""
        kept = each.kept(threshold)
        sure = self._words.percent(threshold)
        if not kept.share:
            told = self.tr("{model} is at least {sure} sure of none of the texts.")
            if each.fields:
                told = self.tr("{model} is at least {sure} sure of none of the fields.")
            return told.format(model=each.title, sure=sure)
        told = self.tr(
            "{model} is at least {sure} sure of {stays} of the texts; of those answers"
            " {wrong} are wrong. The rest would be for you to check."
        )
        if each.written:
            told = self.tr(
                "{model} is at least {sure} sure of {stays} of the texts; of those {wrong}"
                " need a change. The rest would be for you to check."
            )
        if each.fields:
            told = self.tr(
                "{model} is at least {sure} sure of {stays} of the fields; of those {wrong}"
                " are wrong. The rest would be for you to check."
            )
        said = told.format(
            model=each.title,
            sure=sure,
            stays=self._words.percent(kept.share),
            wrong=self._words.percent(kept.wrong),
        )
        if not each.costs:
            return said
        told = self.tr(
            "By the costs of the task, one of those answers costs {cost} on average; one of"
            " all {all} would."
        )
        costs = {"cost": self.number(kept.cost), "all": self.number(each.mean_cost)}
        return f"{said} {told.format(**costs)}"

    def sure(self, each: Evaluation) -> str:
        """What the lanes of this model would do on these texts."""
        if each.fields:
            return self._sure_of_fields(each)
        kept = each.sure
        if not kept.share:
            return self.tr(
                "By what you judged so far, {model} calls none of these answers sure."
            ).format(model=each.title)
        told = self.tr(
            "By what you judged so far, {model} calls {stays} of these answers sure;"
            " {wrong} of those are wrong."
        )
        return told.format(
            model=each.title,
            stays=self._words.percent(kept.share),
            wrong=self._words.percent(kept.wrong),
        )

    def _sure_of_fields(self, each: Evaluation) -> str:
        kept = each.sure
        told = self.tr(
            "By what you judged so far, {model} calls none of these fields sure."
        )
        if kept.share:
            told = self.tr(
                "By what you judged so far, {model} calls {stays} of these fields sure;"
                " {wrong} of those are wrong."
            )
        return told.format(
            model=each.title,
            stays=self._words.percent(kept.share),
            wrong=self._words.percent(kept.wrong),
        )

    def score(self, each: Evaluation) -> str:
        """What the bar is about, with its interval."""
        low, high = each.score_interval
        return self.tr("{accuracy} ({low} to {high})").format(
            accuracy=self._words.percent(each.score),
            low=self._words.percent(low),
            high=self._words.percent(high),
        )

    def f1(self, each: Evaluation) -> str:
        """F1 over all labels with its interval, and that of a text."""
        low, high = each.micro_interval
        told = self.tr(
            "F1 over all labels is {f1} ({low} to {high}), of a text {text} on average."
        )
        if each.fields:
            told = self.tr(
                "F1 over all values is {f1} ({low} to {high}), of a text {text} on average."
            )
        return told.format(
            f1=self.number(each.micro_f1),
            low=self.number(low),
            high=self.number(high),
            text=self.number(each.text_f1),
        )

    def seconds(self, each: Evaluation) -> str:
        """The median, and what 95 of 100 texts take at most."""
        return self.tr("{median}, 95 % within {most}").format(
            median=self._words.seconds(each.seconds(0.5)),
            most=self._words.seconds(each.seconds(0.95)),
        )

    def number(self, value: float | None) -> str:
        """A figure between 0 and 1 that is no share."""
        return "–" if value is None else decimal(value, 3)

    def side_by_side(self, found: Sequence[Evaluation]) -> str:
        """The first plot in words."""
        told = self.tr("{model}: {accuracy} right, {seconds} a text.")
        if found and found[0].several:
            told = self.tr("{model}: {accuracy} with all labels right, {seconds} a text.")
        if found and found[0].written:
            told = self.tr("{model}: {accuracy} of the words can stay, {seconds} a text.")
        if found and found[0].fields:
            told = self.tr("{model}: an F1 of {accuracy}, {seconds} a text.")
        return " ".join(
            told.format(
                model=each.title,
                accuracy=self._words.percent(each.score),
                seconds=self._words.seconds(each.seconds(0.5)),
            )
            for each in found
        )

    def reliability(self, each: Evaluation) -> str:
        """The reliability curve in words."""
        told = self.tr("Of {number} answers that looked {sure} sure, {right} are right.")
        if each.written:
            told = self.tr(
                "Of {number} texts that looked {sure} sure, {right} need no change."
            )
        if each.fields:
            told = self.tr("Of {number} fields that looked {sure} sure, {right} are right.")
        return " ".join(
            told.format(
                number=self._words.count(part.answers),
                sure=self._words.percent(part.confidence),
                right=self._words.percent(part.right),
            )
            for part in each.reliability
        )
