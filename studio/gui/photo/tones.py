"""Counts the tones of the photo that is shown, for the panel's histogram."""

from functools import partial

from PySide6.QtCore import QObject

from studio.core.errors import StudioError
from studio.gui.state.workspace import Workspace
from studio.gui.widgets.panel import Panel
from studio.gui.widgets.picture.histogram import Tones, tones_of


class PhotoTones(QObject):
    """Keeps the histogram up with the screen, one picture after the other."""

    def __init__(self, panel: Panel, workspace: Workspace) -> None:
        super().__init__(panel)
        self._panel, self._workspace = panel, workspace
        self._counted = 0  # key of the picture
        self._counting = workspace.background.latest(self._take, self._fail)
        for changed in (workspace.screen.changed, workspace.place.changed, workspace.form.changed):
            changed.connect(self._look)

    def _look(self) -> None:
        shown = self._workspace.screen.shown
        image = shown.before if shown.after.isNull() else shown.after
        if image.isNull() or not self._workspace.place.is_about_photo:
            self._counted = 0
            self._panel.show_tones(None)
        elif self._panel.has_histogram and image.cacheKey() != self._counted:
            self._counted = image.cacheKey()
            self._counting.wish(partial(tones_of, image))

    def _take(self, tones: Tones) -> None:
        if self._counted:
            self._panel.show_tones(tones)

    def _fail(self, error: StudioError) -> None:
        self._workspace.messages.error(error)
