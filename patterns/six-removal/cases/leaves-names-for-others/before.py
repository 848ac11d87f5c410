from six.moves import range

__all__ = ["range", "numbers"]
numbers = range(3)
