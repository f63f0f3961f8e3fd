"""What the window's actions do, with the dialogs and the preferences they need."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFileDialog

from studio.core.settings import Preferences, save_preferences
from studio.core.words.said import say
from studio.core.words.tongue import tr
from studio.gui.batch.commands import BatchCommands
from studio.gui.faces.commands import FacesCommands
from studio.gui.mask.commands import MaskCommands
from studio.gui.models.commands import ModelsCommands
from studio.gui.photo.copying import Copying
from studio.gui.photo.dragging import Dragging
from studio.gui.photo.painting_commands import PaintingCommands
from studio.gui.photo.presets import PresetCommands
from studio.gui.photo.saving import Saving
from studio.gui.photo.starting import Starting
from studio.gui.photo.using import Using
from studio.gui.shell.actions import set_tip
from studio.gui.shell.closing import Closing
from studio.gui.shell.geometry import geometry_text
from studio.gui.shell.jobs_room import JobsRoom
from studio.gui.shell.pages import Pages
from studio.gui.shell.photo_room import PhotoRoom
from studio.gui.shell.picture_menu import PictureMenu
from studio.gui.shell.settings_room import SettingsRoom
from studio.gui.shell.window import Window
from studio.gui.sketch.commands import SketchCommands
from studio.gui.state.history import Undoing
from studio.gui.state.keeping.keeping import Keeping
from studio.gui.state.page_tool import PageTool
from studio.gui.state.place import BATCH, MODELS, PICTURE
from studio.gui.state.wording import step_words
from studio.gui.state.workspace import Workspace
from studio.gui.theme.hover import give_menu
from studio.gui.widgets.file_dialogs import photo_filter
from studio.gui.widgets.save_dialog import folder_of_new

_CLOSING = "closing"  # what a message is about
_DROPS = say("Something is still being saved. Closing stops it, and it is not saved.")
_STOPS = say("A whole folder is being done. Closing stops it; it can be gone on with later.")


class Commands(QObject):
    """Makes the rooms, connects actions to them and remembers what was chosen."""

    def __init__(self, window: Window, workspace: Workspace) -> None:
        super().__init__(window)
        self._window, self._workspace = window, workspace
        self._closed = False
        self._pages = pages = Pages(window, workspace.place)
        self._photo_room = PhotoRoom(window, workspace)
        self.jobs = JobsRoom(window, workspace)
        self._picture_menu = PictureMenu(window, workspace.photos, workspace.messages)
        self.copying = Copying(workspace, self)
        self.dragging = Dragging(window.canvas, window.filmstrip, workspace)
        self._starting = Starting(window.start, window.top_bar.recent, workspace)
        self.using = Using(window.top_bar.use, workspace)
        self.presets = PresetCommands(workspace, window)
        self.paintings = PaintingCommands(window.panel.paintings, workspace, window)
        self.saving = Saving(workspace, window)
        self.closing = Closing(window, workspace)
        SettingsRoom(window, workspace)
        actions = window.actions_
        self.masks = MaskCommands(
            workspace, window.canvas, window.mask_bar, actions.brush, actions.overlay
        )
        self.batch = BatchCommands(workspace, window)
        self.sketch = SketchCommands(workspace, window)
        self.faces = FacesCommands(workspace, window)
        self.models = ModelsCommands(workspace, window)
        self._page_tools: tuple[PageTool, ...] = (self.sketch, self.faces)
        self.keeping = Keeping(workspace, self.sketch, self.faces)
        pages.add(BATCH, say("Whole folder"), lambda: self.batch.page)
        pages.add(MODELS, say("Models"), lambda: self.models.page)
        pages.add("sketch", say("Sketch"), lambda: self.sketch.page)
        pages.add("faces", say("Faces"), lambda: self.faces.page)
        self._connect_rooms()
        self._connect_actions()

    def _connect_rooms(self) -> None:
        window, workspace = self._window, self._workspace
        workspace.library.changed.connect(self._make_pages)
        give_menu(window.panel.presets, self.presets.menu)
        window.rail.used.connect(self.using.use)
        window.panel.mask_wanted.connect(self.masks.ask_for_file)
        window.panel.folder_wanted.connect(self.batch.open)
        self.jobs.list.chosen.connect(self.batch.act)
        self.masks.offered.connect(window.top_bar.brush.setVisible)
        self.saving.several_changed.connect(window.actions_.save_all.setEnabled)
        window.scrubber.frame_wanted.connect(self.saving.save_frame)
        self.keeping.offered.connect(window.start.offer)
        window.start.chosen.connect(self.keeping.open)
        workspace.photos.history.changed.connect(self._show_history)
        for tool in self._page_tools:
            tool.history_changed.connect(self._show_history)
        for changed in (workspace.place.changed, workspace.photos.document_changed):
            changed.connect(self._show_filmstrip)
        for changed in (workspace.place.changed, workspace.photos.look_changed):
            changed.connect(lambda: window.actions_.about.setEnabled(bool(self._weights)))
        workspace.place.changed.connect(self._show_history)
        workspace.job_list.ended.connect(lambda _: workspace.messages.settle(_CLOSING))
        window.closing.connect(self._close)
        window.ending.connect(self._end)

    def _connect_actions(self) -> None:
        actions = self._window.actions_
        actions.open.triggered.connect(self._open)
        actions.save.triggered.connect(self._save)
        actions.save_all.triggered.connect(self.saving.ask_all)
        actions.copy.triggered.connect(self._copy)
        actions.paste.triggered.connect(self._paste)
        for flip, steps in ((actions.previous, -1), (actions.next, 1)):
            flip.triggered.connect(partial(self._workspace.photos.flip, steps))
        actions.undo.triggered.connect(self._undo)
        actions.redo.triggered.connect(self._redo)
        actions.about.triggered.connect(lambda: self.models.tell_about(self._weights))
        actions.models.triggered.connect(lambda: self._workspace.place.show(MODELS))
        actions.shortcuts.triggered.connect(self._show_shortcuts)
        actions.filmstrip.setChecked(self._preferences.filmstrip)
        actions.filmstrip.toggled.connect(self._fold)

    @property
    def _preferences(self) -> Preferences:
        return self._workspace.preferences

    @property
    def _page_tool(self) -> PageTool | None:
        """The one whose page is shown."""
        return next((tool for tool in self._page_tools if tool.is_open), None)

    @property
    def _history(self) -> Undoing:
        """Of what is shown."""
        return self._page_tool or self._workspace.photos.history

    @property
    def _weights(self) -> str:
        """Id of the weights in use; empty while there are none."""
        tool, look = self._page_tool, self._workspace.photos.look
        return tool.weights if tool is not None else look.weights if look is not None else ""

    def _make_pages(self) -> None:
        tools = self._workspace.toolbox.tools
        self._pages.make_ahead(tool.model for tool in tools if tool.has_page)

    def _show_shortcuts(self) -> None:
        from studio.gui.shell.shortcuts_sheet import ShortcutsSheet

        sheet = ShortcutsSheet(self._window.actions_.groups(), self._window)
        sheet.finished.connect(sheet.deleteLater)
        sheet.open()

    def _open(self) -> None:
        dialog = QFileDialog(
            self._window,
            tr("Open photos"),
            str(folder_of_new(self._preferences.folder)),
            photo_filter(),
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setOption(QFileDialog.Option.HideNameFilterDetails)
        dialog.filesSelected.connect(
            lambda names: self._workspace.open([Path(name) for name in names])
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _undo(self) -> None:
        self._history.undo()

    def _redo(self) -> None:
        self._history.redo()

    def _copy(self) -> None:
        (self._page_tool or self.copying).copy()

    def _paste(self) -> None:
        tool = self._page_tool
        if tool is not None:
            tool.paste()
        else:
            self._workspace.incoming.paste()

    def _save(self) -> None:
        (self._page_tool or self.saving).save()

    def _show_history(self) -> None:
        history, actions = self._history, self._window.actions_
        seen = self._workspace.place.page != MODELS
        for action, word, step in (
            (actions.undo, say("Undo"), history.next_undo),
            (actions.redo, say("Redo"), history.next_redo),
        ):
            action.setEnabled(seen and step is not None)
            set_tip(action, step_words(word, step))

    def _fold(self, unfolded: bool) -> None:
        self._workspace.remember(filmstrip=unfolded)
        self._show_filmstrip()

    def _show_filmstrip(self) -> None:
        seen = self._workspace.place.page == PICTURE
        several = seen and len(self._workspace.photos.document.photos) > 1
        actions = self._window.actions_
        for action in (actions.filmstrip, actions.previous, actions.next, actions.select_all):
            action.setEnabled(several)
        self._window.filmstrip.setVisible(several and self._preferences.filmstrip)

    def _close(self, event: QCloseEvent) -> None:
        if self._closed:
            return
        making = [*self._workspace.saves.running, *self._workspace.lessons.running]
        stopped = [
            *([_DROPS] if making else []),
            *([_STOPS] if self.batch.runner.under_way else []),
        ]
        words, messages = " ".join(map(tr, stopped)), self._workspace.messages
        if words and not messages.says(words):
            event.ignore()
            messages.ask(words, tr("Stop and close"), self._window.close, about=_CLOSING)
            return
        self._end()

    def _end(self) -> None:
        """Keeps what is to be remembered, and ends all that runs."""
        if self._closed:
            return
        self._closed = True
        self._workspace.remember(geometry=geometry_text(self._window))
        save_preferences(self._preferences)
        self._window.hide()
        self.keeping.close()
        self._workspace.close()
        self.batch.close()
        self.copying.close()
        self.dragging.close()
        for tool in self._page_tools:
            tool.close()
