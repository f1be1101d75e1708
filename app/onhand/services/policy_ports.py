"""Where policies come from, as a protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from onhand.domain.policies import RawPolicies


class PolicySource(Protocol):
    """The places in which an organisation can leave policies on this system."""

    def read(self) -> list[RawPolicies]:
        """What each place says, the weightiest first; one that is not there is left out.

        Never fails: a place that cannot be read has a problem.
        """
        ...
