"""Requirements: read from a spec's body into a model, matched between two bodies, and compared part by part."""
