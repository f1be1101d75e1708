"""The ledger and the proof page: which connections there were, and what is so here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onhand.domain.confinement import DOCUMENTS, Confinement, in_words
from onhand.domain.errors import AppError, UsageError
from onhand.domain.proof import ModelProof, Proof, page

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from onhand.domain.fetching import Attempt
    from onhand.services.models import Models
    from onhand.services.ports import Clock, SettingsStore

PAGES = frozenset({".html", ".htm", ".pdf"})
"""The endings that a proof page can have."""


class Prove:
    """Tells what was attempted, and writes it down for somebody who has to believe it."""

    def __init__(  # noqa: PLR0913 - by keyword, and each is a part of its own
        self,
        *,
        attempts: Callable[[], Sequence[Attempt]],
        about: Callable[[], Sequence[tuple[str, str]]],
        models: Models,
        documents: Callable[[], Confinement],
        settings: SettingsStore,
        digest: Callable[[Path], str],
        write: Callable[[str, Path], None],
        clock: Clock,
    ) -> None:
        """Wire it.

        Args:
            attempts: every connection that was attempted, oldest first.
            about: name and value of what is so and cannot fail.
            models: the models here; the one in use is loaded to ask about its sandbox.
            documents: what the process has given up that takes documents apart.
            settings: the policies.
            digest: the SHA-256 of a file; "" where it cannot be read.
            write: writes a page to a file, by its ending as HTML or PDF.
            clock: tells when.
        """
        self.attempts = attempts
        self._about = about
        self._models = models
        self._documents = documents
        self._settings = settings
        self._digest = digest
        self._write = write
        self._clock = clock

    def page(self, *, on_paper: bool = True) -> str:
        """The proof page as HTML. Reads every model file whole, and loads the model.

        It is dark on white `on_paper`, and without colours of text otherwise.
        """
        enforced, sandbox = self._sandbox()
        documents = self._documents()
        return page(
            Proof(
                at=self._clock.now().isoformat(" ", timespec="minutes"),
                about=self._about(),
                connections=self.attempts(),
                sandbox=sandbox,
                enforced=enforced,
                documents=in_words(documents, DOCUMENTS),
                documents_enforced=documents.enforced,
                policies=self._settings.policies,
                models=[
                    ModelProof(
                        name=each.title,
                        file=each.path.name,
                        bytes=each.bytes,
                        sha256=self._digest(each.path),
                    )
                    for each in self._models.installed()
                ],
            ),
            on_paper=on_paper,
        )

    def save(self, path: Path) -> None:
        """Write the proof page to a new file.

        Raises:
            UsageError: its name ends neither with .html nor with .pdf.
            OutputUnwritable: it cannot be written, or is there already.
            DiskFull: there is no room for it.
        """
        if path.suffix.lower() not in PAGES:
            raise UsageError(f"{path.name}: a proof page is an .html or a .pdf")
        self._write(self.page(), path)

    def _sandbox(self) -> tuple[bool, str]:
        try:
            confinement = self._models.loaded().confinement
        except AppError as error:
            return False, f"not enforced here, as far as is known: {error.title.lower()}"
        return confinement.enforced, in_words(confinement)
