"""Tests of the pytest plugin, and of what else test tools use."""
