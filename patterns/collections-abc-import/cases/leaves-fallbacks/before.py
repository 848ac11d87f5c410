try:
    from collections.abc import Mapping
except ImportError:
    from collections import Mapping

try:
    Set = collections.abc.Set
except AttributeError:
    Set = collections.Set
