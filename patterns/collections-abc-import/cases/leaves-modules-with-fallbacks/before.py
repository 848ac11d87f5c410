try:
    import collections
except ImportError:
    collections = None

a = collections.Mapping
b = make().Mapping
