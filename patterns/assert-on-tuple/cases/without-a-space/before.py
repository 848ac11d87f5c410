assert(a == b, c)
