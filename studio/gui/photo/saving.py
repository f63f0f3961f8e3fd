"""Asks where to save what is open."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QWidget

from studio.core.requests import Apply
from studio.core.videos import is_video
from studio.core.words.tongue import tr
from studio.gui.photo.save_all import Ready, SaveAll
from studio.gui.photo.save_video import SaveVideo
from studio.gui.photo.scrub_bar import clock
from studio.gui.state.photo.clips import Marks
from studio.gui.state.photo.document import Photo
from studio.gui.state.photo_saves import Frames
from studio.gui.state.workspace import Workspace
from studio.gui.widgets.save_dialog import SaveDialog


class Saving(QObject):
    """The photo or the video that is shown, or all of them.

    Args:
        workspace: has the photos.
        parent: of the dialogs.

    Signals:
        several_changed: (whether there are several to save).
    """

    several_changed = Signal(bool)

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace, self._parent = workspace, parent
        self._photo_saves = workspace.photo_saves
        photos, place = workspace.photos, workspace.place
        for changed in (photos.look_changed, photos.document_changed, place.changed):
            changed.connect(self._count)

    def save(self) -> None:
        """Asks where to save what is shown, and saves."""
        self._ask(frame=False)

    def save_frame(self) -> None:
        """Asks where to save the frame of the video that is shown, as a picture."""
        self._ask(frame=True)

    def _ask(self, *, frame: bool) -> None:
        photo, kept = self._workspace.photos.document.photo, self._workspace.preferences
        request = self._workspace.screen.request(photo)
        if photo is None or request is None:
            return
        proposal = self._photo_saves.proposal(photo, frame=frame)
        options, size = kept.save_options(), self._workspace.screen.size
        if is_video(photo.path) and not frame:
            dialog: SaveDialog = SaveVideo(proposal, options, kept.damping, size, self._parent)
        else:
            dialog = SaveDialog(proposal, options, size, self._parent)
        marks = self._workspace.clips.marks(photo.path)
        if isinstance(dialog, SaveVideo) and marks != Marks():
            end = tr("its end") if marks.end is None else clock(marks.end)
            part = tr("{begin} to {end}", begin=clock(marks.begin), end=end)
            dialog.add_row_below(tr("Part"), QLabel(part))
        self._say_what(dialog, [photo])
        dialog.ask(
            self._workspace.originals(), self._workspace.saves.files,
            lambda: self._accepted(dialog, request),
        )  # fmt: skip

    def ask_all(self) -> None:
        """Asks where to save all that is open, or selected, and saves it."""
        workspace, saves = self._workspace, self._photo_saves
        ready = [Ready(*each, saves.stem(each[0])) for each in saves.ready()]
        if ready:
            folder = saves.proposal(ready[0].photo).parent
            selected = workspace.sharing.selected
            dialog = SaveAll(folder, workspace.preferences, ready, selected, self._parent)
            self._say_what(dialog, [each.photo for each in ready])
            files = workspace.originals(), workspace.saves.files
            dialog.ask(*files, lambda: self._save_all(dialog))

    def _say_what(self, dialog: SaveDialog, photos: Sequence[Photo]) -> None:
        """A mask that is looked at would be saved in the place of the result: that is said."""
        toolbox = self._workspace.toolbox
        stacks = [photo.stack for photo in photos if photo.stack is not None]
        masks = [shown for stack in stacks if (shown := toolbox.shown_instead(stack))]
        if masks:
            said = tr("“Show” stands at “{option}”: that is saved.", option=masks[0])
            if len(photos) > 1:
                said = tr(
                    "“Show” stands at “{option}”: that of {count} of them is saved.",
                    option=masks[0],
                    count=len(masks),
                )
            words = QLabel(said)
            words.setWordWrap(True)
            dialog.add_row_below("", words)

    def _save_all(self, dialog: SaveAll) -> None:
        manner = dialog.manner()
        self._workspace.remember_save(
            manner.options, manner.suffix, metadata=manner.options.metadata
        )
        self._workspace.remember(
            video_format=manner.video_suffix, damping=dialog.rows.damping.value()
        )
        wanted = [(each.photo, each.request) for each in dialog.chosen]
        self._photo_saves.save_all(dialog.path.parent, wanted, manner)

    def _accepted(self, dialog: SaveDialog, request: Apply) -> None:
        choice = dialog.choice()
        if isinstance(dialog, SaveVideo):
            self._workspace.remember_save(choice.options)
            self._workspace.remember(
                video_format=choice.suffix, damping=dialog.rows.damping.value()
            )
        else:
            self._workspace.remember_save(
                choice.options, choice.suffix, metadata=choice.options.metadata
            )
        frames = dialog.frames if isinstance(dialog, SaveVideo) else Frames()
        self._photo_saves.save(request, choice.path, choice.options, frames)

    def _count(self) -> None:
        several = self._workspace.place.page == "" and len(self._photo_saves.ready()) > 1
        self.several_changed.emit(several)
