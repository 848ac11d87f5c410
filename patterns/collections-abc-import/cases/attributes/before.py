import os
import collections

assert isinstance(a, (collections.Mapping, collections . Set))
b = collections.OrderedDict()
