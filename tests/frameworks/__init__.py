"""Tests with other people's frameworks, which only `make frameworks` installs."""
