"""Files that have to be taken apart before there is a text."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCUMENTS: Mapping[str, str] = MappingProxyType(
    {
        ".docx": "a Word document",
        ".odt": "an OpenDocument text",
        ".rtf": "a rich text",
        ".pdf": "a PDF document",
        ".eml": "a mail",
        ".msg": "a mail of Outlook",
        ".html": "a web page",
        ".htm": "a web page",
    }
)
"""By the ending of the name; everything else is read as plain text."""

MAILS = frozenset({".eml", ".msg"})
"""Those in which something may be quoted."""
