"""Brings the widgets around the picture together with what is open."""

from pathlib import Path

from PySide6.QtCore import QObject

from studio.core.videos import is_video
from studio.core.words.tongue import tr
from studio.gui.photo.filmstrip import EDITED, SAVED, VIDEO
from studio.gui.photo.scrubbing import Scrubbing
from studio.gui.photo.thumbnails import Thumbnails
from studio.gui.photo.tones import PhotoTones
from studio.gui.photo.view import PhotoView
from studio.gui.shell.window import Window
from studio.gui.state.models.own_models import SUFFIX
from studio.gui.state.place import MODELS, PICTURE
from studio.gui.state.workspace import Workspace
from studio.gui.widgets.panel_form import PanelForm


class PhotoRoom(QObject):
    """Each widget shows a part of the workspace and tells it what the person wants."""

    def __init__(self, window: Window, workspace: Workspace) -> None:
        super().__init__(window)
        self._window, self._workspace = window, workspace
        photos, screen, activity = workspace.photos, workspace.screen, workspace.activity
        self._view = PhotoView(window.canvas, screen)
        self._form = PanelForm(window.panel, workspace)
        self._tones = PhotoTones(window.panel, workspace)
        self._scrubbing = Scrubbing(window.scrubber, workspace)
        self._connect_marks()
        self._thumbnails = Thumbnails(window.filmstrip, workspace.reading, self)
        workspace.library.changed.connect(self._show_tools)
        workspace.form.changed.connect(self._mark_tool)
        photos.document_changed.connect(self._show_document)
        for changed in (photos.document_changed, photos.look_changed, photos.others_changed):
            changed.connect(self._show_marks)
        workspace.photo_saves.changed.connect(self._show_marks)
        screen.changed.connect(self._allow)
        window.dropped.connect(self._open)
        window.dropped_image.connect(workspace.incoming.open_image)
        window.filmstrip.chosen.connect(photos.show)
        window.filmstrip.selected.connect(workspace.sharing.select)
        workspace.sharing.changed.connect(self._allow_sharing)
        actions, sharing = window.actions_, workspace.sharing
        actions.select_all.triggered.connect(window.filmstrip.selectAll)
        actions.copy_settings.triggered.connect(sharing.copy)
        actions.paste_settings.triggered.connect(sharing.paste)
        actions.synchronise.triggered.connect(sharing.synchronise)
        window.filmstrip.addActions(
            [actions.copy_settings, actions.paste_settings, actions.synchronise]
        )
        workspace.place.changed.connect(self._allow_sharing)
        workspace.place.changed.connect(  # what would change is not seen there
            lambda: window.panel.setEnabled(workspace.place.page != MODELS)
        )
        window.canvas.flipped.connect(photos.flip)
        window.rail.chosen.connect(workspace.choose_tool)
        window.rail.dropped.connect(workspace.open_in)
        window.rail.dropped_image.connect(workspace.open_in)
        activity.told.connect(window.status.tell)
        activity.device_found.connect(window.status.show_device)
        window.status.cancelled.connect(activity.cancel)
        window.status.kept.connect(activity.keep)
        window.status.opened.connect(activity.open)
        window.status.escaped.connect(activity.cancel_preview)

    def _open(self, paths: list[Path]) -> None:
        """Photos, or weights, which no other drop could mean."""
        if all(path.suffix == SUFFIX for path in paths):
            self._workspace.own_models.bring(paths)
        else:
            self._workspace.open(paths)

    def _connect_marks(self) -> None:
        actions, scrubbing = self._window.actions_, self._scrubbing
        marking = actions.begin_here, actions.end_here, actions.take_whole
        scrubber = self._window.scrubber
        scrubber.take_actions(*marking)
        scrubber.play.setToolTip(actions.play.toolTip())
        actions.play.triggered.connect(scrubber.play.click)
        acts = scrubbing.begin_here, scrubbing.end_here, scrubbing.take_whole
        for action, act in zip(marking, acts, strict=True):
            action.triggered.connect(act)
        scrubbing.marks_changed.connect(self._allow_marks)
        self._workspace.clips.marked.connect(self._show_marks)

    def _allow_marks(self, known: bool, marked: bool) -> None:
        actions = self._window.actions_
        actions.play.setEnabled(known)
        actions.begin_here.setEnabled(known)
        actions.end_here.setEnabled(known)
        actions.take_whole.setEnabled(marked)

    def _show_tools(self) -> None:
        toolbox, look = self._workspace.toolbox, self._workspace.photos.look
        if not toolbox:
            said = tr("No weights were found, so there is no tool to use yet.")
            self._window.panel.show_note(said)
            return
        place = self._workspace.place
        if not place.is_about_photo and not toolbox.has_page(place.page):
            place.leave()  # its last weights have gone
        self._window.offer_loupe(bool(toolbox.photo_tools))
        first = toolbox.tools[0].model
        if look is not None and look.weights in toolbox:
            first = toolbox.find(look.weights).weights.model
        self._window.show_tools(toolbox.tools, first)
        if not toolbox.photo_tools and not self._workspace.photos.document.photos:
            place.show(toolbox.tools[0].model)

    def _mark_tool(self) -> None:
        look, toolbox = self._workspace.form.look, self._workspace.toolbox
        if look is not None and look.weights in toolbox:
            self._window.rail.choose(toolbox.model_of(look.weights))

    def _show_document(self) -> None:
        document = self._workspace.photos.document
        self._window.show_photo(document.shown.name if document.shown else "")
        self._thumbnails.show([photo.path for photo in document.photos], document.shown)

    def _show_marks(self) -> None:
        photos, saves = self._workspace.photos, self._workspace.photo_saves
        self._window.filmstrip.show_marks(
            {
                each.path: [
                    *([VIDEO] if is_video(each.path) else []),
                    *([EDITED] if photos.is_edited(each) else []),
                    *([SAVED] if saves.file(each) else []),
                ]
                for each in photos.document.photos
            }
        )

    def _allow_sharing(self) -> None:
        sharing, actions = self._workspace.sharing, self._window.actions_
        here = self._workspace.place.page == PICTURE
        actions.copy_settings.setEnabled(here and sharing.can_copy)
        actions.paste_settings.setEnabled(here and sharing.can_paste)
        actions.synchronise.setEnabled(here and sharing.can_synchronise)

    def _allow(self) -> None:
        shown = self._workspace.screen.shown
        self._window.allow(saving=shown.saveable, loupe=shown.local)
