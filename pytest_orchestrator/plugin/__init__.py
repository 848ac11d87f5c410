"""The pytest plugin: `main` is what pytest loads; the other modules are imported when an option needs them."""
