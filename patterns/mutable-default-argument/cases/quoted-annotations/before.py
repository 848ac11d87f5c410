def read(names: "list[str]" = [], rows: "Rows | None" = {}, more: "no type" = []):
    return names, rows, more
