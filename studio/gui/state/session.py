"""What the window does: brings photos, looks, previews and saves together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.core.catalogue import Catalogue, Weights
from studio.core.controls import Control, Value
from studio.core.errors import StudioError
from studio.core.events import Noticed, Previewed
from studio.core.handle import Handle
from studio.core.requests import Apply
from studio.core.settings import Preferences
from studio.gui.photo.details import Details
from studio.gui.photo.form import Form
from studio.gui.photo.stage import PREVIEW_SIDE, Stage
from studio.gui.photo.thumbnails import Thumbnails
from studio.gui.shell.closing import Closed
from studio.gui.shell.window import Window
from studio.gui.state.activity import Activity
from studio.gui.state.background import Background
from studio.gui.state.clips import Clips
from studio.gui.state.document import Document, Look, Photo
from studio.gui.state.engine_like import MakeEngine
from studio.gui.state.history import History
from studio.gui.state.incoming import Intake
from studio.gui.state.jobs import Jobs
from studio.gui.state.loading import Opened, OpenPicture, open_from_disk
from studio.gui.state.originals import Originals
from studio.gui.state.previews import DRAFT_SIDE, Previews
from studio.gui.state.saves import Saves
from studio.gui.state.stopping import Stopping
from studio.gui.state.toolbox import Toolbox, scan

_PREVIEW, _STOPPED = "preview", "stopped preview"  # what messages are about


class Session(QObject):
    """Made after the first paint, since it loads what the first paint can do without.

    Args:
        window: to show everything in.
        preferences: remembered from the last time.
        make_engine: makes the engine.
        catalogue: where the weights are.
        open_picture: reads a photo.

    Attributes:
        background, engine, jobs, activity, form: for what else works beside the photos.
        draft: how the next photo that is opened should look: as the one that is shown, but for
            its mask; None until the weights are known.
        clips: which frame of a video is shown.
        last: how each photo looked when the tool of a model was used last, by photo and model.

    Signals:
        document_changed: other photos are open, or another is shown.
        look_changed: `look` is another, or the weights are known now.
        page_wanted: (model) of the tool whose page should be shown.
        unreadable: (Closed) a photo that was put away because it could not be opened.
    """

    document_changed = Signal()
    look_changed = Signal()
    page_wanted = Signal(str)
    unreadable = Signal(object)

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
        self.history: History[Path, Look] = History(self)
        self._window = window
        self._open_picture = open_picture
        self.draft: Look | None = None
        self._gesture = -1
        self._going_on = False
        self._levels: dict[tuple[Path, str], Mapping[str, float]] = {}
        self.last: dict[tuple[Path | None, str], Look] = {}
        self.background = Background(self)
        self._thumbnails = Thumbnails(window.filmstrip, open_picture, self)
        self._reading = False  # the photo that is shown, or one that was
        self.clips = Clips(self.background, open_picture, PREVIEW_SIDE, self._fail, self)
        self.engine = make_engine()
        self.activity = Activity(window.status, self)
        self.jobs = Jobs(self.engine, self.activity, self)
        self.intake = Intake(self.background, self)
        self.previews = Previews(self.jobs, self._controls, self)
        self.stopping = Stopping(self.activity, window.messages, self)
        self.saves = Saves(self.jobs, window.messages, self)
        self.form = Form(window.panel, window.rail, self.background, self._fail)
        details = Details(
            window.canvas, self.previews, self.background, Originals(open_picture), self
        )
        self._stage = Stage(window, details, self.clips, self)
        self._connect()
        self.background.run(lambda: scan(catalogue()), self._take_toolbox, self._fail)

    @property
    def look(self) -> Look | None:
        """How the photo that is shown should look, or the next one that is opened."""
        photo = self.document.photo
        return self.draft if photo is None else photo.look

    @property
    def _weights(self) -> Weights | None:
        look = self.look
        if look is None or look.weights not in self.toolbox:
            return None
        return self.toolbox.find(look.weights).weights

    def open(self, paths: Sequence[Path]) -> None:
        """Opens photos, or the photos in folders."""
        self.intake.open(paths)

    def remember(self, **changes: str | float | bool) -> None:
        """Changes preferences by their names."""
        self.preferences = replace(self.preferences, **changes)

    def open_in(self, model: str, paths: Sequence[Path]) -> None:
        """Opens photos for the tool of a model; those with a page of their own see to it."""
        if not self.toolbox.has_page(model):
            self.intake.open(paths, model)

    def open_image_in(self, model: str, image: QImage, name: str = "pasted") -> None:
        """Opens a picture without a file likewise; its file's name begins with `name`."""
        if not self.toolbox.has_page(model):
            self.intake.open_image(image, name, model)

    def show(self, path: Path) -> None:
        """Shows one of the opened photos."""
        self._set_document(self.document.showing(path))

    def close_photo(self, path: Path) -> Closed | None:
        """Puts a photo away; returns what brings it back."""
        photo = self.document.find(path)
        if photo is None:
            return None
        self._stage.forget(path)
        closed = Closed(photo, self.document.photos.index(photo), self.history.put_away(path))
        self._set_document(self.document.closed(path))
        return closed

    def join(self, photos: Sequence[Photo], shown: Path | None, place: int = -1) -> None:
        """Opens photos that have their looks; see `Document.joined`."""
        self._set_document(self.document.joined(photos, shown, place))

    def request(self, photo: Photo | None) -> Apply | None:
        """What makes a photo look as it should, for the screen; None while there is no such."""
        if photo is None or photo.look is None or photo.look.weights not in self.toolbox:
            return None
        known = self.toolbox.find(photo.look.weights)
        return Apply(
            weights=photo.look.weights,
            source=str(photo.path),
            sha256=known.sha256,
            settings=dict(photo.look.settings),
            preview_side=PREVIEW_SIDE,
            seconds=self.clips.seconds(photo.path),
        )

    def originals(self) -> list[Path]:
        """The files of what is open, photos and masks, which no save may replace."""
        looks = [photo.look for photo in self.document.photos if photo.look is not None]
        masks = [mask for look in looks for mask in self.toolbox.masks(look).values()]
        files = [Path(mask) for mask in masks if mask and isinstance(mask, str)]
        return [*(photo.path for photo in self.document.photos), *files]

    def size(self) -> tuple[int, int] | None:
        """(width, height) of the result that is shown, in full size, in px; None while unknown."""
        return self._stage.size(self.document.shown, self._weights)

    def change_look(self, look: Look, words: str, gesture: int = -1) -> None:
        """Gives the photo another look; one step of undo.

        Args:
            look: how it should look now.
            words: what was done.
            gesture: changes of one gesture are one step; below 0: a step of its own.
        """
        path, before = self.document.shown, self.look
        if path is None or before is None:
            self.draft = look
            self._show_look(look)
        elif look != before:
            self._going_on = gesture >= 0 and gesture == self._gesture
            self._gesture = gesture
            self.history.change(path, before, look, gesture, words)
            self._going_on = False

    def close(self) -> None:
        """Ends every job, the engine and the threads."""
        self.previews.give_up()
        self.saves.cancel_all()
        self.engine.close()
        self.background.close()
        self._thumbnails.close()
        self.intake.close()

    def _controls(self, weights: str) -> Sequence[Control]:
        return self.toolbox.controls(weights)

    def _connect(self) -> None:
        window = self._window
        window.dropped.connect(self.open)
        window.dropped_image.connect(self.intake.open_image)
        window.filmstrip.chosen.connect(self.show)
        window.panel.edited.connect(self._edited)
        window.panel.weights_chosen.connect(self._weights_chosen)
        window.rail.chosen.connect(self._tool_chosen)
        window.rail.dropped.connect(self.open_in)
        window.rail.dropped_image.connect(self.open_image_in)
        window.page_changed.connect(self._page_changed)
        self.intake.arrived.connect(self._take_paths)
        self.intake.failed.connect(self._fail)
        self.intake.noted.connect(window.messages.note)
        self.clips.frame_opened.connect(self._take_opened)
        self.clips.moved.connect(self._frame_moved)
        self.saves.written.connect(lambda path: self.remember(save_folder=str(path.parent)))
        self.history.wanted.connect(self._take_look)
        self.previews.shown.connect(self._take_preview)
        self.previews.measured.connect(self._take_levels)
        self.previews.failed.connect(self._preview_failed)
        self.activity.cancelled.connect(self._cancel)
        self.jobs.noticed.connect(self._noticed)

    def _take_toolbox(self, toolbox: Toolbox) -> None:
        self.toolbox = toolbox
        for error in toolbox.unusable:
            self._fail(error)
        if not toolbox:
            self._window.panel.say("No weights were found, so there is no tool to use yet.")
            return
        self._window.offer_loupe(any(each.weights.local for each in toolbox.known))
        self._window.show_tools(toolbox.tools, toolbox.tools[0].model)
        if toolbox.photo_tools:
            self.draft = toolbox.first_look()
            self._set_document(self.document.with_first_look(self.draft))
        elif not self.document.photos:
            self.page_wanted.emit(toolbox.tools[0].model)

    def _take_paths(self, paths: list[Path], model: str) -> None:
        if not self.intake.is_pasted(paths[0]):
            self.preferences = replace(self.preferences, folder=str(paths[0].parent))
        self._window.leave_page()
        look = self.toolbox.unmasked(self._look_with(model)) if model else self.draft
        self._set_document(self.document.opened(paths, look))
        if look is not None and self.look != look and model:
            self._tool_chosen(model)  # it was open already

    def _set_document(self, document: Document) -> None:
        """Makes the window show a document."""
        self.document = document
        window, path = self._window, document.shown
        window.show_photo(path.name if path else "")
        self._thumbnails.show([photo.path for photo in document.photos], path)
        self.history.show(path)
        self.document_changed.emit()
        photo = document.photo
        if photo is not None and photo.look is not None:
            self.draft = self.toolbox.unmasked(photo.look)
        if self.look is not None:
            self._show_look(self.look)
        if path is None:
            self._stage.clear()
            self.previews.give_up()
            return
        self._display()
        self._ask()
        self._read()

    def _read(self) -> None:
        """Reads the photo that is shown; what is paged past meanwhile is not read at all."""
        path = self.document.shown
        if not self._reading and path is not None and not self._stage.is_opened(path):
            self._reading = True
            failed = partial(self._opening_failed, path)
            self.background.run(self.clips.opening(path), self._opened, failed)

    def _opened(self, opened: Opened) -> None:
        self._reading = False
        self._window.messages.settle(opened.path)
        self._take_opened(opened)
        self._read()

    def _take_opened(self, opened: Opened) -> None:
        if opened.path in self.document:
            self._stage.take_opened(opened)
            if opened.path == self.document.shown:
                self._display()

    def _frame_moved(self, path: Path) -> None:
        if path == self.document.shown:
            self._going_on = True
            self._ask()
            self._going_on = False

    def _opening_failed(self, path: Path, error: StudioError) -> None:
        self._reading = False
        if path in self.document:
            self._window.messages.error(error, about=path, run="files were not opened")
            self.unreadable.emit(self.close_photo(path))
        self._read()

    def _display(self) -> None:
        """Shows what there is of the photo."""
        photo = self.document.photo
        if photo is not None:
            self._stage.show(photo.path, self.request(photo), self._weights)

    def _show_look(self, look: Look) -> None:
        if look.weights in self.toolbox:
            model = self.toolbox.find(look.weights).weights.model
            self.last[self.document.shown, model] = look
            levels = self._levels.get((self.document.shown or Path(), look.weights), {})
            if self._window.is_about_photo:
                self.form.show(self.toolbox, look, levels)
        self.look_changed.emit()

    def _page_changed(self) -> None:
        """The panel is the photo's again, perhaps."""
        if self._window.is_about_photo:
            self._stage.show_size(self.document.shown, self._weights)
            if self.look is not None:
                self._show_look(self.look)

    def _edited(self, name: str, value: Value, gesture: int) -> None:
        look = self.look
        if not self._window.is_about_photo or look is None:
            return
        if look.settings.get(name) != value:
            label = next(c.label for c in self.toolbox.controls(look.weights) if c.name == name)
            self.change_look(look.with_setting(name, value), label, gesture)
        else:
            self._ask()  # it may have been stopped, or have failed

    def _weights_chosen(self, weights: str) -> None:
        look = self.look
        if look is not None and look.weights != weights:
            self.change_look(self.toolbox.fitting(weights, look.settings), "Weights")
        else:
            self._ask()

    def _tool_chosen(self, model: str) -> None:
        if self.toolbox.has_page(model):
            self.page_wanted.emit(model)
            return
        if not self._window.is_about_photo:
            self._window.leave_page()
        if self.look is not None and self.toolbox.find(self.look.weights).weights.model != model:
            self.change_look(self._look_with(model), "Tool")

    def _look_with(self, model: str) -> Look:
        """How the photo looked when the tool of a model was used last, or that tool's first."""
        last = self.last.get((self.document.shown, model))
        return last or self.toolbox.first_look(self.toolbox.first_of(model))

    def _take_look(self, path: Path, look: Look) -> None:
        self.document = self.document.looking(path, look)
        if path == self.document.shown:
            self.draft = self.toolbox.unmasked(look)
            self._show_look(look)
            self._display()
            self._ask()

    def _ask(self) -> None:
        request = self.request(self.document.photo)
        self._window.messages.settle(_STOPPED)
        if request is None:
            return
        is_there = self._stage.settle(request)
        self.previews.ask(request, going_on=self._going_on, is_there=is_there)

    def _take_preview(self, request: Apply, event: Previewed) -> None:
        path = Path(request.source)
        self._window.messages.settle((_PREVIEW, path))
        if path not in self.document or not self._stage.take_result(request, event):
            return
        if path == self.document.shown:
            if request.preview_side != DRAFT_SIDE:
                self._stage.settle(request)
            self._display()

    def _take_levels(self, request: Apply, levels: Mapping[str, float]) -> None:
        key = (Path(request.source), request.weights)
        self._levels[key] = {**self._levels.get(key, {}), **levels}
        look = self.look
        shown = look is not None and key == (self.document.shown, look.weights)
        if shown and self._window.is_about_photo:
            self._window.panel.show_levels(self._levels[key])

    def _preview_failed(self, request: Apply, error: StudioError) -> None:
        path = Path(request.source)
        if path in self.document:
            self._window.messages.error(error, about=(_PREVIEW, path))

    def _cancel(self, job: Handle) -> None:
        if job == self.previews.job:
            self.previews.give_up()
            self._say_stopped()
        elif self.activity.is_preview(job):
            job.cancel()
            self._window.messages.note("The preview was stopped: what is shown is an earlier one.")
        else:
            self.stopping.stop(job, job.cancel)

    def _say_stopped(self) -> None:
        """Says so where the picture does not show what was chosen, until it does."""
        request = self.request(self.document.photo)
        if request is not None and not self._stage.settle(request):
            words = "The preview was stopped: the picture does not show these settings."
            self._window.messages.ask(words, "Show", self._ask, about=_STOPPED)

    def _noticed(self, event: Noticed) -> None:
        self._window.messages.note(event.message)

    def _fail(self, error: StudioError) -> None:
        self._window.messages.error(error)
