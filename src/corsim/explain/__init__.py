"""Results in plain words: what happened, why, and what to change."""
