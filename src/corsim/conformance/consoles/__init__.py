"""What a launched browser prints in its console, captured while it replays cases.

    printed         the lines that were captured, and who waits for them
    chromium        DevTools protocol over a pair of pipes
    firefox         Marionette, with a listener at the browser's console service
    webkit          what MiniBrowser writes to its output

A line is the text of one message as the engine hands it to whoever shows it. What a window or
a terminal puts around it (the source, its line and column, `[Error]`) is not part of it.
"""

from corsim.conformance.consoles.launching import opened_with_console
from corsim.conformance.consoles.printed import Printed

__all__ = ["Printed", "opened_with_console"]
