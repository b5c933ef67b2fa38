"""Console text, read back."""
