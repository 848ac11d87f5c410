"""What runs in the caller: files, workers, results. It never imports LibCST."""
