a = x is (y, 1)
b = x is (*y,)
