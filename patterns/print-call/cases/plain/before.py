print("ready")
print()
print("a", "b", sep="")
