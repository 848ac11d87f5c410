import os; from collections import Mapping, deque
if a: from collections import Set, deque
