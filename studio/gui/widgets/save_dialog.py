"""Where to save, in what format and how well."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from studio.core.errors import StudioError
from studio.core.files.disk import refuse_existing, write_error
from studio.core.files.identity import FileId, file_id
from studio.core.requests import SaveOptions
from studio.core.words.tongue import tr
from studio.gui.state.wording import sentences
from studio.gui.widgets.folder_field import typed_folder
from studio.gui.widgets.save_formats import DEEP_WORDS, FORMATS, METADATA_WORDS, Format
from studio.gui.widgets.tab_order import put_behind


@dataclass(frozen=True)
class SaveChoice:
    """What was decided.

    Attributes:
        path: the file to write.
        options: how; a file of that name is replaced where that was agreed to.
    """

    path: Path
    options: SaveOptions

    @property
    def suffix(self) -> str:
        """The format's, without its dot."""
        return self.path.suffix.lstrip(".").lower()


def folder_of_new(last: str) -> Path:
    """Where to begin where no file says it: the last folder, or that of a person's pictures."""
    pictures = QStandardPaths.StandardLocation.PicturesLocation
    folder = Path(last or QStandardPaths.writableLocation(pictures))
    return folder if folder.is_dir() else Path.home()


class SaveDialog(QDialog):
    """Asks for name, folder, format and quality, and what else of a file there is to choose.

    Args:
        proposal: a file to begin with; its suffix gives the format.
        kept: options to begin with.
        size: (width, height) of the result in px.
    """

    def __init__(
        self,
        proposal: Path,
        kept: SaveOptions,
        size: tuple[int, int] | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Save picture"))
        self.setMinimumWidth(480)
        self._replaces = False
        self._originals: frozenset[FileId] = frozenset()
        self._busy: frozenset[FileId] = frozenset()
        self._formats: Sequence[Format] = ()
        self.name = QLineEdit(proposal.stem)
        self.folder = QLineEdit(str(proposal.parent))
        for field in (self.name, self.folder):
            field.setObjectName("field")
        self.browse = QPushButton(tr("Browse…"))
        self.format = QComboBox()
        self.quality = QSlider(Qt.Orientation.Horizontal)
        self.quality.setRange(1, 100)
        self.quality.setAccessibleName(tr("Quality"))
        self.number = QSpinBox()
        self.number.setRange(1, 100)
        self.number.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.number.setFixedWidth(56)
        self.number.setAccessibleName(tr("Quality, 1 to 100"))
        self.warning = QLabel()
        self.warning.setWordWrap(True)
        self.warning.setObjectName("dim")
        self.save = QPushButton(tr("Save"))
        self.save.setObjectName("primary")
        self.save.setDefault(True)
        self._quality_row = QWidget()
        self.deep = QCheckBox(tr(DEEP_WORDS))
        self.deep.setChecked(kept.deep)
        self.metadata = QCheckBox(tr(METADATA_WORDS))
        self.metadata.setChecked(kept.metadata)
        self._kept, self._has_metadata = kept, True
        self._lay_out(size)
        self.quality.valueChanged.connect(self.number.setValue)
        self.number.valueChanged.connect(self.quality.setValue)
        self.name.textChanged.connect(self.check)
        self.folder.textChanged.connect(self.check)
        self.format.currentIndexChanged.connect(self.check)
        self.browse.clicked.connect(self._browse)
        self.save.clicked.connect(self.accept)
        self.quality.setValue(kept.quality)
        self.offer(FORMATS)
        self._choose_format(proposal.suffix)
        self.check()
        self.name.setFocus()
        self.name.selectAll()

    def ask(
        self, originals: Iterable[Path], busy: frozenset[FileId], then: Callable[[], None]
    ) -> None:
        """Shows the dialog, and calls `then` once it is accepted.

        What `then` saves was made up before: while the dialog is open, another photo may come to
        be shown.

        Args:
            originals: files that are never replaced.
            busy: files that are being written now, which can be neither kept nor replaced.
            then: takes the choice.
        """
        self._originals, self._busy = frozenset(map(file_id, originals)), busy
        self.check()
        self.accepted.connect(then)
        self.finished.connect(self.deleteLater)
        self.open()

    @property
    def path(self) -> Path:
        """The file that would be written; a format's suffix typed by hand is not doubled."""
        kind: Format = self.format.currentData()
        name = self.name.text().strip()
        suffix = Path(name).suffix.lower().lstrip(".")
        file = name if suffix in kind.suffixes else f"{name}.{kind.suffixes[0]}"
        return typed_folder(self.folder.text()) / file

    def files(self) -> list[Path]:
        """Every file that would be written."""
        return [self.path]

    def choice(self) -> SaveChoice:
        """What was decided, once the dialog is accepted."""
        options = replace(
            self._kept,
            quality=self.quality.value(),
            overwrite=self._replaces,
            metadata=self.metadata.isChecked() or not self._has_metadata,
            deep=self.deep.isChecked(),
        )
        return SaveChoice(self.path, options)

    def add_row(self, label: str, field: QWidget) -> None:
        """Asks for something more, on top."""
        self._form.insertRow(0, label, field)
        QWidget.setTabOrder(field, self.name)

    def add_row_below(self, label: str, field: QWidget) -> None:
        """Asks for something more, at the bottom."""
        self._form.addRow(label, field)
        put_behind(self.metadata, field)

    def leave_out_metadata(self) -> None:
        """What is saved has none, and is not asked for it."""
        self._has_metadata = False
        self.show_row(self.metadata, False)

    def show_row(self, field: QWidget, shown: bool) -> None:
        """Shows or hides what `add_row` added."""
        self._form.setRowVisible(field, shown)

    def offer(self, formats: Sequence[Format]) -> None:
        """Offers formats; the one in use stays if it is among them."""
        used: Format | None = self.format.currentData()
        if formats == self._formats:
            return
        self._formats = formats
        self.format.blockSignals(True)
        self.format.clear()
        for each in formats:
            self.format.addItem(tr(each.title), each)
        self.format.setCurrentIndex(formats.index(used) if used in formats else 0)
        self.format.blockSignals(False)
        self.check()

    def _lay_out(self, size: tuple[int, int] | None) -> None:
        folder = QHBoxLayout()
        folder.setSpacing(8)
        folder.addWidget(self.folder, 1)
        folder.addWidget(self.browse)
        quality = QHBoxLayout(self._quality_row)
        quality.setContentsMargins(0, 0, 0, 0)
        quality.setSpacing(8)
        quality.addWidget(self.quality, 1)
        quality.addWidget(self.number)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(12)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("&Name"), self.name)
        folder_label = QLabel(tr("&Folder"))
        folder_label.setBuddy(self.folder)
        form.addRow(folder_label, folder)
        form.addRow(tr("F&ormat"), self.format)
        form.addRow(tr("&Quality"), self._quality_row)
        form.addRow("", self.deep)
        form.addRow("", self.metadata)
        if size is not None:
            self.extent = QLabel(
                tr("{width} × {height} px, full size", width=size[0], height=size[1])
            )
            self.extent.setObjectName("dim")
            form.addRow(tr("Size"), self.extent)
        self._form = form
        cancel = QPushButton(tr("Cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.warning, 1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(24)
        layout.addLayout(form)
        layout.addLayout(buttons)

    def _choose_format(self, suffix: str) -> bool:
        wanted = suffix.lower().lstrip(".")
        for row, kind in enumerate(self._formats):
            if wanted in kind.suffixes:
                self.format.setCurrentIndex(row)
                return True
        return False

    def check(self) -> None:
        """Says whether it can be saved so, and what would be replaced."""
        kind: Format = self.format.currentData()
        self._form.setRowVisible(self._quality_row, kind.lossy)
        self._form.setRowVisible(self.deep, kind.deep)
        named, warning = bool(self.name.text().strip()), self._trouble()
        self._replaces = named and not warning and any(file.exists() for file in self.files())
        self.save.setEnabled(named and not warning)
        if self._replaces:
            warning = tr("There is a file of this name; it would be replaced.")
        self.warning.setText(warning)
        self.save.setText(tr("Replace") if self._replaces else tr("Save"))

    def _trouble(self) -> str:
        """Why it cannot be saved so; empty: it can."""
        files = self.files()
        if "\0" in str(self.path):
            return tr("No file's name has such a character.")
        try:
            if not self.path.parent.is_dir():
                return tr("There is no such folder.")
            ids = frozenset(map(file_id, files))
            if not self._originals.isdisjoint(ids):
                return tr("An original is never replaced. Take another name.")
            if not self._busy.isdisjoint(ids):
                return tr("A file of this name is just being saved. Take another name.")
            for file in files:
                refuse_existing(file, overwrite=True)
        except OSError as error:
            return sentences(write_error(error, str(self.path)).message)
        except StudioError as error:
            return sentences(error.message, error.hint)
        return ""

    def _browse(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self, tr("Save picture"), str(self.path), tr("All files (*)"),
            options=QFileDialog.Option.DontConfirmOverwrite,
        )  # fmt: skip
        if path:
            chosen = Path(path)
            known = self._choose_format(chosen.suffix)
            self.folder.setText(str(chosen.parent))
            self.name.setText(chosen.stem if known else chosen.name)
