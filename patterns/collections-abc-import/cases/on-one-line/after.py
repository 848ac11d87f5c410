import collections, collections.abc, os
b = collections.deque(), collections.abc.Set
