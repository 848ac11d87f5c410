import collections

print(f"{collections.Mapping=}")
