import yaml

try:
    from yaml import CLoader as Loader
except ImportError:
    from yaml import Loader

a = yaml.load(text, Loader=Loader)
