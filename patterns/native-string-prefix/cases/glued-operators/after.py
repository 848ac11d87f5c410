x=["a","b"]
y = x[0]+"c"if x else("d")
