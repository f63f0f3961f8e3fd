"""The menu of presets: settings that a person gave a name."""

import threading
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget

from studio.core.chains import Chain
from studio.core.errors import StudioError
from studio.core.presets import STEPS, Preset, Presets, load_presets, save_presets
from studio.core.requests import Step
from studio.core.words.tongue import tr
from studio.gui.photo.name_dialog import NameDialog
from studio.gui.state.look import Look
from studio.gui.state.stack import Stack
from studio.gui.state.workspace import Workspace


class PresetCommands(QObject):
    """Fills the panel's menu and does what is chosen in it; files are written on a thread."""

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace, self._parent = workspace, parent
        self._presets = Presets()
        self._writing = threading.Lock()
        self.menu = QMenu(parent)
        self.menu.setToolTipsVisible(True)
        self.menu.aboutToShow.connect(self._fill)
        workspace.background.run(_read, self._take, workspace.messages.error)

    def save_as(self, name: str) -> None:
        """Keeps the settings of the step that is shown under a name."""
        look = self._workspace.photos.look
        if look is not None:
            self._keep(self._model(look), [look], name)

    def save_all_as(self, name: str) -> None:
        """Keeps all steps that are on under a name."""
        stack = self._workspace.photos.stack
        if stack is not None:
            self._keep(STEPS, stack.active, name)

    def _keep(self, model: str, looks: Sequence[Look], name: str) -> None:
        name = name.strip()
        if not name:
            return
        unmasked = self._workspace.toolbox.unmasked
        first, *then = (Step(each.weights, settings=unmasked(each).settings) for each in looks)
        preset = Preset(name, first.weights, first.settings, then=tuple(then))
        replaced = self._presets.find(model, name) is not None
        done = tr("The preset “{name}” was saved.", name=name)
        if replaced:
            done = tr("The preset “{name}” was replaced.", name=name)
        self._change(self._presets.with_preset(model, preset), done)

    def apply(self, name: str) -> None:
        """Gives the step the settings of a preset, but keeps its masks; one step of undo."""
        look = self._workspace.photos.look
        preset = None if look is None else self._presets.find(self._model(look), name)
        if look is None or preset is None:
            return
        toolbox = self._workspace.toolbox
        weights = preset.weights if preset.weights in toolbox else look.weights
        new = toolbox.fitting(weights, {**preset.settings, **toolbox.masks_for(weights, look)})
        self._workspace.photos.change_look(new, tr("Preset {name}", name=name))

    def apply_all(self, name: str) -> None:
        """Has the photo go through the steps of a preset; its masks stay. One step of undo."""
        toolbox, preset = self._workspace.toolbox, self._presets.find(STEPS, name)
        found = () if preset is None else preset.steps
        looks = [toolbox.fitting(s.weights, s.settings) for s in found if s.weights in toolbox]
        if len(looks) < len(found):
            gone = ", ".join(step.weights for step in found if step.weights not in toolbox)
            self._workspace.messages.note(
                tr("The preset goes without {gone}: they are not here.", gone=gone)
            )
        if looks:
            self._go_through(Stack.of(*looks), tr("Preset {name}", name=name))

    def apply_chain(self, chain: Chain) -> None:
        """Has a photo go through all steps of a chain; its masks stay. One step of undo."""
        self._go_through(
            Stack.of(*map(self._workspace.toolbox.first_look, chain.ids)), tr(chain.title)
        )

    def _go_through(self, stack: Stack, words: str) -> None:
        photos, toolbox = self._workspace.photos, self._workspace.toolbox
        if photos.stack is not None:
            photos.change_stack(toolbox.with_masks(stack, photos.stack), words)

    def rename(self, old: str, new: str) -> None:
        """Gives a preset of the tool another name."""
        if self._workspace.photos.look is not None:
            self._rename(self._model(self._workspace.photos.look), old, new)

    def _rename(self, model: str, old: str, new: str) -> None:
        new = new.strip()
        if new and new != old:
            renamed = self._presets.renamed(model, old, new)
            self._change(renamed, tr("The preset “{old}” is now “{new}”.", old=old, new=new))

    def delete(self, name: str) -> None:
        """Forgets a preset of the tool."""
        look = self._workspace.photos.look
        if look is not None:
            self._delete(self._model(look), name)

    def _delete(self, model: str, name: str) -> None:
        self._change(
            self._presets.without(model, name), tr("The preset “{name}” was deleted.", name=name)
        )

    def _take(self, found: tuple[Presets, list[StudioError]]) -> None:
        self._presets, troubles = found
        for trouble in troubles:
            self._workspace.messages.error(trouble)

    def _change(self, presets: Presets, done: str) -> None:
        before, self._presets = self._presets, presets
        self._workspace.background.run(self._write, lambda _: None, self._workspace.messages.error)
        self._workspace.messages.done(done, tr("Undo"), partial(self._take_back, before))

    def _take_back(self, presets: Presets) -> None:
        self._presets = presets
        self._workspace.background.run(self._write, lambda _: None, self._workspace.messages.error)
        self._workspace.messages.dismiss()

    def _write(self) -> None:
        with self._writing:  # whichever thread comes last writes the latest
            save_presets(self._presets)

    def _model(self, look: Look) -> str:
        return self._workspace.toolbox.find(look.weights).weights.model

    def _fill(self) -> None:
        menu, photos = self.menu, self._workspace.photos
        look, stack, toolbox = photos.look, photos.stack, self._workspace.toolbox
        menu.clear()
        if look is None or stack is None:
            return
        model = self._model(look)
        shown = {model: [toolbox.unmasked(look)], STEPS: list(map(toolbox.unmasked, stack.active))}
        known = [(kind, preset) for kind in shown for preset in self._presets.of(kind)]
        self._offer_chains(look)
        for kind, preset in known:
            apply = self.apply_all if kind == STEPS else self.apply
            action = menu.addAction(_plain(preset.name), partial(apply, preset.name))
            action.setCheckable(True)
            looks = [Look(step.weights, step.settings) for step in preset.steps]
            action.setChecked(looks == shown[kind])
        if not known:
            menu.addAction(tr("No presets yet")).setEnabled(False)
        menu.addSeparator()
        keep = partial(self._keep, model, [look])
        if len(stack.active) > 1:
            menu.addAction(tr("Save this step as…"), partial(self._ask_name, keep))
            keep = partial(self._keep, STEPS, stack.active)
            menu.addAction(tr("Save all steps as…"), partial(self._ask_name, keep))
        else:
            menu.addAction(tr("Save as…"), partial(self._ask_name, keep))
        acts = (tr("Rename"), "…", self._ask_new_name), (tr("Delete"), "", self._delete)
        for words, dots, act in acts:
            inside = menu.addMenu(words)
            inside.setEnabled(bool(known))
            for kind, preset in known:
                inside.addAction(_plain(preset.name) + dots, partial(act, kind, preset.name))

    def _offer_chains(self, look: Look) -> None:
        toolbox, stack = self._workspace.toolbox, self._workspace.photos.stack
        ids = () if stack is None else tuple(each.weights for each in stack.active)
        for id_, _ in toolbox.beside(look.weights):
            chain = toolbox.chain_of(id_)
            if chain is not None:
                action = self.menu.addAction(tr(chain.title), partial(self.apply_chain, chain))
                action.setCheckable(True)
                action.setChecked(ids == chain.ids)

    def _ask_name(self, keep: Callable[[str], None]) -> None:
        self._ask(tr("Save preset"), "", keep)

    def _ask_new_name(self, model: str, old: str) -> None:
        self._ask(tr("Rename preset"), old, partial(self._rename, model, old))

    def _ask(self, title: str, name: str, then: Callable[[str], None]) -> None:
        dialog = NameDialog(title, name, self._parent)
        dialog.accepted.connect(lambda: then(dialog.name.text()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _read() -> tuple[Presets, list[StudioError]]:
    """The presets, and what is wrong with their file, which is mended: it is said once.

    Called on a thread.
    """
    troubles: list[StudioError] = []
    presets = load_presets(troubles.append)
    if troubles:
        save_presets(presets)
    return presets, troubles


def _plain(name: str) -> str:
    return name.replace("&", "&&")  # in a menu, & would underline what follows
