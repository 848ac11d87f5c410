from console import print

print("a")
