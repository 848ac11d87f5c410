from collections import OrderedDict, namedtuple
import collections

a = collections.deque()
b = collections.abc.Mapping
