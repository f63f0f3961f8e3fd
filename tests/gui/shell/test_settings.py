"""What a person sets for good."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtGui import QKeySequence, QPalette
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QMessageBox, QPushButton

from studio.core.machine import Machine
from studio.core.settings import Preferences, load_preferences
from studio.core.words.tongue import LANGUAGES, speak
from studio.gui.app import make_application
from studio.gui.shell.language import choose_language
from studio.gui.shell.settings_dialog import SettingsDialog
from studio.gui.theme.palette import DARK, LIGHT
from studio.gui.widgets.save_dialog import SaveDialog
from tests.gui.mnemonics import doubled_mnemonics

if TYPE_CHECKING:
    from tests.gui.conftest import Studio


def settings(studio: Studio) -> SettingsDialog:
    action = studio.window.actions_.settings
    assert QKeySequence("Ctrl+,") in action.shortcuts()
    action.trigger()
    dialog = studio.window.findChild(SettingsDialog)
    assert dialog is not None
    return dialog


def choose(box: QComboBox, words: str) -> None:
    """As a person does, who sees words."""
    box.setCurrentText(words)
    assert box.currentText() == words
    box.activated.emit(box.currentIndex())


def save_dialog(studio: Studio) -> SaveDialog:
    studio.window.actions_.save.trigger()
    dialog = studio.window.findChild(SaveDialog)
    assert dialog is not None
    return dialog


def gone(studio: Studio, kind: type) -> None:
    studio.bot.waitUntil(lambda: studio.window.findChild(kind) is None, timeout=20_000)


def kept(studio: Studio, wanted: Callable[[Preferences], bool]) -> None:
    studio.bot.waitUntil(lambda: wanted(load_preferences()), timeout=20_000)


def window_colour() -> str:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app.palette().color(QPalette.ColorRole.Window).name()


def test_that_the_theme_changes_at_once_and_is_kept(studio: Studio) -> None:
    dialog = settings(studio)
    assert dialog.theme.currentText() == "Dark"
    choose(dialog.theme, "Light")
    assert window_colour() == LIGHT.panel
    assert studio.window.actions_.light.isChecked()
    dialog.accept()
    kept(studio, lambda each: each.palette == "light")
    gone(studio, SettingsDialog)
    studio.window.actions_.dark.trigger()
    assert window_colour() == DARK.panel
    assert settings(studio).theme.currentText() == "Dark"


@pytest.fixture
def english_again() -> Iterator[None]:
    yield
    app = QApplication.instance()
    for translator in app.findChildren(QTranslator) if app else ():
        app.removeTranslator(translator)
        translator.deleteLater()
    speak("en")
    QLocale.setDefault(QLocale.system())


def test_that_the_language_is_kept_and_spoken_from_the_next_start(
    studio: Studio, english_again: None
) -> None:
    dialog = settings(studio)
    assert not dialog.later.isVisible()
    choose(dialog.language, "Deutsch")
    assert dialog.later.isVisible(), "in the dialog, which covers messages"
    assert "next start" in dialog.later.text()
    dialog.accept()
    gone(studio, SettingsDialog)
    kept(studio, lambda each: each.language == "de")
    language = load_preferences().language
    choose_language(make_application(), language)
    again = settings(studio)
    assert again.language.itemText(0) == "Wie das System"
    assert again.language.currentText() == "Deutsch"
    box = QMessageBox(QMessageBox.Icon.NoIcon, "", "", QMessageBox.StandardButton.Cancel)
    assert box.button(QMessageBox.StandardButton.Cancel).text() == "Abbrechen"  # Qt's own
    again.reject()


def test_that_the_save_dialog_begins_as_it_was_set_and_so_does_the_file(
    studio: Studio, photo: Path, tmp_path: Path
) -> None:
    (tmp_path / "results").mkdir()
    dialog = settings(studio)
    choose(dialog.format, "PNG")
    dialog.quality.setValue(71)
    dialog.folder.show_path(str(tmp_path / "results"))
    for box in (dialog.deep, dialog.metadata, dialog.recorded, dialog.remembers):
        box.click()
    dialog.accept()
    studio.open(photo)
    asked = save_dialog(studio)
    assert asked.path.suffix == ".png"
    assert asked.path.parent == tmp_path / "results"
    assert asked.quality.value() == 71
    assert asked.deep.isVisibleTo(asked)
    assert (asked.deep.isChecked(), asked.metadata.isChecked()) == (True, False)
    choose(asked.format, "JPEG")
    assert asked.deep.isHidden()
    asked.folder.setText(str(tmp_path))
    asked.metadata.click()
    asked.quality.setValue(50)
    asked.save.click()
    studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)
    options = studio.engine.requests[-1].save
    assert (options.quality, options.metadata, options.recorded) == (50, True, False)
    gone(studio, SaveDialog)
    again = save_dialog(studio)  # for nothing is to be remembered
    assert again.path.suffix == ".png"
    assert again.path.parent == tmp_path / "results"
    assert (again.quality.value(), again.metadata.isChecked()) == (71, False)
    again.reject()


def test_that_what_was_chosen_last_is_what_is_set(studio: Studio, photo: Path) -> None:
    studio.open(photo)
    asked = save_dialog(studio)
    choose(asked.format, "PNG")
    asked.deep.click()
    asked.metadata.click()
    asked.save.click()
    studio.bot.waitUntil(lambda: not studio.workspace.saves.running, timeout=20_000)
    dialog = settings(studio)
    assert dialog.format.currentText() == "PNG"
    assert (dialog.deep.isChecked(), dialog.metadata.isChecked()) == (True, False)
    assert dialog.folder.path == photo.parent
    dialog.accept()


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of which all can be set."""
    monkeypatch.setattr("studio.engine.accelerators.accelerators", lambda: ("cuda:0", "cuda:1"))
    monkeypatch.setattr("studio.core.memory.can_be_bounded", lambda: True)
    monkeypatch.setattr("studio.core.memory.total", lambda: 40 << 30)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_that_no_two_settings_share_a_letter(
    studio: Studio, cards: None, english_again: None, language: str
) -> None:
    speak(language)
    dialog = settings(studio)
    assert "&" in "".join(label.text() for label in dialog.findChildren(QLabel))
    assert doubled_mnemonics() == []
    dialog.accept()


def test_that_device_precision_and_memory_reach_the_engine(studio: Studio, cards: None) -> None:
    dialog = settings(studio)
    assert [dialog.memory.itemText(row) for row in range(dialog.memory.count())] == [
        "As much as there is", "2 GB", "4 GB", "8 GB", "16 GB", "32 GB",
    ]  # fmt: skip
    assert studio.engine.machine == Machine()
    choose(dialog.device, "Graphics card 2 (cuda:1)")
    choose(dialog.precision, "Exact (full)")
    choose(dialog.memory, "8 GB")
    assert studio.engine.machine == Machine("cuda:1", full_precision=True, memory=8 << 30)
    dialog.accept()
    kept(studio, lambda each: each.machine() == studio.engine.machine)


def test_that_nothing_is_offered_that_this_machine_cannot(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.engine.accelerators.accelerators", tuple)
    monkeypatch.setattr("studio.core.memory.can_be_bounded", lambda: False)
    dialog = settings(studio)
    words = {box.accessibleName() for box in dialog.findChildren(QComboBox)}
    assert words == {"Theme", "Language", "Format", "Device"}
    dialog.accept()


def test_that_the_folder_of_the_log_opens_though_nothing_was_written_yet(
    studio: Studio, tmp_path: Path, outside: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log" / "studio.log"
    monkeypatch.setattr("studio.gui.shell.settings_dialog.log_path", lambda: log)
    dialog = settings(studio)
    buttons = dialog.findChildren(QPushButton)
    next(each for each in buttons if "Log" in each.accessibleName()).click()
    assert outside == [log.parent]
    assert log.parent.is_dir()
    dialog.accept()


def test_that_what_is_set_is_kept_however_the_window_ends(studio: Studio) -> None:
    studio.workspace.remember(mask_brush=77)
    studio.bot.waitUntil(lambda: load_preferences().mask_brush == 77, timeout=20_000)


def test_that_settings_are_written_once_and_not_by_the_dialog(studio: Studio) -> None:
    dialog = settings(studio)
    before = load_preferences()
    choose(dialog.theme, "Light")
    dialog.accept()
    assert load_preferences() == before, "the window does not wait for a disk"
    kept(studio, lambda each: each.palette == "light")
