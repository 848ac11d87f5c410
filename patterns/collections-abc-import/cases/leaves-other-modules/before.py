from .collections import Mapping
from project import collections
from project.collections import Set

a = collections.Mapping
b = self.collections.Mapping
