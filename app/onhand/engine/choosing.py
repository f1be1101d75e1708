"""Which rung an engine is started on, from what is known of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.errors import EngineFailed
from onhand.domain.ladder import (
    CPU,
    DEVICES,
    NO_FASTER,
    LadderRecord,
    Rung,
    Verdict,
    is_faster,
    next_device,
    next_rung,
)

if TYPE_CHECKING:
    from onhand.engine.protocol import Hello
    from onhand.engine.wishes import Wish
    from onhand.services.ports import LadderStore

NO_DEVICE = "there is no such device here, or the engine was built without a part for it"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A rung to try, what is known of it, and the kernels that a device works beside."""

    rung: Rung
    record: LadderRecord
    kernels: Rung | None = None

    def floor(self, model: str) -> float:
        """What the processor reads of a model, where another device is tried."""
        known = self.record.speeds_of(self.kernels, model) if self.kernels else None
        return known[0] if known else 0.0


class Choosing:
    """Chooses rungs; knows the ladder's record for as long as the program runs."""

    def __init__(self, ladder: LadderStore) -> None:
        self._ladder = ladder
        self._latest: LadderRecord | None = None

    def distrust(self, rung: Rung, rungs: tuple[Rung, ...], reason: str) -> None:
        """Step down from a rung that ran at first and failed later; the last is kept."""
        record = self._latest or self._ladder.load()
        if record is None:
            return
        record = record.ending(rung, Verdict.CRASHED, reason)
        if next_rung(rungs, record) is not None:
            self.keep(record)

    def keep(self, record: LadderRecord) -> None:
        """Write down what is known, and know it for as long as this program runs.

        Where nothing can be written the ladder would begin at its first rung for ever.
        """
        self._latest = record
        self._ladder.save(record)

    def choose(
        self, hello: Hello, wish: Wish, tried: set[str], passed: dict[str, str]
    ) -> Choice:
        """The rung to try.

        When all have failed, in earlier starts, this one gives each of them another chance.
        """
        record = self._record(hello.fingerprint)
        rung = next_rung(hello.rungs, record)
        if rung is None and not tried:
            record = LadderRecord(fingerprint=hello.fingerprint)
            rung = next_rung(hello.rungs, record)
        if rung is None:
            raise EngineFailed("; ".join(record.notes()))
        known = record.speeds_of(rung, wish.model) if record.proven(rung) else None
        if known is None:
            return Choice(rung=rung, record=record)
        if wish.device not in DEVICES:
            passed |= {
                each.name: NO_FASTER
                for each in hello.rungs
                if (speeds := record.speeds_of(each, wish.model)) is not None
                and each.device != CPU
                and not is_faster(speeds, known)
            }
        device = next_device(hello.rungs, record, wish.device, passed)
        if device is None:
            return Choice(rung=rung, record=record)
        return Choice(rung=device, record=record, kernels=rung)

    def is_final(
        self, hello: Hello, wish: Wish, choice: Choice, passed: dict[str, str]
    ) -> bool:
        """Whether a rung that runs is still the best, after what was measured of it."""
        return self.choose(hello, wish, {choice.rung.name}, passed).rung == choice.rung

    def _record(self, fingerprint: str) -> LadderRecord:
        record = self._latest or self._ladder.load()
        if record is None or record.fingerprint != fingerprint:
            return LadderRecord(fingerprint=fingerprint)
        return record


def remarks(hello: Hello, wish: Wish, passed: dict[str, str]) -> tuple[str, ...]:
    """Why a device is not used that works, or that was wished for."""
    found = tuple(f"{name}: {reason}" for name, reason in passed.items())
    if wish.device in DEVICES and all(each.device != wish.device for each in hello.rungs):
        found += (f"{wish.device}: {NO_DEVICE}",)
    return found
