"""Best-first search for the most probable values of several blanks at once.

Each blank has a heap of beginnings, most probable first. A round takes the best beginning
of every blank, adds what must follow where the text leaves no choice, and decodes all of
them in one batch. Log-probabilities only fall along a value, so once nothing that waits is
more probable than what was found, that is best (A* with the trivial bound, Hart et al.
1968; `LOSS` makes it stop earlier than the bound alone would).

A batch of few tokens costs nearly as much as one of many, and an output costs a product
with the whole vocabulary. So a round goes far, and looks only where something is to be
decided: where a value could end, and where the text leaves a choice. Where the values are
given, the rest of one is not read once its beginning tells it from all others.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from onhand.domain.primitives import Span
from onhand.engine.llama.batching import Entry
from onhand.engine.llama.context import Context, Floats, log_softmax
from onhand.engine.llama.values import Node

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from onhand.domain.primitives import Blank

ROUNDS = 10
"""Batches of a search at most."""

MARGIN = 2.5
"""A value this much less probable than the best one (natural log) is not wanted."""

LOSS = 0.7
"""What a value loses at least, by experience, from its beginning to its end."""

CLOSE, SHORT = 1.0, 4
"""A beginning this close to the best one is followed in the same round if so few tokens
follow from it without choice."""

BEAM = 2
"""Beginnings of one blank in a round at most."""

FLOOR = 3.5
"""A beginning this much less probable than that there is no value is not followed."""

FAR = 8
"""Tokens that are added without choice; 24 cost a fifth more and bring nothing."""


@dataclass(order=True)
class _Beginning:
    """A beginning that waits; ordered by falling log-probability, then by age."""

    badness: float
    age: int
    node: Node = field(compare=False)


@dataclass(frozen=True)
class Step:
    """A beginning to follow: its log-probability, and the nodes from it on."""

    logprob: float
    chain: list[Node]

    @property
    def path(self) -> tuple[int, ...]:
        """All tokens, from the value's first one on."""
        return self.chain[-1].path

    @cached_property
    def outputs(self) -> list[Node]:
        """The nodes behind which something is to be decided."""
        return [node for node in self.chain if node is self.chain[-1] or not node.is_forced]


class Search:
    """The search of one blank.

    Attributes:
        sequence: holds everything in front of the value, and what leads to most values.
        position: of the value's first token, which is what leads to it.
    """

    def __init__(
        self,
        sequence: int,
        position: int,
        root: Node,
        *,
        blank: Blank,
        ends: npt.NDArray[np.int64],
    ) -> None:
        self.sequence = sequence
        self.position = position
        self.absent = 0.0
        self._root = root
        self._lead: tuple[int, ...] = ()
        self._ends = ends
        self._most = blank.limit
        self._many = blank.many
        self._heap: list[_Beginning] = []
        self._ages = count()
        self._found: list[Span] = []
        self._floor = -np.inf
        self._trail: tuple[tuple[int, ...], int] | None = None

    @property
    def spans(self) -> tuple[Span, ...]:
        """What was found, best first."""
        ordered = sorted(self._found, key=lambda span: -span.logprob)
        least = max(self._floor, self._best - MARGIN)
        return tuple(span for span in ordered[: self._most] if span.logprob >= least)

    @property
    def is_open(self) -> bool:
        """Whether something that waits may be more probable than what was found."""
        if not self._heap:
            return False
        bound = -self._heap[0].badness
        margin = MARGIN if self._many and len(self.spans) < self._most else -LOSS
        return bool(bound >= max(self._floor, self._best - margin))

    @property
    def _best(self) -> float:
        return max((span.logprob for span in self._found), default=-np.inf)

    def begin(self, rows: Floats, lead: int | None, absent: int | None) -> None:
        """Learn the logits in front of what leads to most values, and behind it.

        Args:
            rows: these two.
            lead: the token that leads to most values, if it belongs to their spelling;
                others may begin without it.
            absent: how "there is none" begins, behind the lead.
        """
        before, behind = log_softmax(rows)
        led, root = 0.0, self._root
        if lead is not None:
            self._lead = (lead,)
            led = float(before[lead])
            self._branch(0.0, root, before, but=lead)
            root = root.children().get(lead, Node((lead,), ()))
        if absent is not None:
            self.absent = led + float(behind[absent])
            self._floor = self.absent - FLOOR
        self._branch(led, root, behind)

    def next(self) -> list[Step]:
        """The best beginnings to follow now, each with what must come behind it.

        A search that is not open any more offers short ones, which cost little beside
        what others follow: another blank may get the place of its best value.
        """
        taken: list[Step] = []
        is_open = self.is_open
        least = max(self._floor, self._best - MARGIN)
        while self._heap and len(taken) < BEAM:
            logprob, chain = -self._heap[0].badness, _chain(self._heap[0].node)
            if logprob < least or (len(chain) > SHORT and (taken or not is_open)):
                break
            heapq.heappop(self._heap)
            taken.append(Step(logprob, chain))
            least = max(least, taken[0].logprob - CLOSE)
        return taken

    def learn(self, step: Step, rows: Floats) -> None:
        """Learn the logits behind the outputs of a step."""
        logprob = step.logprob
        outputs = step.outputs
        for index, (node, row) in enumerate(zip(outputs, log_softmax(rows), strict=True)):
            if places := node.places():
                end = float(np.logaddexp.reduce(row[self._ends]))
                self._found.append(Span(places=places, logprob=logprob + end))
            following = None
            if index + 1 < len(outputs):
                following = outputs[index + 1].path[len(node.path)]
                self._branch(logprob, node, row, but=following)
                logprob += float(row[following])
            else:
                self._branch(logprob, node, row)

    def sequence_for(self, context: Context, step: Step) -> tuple[int, int]:
        """A sequence to decode a step in, and how many of its tokens it holds already."""
        if self._trail is not None:
            (path, sequence), self._trail = self._trail, None
            if known := _same(path, step.path):
                context.cut(sequence, self.position + known)
                return sequence, known
            context.drop(sequence)
        fork = context.fork(self.sequence)
        known = _same(self._lead, step.path)
        context.cut(fork, self.position + known)
        return fork, known

    def keep(self, context: Context, step: Step, sequence: int) -> None:
        """Keep a round's first sequence that may go on; drop others."""
        if self._trail is None and step.chain[-1].children():
            self._trail = (step.path, sequence)
        else:
            context.drop(sequence)

    def drop_trail(self, context: Context) -> None:
        """Give up what is kept to go on with."""
        if self._trail is not None:
            context.drop(self._trail[1])
            self._trail = None

    def close(self, context: Context) -> None:
        """Drop all sequences."""
        self.drop_trail(context)
        context.drop(self.sequence)

    def _branch(
        self, logprob: float, node: Node, row: Floats, but: int | None = None
    ) -> None:
        """Take in the ways on from a node."""
        for token, child in node.children().items():
            if token == but:
                continue
            bound = logprob + float(row[token])
            if child.is_settled:
                self._found.append(Span(places=child.value(), logprob=bound))
            else:
                heapq.heappush(self._heap, _Beginning(-bound, next(self._ages), child))


def run(context: Context, searches: Sequence[Search]) -> None:
    """Go on with all searches, a batch at a time, until none has anything left to follow.

    Raises:
        Cancelled, TextTooLong: as for decoding.
    """
    for _ in range(ROUNDS):
        if not any(search.is_open for search in searches):
            return
        steps = [(search, step) for search in searches for step in search.next()]
        ample = context.room >= 2 * sum(len(step.path) for _, step in steps)
        if not ample:
            for search in searches:
                search.drop_trail(context)
        jobs = [
            (search, Step(step.logprob, fitting))
            for search, step in steps
            if (fitting := [each for each in step.chain if len(each.path) <= context.room])
        ]
        sizes = [len(step.path) for _, step in jobs]
        for portion in context.portions(sizes, most=context.free_sequences):
            _follow(context, jobs[portion], keep=ample)


def _follow(context: Context, jobs: Sequence[tuple[Search, Step]], *, keep: bool) -> None:
    """Decode some beginnings, each in a sequence of its own; `keep` some for later."""
    entries: list[Entry] = []
    taken: list[int] = []
    for search, step in jobs:
        sequence, known = search.sequence_for(context, step)
        taken.append(sequence)
        outputs = {len(node.path) - 1 for node in step.outputs}
        entries += [
            Entry(token, search.position + offset, sequence, offset in outputs)
            for offset, token in enumerate(step.path)
            if offset >= known
        ]
    logits = context.decode(entries)
    for (search, step), sequence in zip(jobs, taken, strict=True):
        count = len(step.outputs)
        search.learn(step, logits[:count])
        search.keep(context, step, sequence)
        if not keep:
            search.drop_trail(context)
        logits = logits[count:]


def _same(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    for index, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return index
    return min(len(one), len(other))


def _chain(node: Node) -> list[Node]:
    """A node and those behind it, as long as there is just one way on."""
    chain = [node]
    while len(chain) < FAR:
        children = chain[-1].children()
        if len(children) != 1:
            break
        chain.extend(children.values())
    return chain
