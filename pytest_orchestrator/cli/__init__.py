"""The command line: a module a group of verbs, each loaded only when it is called."""
