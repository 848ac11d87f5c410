from __future__ import print_function
import builtins
from builtins import print as say

builtins.print("a")
say("b")
print("c")
