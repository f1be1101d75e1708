"""The format of conversations as trainers read it: a strict parser."""

from __future__ import annotations

import json
from typing import Any

ROLES = ("system", "user", "assistant")


def parse_conversations(content: bytes) -> list[dict[str, str]]:
    """What each role says last in each line.

    Raises:
        ValueError: some line is not what trainers expect: one object with "messages" alone,
            each of which has a role and a content, both texts; a system turn, then
            turns of a user, each with an answer that is not empty.
    """
    lines = content.decode("utf-8", errors="strict").split("\n")
    if lines.pop():
        raise ValueError("the last line has no end")
    return [_turns(number, json.loads(line)) for number, line in enumerate(lines, 1)]


def _turns(number: int, found: Any) -> dict[str, str]:
    if not isinstance(found, dict) or [*found] != ["messages"]:
        raise ValueError(f"line {number} has other keys than 'messages'")
    turns = found["messages"]
    roles = [each.get("role") for each in turns]
    if roles != [*ROLES, *ROLES[1:] * ((len(turns) - len(ROLES)) // 2)]:
        raise ValueError(f"line {number} has other turns than {ROLES}")
    for each in turns:
        if {*each} != {"role", "content"} or not isinstance(each["content"], str):
            raise ValueError(f"line {number} has a turn that is none")
    if not all(each["content"].strip() for each in turns[2::2]):
        raise ValueError(f"line {number} has no answer")
    return {each["role"]: each["content"] for each in turns}
