"""How a command ends that has no verdict."""

from __future__ import annotations

import click

READABLE, BLOCKED, USAGE, COULD_NOT_TELL = range(4)


class CouldNotTell(click.ClickException):
    """There is no verdict, and the message says what was missing."""

    exit_code = COULD_NOT_TELL


class NotInstalled(click.ClickException):
    """A command needs a package that is not there."""

    exit_code = USAGE
