class Box[T](object):
    item: T
