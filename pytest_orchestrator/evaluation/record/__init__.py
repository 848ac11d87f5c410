"""What a run leaves: a row and files a case, reports, the manifest, updated expectations."""
