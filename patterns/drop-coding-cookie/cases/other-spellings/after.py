# Some words.
