a = f"{len(x):5d}"
b = f"{len(x):05d}"
c = f"{len(x):<5d}"
