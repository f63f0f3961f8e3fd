"""All that the window works with, without the window: what is open, running, remembered."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from studio.core.catalogue import Catalogue, Weights
from studio.core.events import Noticed
from studio.core.handle import Handle
from studio.core.requests import Apply, SaveOptions
from studio.core.settings import Preferences, save_preferences
from studio.core.values.files import files_of
from studio.core.words.tongue import tr
from studio.gui.state.background import Background
from studio.gui.state.clipboard import PASTED
from studio.gui.state.form import Form
from studio.gui.state.library import Library
from studio.gui.state.messages import Messages
from studio.gui.state.models.own_models import OwnModels
from studio.gui.state.photo.clips import Clips
from studio.gui.state.photo.in_styles import InStyles
from studio.gui.state.photo.incoming import Incoming
from studio.gui.state.photo.lessons import Lessons
from studio.gui.state.photo.paintings import Paintings
from studio.gui.state.photo.photos import Photos
from studio.gui.state.photo.playing import Playing
from studio.gui.state.photo.previews import Previews, failure_of
from studio.gui.state.photo.reading import Reading
from studio.gui.state.photo.screen import Screen
from studio.gui.state.photo.sharing import Sharing
from studio.gui.state.photo.steps import Steps
from studio.gui.state.photo_saves import PhotoSaves
from studio.gui.state.place import BATCH, Place
from studio.gui.state.running.activity import Activity
from studio.gui.state.running.engine_like import MakeEngine
from studio.gui.state.running.job_list import JobList
from studio.gui.state.running.jobs import Jobs
from studio.gui.state.running.saves import Saves
from studio.gui.state.running.stopping import Stopping
from studio.gui.state.start import Start
from studio.gui.state.toolbox import Toolbox
from studio.reader.desk import Desk
from studio.reader.orders import SCREEN
from studio.reader.reader import Reader

_WRITTEN_MS = 1000  # after the last change of preferences


class Workspace(QObject):
    """Made after the first paint, since it loads what the first paint can do without.

    Args:
        messages: to say things in.
        preferences: remembered from the last time.
        make_engine: makes the engine.
        catalogue: where the weights are.
        make_reader: makes what opens files from elsewhere.
        find_samples: looks for photos to try the tools on.

    Attributes:
        place: the page that is shown.
        library: the weights.
        photos: what is open, and how it should look.
        steps: what a person does with those of the photo that is shown.
        sharing: what is selected, and settings that go from photo to photo.
        screen: what there is to see of the photo that is shown.
        form: the controls of the panel.
        clips, playing: which frame of a video is shown.
        jobs, activity, job_list, saves, photo_saves, previews, stopping: what runs.
        incoming: how photos come in.
        start: what to begin with.
        in_styles: the photo in each style of a gallery.
        own_models: weights that come and go.
        paintings, lessons: that photos take on the manner of, and that styles are learnt from.
        background: reads and writes files of the studio's own.
        reading: opens files from elsewhere.

    Signals:
        dropped: (model, paths or QImage) pictures for a tool with a page of its own.
    """

    dropped = Signal(str, object)

    def __init__(
        self,
        messages: Messages,
        preferences: Preferences,
        make_engine: MakeEngine,
        catalogue: Callable[[], Iterable[Weights]] = Catalogue,
        make_reader: Callable[[], Reader] = lambda: Reader(Desk),
        parent: QObject | None = None,
        *,
        find_samples: Callable[[], Iterable[Path]] = tuple,
    ) -> None:
        super().__init__(parent)
        self.messages, self.preferences = messages, preferences
        self.background = Background(self)
        self.reading = Reading(make_reader(), self)
        self.place = Place(self)
        self.library = Library(self)
        self.photos = Photos(self.library, self)
        self.steps = Steps(self.photos, self.library)
        self.sharing = Sharing(self.photos, self.library, messages, self)
        self.form = Form(self)
        self.clips = Clips(self.reading, SCREEN, messages.error, self)
        self.engine = make_engine()
        self.engine.use(preferences.machine())
        self.activity = Activity(self)
        self.jobs = Jobs(self.engine, self.activity, self.library.is_gradual, self)
        self.job_list = JobList(self.jobs, self.activity, self)
        self.stopping = Stopping(self.activity, messages, self)
        self.saves = Saves(self.jobs, messages, self)
        self.previews = Previews(self.jobs, self.library, self)
        self.screen = Screen(
            self.photos, self.library, self.clips, self.previews, self.reading, messages, self,
        )  # fmt: skip
        self.playing = Playing(self.photos, self.clips, self.previews, self.place, self)
        self.incoming = Incoming(self.background, self)
        self.start = Start(
            self.incoming, self.background, messages, lambda: self.preferences,
            lambda files: self.remember(recent=files), find_samples, self,
        )  # fmt: skip
        self.photo_saves = PhotoSaves(
            self.photos, self.screen, self.clips, self.saves, self.incoming, self.library,
            lambda: self.preferences, self,
        )  # fmt: skip
        self.in_styles = InStyles(
            self.photos, self.screen, self.library, self.previews, self.jobs, self.activity, self,
        )  # fmt: skip
        self.paintings = Paintings(
            self.photos, self.library, self.background, messages, lambda: self.preferences,
            lambda files: self.remember(paintings=files), self,
        )  # fmt: skip
        self.lessons = Lessons(
            self.photos, self.library, self.paintings, self.jobs, messages, self.read_weights, self,
        )  # fmt: skip
        self.own_models = OwnModels(
            self.library, self.background, self.reading, messages, self.read_weights, self
        )
        self._writing = QTimer(self, singleShot=True, interval=_WRITTEN_MS)
        self._writing.timeout.connect(self._write)
        self._connect()
        self._catalogue = catalogue
        self.read_weights()

    @property
    def toolbox(self) -> Toolbox:
        """The weights, as far as they are known."""
        return self.library.toolbox

    def read_weights(self, then: Callable[[], None] = lambda: None) -> None:
        """Reads which weights there are; then calls `then`."""
        self.library.read(self._catalogue, self.background, self.messages.error, then)

    def open(self, paths: Sequence[Path]) -> None:
        """Opens photos, or the photos in folders."""
        self.incoming.open(paths)

    def open_in(self, model: str, picture: Sequence[Path] | QImage, name: str = PASTED) -> None:
        """Opens photos, or a picture without a file, for the tool of a model.

        Args:
            model: of the tool.
            picture: files, or a picture.
            name: beginning of the name of the file that such a picture is given.
        """
        if self.toolbox.has_page(model):
            self.dropped.emit(model, picture)
        elif isinstance(picture, QImage):
            self.incoming.open_image(picture, name, model)
        else:
            self.incoming.open(picture, model)

    def choose_tool(self, model: str) -> None:
        """Turns to a tool: to its page, or to the photo as it looks there."""
        if self.toolbox.has_page(model):
            self.place.show(model)
            return
        self.photos.choose_tool(model)  # before the photo is back, so that the panel is built once
        if self.place.page != BATCH:  # which shows the settings of any tool
            self.place.leave()

    def remember(self, **changes: str | float | bool | tuple[str, ...]) -> None:
        """Changes preferences by their names."""
        before, self.preferences = self.preferences, replace(self.preferences, **changes)
        if self.preferences != before:
            self._writing.start()
        if self.preferences.machine() != before.machine():
            self.engine.use(self.preferences.machine())

    def _write(self) -> None:
        """However the window ends, what was remembered is there at the next start."""
        self.background.run(
            lambda: save_preferences(self.preferences), lambda _: None, self.messages.error
        )

    def remember_save(
        self, options: SaveOptions, suffix: str = "", *, metadata: bool | None = None
    ) -> None:
        """Remembers how something was saved, where the person wants that.

        Args:
            options: with which.
            suffix: of a picture's format, without its dot; empty: it was no picture.
            metadata: what was said of that; None: it was not asked.
        """
        kept = self.preferences
        if kept.save_remembers:
            self.remember(
                quality=options.quality,
                save_deep=options.deep,
                save_format=suffix or kept.save_format,
                save_metadata=kept.save_metadata if metadata is None else metadata,
            )

    def remember_folder(self, folder: Path) -> None:
        """Remembers where something was saved, where the person wants that."""
        if self.preferences.save_remembers:
            self.remember(save_folder=str(folder))

    def originals(self) -> list[Path]:
        """The files of what is open: photos, masks and paintings, which no save may replace."""
        photos, toolbox = self.photos.document.photos, self.toolbox
        looks = [s.look for photo in photos if photo.stack is not None for s in photo.stack.steps]
        files = [
            f for each in looks for f in files_of(toolbox.controls(each.weights), each.settings)
        ]
        return [*(photo.path for photo in photos), *files]

    def close(self) -> None:
        """Ends every job, the engine and the threads."""
        self.in_styles.close()
        self.previews.give_up()
        self.saves.cancel_all()
        self.engine.close()
        self.reading.close()
        self.background.close()
        self.incoming.close()

    def _connect(self) -> None:
        messages = self.messages
        self.incoming.arrived.connect(self._take_paths)
        self.incoming.failed.connect(messages.error)
        self.incoming.noted.connect(messages.note)
        self.job_list.retried.connect(self.saves.start)
        self.saves.written.connect(lambda each: self.remember_folder(Path(each.output).parent))
        self.jobs.noticed.connect(self._noticed)
        self.activity.cancelled.connect(self._cancel)
        self.photos.look_changed.connect(self._show_form)
        self.previews.failed.connect(lambda request, _: self._look_for_weights(request))
        self.screen.levels_changed.connect(self._show_form)
        self.screen.changed.connect(self._show_size)
        self.screen.patches.changed.connect(self._show_size)
        self.screen.patches.looked.connect(self._show_size)
        self.place.changed.connect(self._show_form)
        self.place.changed.connect(self._show_size)

    def _take_paths(self, paths: list[Path], model: str) -> None:
        if not self.incoming.is_ours(paths[0]):
            self.remember(folder=str(paths[0].parent))
        self.place.leave()
        self.photos.open(paths, model)
        self.start.note(paths)

    def _show_form(self) -> None:
        """The panel is the photo's, unless a tool with a page has it."""
        look = self.photos.look
        if self.place.is_about_photo and look is not None and look.weights in self.toolbox:
            self.form.show(look, self.photos.edit, self.screen.levels)

    def _look_for_weights(self, request: Apply) -> None:
        gone = [self.own_models.is_gone(step.weights) for step in request.steps]
        if any(gone):
            self.messages.settle(failure_of(Path(request.source)))  # that says more

    def _show_size(self) -> None:
        if self.place.is_about_photo:
            self.place.show_size(self.screen.size, self.screen.detail)

    def _cancel(self, job: Handle) -> None:
        def stop_preview() -> None:
            self.screen.stop(job)

        if self.screen.is_about(job):
            if self.activity.keeps(job):
                self.stopping.stop(job, stop_preview)
            else:
                stop_preview()
            return
        if self.activity.is_preview(job):
            job.cancel()
            self.messages.note(tr("The preview was stopped: what is shown is an earlier one."))
        else:
            self.stopping.stop(job, job.cancel)

    def _noticed(self, event: Noticed) -> None:
        self.messages.note(event.message)
