import collections as c

a = c.Mapping
