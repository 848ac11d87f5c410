import yaml as y
from yaml import Loader as L, load
from yaml.loader import FullLoader

a = y.load(text)
b = load(text, L)
c = load(text, Loader=FullLoader)
