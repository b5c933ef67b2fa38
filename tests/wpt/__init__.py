"""web-platform-tests, driven through the library: `make wpt WPT=/path/to/checkout`."""
