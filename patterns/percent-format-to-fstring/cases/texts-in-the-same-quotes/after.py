a = f"{table['key']!s}"
b = f'{name!s}: {table["key"]["other"]!s}'
c = f"{', '.join(names)}"
d = f"<{table[r'key']!s}>"
e = f"""{table["key"]!s}"""
f = f"{table['key']['other']!s}"
