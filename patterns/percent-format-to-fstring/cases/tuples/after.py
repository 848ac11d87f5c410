def describe(name, user, items):
    print(f"{name!s}: {user.address!r}")
    print(f'{name!s}')
    print(f"{items[0]!a}-{name!s}")
    return f"<{type(user).__name__} {user.name!s} at {id(user):x}>"
