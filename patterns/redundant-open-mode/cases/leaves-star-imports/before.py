from os import *

open(path, "r")
