"""What a run may use, and the cases that its scenarios ask for. Nothing is fetched, started or imported."""
