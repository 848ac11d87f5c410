print("a", **options)
