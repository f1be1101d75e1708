"""An engine without a model: its answers follow from keywords, patterns and a function."""

from __future__ import annotations

import math
import re
import time
from functools import partial
from operator import mul
from typing import TYPE_CHECKING

import msgspec

from onhand.domain.errors import AppError, ModelMissing, TextTooLong
from onhand.domain.heads import OWN_SHARE
from onhand.domain.primitives import (
    Blank,
    Count,
    Counted,
    Embed,
    Embedded,
    EngineState,
    Fill,
    Filled,
    PrefixCache,
    Probe,
    Probed,
    Prompt,
    Question,
    Request,
    Score,
    Scored,
    Span,
    Write,
    WriteEach,
    Written,
)
from onhand.domain.progress import CancelToken
from onhand.domain.train_request import Train, Trained
from onhand.domain.weigh_request import Weigh, Weighed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from onhand.domain.progress import OnText
    from onhand.services.ports import OnWhole

WIDTH = 8
"""Length of a hidden state."""

YES_AND_NO = {"yes", "no"}

_WORD = re.compile(r"\w+|[^\w\s]")
_PIECE = re.compile(r"\s*\S+|\s+")


def words_of(text: str) -> list[str]:
    """The tokens of this engine: words and single marks."""
    return _WORD.findall(text)


def _at_once() -> None:
    """Loading takes no time."""


class FakeEngine:
    """Answers by rules that a test can foresee. A token is a word or a mark.

    Attributes:
        keywords: for an option, a pattern; each match in the text makes the option e times
            as probable. Without a pattern the option's own words count. When the options
            are yes and no, the patterns of the names that the question mentions decide.
        patterns: for a word in a blank's `reply` (the name of a field), the pattern of its
            values. A blank without one stays absent, or takes the first that it may.
        writes: what is written for a text.
        imitates: the same where other turns stand in front, which come first.
        pace: seconds that each text, blank or piece takes.
        speeds: of models by their paths, tokens a second read and written.
        loading: called in the middle of loading a model.
        loaded: the model that is loaded; None for none.
        failing: raised by the next request, once.
        asked: all requests so far.
        lasting: those of them whose prompt's prefix might be kept.
    """

    def __init__(
        self,
        *,
        keywords: Mapping[str, str] | None = None,
        patterns: Mapping[str, str] | None = None,
        writes: Callable[[str], str] = str,
        context: int = 4096,
    ) -> None:
        self.keywords = dict(keywords or {})
        self.patterns = dict(patterns or {})
        self.writes = writes
        self.imitates: Callable[[Sequence[tuple[str, str]], str], str] = self._as_usual
        self.pace = 0.0
        self.speeds: dict[str, tuple[float, float]] = {}
        self.loading: Callable[[], None] = _at_once
        self.loaded: Path | None = None
        self.failing: AppError | None = None
        self.asked: list[Request] = []
        self.lasting: list[Request] = []
        self.adapter: Path | None = None
        self._context = context
        self._model: Path | None = None
        self._cache: PrefixCache | None = None

    def use(self, model: Path) -> None:
        """Answer as if with this model."""
        self._model = model

    def use_adapter(self, adapter: Path | None) -> None:
        """Note it; nothing is said otherwise."""
        self.adapter = adapter

    @property
    def asleep(self) -> bool:
        """Never."""
        return False

    def use_cache(self, cache: PrefixCache | None) -> None:
        """Note what may be kept; nothing is decoded here."""
        self._cache = cache

    def state(self, cancel: CancelToken | None = None) -> EngineState:
        """A state without speeds."""
        if self._model is None:
            raise ModelMissing("none was chosen")
        if self.loaded != self._model:
            self._load(cancel or CancelToken())
        return EngineState(
            model=str(self._model),
            architecture="fake",
            context=self._context,
            device="cpu",
            variant="",
            rung="cpu",
        )

    def score(self, request: Score, cancel: CancelToken) -> Scored:
        """Options by the keywords that the text holds."""
        self._begin(request, cancel)
        behind = [each.ask + each.reply for each in request.questions]
        for text in request.texts:
            self._raise_if_too_long(request.prompt, text, max(behind, key=len, default=""))
        rows = []
        for text in request.texts:
            self._pass_time(cancel)
            rows.append(tuple(self._shares(text, each) for each in request.questions))
        return Scored(
            logprobs=tuple(rows),
            tokens=_lengths(request.texts),
            states=tuple(map(_state, request.texts)) if request.states else (),
        )

    def fill(self, request: Fill, cancel: CancelToken) -> Filled:
        """Values by the patterns of the fields."""
        self._begin(request, cancel)
        behind = "".join(each.ask + each.reply for each in request.blanks)
        self._raise_if_too_long(request.prompt, request.text, behind)
        spans, absent = [], []
        for blank in request.blanks:
            self._pass_time(cancel)
            found = self._values(request.text, blank)
            spans.append(found[: blank.limit])
            absent.append(_absent(blank, found))
        return Filled(
            spans=tuple(spans), absent=tuple(absent), tokens=len(words_of(request.text))
        )

    def write(self, request: Write, cancel: CancelToken, on_text: OnText) -> Written:
        """What the function says, word by word."""
        self._begin(request, cancel)
        self._raise_if_too_long(request.prompt, request.text, request.ask + request.reply)
        pieces = self._pieces(request.prompt, request.text)
        for piece in pieces[: request.limit]:
            self._pass_time(cancel)
            on_text(piece)
        self._pass_time(cancel)
        return _written(pieces, request.limit)

    def write_each(
        self, request: WriteEach, cancel: CancelToken, on_whole: OnWhole
    ) -> None:
        """The same for several texts; the shortest are whole first."""
        self._begin(request, cancel)
        for text in request.texts:
            self._raise_if_too_long(request.prompt, text, request.ask + request.reply)
        made = {
            index: _written(self._pieces(request.prompt, text), limit)
            for index, (text, limit) in enumerate(
                zip(request.texts, request.limits, strict=True)
            )
        }
        for index in sorted(made, key=lambda each: made[each].tokens):
            for _ in range(made[index].tokens):
                self._pass_time(cancel)
            on_whole(index, made[index])
        self._pass_time(cancel)

    def _pieces(self, prompt: Prompt, text: str) -> list[str]:
        said = self.imitates(prompt.turns, text) if prompt.turns else self.writes(text)
        return _PIECE.findall(said)

    def embed(self, request: Embed, cancel: CancelToken) -> Embedded:
        """States that depend on the letters alone."""
        self._begin(request, cancel)
        for text in request.texts:
            self._raise_if_too_long(request.prompt, text, request.ask + request.reply)
        last, mean = [], []
        for text in request.texts:
            self._pass_time(cancel)
            last.append(_state(text[-1:]))
            mean.append(_state(text))
        return Embedded(last=tuple(last), mean=tuple(mean))

    def count(self, request: Count, cancel: CancelToken) -> Counted:
        """Words and marks."""
        self._begin(request, cancel)
        return Counted(tokens=_lengths(request.texts))

    def train(self, request: Train, cancel: CancelToken) -> Trained:
        """Weights that lead from the mean of all states to that of each answer's.

        With labels, what is held out of a text is what the others with its state say.
        """
        self._begin(request, cancel)
        if request.right:
            return _trained_apart(request)
        if request.labels:
            request = msgspec.structs.replace(
                request,
                shares=tuple(
                    tuple(float(each == label) for each in range(len(request.shares[0])))
                    for label in request.labels
                ),
            )
        mean = _weighted(request.states, [1.0] * len(request.states))
        weights, bias = [], []
        for shares in zip(*request.shares, strict=True):
            own = _weighted(request.states, shares)
            weights.append(tuple(a - b for a, b in zip(own, mean, strict=True)))
            bias.append(-sum(a * b for a, b in zip(weights[-1], mean, strict=True)))
        if not request.labels:
            return Trained(weights=tuple(weights), bias=tuple(bias), own=OWN_SHARE)
        return Trained(
            weights=tuple(weights),
            bias=tuple(bias),
            own=0.5,
            held_out=tuple(
                map(partial(_said_by_others, request), range(len(request.labels)))
            ),
        )

    def weigh(self, request: Weigh, cancel: CancelToken) -> Weighed:
        """Weights by how often candidates with a feature are right."""
        self._begin(request, cancel)
        texts = range(max(request.texts) + 1)
        left_out = [_odds(request, without=text) for text in texts]
        return Weighed(
            own=0.0,
            bias=0.0,
            weights=tuple(_odds(request).items()),
            held_out=tuple(
                sum(left_out[text].get(each, 0.0) for each in features)
                for text, features in zip(request.texts, request.features, strict=True)
            ),
        )

    def probe(self, request: Probe, cancel: CancelToken) -> Probed:
        """The speeds of the model's name, or some."""
        self._begin(request, cancel)
        read, write = self.speeds.get(str(self._model), (100.0, 10.0))
        return Probed(read=read, write=write)

    def _load(self, cancel: CancelToken) -> None:
        self.loaded = None
        self.loading()
        cancel.whole.raise_if_cancelled()
        self.loaded = self._model

    def _begin(self, request: Request, cancel: CancelToken) -> None:
        self.state(cancel)
        cancel.raise_if_cancelled()
        self.asked.append(request)
        lasting = None if self._cache is None else self._cache.lasting
        if lasting is not None and _prompt_of(request) == lasting:
            self.lasting.append(request)
        if self.failing is not None:
            failing, self.failing = self.failing, None
            raise failing

    def _pass_time(self, cancel: CancelToken) -> None:
        time.sleep(self.pace)
        cancel.raise_if_cancelled()

    def _raise_if_too_long(self, prompt: Prompt, text: str, behind: str) -> None:
        around = len(words_of(prompt.system + prompt.before + behind))
        around += sum(len(words_of(user + reply)) for user, reply in prompt.turns)
        tokens = len(words_of(text))
        if around + tokens > self._context:
            raise TextTooLong(f"{tokens} tokens, {self._context - around} fit")

    def _as_usual(self, _: Sequence[tuple[str, str]], text: str) -> str:
        return self.writes(text)

    def _shares(self, text: str, question: Question) -> tuple[float, ...]:
        scores = [self._hits(text, question, option) for option in question.options]
        whole = math.log(sum(math.exp(score - max(scores)) for score in scores))
        return tuple(score - max(scores) - whole for score in scores)

    def _hits(self, text: str, question: Question, option: str) -> int:
        if set(question.options) == YES_AND_NO:
            asked = [word for name, word in self.keywords.items() if name in question.ask]
            applies = any(re.search(word, text, re.IGNORECASE) for word in asked)
            return 3 * (applies is (option == "yes"))
        name = option.strip()
        keyword = self.keywords.get(name, rf"\b{re.escape(name)}\b")
        return min(20, len(re.findall(keyword, text, re.IGNORECASE)))

    def _values(self, text: str, blank: Blank) -> tuple[Span, ...]:
        words = [match.span() for match in _WORD.finditer(text)]
        pattern = next(
            (each for name, each in self.patterns.items() if name in blank.reply), None
        )
        if pattern is None:
            chosen = [] if blank.absent else list(blank.spans or words)[:1]
        else:
            chosen = [match.span() for match in re.finditer(pattern, text)]
        places: dict[str, list[tuple[int, int]]] = {}
        for start, end in chosen:
            if _allowed(blank, (start, end), text, words):
                places.setdefault(text[start:end], []).append((start, end))
        return tuple(
            Span(places=tuple(found), logprob=-0.1 * (rank + 1))
            for rank, found in enumerate(places.values())
        )


def _prompt_of(request: Request) -> Prompt | None:
    """The prompt of a request that has one."""
    return None if isinstance(request, Count | Train | Weigh | Probe) else request.prompt


def _weighted(
    states: tuple[tuple[float, ...], ...], weights: Sequence[float]
) -> tuple[float, ...]:
    total = sum(weights)
    return tuple(
        sum(weight * each for weight, each in zip(weights, column, strict=True)) / total
        for column in zip(*states, strict=True)
    )


def _trained_apart(request: Train) -> Trained:
    """For each label weights between the means of the states with and without it."""
    weights, bias = [], []
    for label in range(len(request.shares[0])):
        has = [float(label in right) for right in request.right]
        if not 0 < sum(has) < len(has):
            weights.append((0.0,) * WIDTH)
            bias.append(9.0 if has[0] else -9.0)
            continue
        one = _weighted(request.states, has)
        other = _weighted(request.states, [1 - each for each in has])
        weights.append(tuple(30 * (a - b) for a, b in zip(one, other, strict=True)))
        middle = [(a + b) / 2 for a, b in zip(one, other, strict=True)]
        bias.append(-sum(map(mul, weights[-1], middle)))
    return Trained(
        weights=tuple(weights),
        bias=tuple(bias),
        own=0.0,
        held_out=tuple(
            tuple(_share_of_others(request, number, label) for label in range(len(weights)))
            for number in range(len(request.right))
        ),
    )


def _share_of_others(request: Train, number: int, label: int) -> float:
    """Share of the other texts with the same state that have a label; 0 without any."""
    others = [
        label in right
        for at, right in enumerate(request.right)
        if at != number and request.states[at] == request.states[number]
    ]
    return sum(others) / max(1, len(others))


def _odds(request: Weigh, without: int = -1) -> dict[int, float]:
    """By how much a feature moves the log-odds of being right, beside those of all.

    The candidates of a text may be left out.
    """
    usual = math.log(sum(request.right) / len(request.right))
    counts: dict[int, list[float]] = {}
    for features, right, text in zip(
        request.features, request.right, request.texts, strict=True
    ):
        for each in features if text != without else ():
            counts.setdefault(each, [0.2, 0.2])[right] += 1
    return {
        each: math.log(hits / misses) - usual for each, (misses, hits) in counts.items()
    }


def _said_by_others(request: Train, number: int) -> tuple[float, ...]:
    """Shares of the answers of the other texts with the same state; equal without any."""
    answers = len(request.shares[0])
    others = [
        label
        for at, label in enumerate(request.labels)
        if at != number and request.states[at] == request.states[number]
    ]
    if not others:
        return (1 / answers,) * answers
    return tuple(others.count(each) / len(others) for each in range(answers))


def _lengths(texts: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(len(words_of(text)) for text in texts)


def _allowed(
    blank: Blank, span: tuple[int, int], text: str, words: list[tuple[int, int]]
) -> bool:
    if not blank.multiline and "\n" in text[slice(*span)]:
        return False
    if blank.spans:
        return span in blank.spans
    starts, ends = {start for start, _ in words}, {end for _, end in words}
    return span[0] in starts and span[1] in ends and span[0] < span[1]


def _written(pieces: list[str], limit: int) -> Written:
    return Written(
        text="".join(pieces[:limit]),
        logprob=-0.5,
        tokens=min(len(pieces), limit),
        finished=len(pieces) <= limit,
    )


def _absent(blank: Blank, found: tuple[Span, ...]) -> float:
    if not blank.absent:
        return 0.0
    return math.log(0.1 if found else 0.9)


def _state(text: str) -> tuple[float, ...]:
    counts = [0] * WIDTH
    for character in text:
        counts[ord(character) % WIDTH] += 1
    return tuple(count / max(1, len(text)) for count in counts)
