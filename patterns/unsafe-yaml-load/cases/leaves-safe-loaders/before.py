import yaml
from yaml import CSafeLoader

a = yaml.load(text, Loader=yaml.SafeLoader)
b = yaml.load(text, yaml.CSafeLoader)
c = yaml.load(text, Loader=CSafeLoader)
d = yaml.load(text, Loader=yaml.BaseLoader)
