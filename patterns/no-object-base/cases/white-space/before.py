class Spaced ( object ) :
    pass


class Comma(object,):
    pass


class Long(
    object,
):
    pass


class Wrapped((object)):
    pass
