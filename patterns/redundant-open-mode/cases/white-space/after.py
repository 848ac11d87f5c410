open(
    path,
)
open(
    path,
    encoding="utf-8",
)
open( path )
open(path,encoding="utf-8")
open(
    path
)
