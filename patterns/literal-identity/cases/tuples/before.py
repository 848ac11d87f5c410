a = x is ()
b = x is not (1, "a", (2, None))
c = x is (True, False, ..., 1)
