import collections, os
b = collections.deque(), collections.Set
