import collections
import collections.abc

a = collections.abc.Set, collections.Mapping
if b: import collections
