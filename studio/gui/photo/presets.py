"""The menu of presets: settings that a person gave a name."""

import threading
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from studio.core.chains import Chain
from studio.core.presets import Preset, Presets, load_presets, save_presets
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
        workspace.background.run(load_presets, self._take, workspace.messages.error)

    def save_as(self, name: str) -> None:
        """Keeps the settings that are shown under a name."""
        if self._workspace.photos.look is not None:
            self._keep(self._workspace.photos.look, name)

    def _keep(self, look: Look, name: str) -> None:
        name = name.strip()
        if not name:
            return
        model, kept = self._model(look), self._workspace.toolbox.unmasked(look).settings
        replaced = self._presets.find(model, name) is not None
        done = f"The preset “{name}” was {'replaced' if replaced else 'saved'}."
        self._change(self._presets.with_preset(model, Preset(name, look.weights, kept)), done)

    def apply(self, name: str) -> None:
        """Gives the photo the settings of a preset, but keeps its masks; one step of undo."""
        look = self._workspace.photos.look
        preset = None if look is None else self._presets.find(self._model(look), name)
        if look is None or preset is None:
            return
        toolbox = self._workspace.toolbox
        weights = preset.weights if preset.weights in toolbox else look.weights
        new = toolbox.fitting(weights, {**preset.settings, **toolbox.masks_for(weights, look)})
        self._workspace.photos.change_look(new, f"Preset {name}")

    def apply_chain(self, chain: Chain) -> None:
        """Has a photo go through all steps of a chain; its masks stay. One step of undo."""
        photos, toolbox = self._workspace.photos, self._workspace.toolbox
        if photos.stack is not None:
            new = Stack.of(*map(toolbox.first_look, chain.ids))
            photos.change_stack(toolbox.with_masks(new, photos.stack), chain.title)

    def rename(self, old: str, new: str) -> None:
        """Gives a preset another name."""
        if self._workspace.photos.look is not None:
            self._rename(self._model(self._workspace.photos.look), old, new)

    def _rename(self, model: str, old: str, new: str) -> None:
        new = new.strip()
        if new and new != old:
            renamed = self._presets.renamed(model, old, new)
            self._change(renamed, f"The preset “{old}” is now “{new}”.")

    def delete(self, name: str) -> None:
        """Forgets a preset."""
        look = self._workspace.photos.look
        if look is not None:
            without = self._presets.without(self._model(look), name)
            self._change(without, f"The preset “{name}” was deleted.")

    def _take(self, presets: Presets) -> None:
        self._presets = presets

    def _change(self, presets: Presets, done: str) -> None:
        before, self._presets = self._presets, presets
        self._workspace.background.run(self._write, lambda _: None, self._workspace.messages.error)
        self._workspace.messages.done(done, "Undo", partial(self._take_back, before))

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
        menu, look = self.menu, self._workspace.photos.look
        menu.clear()
        if look is None:
            return
        presets = self._presets.of(self._model(look))
        self._offer_chains(look)
        shown = self._workspace.toolbox.unmasked(look).settings
        for preset in presets:
            action = menu.addAction(_plain(preset.name), partial(self.apply, preset.name))
            action.setCheckable(True)
            action.setChecked(preset.settings == shown and preset.weights == look.weights)
        if not presets:
            menu.addAction("No presets yet").setEnabled(False)
        menu.addSeparator()
        menu.addAction("Save as…", partial(self._ask_name, look))
        rename = partial(self._ask_new_name, self._model(look))
        for words, act in (("Rename", rename), ("Delete", self.delete)):
            inside = menu.addMenu(words)
            inside.setEnabled(bool(presets))
            for preset in presets:
                dots = "…" if words == "Rename" else ""
                inside.addAction(_plain(preset.name) + dots, partial(act, preset.name))

    def _offer_chains(self, look: Look) -> None:
        toolbox, stack = self._workspace.toolbox, self._workspace.photos.stack
        ids = () if stack is None else tuple(each.weights for each in stack.active)
        for id_, _ in toolbox.beside(look.weights):
            chain = toolbox.chain_of(id_)
            if chain is not None:
                action = self.menu.addAction(chain.title, partial(self.apply_chain, chain))
                action.setCheckable(True)
                action.setChecked(ids == chain.ids)

    def _ask_name(self, look: Look) -> None:
        self._ask("Save preset", "", partial(self._keep, look))

    def _ask_new_name(self, model: str, old: str) -> None:
        self._ask("Rename preset", old, partial(self._rename, model, old))

    def _ask(self, title: str, name: str, then: Callable[[str], None]) -> None:
        dialog = QInputDialog(self._parent)
        dialog.setWindowTitle(title)
        dialog.setLabelText("Name")
        dialog.setTextValue(name)
        dialog.setOkButtonText("Save")
        dialog.textValueSelected.connect(then)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _plain(name: str) -> str:
    return name.replace("&", "&&")  # in a menu, & would underline what follows
