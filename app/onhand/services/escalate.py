"""Asking a cloud model: drawn up, looked at, approved, sent, checked, kept.

The one holder of `Cloud`. Whoever calls `send` has shown somebody just what it will send.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from onhand.domain.answers import Lane, Outcome, Receipt
from onhand.domain.cloud import Approved, PostState
from onhand.domain.cloud_answers import Sent, read_reply
from onhand.domain.cloud_errors import (
    CloudFailure,
    CloudOff,
    HostForbidden,
    ProviderUnknown,
)
from onhand.domain.cloud_requests import trial_of
from onhand.domain.errors import AppError, DataFolderUnwritable, DiskFull, EmptyText
from onhand.domain.escalation import TOLD_FROM, Draft
from onhand.domain.masking import apart
from onhand.domain.progress import ignore_progress
from onhand.domain.tasks import Task, identity, version
from onhand.services.cloud_ports import Cloud, CloudWay, OnPost
from onhand.services.cloud_track import track_of
from onhand.services.finding_masks import FindMasks, listed
from onhand.services.history_ports import Record
from onhand.services.ports import Clock, Languages, SettingsStore
from onhand.services.run_task import Ran
from onhand.services.spending_ports import ProviderKeys, ProviderStore

if TYPE_CHECKING:
    from onhand.domain.cloud import CloudReply, Provider
    from onhand.domain.masking import Found
    from onhand.domain.progress import CancelToken, OnProgress
    from onhand.domain.settings import Settings
    from onhand.services.paying import Paying


def ignore_post(_: PostState) -> None:
    """Nobody watches."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What somebody decided in front of the sheet.

    Attributes:
        shown: what they were shown, character by character.
        off: the masks that they took off.
        private: whether nothing of it shall be kept.
    """

    shown: str = field(repr=False)
    off: frozenset[str] = frozenset()
    private: bool = False


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What escalation needs of the rest of the program.

    Attributes:
        ready: makes the engine ready to look for names; raises where it cannot be.
        keep: keeps an answer as far as the settings want it.
        judged: the answers to a task, as it is now, that the user has judged.
    """

    providers: ProviderStore
    keys: ProviderKeys
    settings: SettingsStore
    languages: Languages
    clock: Clock
    ready: Callable[[], object]
    keep: Callable[[Record], Ran]
    judged: Callable[[Task], Sequence[Record]]


class Escalate:
    """Asks cloud models, never by itself."""

    def __init__(
        self, cloud: Cloud, find: FindMasks, paying: Paying, around: Surroundings
    ) -> None:
        self._cloud = cloud
        self._find = find
        self._paying = paying
        self._around = around

    def provider(self, name: str = "") -> Provider:
        """The cloud model of a name; "" for the first one.

        Raises:
            ProviderUnknown: there is none.
        """
        for each in self._around.providers.added():
            if name in {"", each.name}:
                return each
        raise ProviderUnknown(name)

    def draft(
        self,
        task: Task,
        text: str,
        provider: Provider,
        cancel: CancelToken,
        on_progress: OnProgress = ignore_progress,
    ) -> Draft:
        """What could be sent to have a task done on a text. Nothing is sent.

        Raises:
            CloudOff, HostForbidden, EmptyText: nothing may be, or there is nothing.
            MaskPatternUnusable: what must be masked cannot be found.
            Cancelled: the user stopped it.
        """
        settings = self._allowed(provider)
        if not text.strip():
            raise EmptyText
        found = self._find.formed(text, settings)
        unnamed: AppError | None = None
        try:
            self._around.ready()
            found += self._find.names(text, cancel, on_progress)
        except AppError as error:
            unnamed = error
        track = track_of(task, provider.model, self._around.judged)
        return Draft(
            task=task,
            text=text,
            provider=provider,
            found=apart(text, found),
            unnamed=unnamed,
            track=track if track is not None and track.judged >= TOLD_FROM else None,
        )

    def look_for(self, text: str, cancel: CancelToken) -> list[Found]:
        """What could be masked in a text; raises as `FindMasks.names`."""
        self._around.ready()
        return list(self._find.all(text, self._around.settings.load(), cancel))

    def left(self) -> int | None:
        """What may still be spent this month, in millionths; None: anything."""
        return self._paying.left(self._around.settings.load())

    def send(
        self,
        draft: Draft,
        decision: Decision,
        cancel: CancelToken,
        on_state: OnPost = ignore_post,
    ) -> Ran:
        """Send what was shown; the answer, checked and kept, with its receipt.

        Raises:
            PayloadUnseen: this is not what was shown; nothing was sent.
            CloudOff, HostForbidden, ProviderKeyless: nothing was sent.
            OverBudget, PriceUnknown: nothing was sent.
            CloudFailure: there is no answer.
            Cancelled: the user stopped it; it may have been sent.
        """
        approved = Approved.seen(draft.payload(decision.off), decision.shown)
        began = time.perf_counter()
        task_id = "" if decision.private else identity(draft.task)
        reply, receipt = self._asked(approved, task_id, cancel, on_state)
        masked = draft.masked(decision.off)
        sent = Sent(
            task=draft.task,
            text=draft.text,
            masked=masked,
            spoken=self._around.languages.of(draft.text),
        )
        read = read_reply(sent, reply.text, finished=reply.finished)
        outcome = Outcome(
            answer=read.answer,
            confidence=None,  # providers tell none that means anything here
            lane=Lane.CHECK,
            model=draft.provider.model,
            device=receipt.host,
            seconds=time.perf_counter() - began,
            read=1.0,
            route="cloud",
            notes=read.notes,
            receipt=replace(receipt, masks=len(masked.masks)),
        )
        record = Record(
            at=self._around.clock.now(),
            task=draft.task,
            task_id=identity(draft.task),
            task_version=version(draft.task),
            text=draft.text,
            outcome=outcome,
        )
        return Ran(record=record) if decision.private else self._around.keep(record)

    def test(
        self, provider: Provider, cancel: CancelToken, on_state: OnPost = ignore_post
    ) -> CloudReply:
        """See whether a cloud model answers; nothing of the user's is sent.

        Raises:
            As `send`.
        """
        payload = trial_of(provider)
        approved = Approved.seen(payload, payload.shown)
        return self._asked(approved, "", cancel, on_state)[0]

    def _asked(
        self, approved: Approved, task_id: str, cancel: CancelToken, on_state: OnPost
    ) -> tuple[CloudReply, Receipt]:
        payload = approved.payload
        provider = payload.provider
        settings = self._allowed(provider)
        way = CloudWay(
            key=self._around.keys.load(provider.name) if provider.keyed else "",
            hosts=_hosts(provider, settings),
            proxy=settings.proxy,
        )
        spending = self._paying.reserve(payload, task_id, settings)
        on_state(PostState(sending=len(payload.body)))
        try:
            reply = self._cloud.send(approved, way, cancel, on_state)
        except CloudFailure as failure:
            self._paying.fail(spending, free=failure.free)
            raise
        except (HostForbidden, DiskFull, DataFolderUnwritable):
            self._paying.fail(spending, free=True)
            raise
        paid = self._paying.settle(spending, payload, reply)
        receipt = Receipt(
            provider=provider.name,
            host=provider.host,
            digest=payload.digest,
            sent=len(payload.body),
            received=reply.bytes,
            cost=paid.cost,
            exact=paid.exact,
        )
        return reply, receipt

    def _allowed(self, provider: Provider) -> Settings:
        settings = self._around.settings.load()
        if not settings.cloud:
            raise CloudOff
        if not any(_is_below(provider.host, each) for each in _hosts(provider, settings)):
            raise HostForbidden(provider.host)
        return settings


def _hosts(provider: Provider, settings: Settings) -> tuple[str, ...]:
    """Where requests may go: the list, or the host that the user has added."""
    allowed = tuple(each.lower().strip(".") for each in listed(settings.cloud_hosts))
    return allowed or (provider.host,)


def _is_below(host: str, allowed: str) -> bool:
    return host == allowed or host.endswith(f".{allowed}")
