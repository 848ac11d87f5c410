# assert (a, b)
text = "assert (a, b)"
