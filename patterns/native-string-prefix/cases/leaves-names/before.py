def u(u, U=1):
    return u, U


u ("a")
