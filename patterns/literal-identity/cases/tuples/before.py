a = x is ()
b = x is not (1, "a", (2, None))
