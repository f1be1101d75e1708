"""The one way by which text leaves this laptop, as a protocol.

Nobody but `services/escalate.py` and its wiring may know this module; a contract holds
that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from onhand.domain.cloud import PostState

if TYPE_CHECKING:
    from onhand.domain.cloud import Approved, CloudReply
    from onhand.domain.progress import CancelToken

OnPost = Callable[[PostState], None]


@dataclass(frozen=True, kw_only=True)
class CloudWay:
    """How a request reaches its provider.

    Attributes:
        key: the user's; shown nowhere.
        hosts: where requests may go at all, with all hosts below these.
        proxy: as a URL; "": what the system says.
    """

    key: str = field(repr=False)
    hosts: tuple[str, ...]
    proxy: str = field(default="", repr=False)


class Cloud(Protocol):
    """A cloud model: an approved payload in, a text out."""

    def send(
        self, approved: Approved, way: CloudWay, cancel: CancelToken, on_state: OnPost
    ) -> CloudReply:
        """Send it, just as it was approved; `on_state` is called on this thread.

        Each connection is in the ledger before it is opened. What passes and costs nothing
        is tried again.

        Raises:
            HostForbidden: nothing was sent.
            CloudFailure: there is no reply.
            DiskFull, DataFolderUnwritable: the ledger cannot be written; nothing was sent.
            Cancelled: the user stopped it; it may have been sent.
        """
        ...
