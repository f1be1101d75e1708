"""Best-first search for the most probable values of several blanks at once.

Each blank has a heap of beginnings, most probable first. A round takes the best beginning
of every blank, adds what must follow where the text leaves no choice, and decodes all of
them in one batch. Log-probabilities only fall along a value, so what is found first is best
(A* with the trivial bound; Hart et al. 1968).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from onhand.domain.primitives import Span
from onhand.engine.llama.context import Context, Entry, Floats, log_softmax
from onhand.engine.llama.values import Node

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt


ROUNDS = 10
"""Batches of a search at most."""

MARGIN = 2.5
"""A beginning this much less probable than the best value (natural log) is not followed."""

FLOOR = 3.5
"""Likewise for one this much less probable than that there is no value."""

FIRST_BEAM = 2
"""Beginnings of each blank that the first batch follows; one in every later batch."""

NEAR, FAR = 5, 24
"""Tokens that are added without choice: at the beginning of a value, and further on."""


@dataclass(order=True)
class _Beginning:
    """A beginning that waits; ordered by falling log-probability, then by age."""

    badness: float
    age: int
    node: Node = field(compare=False)


class Search:
    """The search of one blank.

    Attributes:
        sequence: holds everything in front of the value.
        position: of the value's first token.
    """

    def __init__(
        self,
        sequence: int,
        position: int,
        root: Node,
        *,
        ends: npt.NDArray[np.int64],
        most: int,
    ) -> None:
        self.sequence = sequence
        self.position = position
        self.absent = 0.0
        self._root = root
        self._ends = ends
        self._most = most
        self._heap: list[_Beginning] = []
        self._ages = count()
        self._found: list[Span] = []
        self._floor = -np.inf

    @property
    def spans(self) -> tuple[Span, ...]:
        """What was found, best first."""
        ordered = sorted(self._found, key=lambda span: -span.logprob)
        return tuple(ordered[: self._most])

    def begin(self, row: Floats, absent: int | None) -> None:
        """Learn the logits behind the reply; `absent` is how "there is none" begins."""
        logprobs = log_softmax(row)
        if absent is not None:
            self.absent = float(logprobs[absent])
            self._floor = self.absent - FLOOR
        for token, child in self._root.children().items():
            self._push(float(logprobs[token]), child)

    def next(self, beam: int) -> list[tuple[float, list[Node]]]:
        """The best beginnings to follow now, each with what must come behind it."""
        taken: list[tuple[float, list[Node]]] = []
        while self._heap and len(taken) < beam and self._worth(-self._heap[0].badness):
            if taken and -self._heap[0].badness < taken[0][0] - MARGIN:
                break
            beginning = heapq.heappop(self._heap)
            taken.append((-beginning.badness, _chain(beginning.node)))
        return taken

    def learn(self, logprob: float, chain: Sequence[Node], rows: Floats) -> None:
        """Learn the logits behind every node of a chain."""
        for index, (node, row) in enumerate(zip(chain, log_softmax(rows), strict=True)):
            if places := node.places():
                end = float(np.logaddexp.reduce(row[self._ends]))
                self._found.append(Span(places=places, logprob=logprob + end))
            following = chain[index + 1].path[-1] if index + 1 < len(chain) else None
            for token, child in node.children().items():
                if token != following:
                    self._push(logprob + float(row[token]), child)
            if following is not None:
                logprob += float(row[following])

    def _worth(self, logprob: float) -> bool:
        if logprob < self._floor:
            return False
        best = max((span.logprob for span in self._found), default=-np.inf)
        return bool(logprob >= best - (MARGIN if len(self._found) < self._most else 0))

    def _push(self, logprob: float, node: Node) -> None:
        heapq.heappush(self._heap, _Beginning(-logprob, next(self._ages), node))


def run(context: Context, searches: Sequence[Search]) -> None:
    """Go on with all searches, a batch at a time, until none has anything left to follow.

    Raises:
        Cancelled, TextTooLong: as for decoding.
    """
    for number in range(ROUNDS):
        best = [
            (search, logprob, chain)
            for search in searches
            for logprob, chain in search.next(FIRST_BEAM if number == 0 else 1)
        ]
        if not best:
            return
        jobs = [
            (search, logprob, fitting)
            for search, logprob, chain in best
            if (fitting := [node for node in chain if len(node.path) <= context.room])
        ]
        sizes = [len(chain[-1].path) for _, _, chain in jobs]
        for portion in context.portions(sizes, most=context.free_sequences):
            _follow(context, jobs[portion])


def _follow(context: Context, jobs: Sequence[tuple[Search, float, list[Node]]]) -> None:
    """Decode some beginnings, each in a sequence of its own."""
    forks = [context.fork(search.sequence) for search, _, _ in jobs]
    entries = [
        Entry(
            token, search.position + offset, fork, output=offset >= len(chain[0].path) - 1
        )
        for (search, _, chain), fork in zip(jobs, forks, strict=True)
        for offset, token in enumerate(chain[-1].path)
    ]
    logits = context.decode(entries)
    for fork in forks:
        context.drop(fork)
    first = 0
    for search, logprob, chain in jobs:
        search.learn(logprob, chain, logits[first : first + len(chain)])
        first += len(chain)


def _chain(node: Node) -> list[Node]:
    """A node and those behind it, as long as there is just one way on."""
    chain = [node]
    longest = NEAR if len(node.path) <= NEAR else FAR
    while len(chain) < longest:
        children = chain[-1].children()
        if len(children) != 1:
            break
        chain.extend(children.values())
    return chain
