open(
    path,
    "r",
)
open(
    path,
    "r",
    encoding="utf-8",
)
open( path , "r" )
open(path,"r",encoding="utf-8")
open(
    path, "r"
)
