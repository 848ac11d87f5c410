"""`pytest --spec-guard`."""
