"""The engine's primitives as values: what may be asked of a model, and what it answers.

The engine knows no tasks. A request is a prompt, texts, and what to do behind each text.
Strings are plain text: nothing in them is read as a control token of the model; the engine
adds those itself. Probabilities are natural logarithms. Offsets count code points of the
request's text.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

import msgspec

from onhand.domain.confinement import Confinement
from onhand.domain.train_request import Train, Trained
from onhand.domain.weigh_request import Weigh, Weighed


class Prompt(msgspec.Struct, frozen=True, kw_only=True):
    """What stands before the text; equal prompts share one decoded prefix.

    Attributes:
        system: the system turn.
        before: how the user's turn begins; the text follows at once.
        turns: pairs of turns in front of that one, the user's and what the model is to
            have answered.
    """

    system: str
    before: str
    turns: tuple[tuple[str, str], ...] = ()


class PrefixCache(msgspec.Struct, frozen=True, kw_only=True):
    """Where decoded prefixes lie on the disk from one start of an engine to the next.

    Attributes:
        folder: that holds them and nothing else; for their owner's eyes alone.
        key: encrypts the files and proves that they were written here; 32 random bytes.
        lasting: the prompt whose prefix may be written. All others are only looked for,
            which leaves the files as they were.
    """

    folder: str
    key: Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
    lasting: Prompt | None = None

    def __repr__(self) -> str:
        """The key is shown nowhere."""
        return f"PrefixCache(folder={self.folder!r})"


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What stands behind the text, and the answers to be scored.

    Attributes:
        ask: how the user's turn goes on behind the text.
        reply: how the model's turn begins.
        options: the answers; each is scored as the whole rest of the model's turn.
    """

    ask: str
    reply: str
    options: tuple[str, ...]


class Score(msgspec.Struct, frozen=True, kw_only=True, tag="score"):
    """How probable each option of each question is behind each text.

    Attributes:
        states: whether hidden states are wanted as well; for one question only.
    """

    prompt: Prompt
    texts: tuple[str, ...]
    questions: tuple[Question, ...]
    states: bool = False


class Scored(msgspec.Struct, frozen=True, kw_only=True, tag="scored"):
    """How probable each option is.

    Attributes:
        logprobs: `logprobs[text][question][option]`, not normalised over the options.
        tokens: length of each text.
        states: for each text, if wanted, the last layer's state where the answer begins;
            behind it the mean of an earlier layer's over the text's tokens.
    """

    logprobs: tuple[tuple[tuple[float, ...], ...], ...]
    tokens: tuple[int, ...]
    states: tuple[tuple[float, ...], ...] = ()


class Blank(msgspec.Struct, frozen=True, kw_only=True):
    """A value to be copied out of the text.

    Attributes:
        ask: how the user's turn goes on behind the text.
        reply: how the model's turn begins.
        stop: what ends a value, for example a quotation mark.
        absent: what the model writes where there is none; "" where there must be one.
        spans: the candidates as offsets; empty: any run of whole words.
        multiline: whether a value may run over line ends.
        many: whether several values are wanted, or the best one with what else was seen.
        limit: how many values are told at most.
    """

    ask: str
    reply: str
    stop: str
    absent: str = ""
    spans: tuple[tuple[int, int], ...] = ()
    multiline: bool = False
    many: bool = False
    limit: int = 6


class Fill(msgspec.Struct, frozen=True, kw_only=True, tag="fill"):
    """Search the values of all blanks after one pass over the text."""

    prompt: Prompt
    text: str
    blanks: tuple[Blank, ...]


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A value: every place where it stands, and the log-probability of writing just it."""

    places: tuple[tuple[int, int], ...]
    logprob: float


class Filled(msgspec.Struct, frozen=True, kw_only=True, tag="filled"):
    """For each blank its values, best first, and the log-probability that there is none.

    The latter is 0 where a blank does not allow it.
    """

    spans: tuple[tuple[Span, ...], ...]
    absent: tuple[float, ...]
    tokens: int


class Write(msgspec.Struct, frozen=True, kw_only=True, tag="write"):
    """Write freely, the most probable token each time.

    Attributes:
        limit: tokens at most, if the model does not end by itself.
        draft: whether to try pieces of the text as drafts; changes nothing but the speed.
    """

    prompt: Prompt
    text: str
    ask: str
    reply: str
    limit: int
    draft: bool = True


class Written(msgspec.Struct, frozen=True, kw_only=True, tag="written"):
    """What was written.

    Attributes:
        logprob: mean of the tokens' log-probabilities.
        finished: False when the limit ended it.
    """

    text: str
    logprob: float
    tokens: int
    finished: bool


class WriteEach(msgspec.Struct, frozen=True, kw_only=True, tag="write_each"):
    """As `Write`, from several texts side by side, each as if it stood alone.

    Attributes:
        limits: for each text, tokens at most.
    """

    prompt: Prompt
    texts: tuple[str, ...]
    ask: str
    reply: str
    limits: tuple[int, ...]
    draft: bool = True


class WrittenEach(msgspec.Struct, frozen=True, kw_only=True, tag="written_each"):
    """What was written from each text."""

    texts: tuple[Written, ...]


class Embed(msgspec.Struct, frozen=True, kw_only=True, tag="embed"):
    """Hidden states behind each text, as they are where the model's turn begins."""

    prompt: Prompt
    texts: tuple[str, ...]
    ask: str
    reply: str


class Embedded(msgspec.Struct, frozen=True, kw_only=True, tag="embedded"):
    """For each text the last token's state, and the mean over the text's tokens."""

    last: tuple[tuple[float, ...], ...]
    mean: tuple[tuple[float, ...], ...]


class Count(msgspec.Struct, frozen=True, kw_only=True, tag="count"):
    """How many tokens each text has. Cheap: nothing is decoded."""

    texts: tuple[str, ...]


class Counted(msgspec.Struct, frozen=True, kw_only=True, tag="counted"):
    """Number of tokens of each text."""

    tokens: tuple[int, ...]


class Probe(msgspec.Struct, frozen=True, kw_only=True, tag="probe"):
    """Read so many meaningless tokens at once, and so many one by one."""

    read: int
    steps: int


class Probed(msgspec.Struct, frozen=True, kw_only=True, tag="probed"):
    """How fast that went, in tokens a second.

    Attributes:
        memory: bytes that the engine's process takes meanwhile; 0 where not told.
    """

    read: float
    write: float
    memory: int = 0


Request: TypeAlias = (
    Score | Fill | Write | WriteEach | Embed | Count | Train | Weigh | Probe
)
Reply: TypeAlias = (
    Scored
    | Filled
    | Written
    | WrittenEach
    | Embedded
    | Counted
    | Trained
    | Weighed
    | Probed
)


class EngineState(msgspec.Struct, frozen=True, kw_only=True):
    """What is loaded and where it runs.

    Attributes:
        model: path of the model file.
        architecture: `general.architecture` of the file.
        context: tokens that fit at once, prompt included.
        device: for example "cpu".
        variant: which build of the kernels, for example "zen4"; "" where there is one only.
        read_speed: tokens a second, measured on the warm-up batch; 0 where not measured.
        write_speed: likewise for one token at a time.
        notes: what was tried and why not, in words.
        rung: device and build in words, for which speeds hold.
        confinement: whether the system keeps the engine off the network.
    """

    model: str
    architecture: str
    context: int
    device: str
    variant: str
    read_speed: float = 0.0
    write_speed: float = 0.0
    notes: tuple[str, ...] = ()
    rung: str = ""
    confinement: Confinement = Confinement()
