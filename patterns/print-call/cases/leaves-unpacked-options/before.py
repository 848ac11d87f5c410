print("a", **options)
print("d", **options, file=log)
