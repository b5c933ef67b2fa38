"""Other people's frameworks, which only `make frameworks` installs: one policy in all, guides, words."""
