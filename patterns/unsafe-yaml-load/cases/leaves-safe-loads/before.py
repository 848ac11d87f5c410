import yaml

a = yaml.safe_load(text)
b = yaml.safe_load_all(text)
c = yaml.dump(data)
