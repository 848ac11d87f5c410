"""What codemods share: type expressions, imports and strings, taken apart and put together. For authors of patterns."""
