import os
import collections
import collections.abc

assert isinstance(a, (collections.abc.Mapping, collections.abc . Set))
b = collections.OrderedDict()
