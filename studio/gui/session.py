"""What the window does: brings photos, looks, previews and saves together."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTemporaryDir, Signal
from PySide6.QtGui import QGuiApplication, QImage

from studio.core.catalogue import Catalogue, Weights
from studio.core.controls import Control, Value
from studio.core.errors import StudioError
from studio.core.events import Noticed, Previewed
from studio.core.requests import Apply, JobId, SaveOptions
from studio.core.settings import Preferences
from studio.gui.activity import Activity
from studio.gui.background import Background
from studio.gui.bridge import Bridge
from studio.gui.document import Document, Look
from studio.gui.engine_like import MakeEngine
from studio.gui.filmstrip import SIDE
from studio.gui.history import History
from studio.gui.loading import (
    Opened,
    OpenPicture,
    open_for_screen,
    open_from_disk,
    photos_among,
    quick_thumbnail,
    thumbnail,
    to_image,
    write_pasted,
)
from studio.gui.previews import Previews
from studio.gui.save_dialog import SaveChoice
from studio.gui.saves import Saves
from studio.gui.toolbox import Toolbox, scan
from studio.gui.window import Window

PREVIEW_SIDE = 1280  # px
_KEPT = 12  # photos whose pixels are kept, so that going back to one is at once
_DENSEST = 2  # device px a logical px that thumbnails are made for


@dataclass(frozen=True)
class _Pixels:
    """What is known of a photo's look on the screen."""

    opened: Opened | None = None
    request: Apply | None = None
    result: QImage | None = None
    size: tuple[int, int] = (1, 1)


class Session(QObject):
    """Made after the first paint, since it loads what the first paint can do without.

    Args:
        window: to show everything in.
        preferences: remembered from the last time.
        make_engine: makes the engine.
        catalogue: where the weights are.
        open_picture: reads a photo.

    Signals:
        document_changed: other photos are open, or another is shown.
    """

    document_changed = Signal()

    def __init__(
        self,
        window: Window,
        preferences: Preferences,
        make_engine: MakeEngine,
        catalogue: Callable[[], Iterable[Weights]] = Catalogue,
        open_picture: OpenPicture = open_from_disk,
    ) -> None:
        super().__init__(window)
        self.preferences = preferences
        self.toolbox = Toolbox()
        self.document = Document()
        self.history = History(self)
        self._window = window
        self._open_picture = open_picture
        self._draft: Look | None = None
        self._panel_of = ""
        self._gesture = -1
        self._going_on = False
        self._early: dict[Path, tuple[Apply, Previewed]] = {}
        self._pixels: OrderedDict[Path, _Pixels] = OrderedDict()
        self._folder: QTemporaryDir | None = None
        self._pasted = 0
        self._background = Background(self)
        self._bridge = Bridge(self)
        self._engine = make_engine(self._bridge.receive)
        self._activity = Activity(self._bridge, window.status, self)
        self.previews = Previews(self._engine, self._bridge, self._activity, self._controls, self)
        self.saves = Saves(self._engine, self._bridge, self._activity, window.messages, self)
        self._connect()
        self._background.run(partial(_scan, catalogue), self._take_toolbox, self._fail)

    @property
    def look(self) -> Look | None:
        """How the photo that is shown should look, or the next one that is opened."""
        photo = self.document.photo
        return self._draft if photo is None else photo.look

    def open(self, paths: Sequence[Path]) -> None:
        """Opens photos, or the photos in folders."""
        self._background.run(partial(photos_among, list(paths)), self._take_paths, self._fail)

    def paste(self) -> None:
        """Opens the clipboard's picture or files."""
        data = QGuiApplication.clipboard().mimeData()
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        if paths:
            self.open(paths)
        elif data.hasImage():
            self.open_image(QImage(data.imageData()))
        else:
            self._window.messages.note("There is no picture on the clipboard.")

    def open_image(self, image: QImage) -> None:
        """Opens a picture that has no file, by giving it one."""
        self._folder = self._folder or QTemporaryDir()
        self._pasted += 1
        path = Path(self._folder.filePath(f"pasted-{self._pasted}.png"))
        self._background.run(
            partial(write_pasted, image, path), lambda written: self.open([written]), self._fail
        )

    def is_pasted(self, path: Path) -> bool:
        """Whether a photo lies in a folder that goes when the window closes."""
        return self._folder is not None and path.parent == Path(self._folder.path())

    def show(self, path: Path) -> None:
        """Shows one of the opened photos."""
        self._set_document(self.document.showing(path))

    def close_photo(self, path: Path | None) -> None:
        """Puts a photo away."""
        if path is not None:
            self._pixels.pop(path, None)
            self._early.pop(path, None)
            self.history.forget(path)
            self._set_document(self.document.closed(path))

    def save(self, choice: SaveChoice) -> None:
        """Saves the photo that is shown, full size."""
        request = self._request()
        if request is not None:
            options = SaveOptions(quality=choice.quality, overwrite=choice.overwrite)
            self.saves.start(replace(request, output=str(choice.path), save=options))

    def size(self) -> tuple[int, int] | None:
        """(width, height) of the photo that is shown, in px; None while unknown."""
        pixels = self._pixels.get(self.document.shown) if self.document.shown else None
        return pixels.size if pixels is not None and pixels.size != (1, 1) else None

    def close(self) -> None:
        """Ends every job, the engine and the threads."""
        self.previews.give_up()
        self.saves.cancel_all()
        self._engine.close()
        self._background.close()
        if self._folder is not None:
            self._folder.remove()

    def _controls(self, weights: str) -> Sequence[Control]:
        return self.toolbox.controls(weights)

    def _connect(self) -> None:
        window = self._window
        window.dropped.connect(self.open)
        window.dropped_image.connect(self.open_image)
        window.filmstrip.chosen.connect(self.show)
        window.filmstrip.closed.connect(self.close_photo)
        window.panel.edited.connect(self._edited)
        window.panel.weights_chosen.connect(self._weights_chosen)
        window.rail.chosen.connect(self._tool_chosen)
        self.history.wanted.connect(self._take_look)
        self.previews.shown.connect(self._take_preview)
        self.previews.failed.connect(self._preview_failed)
        self._activity.cancelled.connect(self._cancel)
        self._bridge.noticed.connect(self._noticed)

    def _take_toolbox(self, toolbox: Toolbox) -> None:
        self.toolbox = toolbox
        if not toolbox:
            self._window.panel.say("No weights were found, so there is no tool to use yet.")
            return
        self._draft = toolbox.first_look()
        self._window.rail.show_tools(toolbox.tools, toolbox.tools[0].model)
        self._window.rail.dress(self._window.theme)
        self._set_document(self.document.with_first_look(self._draft))

    def _take_paths(self, paths: list[Path]) -> None:
        new = [path for path in paths if path not in self.document]
        self.preferences = replace(self.preferences, folder=str(paths[0].parent))
        self._set_document(self.document.opened(paths, self.look))
        for path in new:
            self._background.run(
                partial(thumbnail, path, SIDE * _DENSEST, self._open_picture),
                partial(self._window.filmstrip.set_thumbnail, path),
                lambda _: None,  # it is said when the photo itself is opened
            )

    def _set_document(self, document: Document) -> None:
        """Makes the window show a document."""
        self.document = document
        window, path = self._window, document.shown
        window.show_photo(path.name if path else "")
        window.filmstrip.show_photos([photo.path for photo in document.photos], path)
        self.history.show(path)
        self.document_changed.emit()
        if self.look is not None:
            self._draft = self.look
            self._show_look(self.look)
        window.actions_.save.setEnabled(self._request() is not None)
        if path is None:
            window.canvas.clear()
            window.status.show_size(None)
            self.previews.give_up()
            return
        self._display()
        self._ask()
        if self._pixels.get(path, _Pixels()).opened is None:
            self._background.run(
                partial(open_for_screen, path, PREVIEW_SIDE, self._open_picture),
                self._take_opened,
                partial(self._opening_failed, path),
            )

    def _take_opened(self, opened: Opened) -> None:
        self._keep(opened.path, opened=opened, size=opened.full_size)
        if opened.path in self._early:
            self._take_preview(*self._early.pop(opened.path))

    def _opening_failed(self, path: Path, error: StudioError) -> None:
        if path in self.document:
            self._fail(error)
            self.close_photo(path)

    def _keep(self, path: Path, **changes: object) -> None:
        if path not in self.document:
            return
        self._pixels[path] = replace(self._pixels.get(path, _Pixels()), **changes)
        self._pixels.move_to_end(path)
        while len(self._pixels) > _KEPT:
            self._pixels.popitem(last=False)
        if path == self.document.shown:
            self._display()

    def _display(self) -> None:
        path = self.document.shown
        if path is None:
            return
        pixels = self._pixels.get(path, _Pixels())
        before = pixels.opened.image if pixels.opened is not None else QImage()
        self._window.canvas.show_picture(path, before, pixels.result or QImage(), pixels.size)
        self._window.status.show_size(self.size())

    def _show_look(self, look: Look) -> None:
        panel = self._window.panel
        if look.weights != self._panel_of:
            self._panel_of = look.weights
            panel.show_weights(self.toolbox.beside(look.weights), look.weights)
            panel.show_controls(self.toolbox.controls(look.weights))
            weights = self.toolbox.find(look.weights).weights
            for name, option in self.toolbox.thumbnails(look.weights):
                self._background.run(
                    partial(quick_thumbnail, weights.thumbnail(option), 96 * _DENSEST),
                    partial(panel.set_thumbnail, name, option),
                    self._fail,
                )
        panel.show_settings(look.settings)

    def _edited(self, name: str, value: Value, gesture: int) -> None:
        look = self.look
        if look is not None and look.settings.get(name) != value:
            label = next(c.label for c in self.toolbox.controls(look.weights) if c.name == name)
            self._change(look.with_setting(name, value), gesture, label)

    def _weights_chosen(self, weights: str) -> None:
        look = self.look
        if look is not None and look.weights != weights:
            self._change(self.toolbox.first_look(weights), -1, "Weights")

    def _tool_chosen(self, model: str) -> None:
        if self.look is not None and self.toolbox.find(self.look.weights).weights.model != model:
            self._weights_chosen(self.toolbox.first_of(model))

    def _change(self, look: Look, gesture: int, words: str) -> None:
        path, before = self.document.shown, self.look
        if path is None or before is None:
            self._draft = look
            self._show_look(look)
        else:
            self._going_on = gesture >= 0 and gesture == self._gesture
            self._gesture = gesture
            self.history.change(path, before, look, gesture, words)
            self._going_on = False

    def _take_look(self, path: Path, look: Look) -> None:
        self.document = self.document.looking(path, look)
        if path == self.document.shown:
            self._draft = look
            self._show_look(look)
            self._ask()

    def _request(self) -> Apply | None:
        photo = self.document.photo
        if photo is None or photo.look is None or photo.look.weights not in self.toolbox:
            return None
        known = self.toolbox.find(photo.look.weights)
        return Apply(
            weights=photo.look.weights,
            source=str(photo.path),
            sha256=known.sha256,
            settings=dict(photo.look.settings),
            preview_side=PREVIEW_SIDE,
        )

    def _ask(self) -> None:
        request = self._request()
        if request is None:
            return
        kept = self._pixels.get(Path(request.source))
        if kept is not None and kept.request == request:
            self.previews.give_up()  # it is on the screen already
        else:
            self.previews.ask(request, going_on=self._going_on)

    def _take_preview(self, request: Apply, event: Previewed) -> None:
        path = Path(request.source)
        opened = self._pixels.get(path, _Pixels()).opened
        if opened is None:  # the photo's colour profile is not known yet
            self._early[path] = (request, event)
            return
        result = to_image(event.pixels, opened.icc)
        self._keep(path, request=request, result=result, size=event.full_size)

    def _preview_failed(self, request: Apply, error: StudioError) -> None:
        if Path(request.source) in self.document:
            self._fail(error)

    def _cancel(self, job: JobId) -> None:
        if job == self.previews.wishes.job:
            self.previews.give_up()
        else:
            self._engine.cancel(job)

    def _noticed(self, event: Noticed) -> None:
        self._window.messages.note(event.message)

    def _fail(self, error: StudioError) -> None:
        self._window.messages.error(error)


def _scan(catalogue: Callable[[], Iterable[Weights]]) -> Toolbox:
    return scan(catalogue())
