"""Whether the system keeps a child process off the network, and what that means."""

from __future__ import annotations

import msgspec

from onhand.domain.policy_errors import SandboxMissing


class Confinement(msgspec.Struct, frozen=True, kw_only=True):
    """What a child that runs a model or reads a file says of itself.

    Attributes:
        enforced: the system refuses it, and everything that it starts, any socket that
            could reach another machine.
        reason: why not, in words; "" where it does.
    """

    enforced: bool = False
    reason: str = "it did not say"

    def raise_if_missing(self) -> None:
        """Say that nothing may run without it.

        Raises:
            SandboxMissing: it is not enforced.
        """
        if not self.enforced:
            raise SandboxMissing(self.reason)


ENFORCED = Confinement(enforced=True, reason="")


ENGINE = "the engine"
DOCUMENTS = "what takes documents apart"


def in_words(confinement: Confinement, child: str = ENGINE) -> str:
    """One line for people; `child` names the process."""
    if confinement.enforced:
        return f"enforced: the system refuses {child} every network connection"
    return f"not enforced here: {confinement.reason}"
