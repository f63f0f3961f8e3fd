"""Keeps the window as it is, and offers what windows before it have left."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, QObject, Signal

from studio.core.errors import StudioError
from studio.core.words.said import say
from studio.core.words.tongue import tr
from studio.gui.state.keeping.folder import kept_folder
from studio.gui.state.keeping.keeper import NEVER, Keeper
from studio.gui.state.keeping.kept import Kept, KeptPhoto, name_of, storable
from studio.gui.state.keeping.restoring import restore
from studio.gui.state.place import BATCH

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from studio.gui.state.keeping.folder import Begun, Folder
    from studio.gui.state.keeping.restoring import Restored
    from studio.gui.state.look import Look
    from studio.gui.state.page_tool import AlbumTool, DrawingTool, PageTool
    from studio.gui.state.photo.document import Photo
    from studio.gui.state.workspace import Workspace


class Keeping(QObject):
    """Looks at what is open when something changes, and opens again what was.

    Args:
        workspace: has the photos and their looks.
        drawings, albums: have what else is kept; None: there is none.

    Signals:
        offered: (list of str) what can be opened again, in words; see `open`.
    """

    offered = Signal(object)

    def __init__(
        self,
        workspace: Workspace,
        drawings: DrawingTool | None = None,
        albums: AlbumTool | None = None,
    ) -> None:
        super().__init__(workspace)
        self._workspace, self._photos = workspace, workspace.photos
        self._drawings, self._albums = drawings, albums
        self._tools: dict[str, PageTool] = {}
        if drawings is not None:
            self._tools["sketch"] = drawings
        if albums is not None:
            self._tools["faces"] = albums
        self._offers: list[tuple[Folder, Kept]] = []
        self._asked = False
        self.keeper = Keeper(self, kept_folder(), self._look)
        self.keeper.begun.connect(self._begin)
        self.keeper.failed.connect(self._fail)
        photos = workspace.photos
        for changed in (
            photos.look_changed, photos.others_changed, photos.document_changed,
            workspace.place.changed, workspace.clips.marked, workspace.photo_saves.changed,
            *(tool.history_changed for tool in self._tools.values()),
        ):  # fmt: skip
            changed.connect(self.keeper.touch)
        for known in (photos.look_changed, photos.document_changed):
            known.connect(self._offer)

    def close(self) -> None:
        """Keeps the window for the last time; what is offered stays for the next one."""
        self.keeper.close()
        for folder, _ in self._offers:
            folder.leave()

    def _look(self) -> Kept:
        document, page = self._photos.document, self._workspace.place.page
        paths = [photo.path for photo in document.photos]
        others: defaultdict[Path | None, list[Look]] = defaultdict(list)
        for (path, _), look in self._photos.last.items():
            others[path].append(look)
        return Kept(
            NEVER,
            photos=tuple(self._kept(photo, others[photo.path]) for photo in document.photos),
            shown=None if document.shown is None else paths.index(document.shown),
            page=page,
            drawings={} if self._drawings is None else self._drawings.drawings,
            albums={} if self._albums is None else self._albums.albums,
            weights=self._tools[page].weights if page in self._tools else "",
        )

    def _kept(self, photo: Photo, last: Iterable[Look]) -> KeptPhoto:
        """A photo with its stack and the looks that it has in other tools."""
        name, stack = name_of(photo.path), photo.stack
        marks = self._workspace.clips.marks(photo.path)
        if stack is None:
            return KeptPhoto(name, marks=marks)
        file = self._workspace.photo_saves.file(photo)
        saved = b"" if file is None else name_of(file)
        others = tuple(storable(each) for each in last if each.weights != stack.look.weights)
        return KeptPhoto(name, stack.with_each(storable), others, marks, saved)

    def _begin(self, begun: Begun) -> None:
        self._offers = list(begun.found)
        self._workspace.incoming.keep_in(begun.own.path)
        for trouble in begun.troubles:
            self._workspace.messages.error(trouble)
        self._offer()

    def _offer(self) -> None:
        """Offers what was kept, once the weights are known that looks are made of."""
        if not self._workspace.toolbox:
            return
        self.offered.emit(
            [tr("Open again: {what}", what=_describe(kept)) for _, kept in self._offers]
        )
        died = next((offer for offer in self._offers if not offer[1].ended), None)
        if died is not None and self._photos.document.photos and not self._asked:
            self._asked = True  # there is no empty page to see it on
            folder, kept = died
            for each, left in self._offers:
                self.keeper.tell_of(each, left)
            words = tr("The studio has ended by itself, with {what}.", what=_describe(kept))
            act = partial(self._open_from, folder)
            self._workspace.messages.offer(words, tr("Open again"), act, about=folder.path)

    def _open_from(self, folder: Folder) -> None:
        """Opens again what the message offers, if it is still there."""
        rows = [row for row, offer in enumerate(self._offers) if offer[0] is folder]
        for row in rows:
            self.open(row)

    def open(self, row: int) -> None:
        """Opens again what is offered there."""
        own = self.keeper.own
        if row < len(self._offers) and own is not None:
            folder, kept = self._offers.pop(row)
            self._workspace.messages.settle(folder.path)
            self._offer()
            self._workspace.background.run(
                partial(restore, kept, folder, own, self._workspace.toolbox),
                partial(self._restore, folder, kept),
                partial(self._put_back, folder, kept),
            )

    def _restore(self, folder: Folder, kept: Kept, found: Restored) -> None:
        self._workspace.incoming.take(photo.path for photo in found.photos)
        self._photos.last.update(found.others)
        if self._drawings is not None:
            self._drawings.take(found.drawings)
        if self._albums is not None:
            self._albums.take(found.albums)
        stack = self._photos.next_stack
        photos = [replace(each, stack=each.stack or stack) for each in found.photos]
        self._photos.join(photos, found.shown)
        for path, marks in found.marks.items():
            self._workspace.clips.mark(path, marks)
        for photo in found.photos:
            if photo.path in found.saved:
                self._workspace.photo_saves.recall(photo, found.saved[photo.path])
        self._turn(kept)
        rest = Kept(kept.at, ended=True, photos=found.missing)
        if found.lost:
            words = tr("{lost} cannot be found.", lost=found.lost)
            later = tr("The photos are offered again at the next start.") if rest else ""
            self._workspace.messages.note(f"{words} {later}".rstrip())
        if rest:
            self._offers.append((folder, rest))
            self._offer()
        self.keeper.spend(folder, rest)

    def _turn(self, kept: Kept) -> None:
        """Shows the page that was shown."""
        toolbox, tool = self._workspace.toolbox, self._tools.get(kept.page)
        if tool is not None and kept.weights in toolbox and toolbox.has_page(kept.page):
            if toolbox.find(kept.weights).weights.model == kept.page:
                tool.choose_weights(kept.weights)
            self._workspace.place.show(kept.page)
        elif kept.page == BATCH:
            self._workspace.place.show(BATCH)
        else:
            self._workspace.place.leave()

    def _put_back(self, folder: Folder, kept: Kept, error: StudioError) -> None:
        self._offers.insert(0, (folder, kept))
        self._offer()
        self._workspace.messages.error(error)

    def _fail(self, error: StudioError) -> None:
        words = say("what is open cannot be kept for the next time: {why}", why=error.message)
        self._workspace.messages.error(StudioError(words, error.hint))


def _describe(kept: Kept) -> str:
    """Such as ``3 photos and 1 drawing, 5 May 2026 14:30``."""
    when = QDateTime.fromSecsSinceEpoch(round(kept.at.timestamp()))
    return f"{kept.words}, {QLocale().toString(when, QLocale.FormatType.ShortFormat)}"
