"""The one door to git: hardened calls of the program, and GitPython where a remote is spoken to."""
