"""What a change is compared with, and what it touches."""
