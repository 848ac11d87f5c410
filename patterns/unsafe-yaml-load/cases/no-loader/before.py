import yaml

a = yaml.load(text)
b = yaml.load(stream=file)
c = list(yaml.load_all(text))
d = yaml.load(text, None)
e = yaml.load(text, Loader=None)
