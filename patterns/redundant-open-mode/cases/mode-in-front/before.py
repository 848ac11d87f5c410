open(mode="r", file=path)
open(
    path,
    encoding="utf-8",
    mode="r",
)
open(path, encoding="utf-8", mode="r")
open(path, mode="tr+")
