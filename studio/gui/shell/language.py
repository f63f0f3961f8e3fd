"""Which language the window speaks, and Qt with it."""

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from studio.core.words.tongue import LANGUAGES, best, speak

SYSTEM = "system"


def choose_language(app: QApplication, chosen: str) -> None:
    """Has all that is made from now on speak a language.

    Args:
        app: its standard buttons and dialogs are Qt's own.
        chosen: of `LANGUAGES`, or `SYSTEM`: the system's; English where there is none of that.
    """
    system = QLocale.system()
    language = chosen if chosen in LANGUAGES else best(system.uiLanguages())
    speak(language)
    same = chosen == SYSTEM or best([system.name()]) == language
    QLocale.setDefault(system if same else QLocale(language))  # with the numbers of its country
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if language != "en" and translator.load(f"qtbase_{language}", folder):
        app.installTranslator(translator)
