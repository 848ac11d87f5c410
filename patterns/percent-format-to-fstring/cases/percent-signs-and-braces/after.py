value = f"100% of {{{name!s}}} and {{{{}}}}"
plain = "100% {} " f"of {name!s}"
