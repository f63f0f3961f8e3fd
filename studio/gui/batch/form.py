"""What a batch reads, and where and how it writes."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from studio.core.words.tongue import tr
from studio.gui.state.tools import is_made
from studio.gui.widgets.folder_field import FolderField
from studio.gui.widgets.save_formats import FORMATS

_KEEP = "keep"


@dataclass(frozen=True)
class BatchChoice:
    """What was decided.

    Attributes:
        source, output: folders.
        recursive: subfolders too.
        file_format: ``keep``, or a suffix without its dot.
        quality: of JPEG, WebP, AVIF and HEIC, 1 to 100.
        metadata: keep what the files say of themselves.
        overwrite: replace files that are there.
    """

    source: Path
    output: Path
    recursive: bool
    file_format: str
    quality: int
    metadata: bool
    overwrite: bool


class BatchForm(QWidget):
    """Asks for folders, format and quality.

    Signals:
        changed: something in it is another.
        output_changed: so is the folder of results.
    """

    changed = Signal()
    output_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._made = ""
        self._proposed = ""
        self.source = FolderField(tr("Photos in"))
        self.output = FolderField(tr("Results to"))
        self.recursive = _check(tr("Subfolders too"), tr("The results have the same subfolders"))
        self.format = QComboBox()
        self.format.setAccessibleName(tr("Format"))
        self.format.addItem(tr("As each photo"), _KEEP)
        for kind in FORMATS:
            self.format.addItem(kind.title, kind.suffixes[0])
        self.quality = QSlider(Qt.Orientation.Horizontal)
        self.number = QSpinBox()
        self.metadata = _check(
            tr("Keep metadata"), tr("Camera, time, place and what else the files say of themselves")
        )
        self.overwrite = _check(
            tr("Replace results that are there"), tr("Originals are never replaced")
        )
        self._quality_row = QWidget()
        self._prepare_quality()
        self._lay_out()
        self._connect()
        self._show_quality()

    def choice(self) -> BatchChoice | None:
        """What was decided; None while a folder is missing."""
        source, output = self.source.path, self.output.path
        if source is None or output is None:
            return None
        return BatchChoice(
            source,
            output,
            self.recursive.isChecked(),
            self.format.currentData(),
            self.quality.value(),
            self.metadata.isChecked(),
            self.overwrite.isChecked(),
        )

    def show_choice(self, source: str, output: str, choice: BatchChoice) -> None:
        """Shows other values; folders as texts, since they may be empty."""
        self.recursive.setChecked(choice.recursive)
        row = self.format.findData(choice.file_format)
        self.format.setCurrentIndex(max(0, row))
        self.quality.setValue(choice.quality)
        self.metadata.setChecked(choice.metadata)
        self.overwrite.setChecked(choice.overwrite)
        with QSignalBlocker(self.source):
            self.source.show_path(source)
        made = output.removeprefix(f"{source}-").split("-")
        if source and all(map(is_made, made)):
            self._proposed = output
        self.output.show_path(output)
        self._propose()

    def name_results(self, made: str) -> None:
        """Proposes folders of results with this word in their names, such as ``enhanced``."""
        self._made = made
        self._propose()

    def _prepare_quality(self) -> None:
        self.quality.setRange(1, 100)
        self.quality.setAccessibleName(tr("Quality"))
        self.number.setRange(1, 100)
        self.number.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.number.setFixedWidth(56)
        self.number.setAccessibleName(tr("Quality, 1 to 100"))
        self.quality.valueChanged.connect(self.number.setValue)
        self.number.valueChanged.connect(self.quality.setValue)

    def _lay_out(self) -> None:
        quality = QHBoxLayout(self._quality_row)
        quality.setContentsMargins(0, 0, 0, 0)
        quality.setSpacing(8)
        quality.addWidget(self.quality, 1)
        quality.addWidget(self.number)
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(8)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        for words, field in (
            (tr("&Photos in"), self.source), ("", self.recursive), (tr("&Results to"), self.output),
            ("", self.overwrite), (tr("F&ormat"), self.format), (tr("&Quality"), self._quality_row),
            ("", self.metadata),
        ):  # fmt: skip
            label = QLabel(words)
            label.setBuddy(self.quality if field is self._quality_row else field)
            self._form.addRow(label, field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._form)

    def _connect(self) -> None:
        self.source.changed.connect(self._propose)
        self.source.changed.connect(self.changed)
        self.output.changed.connect(self.changed)
        self.output.changed.connect(self.output_changed)
        self.format.currentIndexChanged.connect(self._show_quality)
        self.format.currentIndexChanged.connect(self.changed)
        self.quality.valueChanged.connect(self.changed)
        for box in (self.recursive, self.metadata, self.overwrite):
            box.toggled.connect(self.changed)

    def _show_quality(self) -> None:
        wanted = self.format.currentData()
        lossy = wanted == _KEEP or any(k.lossy for k in FORMATS if wanted in k.suffixes)
        self._form.setRowVisible(self._quality_row, lossy)

    def _propose(self) -> None:
        """Names the folder of results after that of the photos, until a person does."""
        source, given = self.source.path, self.output.line.text()
        chosen = given not in ("", self._proposed)
        if chosen or source is None or not self._made or not self.isEnabled():
            return
        if source.name:  # the root of a disk has none
            self._proposed = str(source.with_name(f"{source.name}-{self._made}"))
            self.output.show_path(self._proposed)


def _check(words: str, tip: str) -> QCheckBox:
    box = QCheckBox(words)
    box.setToolTip(tip)
    return box
