open(file=path)
open(
    path,
    encoding="utf-8",
)
open(path, encoding="utf-8")
open(path, mode="r+")
