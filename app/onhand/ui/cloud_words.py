"""Words about cloud models: money, masks, what is going on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from onhand.domain.cloud import DOLLAR, SHOWN
from onhand.domain.masking import MaskKind
from onhand.ui.decimals import decimal
from onhand.ui.wording import Wording

if TYPE_CHECKING:
    from onhand.domain.cloud import Payload, PostState, Provider
    from onhand.domain.escalation import Track
    from onhand.domain.masking import Mask


class CloudWording(QObject):
    """Words in the user's language."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._words = Wording(self)

    def money(self, cost: int | None) -> str:
        """An amount; small ones with more places."""
        if cost is None:
            return self.tr("unknown")
        if 0 < cost < SHOWN:
            told = self.tr("less than {number} US dollars")
            return told.format(number=decimal(SHOWN / DOLLAR, 4))
        if -SHOWN < cost < 0:
            cost = 0
        places = 2 if cost >= DOLLAR or not cost else 4
        number = decimal(cost / DOLLAR, places)
        return self.tr("{number} US dollars").format(number=number)

    def mask(self, mask: Mask) -> str:
        """A mask, what it stands for, and what that is."""
        words = " ".join(mask.words.split())
        told = self.tr("{mask}  {words}  ({kind})")
        return told.format(mask=mask.name, words=words, kind=self.kind(mask.kind))

    def kind(self, kind: MaskKind) -> str:
        """What a mask covers."""
        words = {
            MaskKind.WORD: self.tr("word on a list"),
            MaskKind.PATTERN: self.tr("pattern of the organisation"),
            MaskKind.EMAIL: self.tr("e-mail address"),
            MaskKind.URL: self.tr("web address"),
            MaskKind.KEY: self.tr("password or key"),
            MaskKind.IBAN: self.tr("bank account"),
            MaskKind.CARD: self.tr("card number"),
            MaskKind.IP: self.tr("network address"),
            MaskKind.ID: self.tr("number of a person or firm"),
            MaskKind.PHONE: self.tr("phone number"),
            MaskKind.PERSON: self.tr("person"),
            MaskKind.ORGANISATION: self.tr("organisation"),
            MaskKind.PLACE: self.tr("place"),
        }
        return words[kind]

    def facts(self, payload: Payload, left: int | None, track: Track | None) -> str:
        """Where a request would go, how large it is, what it can cost and bring."""
        provider = payload.provider
        lines = [
            self.tr(
                "%Ln bytes, just as they stand above, to {address}", "", len(payload.body)
            ),
            self.tr(
                "Model: {model}. Your key goes along; no name of yours or of this laptop."
            )
            if provider.keyed
            else self.tr("Model: {model}. No key goes along, and no name of yours."),
            self.tr("It can cost {worst} at most."),
        ]
        if left is not None:
            lines[-1] += " " + self.tr("{left} may still be spent this month.")
        if provider.price is not None and provider.price.as_of:
            lines.append(self.tr("The price is as of {day}."))
        if track is not None:
            lines.append(self.track(track))
        if provider.keeps:
            lines.append(self.tr("What they keep: {page}"))
        return "\n".join(lines).format(
            address=provider.address,
            model=provider.model,
            worst=self.money(payload.worst_cost),
            left=self.money(left),
            day=provider.price.as_of if provider.price else "",
            page=provider.keeps,
        )

    def track(self, track: Track) -> str:
        """How often the model was right at this task."""
        told = self.tr(
            "You judged %Ln answers of this model to this task: {right} were right.",
            "",
            track.judged,
        )
        return told.format(right=self._words.count(track.right))

    def state(self, state: PostState) -> str:
        """What is going on with a request."""
        if state.pause:
            seconds = self._words.seconds(state.pause)
            told = self.tr("The provider is busy; it is asked again in {seconds}.")
            return told.format(seconds=seconds)
        if state.received:
            return self.tr("%Ln bytes have come back.", "", state.received)
        return self.tr("Sent; waiting for the reply…")

    def price(self, provider: Provider) -> str:
        """What a cloud model costs."""
        price = provider.price
        if price is None:
            return self.tr("price unknown")
        told = self.tr("{read} and {written} dollars for a million tokens read and written")
        return told.format(read=price.read, written=price.written)
