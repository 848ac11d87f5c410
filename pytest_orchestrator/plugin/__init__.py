"""The pytest plugin: `main` is what pytest loads; the other modules are loaded when an option asks for them."""
