a = f"{name} "
b = fr"\d{name} "
c = f"{name}\n\x41"
d = f"{names['first']} "
e = f'{names["first"]} '
f = f"""{names["first"]} {'second'}"""
