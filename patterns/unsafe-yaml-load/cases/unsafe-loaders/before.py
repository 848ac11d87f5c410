import yaml

a = yaml.load(text, Loader=yaml.Loader)
b = yaml.load(text, yaml.UnsafeLoader)
c = yaml.load(text, Loader=yaml.FullLoader)
d = yaml.load_all(text, Loader=yaml.CLoader)
e = yaml.load(text, yaml.loader.Loader)
f = yaml.load(text, yaml.cyaml.CLoader)
g = yaml.load(text, yaml.CFullLoader)
h = yaml.load(text, yaml.CUnsafeLoader)
