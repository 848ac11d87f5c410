a = f"{table['k']} of {table}"
b = f"{table['k']} of {name}"
c = f"{len(table)} of {table['k']}"
d = f"{table['k']:>{9}}"
