class Spaced :
    pass


class Comma:
    pass


class Long:
    pass


class Wrapped:
    pass
