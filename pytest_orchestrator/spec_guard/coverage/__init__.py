"""What a spec covers: anchors, globs, Python syntax, snapshots of the files."""
