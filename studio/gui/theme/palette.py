"""Colours of the window: a dark and a light palette around one accent."""

import re
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication


@dataclass(frozen=True)
class Theme:
    """Colours as #rrggbb.

    Attributes:
        ground: behind the picture; neutral, so that it lends the picture no tint.
        bar: top bar, rail, status line.
        panel: behind the controls.
        raised: under the mouse, and fields.
        line: between areas.
        text: words.
        dim: words that matter less.
        faint: words of what cannot be used now.
        accent: what is chosen.
        on_accent: words on the accent.
        error: what went wrong.
    """

    name: str
    ground: str
    bar: str
    panel: str
    raised: str
    line: str
    text: str
    dim: str
    faint: str
    accent: str
    on_accent: str
    error: str


DARK = Theme(
    "dark", "#1c1c1c", "#262626", "#2b2b2b", "#3b3b3b", "#3a3a3a", "#e8e8e8", "#a6a6a6", "#6a6a6a",
    "#f0a04b", "#1c1c1c", "#ff8276",
)  # fmt: skip
LIGHT = Theme(
    "light", "#d2d2d2", "#f4f4f4", "#fafafa", "#e2e2e2", "#c9c9c9", "#1f1f1f", "#585858", "#a2a2a2",
    "#9c4e00", "#ffffff", "#b02018",
)  # fmt: skip


def theme_for(preference: str) -> Theme:
    """The theme of ``dark``, ``light`` or ``system``."""
    if preference == "system":
        scheme = QGuiApplication.styleHints().colorScheme()
        return LIGHT if scheme == Qt.ColorScheme.Light else DARK
    return LIGHT if preference == "light" else DARK


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Gives every widget the theme's colours."""
    app.setPalette(_palette(theme))
    app.setStyleSheet(_sheet(theme))


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.panel,
        role.WindowText: theme.text,
        role.Base: theme.raised,
        role.AlternateBase: theme.panel,
        role.Text: theme.text,
        role.PlaceholderText: theme.dim,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.on_accent,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.Light: theme.raised,
        role.Mid: theme.line,
        role.Dark: theme.line,
        role.Shadow: theme.ground,
    }
    palette = QPalette()
    for which, colour in colours.items():
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(theme.faint))
    return palette


def _sheet(theme: Theme) -> str:
    pictures = {
        name: Path(__file__).with_name(f"{name}-{theme.name}.svg").as_posix()
        for name in ("check", "caret")
    }
    colours = {**vars(theme), **pictures}
    return re.sub("@([a-z_]+)", lambda found: colours[found[1]], _STYLE)


_STYLE = """
QToolTip { background: @raised; color: @text; border: 1px solid @line; padding: 4px 8px; }
#top-bar { background: @bar; border: none; border-bottom: 1px solid @line; }
#rail { background: @bar; border: none; border-right: 1px solid @line; }
#panel { background: @panel; border: none; border-left: 1px solid @line; }
#status-line { background: @bar; border: none; border-top: 1px solid @line; }
#scrub-bar, #mask-bar { background: @bar; border: none; border-top: 1px solid @line; }
#mask-bar { border-top: none; border-bottom: 1px solid @line; }
#filmstrip { background: @bar; border: none; border-top: 1px solid @line; }
#start { background: @ground; border: 2px solid @ground; }
#start[inviting="true"] { border-color: @accent; }
#page { background: @panel; border: none; }
#jobs { background: @panel; border: 1px solid @line; }
#card { background: @raised; border: none; border-radius: 6px; }
#dim { color: @dim; }
#dim:disabled { color: @faint; }
#error { color: @error; }
#separator { background: @line; border: none; }

QToolButton {
    border: 1px solid transparent;
    border-radius: 4px;
    padding: 4px 8px;
    color: @text;
    background: transparent;
}
QToolButton:hover { background: @raised; }
QToolButton:pressed { background: @line; }
QToolButton:checked { color: @accent; background: @raised; }
QToolButton:disabled { color: @faint; }
QToolButton::menu-indicator { image: none; width: 0px; }
QToolButton[popupMode="1"] { padding-right: 26px; }
QToolButton::menu-button { border: none; width: 20px; }
QToolButton::menu-button:hover { background: @line; }
QToolButton::menu-arrow { image: url("@caret"); width: 12px; height: 12px; }
QToolButton#small { padding: 1px 6px; }
QFileDialog QToolButton { padding: 2px; }
QToolButton#raised { background: @raised; }
QToolButton#raised:hover { border-color: @accent; }
QToolButton#raised:pressed { background: @line; }
#rail QToolButton { border-radius: 6px; padding: 4px 0px; }

QPushButton {
    border: 1px solid @line;
    border-radius: 4px;
    padding: 5px 12px;
    background: @raised;
    color: @text;
}
QPushButton:hover { border-color: @accent; }
QPushButton:checked { color: @accent; border-color: @accent; }
QPushButton:pressed { background: @line; }
QPushButton:disabled { color: @faint; border-color: @line; }
QPushButton::menu-indicator {
    image: url("@caret");
    width: 12px;
    height: 12px;
    subcontrol-position: right center;
    right: 8px;
}
QPushButton#primary {
    background: @accent;
    color: @on_accent;
    border-color: @accent;
    font-weight: bold;
}
QPushButton#primary:hover { border-color: @text; }
QPushButton#primary:disabled { background: @raised; color: @faint; border-color: @line; }

QSlider { min-height: 24px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: @raised; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: @accent; }
QSlider[auto="true"]::sub-page:horizontal { background: @faint; }
QSlider[bipolar="true"]::sub-page:horizontal { background: @raised; }
QSlider::sub-page:horizontal:disabled { background: @line; }
QSlider::handle:horizontal {
    width: 14px;
    height: 14px;
    margin: -6px 0px;
    border-radius: 8px;
    background: @text;
    border: 1px solid @panel;
}
QSlider::handle:horizontal:hover { background: @accent; }
QSlider::handle:horizontal:disabled { background: @line; }

QLineEdit#field {
    border: 1px solid @line;
    border-radius: 4px;
    padding: 4px 8px;
    background: @raised;
    color: @text;
    selection-background-color: @accent;
    selection-color: @on_accent;
}
QLineEdit#field:disabled { color: @faint; background: @panel; }
QLineEdit#field:focus { border-color: @accent; }
QComboBox {
    border: 1px solid @line;
    border-radius: 4px;
    padding: 4px 8px;
    background: @raised;
    color: @text;
}
QComboBox:hover { border-color: @accent; }
QComboBox:disabled { color: @faint; background: @panel; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("@caret"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: @panel; border: 1px solid @line; }
QCheckBox { spacing: 8px; min-height: 24px; }
QCheckBox::indicator {
    width: 14px;
    height: 14px;
    border: 1px solid @dim;
    border-radius: 3px;
    background: @raised;
}
QCheckBox::indicator:hover { border-color: @accent; }
QCheckBox::indicator:checked { background: @accent; border-color: @accent; image: url("@check"); }
QCheckBox::indicator:disabled { background: @line; border-color: @line; }

QTreeWidget { border: 1px solid @line; border-radius: 4px; background: transparent; }
QTreeWidget::item { padding: 4px; }
QTreeWidget::item:selected { background: @raised; color: @text; }
QHeaderView::section {
    background: @panel;
    color: @dim;
    border: none;
    border-bottom: 1px solid @line;
    padding: 4px;
}
QListView { border: none; background: transparent; outline: none; }
QMenu { background: @panel; border: 1px solid @line; padding: 4px; menu-scrollable: 1; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: @raised; }
QMenu::item:disabled { color: @faint; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }

QScrollBar:vertical { background: transparent; width: 8px; margin: 0px; }
QScrollBar:horizontal { background: transparent; height: 8px; margin: 0px; }
QScrollBar::handle { background: @faint; border-radius: 3px; margin: 1px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: @dim; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0px; height: 0px; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QProgressBar {
    border: none;
    border-radius: 2px;
    background: @raised;
    max-height: 4px;
    min-height: 4px;
}
QProgressBar::chunk { border-radius: 2px; background: @accent; }

#message { background: @raised; border: 1px solid @line; border-radius: 6px; }
#message QPushButton { background: @panel; }
#message[kind="error"] { border-left: 4px solid @error; }
#message[kind="done"] { border-left: 4px solid @accent; }
#message[kind="note"] { border-left: 4px solid @dim; }
"""
