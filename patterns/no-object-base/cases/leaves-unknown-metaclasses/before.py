import registry

from registry import Registry


class Registered(object, metaclass=Registry):
    pass


class Optional(object, **options):
    pass
