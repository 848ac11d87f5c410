import collections
import collections.abc

a = collections.abc.Set, collections.abc.Mapping
if b: import collections
