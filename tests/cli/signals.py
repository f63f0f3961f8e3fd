"""The command line as a terminal starts it."""

import sys

_ANSWERED = (
    "import signal, sys\n"
    "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "signal.signal(signal.SIGTERM, signal.SIG_DFL)\n"
    "if hasattr(signal, 'SIGHUP'): signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
    "from studio.__main__ import main; sys.exit(main(sys.argv[1:]))"
)
# Under nohup and in the background some signals are ignored, and what is started inherits that.
FROM_A_TERMINAL = (sys.executable, "-c", _ANSWERED)
