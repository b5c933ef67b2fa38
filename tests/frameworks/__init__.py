"""The same policy, as each framework writes it."""
