"""Chat formats: the control words around a system turn, a user's turn and the model's turn.

The template inside a GGUF file is code from a stranger and is never run. The families that
the catalogue has are formats of ours, recognised by a mark in the template; anything else
goes through llama.cpp's own list of formats (`llama_chat_apply_template`), which runs no
code either.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import TYPE_CHECKING

from onhand.domain.catalog import ChatFamily
from onhand.engine.llama.bindings import native

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onhand.engine.llama.model import Model

_SLOT = "\x1f%d\x1f"


@dataclass(frozen=True, kw_only=True)
class ChatFormat:
    """The control words between the turns.

    They are to be read as control tokens; the turns themselves are not.

    Attributes:
        before_system, before_user, before_reply: what goes in front of each turn.
        past_reply: what goes in front of a reply that was given before; "": the same.
        next_user: what goes in front of the user's turn behind a reply; "": as in front
            of the first one.
    """

    before_system: str
    before_user: str
    before_reply: str
    past_reply: str = ""
    next_user: str = ""


CHATML = ChatFormat(
    before_system="<|im_start|>system\n",
    before_user="<|im_end|>\n<|im_start|>user\n",
    before_reply="<|im_end|>\n<|im_start|>assistant\n",
)
QWEN3 = ChatFormat(
    before_system=CHATML.before_system,
    before_user=CHATML.before_user,
    before_reply=CHATML.before_reply + "<think>\n\n</think>\n\n",
    past_reply=CHATML.before_reply,
)
GRANITE = ChatFormat(
    before_system="<|start_of_role|>system<|end_of_role|>",
    before_user="<|end_of_text|>\n<|start_of_role|>user<|end_of_role|>",
    before_reply="<|end_of_text|>\n<|start_of_role|>assistant<|end_of_role|>",
)
LLAMA3 = ChatFormat(
    before_system="<|start_header_id|>system<|end_header_id|>\n\n",
    before_user="<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n",
    before_reply="<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
)
GEMMA = ChatFormat(  # it has no system turn: the instruction opens the user's
    before_system="<start_of_turn>user\n",
    before_user="\n\n",
    before_reply="<end_of_turn>\n<start_of_turn>model\n",
    next_user="<end_of_turn>\n<start_of_turn>user\n",
)
PHI = ChatFormat(
    before_system="<|system|>",
    before_user="<|end|><|user|>",
    before_reply="<|end|><|assistant|>",
)
FORMATS = {
    ChatFamily.CHATML: CHATML,
    ChatFamily.QWEN3: QWEN3,
    ChatFamily.GRANITE: GRANITE,
    ChatFamily.LLAMA3: LLAMA3,
    ChatFamily.GEMMA: GEMMA,
    ChatFamily.PHI: PHI,
}
"""The formats by the names that the catalogue uses."""

_MARKS = (
    ("<|start_of_role|>", GRANITE),
    ("<|start_header_id|>", LLAMA3),
    ("<start_of_turn>", GEMMA),
    ("<|im_start|>", CHATML),
    ("'<|' + message['role'] + '|>' + message['content'] + '<|end|>'", PHI),
)
_OTHERS = ("<|im_sep|>", "<end_of_utterance>")
"""Marks of families that use another's control words in a way of their own."""


def chat_format(model: Model) -> ChatFormat:
    """The format that a model was trained on."""
    special = any(other in model.template for other in _OTHERS)
    for mark, form in _MARKS:
        if mark in model.template and not special:
            thinks = form is CHATML and "enable_thinking" in model.template
            return QWEN3 if thinks else form
    return _from_library(model) or CHATML


def _from_library(model: Model) -> ChatFormat | None:
    """The format that llama.cpp knows for a template, cut apart at marked turns."""
    pieces = _cut_apart(model, ("system", "user", "assistant", "user"))
    if pieces is not None:
        before_system, before_user, past_reply, next_user, before_reply = pieces
        return ChatFormat(
            before_system=before_system,
            before_user=before_user,
            before_reply=before_reply,
            past_reply=past_reply,
            next_user=next_user,
        )
    if (pieces := _cut_apart(model, ("system", "user"))) is None:
        return None
    before_system, before_user, before_reply = pieces
    return ChatFormat(
        before_system=before_system, before_user=before_user, before_reply=before_reply
    )


def _cut_apart(model: Model, roles: Sequence[str]) -> list[str] | None:
    """What stands around turns of these roles; None where one is not there just once."""
    slots = [_SLOT % number for number in range(len(roles))]
    messages = (native.llama_chat_message * len(roles))(
        *(
            native.llama_chat_message(role=role.encode(), content=slot.encode())
            for role, slot in zip(roles, slots, strict=True)
        )
    )
    buffer = ctypes.create_string_buffer(1 << 12)
    length = native.llama_chat_apply_template(
        model.template.encode(), messages, len(roles), True, buffer, len(buffer)
    )
    if not 0 < length <= len(buffer):
        return None
    rest = buffer.raw[:length].decode(errors="replace")
    pieces = []
    for slot in slots:
        if rest.count(slot) != 1:
            return None
        piece, rest = rest.split(slot)
        pieces.append(piece)
    return [*pieces, rest]
