import collections

collections.Callable = collections.abc.Callable
a = collections.Mapping
