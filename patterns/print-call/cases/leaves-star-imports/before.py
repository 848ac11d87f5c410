from console import *

print("a")
