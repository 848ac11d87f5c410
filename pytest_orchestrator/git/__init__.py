"""All use of git: hardened calls of the program, and GitPython to fetch from remotes."""
