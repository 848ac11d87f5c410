import sys
from sys import stdout as out

print("a", file=sys.stdout)
print("b", file=sys.stderr)
print("c", file=None)
print("d", file=out)
print("e", **options, file=None)
