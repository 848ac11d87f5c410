import yaml

a = yaml.load(text)
b = yaml.load(stream=file)
c = list(yaml.load_all(text))
