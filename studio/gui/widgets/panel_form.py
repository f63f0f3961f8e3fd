"""Keeps the panel's controls showing the look that is edited."""

from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage

from studio.core.controls import Control, Value
from studio.gui.state.gesture import Gesture
from studio.gui.state.toolbox import Known
from studio.gui.state.workspace import Workspace
from studio.gui.widgets.panel import FORMS, Panel
from studio.gui.widgets.previews_of_weights import show_picture, show_previews
from studio.gui.widgets.steps.step_list import Line

_AHEAD_MS = 300  # between two forms that are made ahead


class PanelForm(QObject):
    """Changes the panel's form only where other weights are shown."""

    def __init__(self, panel: Panel, workspace: Workspace) -> None:
        super().__init__(panel)
        self._panel, self._workspace = panel, workspace
        self._weights = ""
        self._shown: Known | None = None
        self._choices: list[tuple[str, str]] = []
        self._cats: dict[tuple[str, str, str], QImage] = {}  # by weights, control and option
        workspace.library.changed.connect(self._show)
        workspace.library.changed.connect(self._make_ahead)
        workspace.form.changed.connect(self._show)
        workspace.in_styles.painted.connect(self._take_picture)
        workspace.photos.document_changed.connect(self._show_pictures)
        panel.edited.connect(self._edit)
        panel.weights_chosen.connect(workspace.photos.choose_weights)
        panel.steps.added.connect(workspace.steps.add)
        panel.steps.list.chosen.connect(workspace.photos.choose_step)
        panel.steps.list.switched.connect(workspace.steps.switch)
        panel.steps.list.moved.connect(workspace.steps.move)
        panel.steps.list.removed.connect(workspace.steps.remove)

    def _show(self) -> None:
        form, toolbox = self._workspace.form, self._workspace.toolbox
        if form.look is None or form.look.weights not in toolbox:
            return
        weights = form.look.weights
        if toolbox.find(weights) != self._shown:
            self._change(toolbox.find(weights))
        elif toolbox.beside(weights) != self._choices:
            self._offer(weights)
        self._panel.show_settings(form.look.settings)
        self._panel.show_levels(form.levels)
        self._show_steps()

    def _make_ahead(self) -> None:
        """Makes the forms before they are shown, by and by, so that they then come at once."""
        toolbox, forms = self._workspace.toolbox, dict[tuple[tuple[Control, ...], bool], None]()
        for tool in toolbox.tools:
            for id_, _ in toolbox.choices(tool.model):
                forms[tuple(toolbox.controls(id_)), not tool.has_page] = None
        for turn, form in enumerate(list(forms)[:FORMS]):
            QTimer.singleShot(turn * _AHEAD_MS, self, partial(self._panel.form_of, *form))

    def _show_steps(self) -> None:
        stack, toolbox = self._workspace.photos.stack, self._workspace.toolbox
        about_photo = self._workspace.place.is_about_photo
        self._panel.steps.offer(self._workspace.steps.offered if about_photo else ())
        if stack is not None:
            lines = [Line(toolbox.title(step.look.weights), step.on) for step in stack.steps]
            self._panel.steps.show_steps(lines, stack.chosen)

    def _offer(self, id_: str) -> None:
        """Offers the weights beside those that are shown."""
        panel, toolbox = self._panel, self._workspace.toolbox
        model = toolbox.model_of(id_)
        self._choices = toolbox.beside(id_)
        choices = [] if toolbox.has_page(model) else self._choices
        panel.show_weights(choices, id_, by_pictures=toolbox.by_pictures(model))
        if toolbox.by_pictures(model):
            show_previews(self._workspace, choices, panel.pictures)

    def _change(self, known: Known) -> None:
        self._shown, weights, id_ = known, known.weights, known.weights.id
        panel, toolbox = self._panel, self._workspace.toolbox
        self._offer(id_)
        panel.show_controls(weights.controls, not toolbox.has_page(weights.model))
        self._weights = id_  # only now, see `_edit`
        for name, option in toolbox.thumbnails(id_):
            show = partial(self._show_cat, id_, name, option)
            show_picture(self._workspace, weights.thumbnail(option), show)
        self._show_pictures()

    def _edit(self, name: str, value: Value, gesture: Gesture) -> None:
        """Drops what a row tells as it goes: what is edited is another look by then."""
        look = self._workspace.form.look
        if look is not None and look.weights == self._weights:
            self._workspace.form.edit(name, value, gesture)

    def _show_cat(self, weights: str, name: str, option: str, image: QImage) -> None:
        """What lies beside the weights, as long as there is nothing of the open photo."""
        self._cats[weights, name, option] = image
        if weights == self._weights and self._workspace.in_styles.of_shown(name, option) is None:
            self._panel.set_thumbnail(name, option, image)

    def _show_pictures(self) -> None:
        """The open photo in each style; what lies beside the weights where it is not painted."""
        for name, option in self._workspace.toolbox.thumbnails(self._weights):
            painted = self._workspace.in_styles.of_shown(name, option)
            cat = self._cats.get((self._weights, name, option))
            image = cat if painted is None else painted
            if image is not None:
                self._panel.set_thumbnail(name, option, image)

    def _take_picture(self, weights: str, name: str, option: str, image: QImage) -> None:
        if weights == self._weights:
            self._panel.set_thumbnail(name, option, image)
