"""Keeps the window as it is, and offers what windows before it have left."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, QObject

from studio.core.errors import StudioError
from studio.gui.state.keeping.folder import kept_folder
from studio.gui.state.keeping.keeper import NEVER, Keeper
from studio.gui.state.keeping.kept import Kept, KeptPhoto, name_of, storable
from studio.gui.state.keeping.restoring import restore

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from studio.gui.batch.commands import BatchCommands
    from studio.gui.faces.commands import FacesCommands
    from studio.gui.shell.window import Window
    from studio.gui.sketch.commands import SketchCommands
    from studio.gui.state.document import Look, Photo
    from studio.gui.state.keeping.folder import Begun, Folder
    from studio.gui.state.keeping.restoring import Restored
    from studio.gui.state.session import Session


class Keeping(QObject):
    """Looks at what is open when something changes, and opens again what was.

    Args:
        window: whose empty page and messages offer it.
        session: has the photos and their looks.
        batch, sketch, faces: have pages.
    """

    def __init__(
        self,
        window: Window,
        session: Session,
        batch: BatchCommands,
        sketch: SketchCommands,
        faces: FacesCommands,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._batch = window, session, batch
        self._tools: dict[str, SketchCommands | FacesCommands]
        self._tools = {"sketch": sketch, "faces": faces}
        self._sketch, self._faces = sketch, faces
        self._offers: list[tuple[Folder, Kept]] = []
        self._asked = False
        self.keeper = Keeper(self, kept_folder(), self._look)
        self.keeper.begun.connect(self._begin)
        self.keeper.failed.connect(self._fail)
        for changed in (
            session.history.wanted, session.document_changed, window.page_changed,
            sketch.history_changed, faces.history_changed,
        ):  # fmt: skip
            changed.connect(self.keeper.touch)
        for known in (session.look_changed, session.document_changed):
            known.connect(self._offer)
        window.empty.chosen.connect(self._open)

    def close(self) -> None:
        """Keeps the window for the last time; what is offered stays for the next one."""
        self.keeper.close()
        for folder, _ in self._offers:
            folder.leave()

    def _look(self) -> Kept:
        document, tools = self._session.document, self._tools
        paths = [photo.path for photo in document.photos]
        page = next((name for name, tool in tools.items() if tool.is_open), None)
        others: defaultdict[Path | None, list[Look]] = defaultdict(list)
        for (path, _), look in self._session.last.items():
            others[path].append(look)
        return Kept(
            NEVER,
            photos=tuple(_kept(photo, others[photo.path]) for photo in document.photos),
            shown=None if document.shown is None else paths.index(document.shown),
            page=page or ("" if self._window.page is None else "batch"),
            drawings=self._sketch.drawings,
            albums=self._faces.albums,
            weights="" if page is None else tools[page].weights,
        )

    def _begin(self, begun: Begun) -> None:
        self._offers = list(begun.found)
        self._session.intake.keep_in(begun.own.path)
        for trouble in begun.troubles:
            self._window.messages.error(trouble)
        self._offer()

    def _offer(self) -> None:
        """Offers what was kept, once the weights are known that looks are made of."""
        if not self._session.toolbox:
            return
        self._window.empty.offer([f"Open again: {_describe(kept)}" for _, kept in self._offers])
        died = next((offer for offer in self._offers if not offer[1].ended), None)
        if died is not None and self._session.document.photos and not self._asked:
            self._asked = True  # there is no empty page to see it on
            folder, kept = died
            words = f"The studio has ended by itself, with {_describe(kept)}."
            act = partial(self._open_from, folder)
            self._window.messages.ask(words, "Open again", act, about=folder.path)

    def _open_from(self, folder: Folder) -> None:
        """Opens again what the message offers, if it is still there."""
        rows = [row for row, offer in enumerate(self._offers) if offer[0] is folder]
        for row in rows:
            self._open(row)

    def _open(self, row: int) -> None:
        own = self.keeper.own
        if row < len(self._offers) and own is not None:
            folder, kept = self._offers.pop(row)
            self._window.messages.settle(folder.path)
            self._offer()
            self._session.background.run(
                partial(restore, kept, folder, own, self._session.toolbox),
                partial(self._restore, folder, kept),
                partial(self._put_back, folder, kept),
            )

    def _restore(self, folder: Folder, kept: Kept, found: Restored) -> None:
        session, draft = self._session, self._session.draft
        session.intake.take(photo.path for photo in found.photos)
        session.last.update(found.others)
        self._sketch.take(found.drawings)
        self._faces.take(found.albums)
        photos = [replace(each, look=each.look or draft) for each in found.photos]
        session.join(photos, found.shown)
        self._turn(kept)
        rest = Kept(kept.at, ended=True, photos=found.missing)
        if found.lost:
            later = " The photos are offered again at the next start." if rest else ""
            self._window.messages.note(f"{found.lost} cannot be found.{later}")
        if rest:
            self._offers.append((folder, rest))
            self._offer()
        self.keeper.spend(folder, rest)

    def _turn(self, kept: Kept) -> None:
        """Shows the page that was shown."""
        toolbox, tool = self._session.toolbox, self._tools.get(kept.page)
        if tool is not None and kept.weights in toolbox and toolbox.has_page(kept.page):
            if toolbox.find(kept.weights).weights.model == kept.page:
                tool.choose_weights(kept.weights)
            tool.open()
        elif kept.page == "batch":
            self._batch.open()
        else:
            self._window.leave_page()

    def _put_back(self, folder: Folder, kept: Kept, error: StudioError) -> None:
        self._offers.insert(0, (folder, kept))
        self._offer()
        self._window.messages.error(error)

    def _fail(self, error: StudioError) -> None:
        words = f"what is open cannot be kept for the next time: {error.message}"
        self._window.messages.error(StudioError(words, error.hint))


def _kept(photo: Photo, last: Iterable[Look]) -> KeptPhoto:
    """A photo with its look and those that it has in other tools."""
    look = photo.look
    if look is None:
        return KeptPhoto(name_of(photo.path))
    others = tuple(storable(each) for each in last if each.weights != look.weights)
    return KeptPhoto(name_of(photo.path), storable(look), others)


def _describe(kept: Kept) -> str:
    """Such as ``3 photos and 1 drawing, 5 May 2026 14:30``."""
    when = QDateTime.fromSecsSinceEpoch(round(kept.at.timestamp()))
    return f"{kept.words}, {QLocale().toString(when, QLocale.FormatType.ShortFormat)}"
