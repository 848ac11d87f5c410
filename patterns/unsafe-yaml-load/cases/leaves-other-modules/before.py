import json
from ruamel import yaml
from .yaml import load

a = yaml.load(text)
b = load(text)
c = json.load(file)
d = self.yaml.load(text)
