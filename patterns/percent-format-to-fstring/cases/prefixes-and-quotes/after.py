raw = fr"\d{{2}}{name!s}"
upper = fr'\{name!s}'
path = f"C:\\{name!s}\\{{{other!s}}}"
unicode = f"{name!s}"
triple = f""""{table["key"]!s}"
  "quoted" {name!s}\
"""
other = f'all of "{table["key"]!s}"'
