"""What a person sets for good; each change counts at once."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from studio.core.files.configuration import preferences_path
from studio.core.log import log_path
from studio.core.settings import Preferences
from studio.core.words.said import say
from studio.core.words.tongue import LANGUAGES, tr
from studio.gui.shell.language import SYSTEM
from studio.gui.widgets.folder_field import FolderField
from studio.gui.widgets.labels import bold_label
from studio.gui.widgets.save_formats import DEEP_WORDS, FORMATS, METADATA_WORDS
from studio.gui.widgets.scrolled_dialog import lay_out_scrolled

_THEMES = ((say("As the system"), "system"), (say("Light"), "light"), (say("Dark"), "dark"))
_CARDS = {"cuda": say("Graphics card"), "xpu": say("Graphics card"), "mps": say("Graphics chip")}

_WIDTH = 560  # px


class SettingsDialog(QDialog):
    """Shows preferences and tells of each that is changed.

    Args:
        kept: as they are.
        accelerators: devices besides the CPU, by the names of requests.
        memory_gb: of the machine; 0: the engine's cannot be bounded here.

    Signals:
        changed: (name of the preference, its new value).
        folder_wanted: (path) of a folder to show.
    """

    changed = Signal(str, object)
    folder_wanted = Signal(object)

    def __init__(
        self, kept: Preferences, accelerators: Sequence[str], memory_gb: int, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(8)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._add_appearance(kept)
        self._add_saving(kept)
        self._add_machine(kept, accelerators, memory_gb)
        self._add_files()
        self._lay_out()

    def _add_appearance(self, kept: Preferences) -> None:
        self._title(tr("Appearance"))
        themes = [(tr(words), theme) for words, theme in _THEMES]
        self.theme = self._choice(tr("&Theme"), "palette", themes, kept.palette)
        languages = [(tr("As the system"), SYSTEM)]
        languages += [(name, code) for code, name in LANGUAGES.items()]
        self.language = self._choice(tr("&Language"), "language", languages, kept.language)
        self.language.setToolTip(tr("Counts from the next start"))
        self.later = QLabel(tr("The language changes at the next start."))
        self.later.setObjectName("dim")
        self.later.hide()
        self._form.addRow("", self.later)
        self.language.activated.connect(lambda _: self.later.show())

    def _add_saving(self, kept: Preferences) -> None:
        self._title(tr("Saving begins with"))
        formats = [(each.title, each.suffixes[0]) for each in FORMATS]
        self.format = self._choice(tr("&Format"), "save_format", formats, kept.save_format)
        self.quality = QSpinBox()
        self.quality.setRange(1, 100)
        self.quality.setValue(kept.quality)
        self.quality.setMinimumHeight(28)
        self.quality.valueChanged.connect(lambda value: self.changed.emit("quality", value))
        self._row(tr("&Quality"), self.quality, tr("Of JPEG, WebP, AVIF and HEIC, 1 to 100"))
        self.deep = self._check(tr(DEEP_WORDS), "save_deep", kept.save_deep)
        self.deep.setToolTip(tr("In PNG and TIFF; 10 bits in AVIF and HEIC"))
        self.metadata = self._check(tr(METADATA_WORDS), "save_metadata", kept.save_metadata)
        self.recorded = self._check(
            tr("Write into the file how it was made"), "save_recorded", kept.save_recorded
        )
        self.recorded.setToolTip(tr("Model and settings, so that it can be made again"))
        self.folder = FolderField(tr("Folder for results"))
        self.folder.line.setPlaceholderText(tr("Beside the photo"))
        self.folder.show_path(kept.save_folder)
        self.folder.changed.connect(self._take_folder)
        self._row(
            tr("F&older"), self.folder, tr("Where results are proposed; empty: beside the photo")
        )
        self.remembers = self._check(
            tr("Begin with what was chosen last"), "save_remembers", kept.save_remembers
        )
        self.remembers.setToolTip(tr("What is chosen when saving changes the settings above"))

    def _add_machine(self, kept: Preferences, accelerators: Sequence[str], most_gb: int) -> None:
        self._title(tr("This computer"))
        devices = [(tr("Automatic"), "auto"), (tr("Processor only"), "cpu")]
        devices += [(_card(name), name) for name in accelerators]
        if kept.device not in {name for _, name in devices}:
            devices.append((tr("{device} (not found)", device=kept.device), kept.device))
        self.device = self._choice(tr("&Device"), "device", devices, kept.device)
        if accelerators:
            exactness = ((tr("Fast (half)"), False), (tr("Exact (full)"), True))
            self.precision = self._choice(
                tr("&Precision"), "full_precision", exactness, kept.full_precision
            )
            self.precision.setToolTip(tr("Of a graphics card; a processor always computes in full"))
        if most_gb:
            sizes = sorted({2, 4, 8, 16, 32, 64, 128, 256, kept.memory_gb or 2})
            bounds = [(tr("As much as there is"), 0)]
            bounds += [
                (f"{gb} GB", gb) for gb in sizes if gb < most_gb or gb in {2, kept.memory_gb}
            ]
            self.memory = self._choice(tr("&Memory at most"), "memory_gb", bounds, kept.memory_gb)
            self.memory.setToolTip(
                tr("What the work may take; with less, large pictures take longer")
            )

    def _add_files(self) -> None:
        self._title(tr("Files of the studio"))
        for words, path in ((tr("Log"), log_path()), (tr("Settings"), preferences_path())):
            button = QPushButton(tr("Open folder"))
            button.setAccessibleName(tr("Open folder of: {words}", words=words))
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, path=path: self.folder_wanted.emit(path.parent))
            name = QLabel(_short(path))
            name.setObjectName("dim")
            name.setToolTip(str(path))
            name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            row = QHBoxLayout()
            row.addWidget(name, 1)
            row.addWidget(button)
            self._form.addRow(words, row)

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setLayout(self._form)
        self._form.setContentsMargins(24, 24, 24, 8)
        area = lay_out_scrolled(self, inside, _WIDTH)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _title(self, words: str) -> None:
        label = bold_label(words)
        if self._form.rowCount():
            label.setContentsMargins(0, 12, 0, 0)
        self._form.addRow(label)

    def _row(self, words: str, field: QWidget, tip: str = "") -> None:
        field.setToolTip(tip)
        if not field.accessibleName():
            field.setAccessibleName(words.replace("&", ""))
        self._form.addRow(words, field)

    def _choice(
        self, words: str, name: str, options: Iterable[tuple[str, object]], chosen: object
    ) -> QComboBox:
        box = QComboBox()
        for title, value in options:
            box.addItem(title, value)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.activated.connect(lambda _: self.changed.emit(name, box.currentData()))
        self._row(words, box)
        return box

    def _check(self, words: str, name: str, on: bool) -> QCheckBox:
        box = QCheckBox(words)
        box.setChecked(on)
        box.toggled.connect(lambda value: self.changed.emit(name, value))
        self._form.addRow("", box)
        return box

    def _take_folder(self) -> None:
        """A folder that is still being typed is none yet."""
        path = self.folder.path
        if path is None or path.is_dir():
            self.changed.emit("save_folder", "" if path is None else str(path))


def _card(name: str) -> str:
    kind, _, number = name.partition(":")
    words = tr(_CARDS.get(kind, kind))
    return f"{words} {int(number) + 1} ({name})" if number else f"{words} ({name})"


def _short(path: Path) -> str:
    home = Path.home()
    if path.is_relative_to(home) and sys.platform != "win32":
        return f"~/{path.relative_to(home)}"
    return str(path)
