"""Everything a person can ask of the window, with its shortcut and icon."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from studio.core.words.tongue import tr
from studio.gui.theme.icons import icon
from studio.gui.theme.palette import Theme

_ICONS = {
    "open": "folder-open",
    "save": "export",
    "undo": "arrow-u-up-left",
    "redo": "arrow-u-up-right",
    "zoom_in": "plus",
    "zoom_out": "minus",
    "brush": "paint-brush",
    "compare": "columns",
    "loupe": "magnifying-glass",
}
_Key = QKeySequence.StandardKey


@dataclass(frozen=True)
class Actions:
    """The window's actions; those that need a photo begin disabled."""

    open: QAction
    save: QAction
    copy: QAction
    paste: QAction
    save_all: QAction
    select_all: QAction
    copy_settings: QAction
    paste_settings: QAction
    synchronise: QAction
    close_photo: QAction
    reopen: QAction
    previous: QAction
    next: QAction
    brush: QAction
    overlay: QAction
    undo: QAction
    redo: QAction
    play: QAction
    begin_here: QAction
    end_here: QAction
    take_whole: QAction
    zoom_in: QAction
    zoom_out: QAction
    fit: QAction
    full: QAction
    double: QAction
    compare: QAction
    beside: QAction
    loupe: QAction
    loupe_double: QAction
    filmstrip: QAction
    full_screen: QAction
    about: QAction
    models: QAction
    settings: QAction
    shortcuts: QAction
    system: QAction
    dark: QAction
    light: QAction
    quit: QAction

    def all(self) -> list[QAction]:
        """Every action."""
        return [getattr(self, field.name) for field in fields(self)]

    def of_photo(self) -> list[QAction]:
        """Those that make sense whenever a photo is shown."""
        views = [self.zoom_in, self.zoom_out, self.fit, self.full, self.double]
        return [self.close_photo, self.compare, self.beside, *views]

    def of_look(self) -> list[QAction]:
        """Those that begin from what the panel shows, or have it show something else."""
        files = [self.paste, self.save, self.save_all, self.copy, self.close_photo, self.reopen]
        settings = [self.copy_settings, self.paste_settings, self.synchronise]
        return [*files, *settings, self.previous, self.next, self.undo, self.redo]

    def groups(self) -> list[tuple[str, list[QAction]]]:
        """All of them with titles, for people."""
        groups = [
            (tr("Files"), [self.open, self.paste, self.save, self.save_all, self.copy]),
            (tr("Photos"), [self.previous, self.next, self.select_all, self.close_photo,
                            self.reopen, self.filmstrip]),
            (tr("Changes"), [self.undo, self.redo, self.brush, self.overlay, self.copy_settings,
                             self.paste_settings, self.synchronise]),
            (tr("Video"), [self.play, self.begin_here, self.end_here, self.take_whole]),
            (tr("View"), [self.zoom_in, self.zoom_out, self.fit, self.full, self.double,
                          self.compare, self.beside, self.loupe, self.loupe_double,
                          self.full_screen]),
        ]  # fmt: skip
        told = {action for _, of in groups for action in of}
        return [*groups, (tr("Studio"), [each for each in self.all() if each not in told])]

    def dress(self, theme: Theme) -> None:
        """Gives the actions their icons."""
        for name, picture in _ICONS.items():
            getattr(self, name).setIcon(icon(picture, theme))


def make_actions(parent: QObject) -> Actions:
    """Makes the window's actions."""
    actions = Actions(
        open=_action(parent, "Open…", "Open photos", [_Key.Open]),
        save=_action(parent, "Save…", "Save the picture in full size", [_Key.Save, _Key.SaveAs]),
        copy=_action(
            parent, "Copy picture", "Put the result, in full size, on the clipboard", [_Key.Copy]
        ),
        paste=_action(parent, "Paste picture", "Open the clipboard's picture", [_Key.Paste]),
        save_all=_action(
            parent, "Save all…", "Save all opened photos into a folder", ["Ctrl+Alt+S"]
        ),
        select_all=_action(
            parent, "Select all photos", "Work on all opened photos together", [_Key.SelectAll]
        ),
        copy_settings=_action(
            parent, "Copy settings", "Take this photo's settings for others", ["Ctrl+Shift+C"]
        ),
        paste_settings=_action(
            parent, "Paste settings", "Give what was copied to the selected photos",
            ["Ctrl+Shift+V"],
        ),
        synchronise=_action(
            parent, "Synchronise settings", "Give this photo's settings to all selected photos",
            ["Ctrl+Alt+V"],
        ),
        previous=_action(parent, "Previous photo", "Show the photo before", ["PgUp"]),
        next=_action(parent, "Next photo", "Show the photo behind", ["PgDown"]),
        brush=_action(
            parent, "Brush", "Paint where the picture is changed, and where it is not", ["B"]
        ),
        overlay=_action(
            parent, "Show mask", "Keep the mask in sight, also while it is not painted", ["Shift+B"]
        ),
        close_photo=_action(parent, "Close photo", "Put this photo away", [_Key.Close]),
        reopen=_action(
            parent, "Reopen closed photo", "Bring back the photo that was closed last",
            ["Ctrl+Shift+T"],
        ),
        undo=_action(parent, "Undo", "Undo", [_Key.Undo]),
        redo=_action(parent, "Redo", "Redo", [_Key.Redo, "Ctrl+Shift+Z", "Ctrl+Y"]),
        play=_action(parent, "Play", "Play with the effect, over and over", ["Ctrl+Return"]),
        begin_here=_action(
            parent, "Begin here", "Play and save the video from this frame on", ["I"]
        ),
        end_here=_action(parent, "End here", "Play and save the video up to this frame", ["O"]),
        take_whole=_action(parent, "Whole video", "Play and save all of the video", ["Shift+I"]),
        zoom_in=_action(parent, "Zoom in", "Zoom in", [_Key.ZoomIn, "+", "="]),
        zoom_out=_action(parent, "Zoom out", "Zoom out", [_Key.ZoomOut, "-"]),
        fit=_action(parent, "Fit", "Show the whole picture", ["Ctrl+0"]),
        full=_action(parent, "100 %", "Show full-size px one to one", ["Ctrl+1"]),
        double=_action(parent, "200 %", "Show full-size px doubled", ["Ctrl+2"]),
        compare=_action(parent, "Compare", "Before and after, with a line between them", ["C"]),
        beside=_action(
            parent, "Side by side", "Before and after, each in a half of its own", ["Shift+C"]
        ),
        loupe=_action(
            parent, "Loupe", "A part of the picture px by px, before and after; a click pins it",
            ["L"],
        ),
        loupe_double=_action(
            parent, "Loupe at 200 %", "Doubles the loupe's px, as its mouse wheel does", ["Shift+L"]
        ),
        filmstrip=_action(parent, "Filmstrip", "Fold the filmstrip in or out", ["F"]),
        full_screen=_action(
            parent, "Full screen", "Use the whole screen", [_Key.FullScreen, "F11"]
        ),
        about=_action(
            parent, "About this model…", "How it was trained, and how good it is", ["Ctrl+I"]
        ),
        models=_action(
            parent, "Models…", "All models: what they are, importing and removing", ["Ctrl+Shift+M"]
        ),
        settings=_action(
            parent, "Settings…", "What the studio begins with, and what it may use",
            [_Key.Preferences, "Ctrl+,"],
        ),
        shortcuts=_action(parent, "Shortcuts", "What each key does", ["F1", "?"]),
        system=_action(parent, "As the system", "Dark or light as the system is", []),
        dark=_action(parent, "Dark", "Dark window", []),
        light=_action(parent, "Light", "Light window", []),
        quit=_action(parent, "Quit", "Quit", [_Key.Quit, "Ctrl+Q"]),
    )  # fmt: skip
    palettes = QActionGroup(parent)
    for action in (actions.system, actions.dark, actions.light):
        action.setCheckable(True)
        palettes.addAction(action)
    loupes = [actions.loupe, actions.loupe_double]
    folds = [actions.filmstrip, actions.full_screen]
    for action in (
        actions.brush,
        actions.overlay,
        actions.compare,
        actions.beside,
        *loupes,
        *folds,
    ):
        action.setCheckable(True)
    later = [
        actions.save,
        actions.copy,
        actions.save_all,
        actions.reopen,
        *loupes,
        actions.undo,
        actions.redo,
    ]
    later += [actions.select_all, actions.copy_settings, actions.paste_settings]
    later += [actions.synchronise]
    later += [actions.play, actions.begin_here, actions.end_here, actions.take_whole]
    for action, word in zip(later[-3:], (tr("In"), tr("Out"), tr("All")), strict=True):
        action.setIconText(word)
    later += [actions.previous, actions.next, actions.brush, actions.overlay]
    for action in [*actions.of_photo(), *later, actions.filmstrip, actions.about]:
        action.setEnabled(False)
    return actions


def _action(
    parent: QObject, words: str, tip: str, keys: Sequence[QKeySequence.StandardKey | str]
) -> QAction:
    action = QAction(tr(words), parent)
    shortcuts: list[QKeySequence] = []
    for key in keys:
        found = [QKeySequence(key)] if isinstance(key, str) else QKeySequence.keyBindings(key)
        shortcuts += [shortcut for shortcut in found if shortcut not in shortcuts]
    action.setShortcuts(shortcuts)
    set_tip(action, tr(tip))
    return action


def set_tip(action: QAction, tip: str) -> None:
    """Sets the tooltip and names the shortcut in it."""
    key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setToolTip(f"{tip} ({key})" if key else tip)
